"""What a host teaches about its pages: furniture by repetition, walls by repetition of all, and what is neither."""

from __future__ import annotations

from collections import Counter

import pytest

from marsad.articles import Article, BodyKind
from marsad.hostlines import LABEL_ARTICLES, SENTENCE_ARTICLES, WALL_ADDRESSES, host_lines, without_learned
from marsad.identity import key_of

LABEL = "القارئ الكريم 1204"  # dear reader, no. 1204
LAW = "هذه الصحيفة مرخصة من وزارة الإعلام وتلتزم بميثاق الشرف الصحفي."  # licensed by the ministry
BACKGROUND = "وتقول الوزارة إن الجسر سيختصر الطريق إلى الميناء."  # told again in every report on the bridge


def article(number: int, *lines: str) -> Article:
    url = f"https://news.example.org/{number}"
    body = "\n".join(lines)
    return Article(id=key_of(url), url=url, title=f"خبر رقم {number}", body=body, kind=BodyKind.FULL)


def told(number: int, *more: str) -> tuple[str, ...]:
    words = ("الأول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع")
    start = f"افتتح الوزير صباح اليوم الجسر {words[number]} في المدينة، بعد أعمال استمرت أربع سنوات وتأخرت مرتين."
    end = f"ولم يقل الوزير متى يفتح ما بعد الجسر {words[number]}، ولا كم تبلغ كلفة الأعمال التي بقيت حتى نهاية السنة."
    return (start, *more, end)


def after(articles: list[Article]) -> list[Article]:
    counts = Counter(line.key for one in articles for line in host_lines(one))
    return [without_learned(one, counts) for one in articles]


@pytest.mark.parametrize("count", [LABEL_ARTICLES - 1, LABEL_ARTICLES])
def test_label_on_several_articles_is_furniture(count: int) -> None:
    read = after([article(n, *told(n, LABEL.replace("4", str(n)))) for n in range(count)])
    kept = [one for one in read if "القارئ" in one.body]
    assert len(kept) == (0 if count >= LABEL_ARTICLES else count)


def test_sentence_at_the_end_of_many_articles_is_furniture() -> None:
    read = after([article(n, *told(n), LAW) for n in range(SENTENCE_ARTICLES)])
    assert [one.body for one in read] == ["\n".join(told(n)) for n in range(SENTENCE_ARTICLES)]


def test_sentence_in_the_middle_of_many_articles_is_their_background() -> None:
    articles = [article(n, *told(n, BACKGROUND)) for n in range(SENTENCE_ARTICLES)]
    assert after(articles) == articles


def test_same_text_at_three_addresses_of_a_host_is_a_wall() -> None:
    read = after([article(n, *told(0)) for n in range(WALL_ADDRESSES)])
    assert {one.kind for one in read} == {BodyKind.BLOCKED}
    assert {one.kind for one in after([article(n, *told(0)) for n in range(WALL_ADDRESSES - 1)])} == {BodyKind.FULL}


def test_article_at_three_addresses_with_small_changes_stays_whole() -> None:
    articles = [article(n, *told(0), "عنوان فرعي قصير", f"وأضيف إلى الخبر سطر آخر {'ال' * n}جديد.") for n in range(3)]
    assert after(articles) == articles


def test_article_alone_teaches_nothing() -> None:
    articles = [article(0, *told(0, LABEL, LABEL), LAW)]
    assert after(articles) == articles

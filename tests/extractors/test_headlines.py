"""What is read beside a headline that is no h1, or stands in odd places, and the names around it."""

from __future__ import annotations

import pytest

from extractors.articles import extract_article
from marsad.articles import Article
from tests.extractors.pages import BODY, PARAGRAPHS, TITLE, html, page_of

TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
WRITER = "ليلى منصور"
OUTLET = "مرآة النهر"
SITE_NAME = f'<meta property="og:site_name" content="{OUTLET}">'


def article_in(body: str, *, title: str = f"{TITLE} - {OUTLET}", head: str = "") -> Article:
    return extract_article(page_of(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"))


@pytest.mark.parametrize(
    ("body", "written"),
    [
        (f"<form><h1>{TITLE}</h1><span>09 يونيو 2025 10:15 م</span>{TEXT}</form>", "2025-06-09T22:15:00+00:00"),
        (f"<h1>{OUTLET}</h1><div><h2>{TITLE}</h2><i>9/6/2025</i>{TEXT}</div>", "2025-06-09"),
        (f"<div><h2>{TITLE}</h2><div>9 يونيو 2025 (بتوقيت الإمارات)</div>{TEXT}</div>", "2025-06-09"),
        (f"<div><span>{TITLE}</span><br><span>09 حزيران , 2025</span>{TEXT}</div>", "2025-06-09"),
        (
            f"<div><span>تاريخ النشر: 09.06.2025 | 21:40 GMT |</span><h1>{TITLE}</h1>{TEXT}</div>",
            "2025-06-09T21:40:00+00:00",
        ),
        (f"<div><span>الثلاثاء 10 يونيو 2025</span><h1>{TITLE}</h1>{TEXT}</div>", None),
        (f"<div><span>نشرة الثامنة 10 يونيو 2025</span><h1>{TITLE}</h1>{TEXT}</div>", None),
    ],
    ids=["page-in-a-form", "h2-below-a-logo", "h2", "no-heading", "told-above", "today-above", "bulletin-above"],
)
def test_date_is_read_where_the_headline_stands(body: str, written: str | None) -> None:
    assert article_in(body, title=TITLE).published.written() == written


@pytest.mark.parametrize(
    ("title", "outlet"),
    [(f"{OUTLET} - {TITLE}", OUTLET), (f"فيديو | {TITLE}", ""), (f"{TITLE} في الجنوب", "")],
    ids=["outlet-first", "section", "more-headline"],
)
def test_outlet_is_what_the_page_title_adds_to_the_headline(title: str, outlet: str) -> None:
    article = article_in(f"<h2>{TITLE}</h2>{TEXT}", title=title)
    assert (article.outlet, article.body) == (outlet, BODY)


def test_name_of_the_site_in_the_first_heading_is_no_headline() -> None:
    article = article_in(f"<h1>{OUTLET}</h1><h2>{TITLE}</h2>{TEXT}")
    assert (article.title, article.outlet) == (TITLE, OUTLET)


def test_short_headline_before_author_and_outlet_is_the_title() -> None:
    body = f'<article><h1>حين يصبح الماء سياسة</h1><a rel="author">{WRITER}</a><p>{TEXT}</article>'
    article = article_in(body, title=f"حين يصبح الماء سياسة | {WRITER} | {OUTLET}", head=SITE_NAME)
    assert (article.title, article.authors) == ("حين يصبح الماء سياسة", (WRITER,))


@pytest.mark.parametrize(
    "line",
    [
        f'<span class="author"><a href="/w">{OUTLET} - {WRITER}</a></span>',
        f"<ul><li><span>Author, </span><span>{WRITER}</span></li><li><span>Role, </span><span>الخرطوم</span></li></ul>",
        f'<p class="byline">حاورها: {WRITER}</p>',
        f'<span class="elementor-post-info__item--type-author">{WRITER}</span>',
    ],
    ids=["desk-and-name", "role-list", "interviewer", "builder"],
)
def test_writer_is_named_without_what_stands_around(line: str) -> None:
    article = extract_article(page_of(html(behind_title=line, head=SITE_NAME)))
    assert (article.authors, article.body) == ((WRITER,), BODY)


@pytest.mark.parametrize(
    "furniture",
    [
        '<div class="mailpoet_form"><p>أدخل بريدك الإلكتروني ليصلك أهم ما ننشره كل صباح</p></div>',
        "<p>اشترك في نشرتنا البريدية</p>",
        "<p>A+ A-</p><p>1,204 مشاهدة</p><p>رابط مختصر: https://news.example.org/x</p>",
        "<p>الآراء الواردة في هذا المقال لا تعكس بالضرورة الموقف التحريري للصحيفة.</p>",
    ],
    ids=["form", "call", "counters", "notice"],
)
def test_letters_and_notices_are_no_text(furniture: str) -> None:
    assert extract_article(page_of(html((*PARAGRAPHS[:3], f"{furniture}<p>{PARAGRAPHS[3]}")))).body == BODY


def test_opinions_that_are_reported_stay() -> None:
    said = "الآراء في القرية لا تعكس بالضرورة ما يقال في العاصمة، فالناس هنا يتحدثون عن الماء قبل كل شيء."
    assert extract_article(page_of(html((*PARAGRAPHS, said)))).body == f"{BODY}\n{said}"


def test_table_of_one_column_is_a_box() -> None:
    text = "<br>".join(PARAGRAPHS)
    body = f"<table><tr><td><h2>{TITLE}</h2></td></tr></table><table><tr><td>{text}</td></tr></table>"
    assert article_in(body).body == BODY

"""What becomes of a page: its text, its dates, its people; or a named refusal."""

from __future__ import annotations

import json

import pytest

from extractors.articles import extract_article
from marsad.articles import Article, BodyKind
from marsad.errors import Blocked, MarsadError, NotAnArticle
from marsad.identity import key_of
from marsad.sources import Page
from tests.extractors.pages import BODY, PARAGRAPHS, TITLE, URL, html, page_of

LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "مرآة النهر"},
        {"@type": "Person", "@id": "#mona", "name": "منى السيد"},
        {
            "@type": "NewsArticle",
            "headline": TITLE,
            "datePublished": "2025-06-08T10:00:00+03:00",
            "dateModified": "2025-06-08T11:30:00+03:00",
            "author": [{"@id": "#mona"}, {"@type": "Person", "name": "بقلم: علي حسن"}],
            "publisher": {"@type": "Organization", "name": "مرآة النهر"},
            "keywords": ["جسور، نقل", "النهر"],
        },
    ],
}


def linked(**changes: object) -> str:
    node = {"@type": "NewsArticle", "headline": TITLE, **changes}
    return f'<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script>'


def meta(**values: str) -> str:
    return "".join(f'<meta property="{key.replace("__", ":")}" content="{value}">' for key, value in values.items())


def extract(text: str) -> Article | MarsadError:
    try:
        return extract_article(page_of(text))
    except MarsadError as error:
        return error


def test_article_has_its_paragraphs_one_a_line() -> None:
    article = extract_article(page_of(html()))
    assert (article.title, article.body) == (TITLE, BODY)
    assert (article.lang, article.kind, article.outlet) == ("ar", BodyKind.FULL, "مرآة النهر")


def test_identity_is_the_canonical_address() -> None:
    article = extract_article(page_of(html(), url=f"{URL}?utm_source=feed#top"))
    assert (article.url, article.id) == (URL, key_of(URL))


def test_json_ld_gives_dates_people_and_tags() -> None:
    head = f'<script type="application/ld+json">{json.dumps(LINKED)}</script>'
    article = extract_article(page_of(html(head=head)))
    assert (article.published.written(), article.published.source) == ("2025-06-08T07:00:00+00:00", "json-ld")
    assert article.modified.written() == "2025-06-08T08:30:00+00:00"
    assert article.authors == ("منى السيد", "علي حسن")
    assert article.tags == ("جسور", "نقل", "النهر")


def test_broken_json_ld_leaves_the_meta_elements() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", </script>'
    article = extract_article(page_of(html(head=head + meta(article__published_time="2025-06-08"))))
    assert (article.published.written(), article.published.source) == ("2025-06-08", "meta")


def published_line(text: str) -> dict[str, str]:
    return {"behind_title": f"<div>{text}</div>"}


def published_meta(text: str) -> dict[str, str]:
    return {"head": meta(article__published_time=text)}


STAMP = {"behind_title": '<time datetime="2025-06-08T10:00">أمس</time>'}
EPOCH = published_meta("1970-01-01T00:00:00Z")
DATES = [
    pytest.param(published_meta("2025-06"), "2025-06", "meta", id="a month stays a month"),
    pytest.param(STAMP, "2025-06-08T07:00:00+00:00", "time", id="time element, zone of the feed"),
    pytest.param(published_line("٨ حزيران/يونيو ٢٠٢٥"), "2025-06-08", "text", id="line under the headline"),
    pytest.param(published_line("12 ذو الحجة 1446 هـ"), "2025-06-08", "text", id="a Hijri date alone"),
    pytest.param(published_line("منذ 3 ساعات"), "2025-06-10T09:00:00+00:00", "text", id="relative line"),
    pytest.param(published_meta("قريبا") | published_line("8 شباط 2025"), "2025-02-08", "text", id="unreadable meta"),
    pytest.param(EPOCH | published_line("8 شباط 2025"), "2025-02-08", "text", id="implausible meta"),
]


@pytest.mark.parametrize(("claims", "written", "source"), DATES)
def test_date_is_the_most_trusted_that_can_be_read(claims: dict[str, str], written: str, source: str) -> None:
    article = extract_article(page_of(html(**claims)), zone="Asia/Riyadh")
    assert (article.published.written(), article.published.source) == (written, source)


def test_day_in_the_address_is_the_last_resort() -> None:
    article = extract_article(page_of(html(), url="https://news.example.org/2025/06/08/bridge"))
    assert (article.published.written(), article.published.source) == ("2025-06-08", "url")


@pytest.mark.parametrize(
    "behind_title",
    [
        pytest.param("", id="the date in the menu is today's"),
        pytest.param("<p>آخر تحديث 9 يونيو 2025</p>", id="an update is no publication"),
    ],
)
def test_page_without_a_date_of_its_own_has_none(behind_title: str) -> None:
    assert extract_article(page_of(html(behind_title=behind_title))).published.at is None


def test_unreadable_date_keeps_its_words() -> None:
    published = extract_article(page_of(html(head=meta(article__published_time="في الأسبوع المنصرم")))).published
    assert (published.at, published.raw) == (None, "في الأسبوع المنصرم")


@pytest.mark.parametrize(
    ("claim", "title"),
    [
        pytest.param(f"{TITLE} - مرآة النهر", TITLE, id="dash and outlet"),
        pytest.param(f"{TITLE} | مرآة النهر", TITLE, id="bar and outlet"),
        pytest.param("مقابلة - الجزء الثاني", "مقابلة - الجزء الثاني", id="a dash that belongs to it"),
    ],
)
def test_title_loses_the_outlet_and_nothing_else(claim: str, title: str) -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    head = meta(og__title=claim, og__site_name="مرآة النهر")
    assert extract_article(page_of(f"<html><head>{head}</head><body>{body}</body></html>")).title == title


@pytest.mark.parametrize(
    "claim",
    [
        *("https://social.example.org/me", "admin", "مرآة النهر", "desk@example.org", "12"),
        *("فريق التحرير", "وكالات", "8 يونيو 2025", "آخر تحديث"),  # the desk, agencies, a date, updated
    ],
)
def test_junk_is_no_author(claim: str) -> None:
    head = meta(og__site_name="مرآة النهر") + f'<meta name="author" content="{claim}">'
    assert extract_article(page_of(html(head=head))).authors == ()


@pytest.mark.parametrize(
    "line",
    [
        '<div class="byline">منى السيد · 8 يونيو 2025</div>',
        '<span class="author-meta meta-item"><a href="/author/mona">منى السيد</a></span>',
        '<a class="writer-name" href="/w/1">بقلم: منى السيد</a>',
    ],
    ids=["byline with a date", "theme of a blog", "opinion page"],
)
def test_author_is_read_where_the_page_shows_one(line: str) -> None:
    assert extract_article(page_of(html(behind_title=line))).authors == ("منى السيد",)


def test_outlet_of_the_feed_goes_before_the_claim_of_the_page() -> None:
    assert extract_article(page_of(html()), outlet="River Mirror").outlet == "River Mirror"


def test_lead_that_the_extractor_drops_is_kept_once() -> None:
    lead = "قال مصدر في الوزارة إن الجسر الجديد هو الأطول في البلاد وإنه سيفتح أمام الشاحنات في الشهر المقبل."
    page = html(head=meta(og__description=lead), behind_title=f"<div class='lead'><strong>{lead}</strong></div>")
    assert extract_article(page_of(page)).body.count(lead) == 1


@pytest.mark.parametrize(
    ("deck", "count"),
    [
        pytest.param(PARAGRAPHS[0][:90], 0, id="the first paragraph cut short says nothing of its own"),
        pytest.param(f"{PARAGRAPHS[0]} ويفتتح جسر ثان بعد عام.", 1, id="a summary that begins alike and goes on"),
    ],
)  # a second bridge opens in a year
def test_a_deck_is_kept_where_it_says_what_the_text_does_not(deck: str, count: int) -> None:
    body = extract_article(page_of(html(behind_title=f"<div class='lead'><strong>{deck}</strong></div>"))).body
    assert body.split("\n").count(deck) == count


def test_language_is_told_by_the_text() -> None:
    english = tuple(f"The bridge across the river was opened on day {n} by the minister of transport." for n in "1234")
    assert extract_article(page_of(html(english, title="A new bridge is opened"))).lang == "en"


def test_zero_width_joiners_of_persian_survive() -> None:
    persian = "این پل‌ها به گفته‌ی مقام‌های محلی می‌توانند راه میان دو شهر را کوتاه کنند و ساخت آن‌ها سال‌ها طول کشید."
    assert persian in extract_article(page_of(html((persian, *PARAGRAPHS)))).body


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        pytest.param(html(head=linked(**{"@type": "LiveBlogPosting"})), BodyKind.LIVE, id="live by type"),
        pytest.param(html(title=f"مباشر.. {TITLE}"), BodyKind.LIVE, id="live by title"),
        pytest.param(html(head=linked(isAccessibleForFree=False)), BodyKind.SUMMARY, id="paywall"),
        pytest.param(html(PARAGRAPHS[:2], head=meta(og__type="video.other")), BodyKind.SUMMARY, id="video"),
        pytest.param(html(PARAGRAPHS[:2], head=linked(**{"@type": "ImageGallery"})), BodyKind.GALLERY, id="gallery"),
        pytest.param(html(title="تقرير مباشر من الحدود"), BodyKind.FULL, id="a title with the word for direct"),
    ],
)
def test_kind_of_the_text_is_told(page: str, kind: BodyKind) -> None:
    assert extract_article(page_of(page)).kind is kind


CONSENT = "نحن وشركاؤنا نخزن معلومات على جهازك، اضغط قبول الكل للمتابعة إلى الموقع."  # we and our partners store ...
WALLS = [
    pytest.param("<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>", id="challenge"),
    pytest.param(f"<title>مرآة النهر</title><p>{CONSENT}</p>", id="consent"),
    pytest.param("<title>تسجيل الدخول</title><form><input name=u><input type=password></form>", id="login"),
    pytest.param("<title>x</title><form><input type=password></form>", id="password form and nothing else"),
    pytest.param("<title>x</title><script src='/cdn-cgi/challenge-platform/h/b'></script>", id="script challenge"),
]


@pytest.mark.parametrize("inner", WALLS)
def test_wall_in_place_of_an_article_is_blocked(inner: str) -> None:
    with pytest.raises(Blocked):
        extract_article(page_of(f"<html><body>{inner}</body></html>"))


DATED = '<meta property="article:published_time" content="2025-06-10T09:00:00+03:00">'
#: News in the words of walls: cookie rules, a question for robots, a domain for sale, a login, an error of 500 million.
NEWS_OF_WALLS = {
    "قواعد جديدة لملفات تعريف الارتباط في المواقع": (
        "ألزمت الهيئة المواقع بقواعد جديدة لا تترك للزائر زر قبول الكل وحده، ومنها شرح ملفات تعريف الارتباط بوضوح."
    ),
    "هل أنت روبوت؟ سؤال جديد في بوابات الوزارة": (
        "بدأت بوابات الوزارة تسأل كل زائر: هل أنت روبوت أم إنسان؟ والسؤال الجديد يمنع البرامج من حجز المواعيد."
    ),
    "النطاق للبيع: عنوان صحيفة عريقة في المزاد": (
        "عرض مالكو صحيفة عريقة عنوانها على الشبكة في المزاد، ومن يفتحه يقرأ عبارة هذا النطاق للبيع منذ أمس."
    ),
    "تسجيل الدخول إلى المنصة الموحدة يبدأ الأحد": (
        "قالت الوزارة إن المنصة الموحدة تفتح للجميع صباح الأحد، وإن الدخول إليها يكون برقم الهوية وحده."
    ),
    "لم يتم العثور على ناجين من تحطم الطائرة": (
        "أنهت فرق الإنقاذ بحثها عن ناجين في موقع تحطم الطائرة شمالي البلاد، وقالت إن الأحوال الجوية عطلتها يومين."
    ),
}


@pytest.mark.parametrize(("title", "text"), NEWS_OF_WALLS.items(), ids=["cookies", "robots", "sale", "login", "search"])
def test_short_news_in_the_words_of_walls_is_news(title: str, text: str) -> None:
    assert extract_article(page_of(html((text,), title=title, head=DATED))).body == text


@pytest.mark.parametrize("inner", [CONSENT, "سجل الدخول لقراءة المقال كاملا على موقع مرآة النهر الإلكتروني."])
def test_wall_under_the_head_of_an_article_is_blocked(inner: str) -> None:
    with pytest.raises(Blocked):
        extract_article(page_of(html((inner,), head=DATED)))


def test_redirect_to_a_consent_host_is_blocked() -> None:
    with pytest.raises(Blocked):
        extract_article(page_of(html(), url="https://consent.example.org/m?continue=1"))


def test_article_with_a_cookie_banner_and_a_login_form_is_an_article() -> None:
    banner = "<div>نستخدم ملفات تعريف الارتباط <button>قبول الكل</button></div><form><input type=password></form>"
    assert extract_article(page_of(html(PARAGRAPHS[:2], after=banner))).body == "\n".join(PARAGRAPHS[:2])


NO_ARTICLES = [
    pytest.param(page_of(b""), id="nothing"),
    pytest.param(page_of("<html><body></body></html>"), id="empty body"),
    pytest.param(page_of("<html><body><p>خطأ</p></body></html>"), id="one word"),
    pytest.param(page_of(b"%PDF-1.7 ...", content_type="application/pdf"), id="PDF by header"),
    pytest.param(page_of(bytes(range(256)) * 400), id="binary data"),
    pytest.param(page_of(b"\0" * 5000), id="zeros"),
    pytest.param(page_of("<p " + "a " * 300_000 + ">" + BODY), id="a tag of 300,000 attributes"),
    pytest.param(
        page_of("<p " + "".join(f'a{n}=">"' for n in range(5_000)) + ">" + BODY), id="attributes that hide the end"
    ),
    pytest.param(page_of("<p " + "a" * 30_000 + ">" + BODY), id="a tag of 30,000 characters"),
    pytest.param(page_of('<script>if(a<b"c)</script><p ' + "a " * 3_000 + ">"), id="a long tag behind a script"),
]


@pytest.mark.parametrize("page", NO_ARTICLES)
def test_page_without_article_text_is_refused_by_name(page: Page) -> None:
    with pytest.raises(NotAnArticle):
        extract_article(page)


ODD = [
    pytest.param("<div>" * 5_000 + BODY, id="5,000 levels deep"),
    pytest.param(html().replace("</p>", "").replace("</article>", ""), id="nothing closed"),
    pytest.param(html()[: len(html()) // 2], id="cut in the middle"),
    pytest.param(html().replace("<p>", "<p>\x00\x01\x0b"), id="control characters"),
    pytest.param(html(head="<script type='application/ld+json'>" + "[" * 100_000 + "</script>"), id="100,000 brackets"),
    pytest.param(html(head="<script>" + "<p " * 50_000 + "</script>"), id="tags inside a script"),
    pytest.param("<!--" * 20_000 + html(), id="comments that never end"),
    pytest.param(html(after="<img src='data:image/png;base64," + "A" * 60_000 + "'>"), id="a picture in an attribute"),
    pytest.param(html(head="<base href='javascript:alert(1)'>"), id="a hostile base"),
    pytest.param(html(title="</h1><script>x</script>"), id="markup in the title"),
    pytest.param(html().replace("<html", "<html xmlns='x' xml:lang='ar'"), id="XHTML"),
    pytest.param("<?xml version='1.0' encoding='utf-8'?>" + html(), id="XML declaration"),
    pytest.param(html(head=meta(article__published_time="9" * 5_000, og__title="ا" * 100_000)), id="huge claims"),
]


@pytest.mark.parametrize("text", ODD)
def test_odd_markup_ends_in_an_article_or_a_named_refusal(text: str) -> None:
    ending = extract(text)
    assert isinstance(ending, NotAnArticle | Blocked) or (ending.body and "\x00" not in ending.body)


def test_picture_in_an_attribute_does_not_cost_the_article() -> None:
    page = html(after="<img src='data:image/png;base64," + "A" * 60_000 + "'>")
    assert extract_article(page_of(page)).body == BODY

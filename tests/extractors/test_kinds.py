"""What kind of text a page is told to hold, on pages in the manner of outlets; and pages that hold none."""

from __future__ import annotations

import json

import pytest

from extractors.articles import extract_article
from marsad.articles import BodyKind
from marsad.errors import NotAnArticle
from tests.extractors.pages import BODY, PARAGRAPHS, TITLE, URL, html, page_of

HOST = "https://news.example.org"
FLASH = PARAGRAPHS[:1]
TWO = PARAGRAPHS[:2]
LONG = tuple(f"{part} وهذا هو اليوم {day} من العمل فيه." for day in range(1, 4) for part in PARAGRAPHS)


def linked(kind: str, **more: object) -> str:
    node = {"@context": "https://schema.org", "@type": kind, "headline": TITLE, **more}
    return f'<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script>'


def named(**values: str) -> str:
    return "".join(f'<meta property="{key.replace("__", ":")}" content="{value}">' for key, value in values.items())


TIER = named(article__content_tier="locked")
CLOSED = "لقراءة المقال كاملا يرجى الاشتراك في النسخة الرقمية من الصحيفة."  # to read on, please subscribe
FOR_SUBSCRIBERS = "هذا المقال متاح حصرا للمشتركين"  # this article is for subscribers only
TEASER = "وأوضح الوزير أن كلفة المشروع بلغت ثلاثة أضعاف ما أعلن في البداية، وأن أسباب ذلك تعود إلى..."  # cut off
ENTRIES = "".join(
    f'<div class="live-entry"><span>1{n}:05</span><p>{text}</p></div>' for n, text in enumerate(PARAGRAPHS)
)
ONE_ENTRY = '<div class="live-post"><a href="/live/7">تغطية الحدث</a></div>'
FIGURES = "".join(
    f'<figure><img src="/{n}.jpg"><figcaption>الجسر عند الغروب، صورة {n}</figcaption></figure>' for n in range(8)
)

KINDS = [
    pytest.param(html(), URL, BodyKind.FULL, id="report"),
    pytest.param(html(FLASH), URL, BodyKind.FULL, id="flash of one sentence"),
    pytest.param(html(TWO, head=TIER), URL, BodyKind.SUMMARY, id="locked by the tier it declares"),
    pytest.param(html(head=named(article__content_tier="free")), URL, BodyKind.FULL, id="free by the same"),
    pytest.param(html((*TWO, CLOSED)), URL, BodyKind.SUMMARY, id="subscribe to read on"),
    pytest.param(html((*TWO, FOR_SUBSCRIBERS)), URL, BodyKind.SUMMARY, id="for subscribers"),
    pytest.param(html((*TWO, TEASER)), URL, BodyKind.SUMMARY, id="cut in a sentence"),
    pytest.param(html(FLASH), f"{HOST}/videos/2025/6/8/bridge", BodyKind.SUMMARY, id="video by its address"),
    pytest.param(html(FLASH, title=f"فيديو: {TITLE}"), URL, BodyKind.SUMMARY, id="video by its headline"),
    pytest.param(html(FLASH, head=linked("VideoObject")), URL, BodyKind.SUMMARY, id="video by its type"),
    pytest.param(html(LONG, title=f"بالفيديو.. {TITLE}"), URL, BodyKind.FULL, id="a report with a video"),
    pytest.param(html((), head=linked("VideoObject", description=TWO[0])), URL, BodyKind.SUMMARY, id="video, no text"),
    pytest.param(html(FLASH, after=FIGURES), f"{HOST}/gallery/2025/6/8/x", BodyKind.GALLERY, id="gallery by address"),
    pytest.param(html(FLASH, title=f"بالصور.. {TITLE}"), URL, BodyKind.GALLERY, id="gallery by headline"),
    pytest.param(html((), head=linked("ImageGallery", description=TWO[0])), URL, BodyKind.GALLERY, id="only pictures"),
    pytest.param(html(LONG, title=f"بالصور.. {TITLE}"), URL, BodyKind.FULL, id="a report with pictures"),
    pytest.param(html(after=ENTRIES), URL, BodyKind.LIVE, id="ticker by its entries"),
    pytest.param(html(after=ONE_ENTRY), URL, BodyKind.FULL, id="a box for a ticker"),
    pytest.param(html(), f"{HOST}/news/liveblog/2025/6/8/bridge", BodyKind.LIVE, id="ticker by its address"),
    pytest.param(html(title=f"تغطية حية: {TITLE}"), URL, BodyKind.LIVE, id="ticker by its headline"),
    pytest.param(html(title="اتصال مباشر بين الوزيرين"), URL, BodyKind.FULL, id="a direct call between ministers"),
    pytest.param(html(title="صور الأقمار تكشف الجسر"), f"{HOST}/a/1", BodyKind.FULL, id="satellite pictures as news"),
]


@pytest.mark.parametrize(("page", "url", "kind"), KINDS)
def test_kind_is_what_the_page_holds(page: str, url: str, kind: BodyKind) -> None:
    assert extract_article(page_of(page, url=url)).kind is kind


TEASERS = "".join(f'<div><h3><a href="/a/{n}">{TITLE}</a></h3><p>{text}</p></div>' for n, text in enumerate(PARAGRAPHS))
SORRY = "<p>عذرا، الصفحة التي تبحث عنها غير موجودة أو نقلت إلى عنوان آخر في الموقع.</p>"  # the page is not there
NONE = [
    pytest.param(f"<title>مرآة النهر</title><body>{TEASERS}</body>", f"{HOST}/", id="front page after a redirect"),
    pytest.param(
        f"<title>مرآة النهر</title><body>{TEASERS}</body>", f"{HOST}/ar/index.php", id="front page by its file"
    ),
    pytest.param(f"<title>404 - مرآة النهر</title><h1>404</h1>{SORRY}", URL, id="error answered as a page"),
    pytest.param(f"<title>عفوا، الصفحة غير موجودة</title>{SORRY}", URL, id="sorry"),
    pytest.param("<title>x</title><ul>" + '<li><a href="/1">خبر</a></li>' * 40 + "</ul>", f"{HOST}/tag/x", id="list"),
]


@pytest.mark.parametrize(("page", "url"), NONE)
def test_page_in_an_articles_place_holds_none(page: str, url: str) -> None:
    with pytest.raises(NotAnArticle):
        extract_article(page_of(page, url=url))


def test_article_at_a_bare_address_that_calls_itself_one_is_an_article() -> None:
    assert extract_article(page_of(html(head=linked("NewsArticle")), url=f"{HOST}/")).body == BODY


def test_article_whose_headline_begins_with_a_number_is_no_error_page() -> None:
    assert extract_article(page_of(html(FLASH, title="500 عامل في الجسر الجديد"))).title.startswith("500")

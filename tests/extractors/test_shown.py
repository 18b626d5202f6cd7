"""What is read where a page declares nothing: a page laid out in tables, a line that says who wrote, a box of tags."""

from __future__ import annotations

import json

import pytest

from extractors.articles import extract_article
from tests.extractors.pages import BODY, PARAGRAPHS, TITLE, html, page_of

CAPTION = "الوزير يقص شريط الجسر"  # the minister cuts the ribbon
PICTURE = f'<table align="left"><tr><td><img src="/1.jpg"><br><font size="1">{CAPTION}</font></td></tr></table>'


def laid_out(text: str) -> str:
    """Return a page as it was made before style sheets: tables in tables, no class anywhere."""
    return f"""<html dir="rtl"><head><title>بوابة الجسر : {TITLE}</title></head><body bgcolor="#ffffff">
<table width="100%"><tr><td><a href="/">الرئيسية</a> :: <a href="/s?n=1">محافظات</a></td></tr></table>
<table width="980"><tr valign="top"><td width="640"><h1>{TITLE}</h1>
<font size="2">كتب: سامي الحداد - 8 يونيو 2025 - 10:30</font>{PICTURE}{text}</td>
<td width="300"><b>إعلانات</b><br>اتصل بقسم التسويق</td></tr></table>
<center>جميع الحقوق محفوظة - بوابة الجسر</center></body></html>"""


PARTED = [
    pytest.param("".join(f"<p>{part}</p>" for part in PARAGRAPHS), id="paragraphs"),
    pytest.param("<br><br>".join(PARAGRAPHS), id="line breaks"),
    pytest.param("".join(f"<div>{part}</div>" for part in PARAGRAPHS), id="boxes"),
    pytest.param(
        "<table><tr><td>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS) + "</td></tr></table>", id="a table more"
    ),
]


@pytest.mark.parametrize("text", PARTED)
def test_paragraphs_of_a_page_laid_out_in_tables_are_kept_apart(text: str) -> None:
    article = extract_article(page_of(laid_out(text)))
    assert article.body == BODY
    assert (article.title, article.outlet, article.authors) == (TITLE, "بوابة الجسر", ("سامي الحداد",))


def test_table_of_figures_stays_a_table() -> None:
    rows = "".join(f"<tr><td>جسر {n}</td><td>{n * 100} متر</td></tr>" for n in range(1, 4))
    body = extract_article(page_of(html((*PARAGRAPHS, f"<table>{rows}</table>")))).body
    assert "جسر 2" in body
    assert all(part in body.splitlines() for part in PARAGRAPHS)


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        pytest.param("كتب: منى السيد", ("منى السيد",), id="wrote"),
        pytest.param("كتبت - منى السيد | 8 يونيو 2025", ("منى السيد",), id="wrote, with a date"),
        pytest.param("إعداد: د. منى السيد", ("د. منى السيد",), id="prepared by"),
        pytest.param("بقلم منى السيد", ("منى السيد",), id="by, without a mark"),
        pytest.param("كتب: مرآة النهر", (), id="the outlet itself"),
        pytest.param("كتب: وكالات", (), id="agencies"),
        pytest.param("كتب الوزير على صفحته أن الجسر جاهز", (), id="a sentence"),
        pytest.param("تقرير: 8 يونيو 2025", (), id="a date"),
    ],
)
def test_line_under_the_headline_says_who_wrote(line: str, authors: tuple[str, ...]) -> None:
    assert extract_article(page_of(html(behind_title=f"<div>{line}</div>"))).authors == authors


@pytest.mark.parametrize(
    ("box", "tags"),
    [
        pytest.param('<div class="tags">الوسوم: جسور، نقل</div>', ("جسور", "نقل"), id="labelled box"),
        pytest.param(
            '<ul class="post-tags"><li><a>جسور</a></li><li><a>#نقل</a></li></ul>', ("جسور", "نقل"), id="links"
        ),
        pytest.param('<p><a rel="tag">جسور</a> <a rel="category tag">نقل</a></p>', ("جسور", "نقل"), id="by relation"),
        pytest.param("<p>الكلمات المفتاحية: جسور, نقل</p>", ("جسور", "نقل"), id="labelled line"),
        pytest.param("<aside class='tags'><p class='tags'>كرة</p></aside>", (), id="cloud beside the article"),
    ],
)
def test_tags_are_read_where_the_page_shows_them(box: str, tags: tuple[str, ...]) -> None:
    article = extract_article(page_of(html(after=box)))
    assert (article.tags, article.body) == (tags, BODY)


def test_declared_tags_go_before_shown_ones() -> None:
    page = html(head='<meta name="news_keywords" content="جسور">', after='<div class="tags">نقل</div>')
    assert extract_article(page_of(page)).tags == ("جسور",)


def behind_a_script(text: str) -> str:
    """Return a page whose text a script would lay out: it stands in JSON-LD alone."""
    node = {"@type": "NewsArticle", "headline": TITLE, "articleBody": text}
    return html((), head=f'<script type="application/ld+json">{json.dumps(node)}</script>')


REPEATED = [
    pytest.param("\n".join(PARAGRAPHS), id="lines"),
    pytest.param("".join(f"<p>{part}</p>" for part in PARAGRAPHS), id="markup"),
    pytest.param("".join(f"&lt;p&gt;{part}&lt;/p&gt;&amp;nbsp;" for part in PARAGRAPHS), id="escaped markup"),
    pytest.param("<br/><br/>".join(f"<b>{part}</b>" for part in PARAGRAPHS), id="line breaks"),
]


@pytest.mark.parametrize("text", REPEATED)
def test_text_that_only_json_ld_holds_is_read_from_it(text: str) -> None:
    assert extract_article(page_of(behind_a_script(text))).body == BODY


def test_page_goes_before_a_shorter_text_in_json_ld() -> None:
    node = {"@type": "NewsArticle", "headline": TITLE, "articleBody": PARAGRAPHS[0]}
    page = html(head=f'<script type="application/ld+json">{json.dumps(node)}</script>')
    assert extract_article(page_of(page)).body == BODY

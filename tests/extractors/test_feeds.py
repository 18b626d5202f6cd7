"""Facts about feeds: what is one, what it claims, and what no feed may smuggle in."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.feeds import SUMMARY_LIMIT_CHARS, TITLE_LIMIT_CHARS, parse_feed
from marsad.errors import MarsadError, NotAFeed, TooLarge
from marsad.sources import Entry, Feed, Outlet, Page

URL = "https://news.example.org/ar/feed.xml"
FEED = Feed(URL, Outlet("example", "Example"), zone="Asia/Riyadh")
FETCHED = datetime(2025, 6, 8, 12, 0, tzinfo=UTC)

TITLE = "وصول وفد روسي إلى بيونغ يانغ لبحث التعاون العسكري"  # a Russian delegation arrives in Pyongyang
SUMMARY = "قالت الوكالة إن المحادثات ستستمر يومين، وإن الجانبين سيوقعان اتفاقا جديدا في ختامها."  # talks for two days
OTHER = "سيول تحذر من نقل التكنولوجيا إلى الشمال"  # Seoul warns of technology transfer

RSS = """<?xml version="1.0"{declaration}?>
<rss version="2.0"><channel><title>أخبار</title><link>https://news.example.org/</link>
<item><title>{title}</title><link>https://news.example.org/ar/1</link><guid isPermaLink="false">n-1</guid>
<description>{summary}</description><pubDate>Sun, 08 Jun 2025 09:30:00 +0300</pubDate></item>
<item><title>{other}</title><link>https://news.example.org/ar/2</link><pubDate>7 يونيو 2025</pubDate></item>
</channel></rss>"""


def page(body: bytes | str, content_type: str = "application/rss+xml", url: str = URL) -> Page:
    data = body if isinstance(body, bytes) else body.encode()
    return Page(URL, url, 200, (("content-type", content_type),), data, FETCHED)


def parse(body: bytes | str, content_type: str = "application/rss+xml", limit: int = 100) -> tuple[Entry, ...]:
    return parse_feed(page(body, content_type), FEED, limit).entries


def rss(title: str = TITLE, summary: str = SUMMARY, declaration: str = "") -> str:
    return RSS.format(title=title, summary=summary, other=OTHER, declaration=declaration)


def item(inner: str) -> str:
    return f'<rss version="2.0"><channel><item><link>https://news.example.org/1</link>{inner}</item></channel></rss>'


FORMATS = {
    "rss 0.91": f"""<rss version="0.91"><channel><item><title>{TITLE}</title>
        <link>https://news.example.org/ar/1</link><description>{SUMMARY}</description></item></channel></rss>""",
    "rss 0.92": f"""<rss version="0.92"><channel><item><title>{TITLE}</title>
        <link>https://news.example.org/ar/1</link><description>{SUMMARY}</description></item></channel></rss>""",
    "rss 2.0": rss(),
    "rdf": f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="https://news.example.org/ar/1">
        <title>{TITLE}</title><link>https://news.example.org/ar/1</link><description>{SUMMARY}</description>
        <dc:date>2025-06-08T09:30:00+03:00</dc:date></item></rdf:RDF>""",
    "atom 0.3": f"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>{TITLE}</title>
        <link rel="alternate" href="https://news.example.org/ar/1"/><summary>{SUMMARY}</summary>
        <issued>2025-06-08T09:30:00+03:00</issued></entry></feed>""",
    "atom 1.0": f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">{TITLE}</title><id>n-1</id>
        <link rel="enclosure" href="https://news.example.org/1.mp3"/><link href="https://news.example.org/ar/1"/>
        <summary>{SUMMARY}</summary><updated>2025-06-08T09:30:00+03:00</updated></entry></feed>""",
    "php warning before the feed": "<br />\n<b>Warning</b>: mysql in /var/www on line 3<br />\n" + rss(),
    "blank lines before the feed": "\n\n \n" + rss(),
    "unescaped ampersand": rss(summary=SUMMARY + " R&D & more"),
    "unclosed": rss().partition("<item><title>" + OTHER)[0],
    "control characters": rss(summary=SUMMARY + "\x0b\x01"),
    "content only": item(f"""<title>{TITLE}</title><content:encoded
        xmlns:content="http://purl.org/rss/1.0/modules/content/"><![CDATA[<p>{SUMMARY}</p>]]></content:encoded>
        """).replace("news.example.org/1", "news.example.org/ar/1"),
}


@pytest.mark.parametrize("document", FORMATS.values(), ids=FORMATS)
def test_each_format_says_title_summary_and_link(document: str) -> None:
    first = parse(document)[0]
    assert (first.title, first.url) == (TITLE, "https://news.example.org/ar/1")
    assert first.summary.startswith(SUMMARY)


@pytest.mark.parametrize("name", ["rss 2.0", "rdf", "atom 0.3", "atom 1.0"])
def test_each_format_says_when(name: str) -> None:
    published = parse(FORMATS[name])[0].published
    assert published.at == datetime(2025, 6, 8, 6, 30, tzinfo=UTC)
    assert published.source == "feed"


ENCODINGS = {
    "utf-8, undeclared": (rss().encode(), "application/rss+xml"),
    "utf-8 with a mark": (b"\xef\xbb\xbf" + rss().encode(), "application/rss+xml"),
    "utf-8 called windows-1256": (rss(declaration=' encoding="windows-1256"').encode(), "text/xml"),
    "utf-8 called latin by the header": (rss().encode(), "text/xml; charset=iso-8859-1"),
    "utf-8 called us-ascii": (rss(declaration=' encoding="us-ascii"').encode(), "text/xml"),
    "utf-16 with a mark": (rss().encode("utf-16"), "text/xml"),
    "windows-1256, declared": (rss(declaration=' encoding="windows-1256"').encode("cp1256"), "text/xml"),
    "windows-1256, header": (rss().encode("cp1256"), "text/xml; charset=windows-1256"),
    "windows-1256, undeclared": (rss().encode("cp1256"), "application/rss+xml"),
    "windows-1256 called utf-8": (rss(declaration=' encoding="UTF-8"').encode("cp1256"), "text/xml; charset=utf-8"),
    "windows-1256 called latin": (rss(declaration=' encoding="iso-8859-1"').encode("cp1256"), "text/xml"),
    "windows-1256 called windows-1252": (rss().encode("cp1256"), "text/xml; charset=windows-1252"),
    "windows-1256 called iso-8859-6": (rss(declaration=' encoding="iso-8859-6"').encode("cp1256"), "text/xml"),
    "windows-1256 under a name nobody knows": (rss(declaration=' encoding="arabic-x"').encode("cp1256"), "text/xml"),
    "iso-8859-6, declared": (rss(declaration=' encoding="iso-8859-6"').encode("iso-8859-6"), "text/xml"),
    "iso-8859-6 called utf-8": (rss(declaration=' encoding="utf-8"').encode("iso-8859-6"), "text/xml"),
    "utf-8 read as latin by its maker": (rss().encode().decode("latin-1").encode(), "text/xml"),
    "cut in the middle of a character": (rss().encode()[: rss().encode().index("سيول".encode()) + 3], "text/xml"),
}


@pytest.mark.parametrize(("body", "content_type"), ENCODINGS.values(), ids=ENCODINGS)
def test_arabic_survives_every_encoding_and_every_lie(body: bytes, content_type: str) -> None:
    first = parse(body, content_type)[0]
    assert (first.title, first.summary) == (TITLE, SUMMARY)


def test_letters_that_a_wrong_code_page_swallowed_are_shown_as_lost() -> None:
    swallowed = rss().encode().decode("cp1252", "ignore").encode()  # it has no place for the second byte of ف
    assert parse(swallowed)[0].title == TITLE.replace("ف", "\ufffd")


NO_FEEDS = {
    "nothing": b"",
    "blank": b" \r\n\t",
    "consent page": "<!doctype html><html><head><title>قبل المتابعة</title></head><body>ملفات الارتباط</body></html>",
    "login page": "<HTML><BODY><form action=/login><input name=user></form></BODY></HTML>",
    "xhtml page": """<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "xhtml1.dtd">
        <html xmlns="http://www.w3.org/1999/xhtml"><body><p>صيانة</p></body></html>""",
    "page without html": "<head><title>الرئيسية</title></head><script>go()</script>",
    "page that speaks of feeds": "<html><body><pre>&lt;rss&gt;</pre><a href='/rss'>rss</a></body></html>",
    "page behind a comment": "<!-- <rss version='2.0'> --><html><body>x</body></html>",
    "json": '{"version": "https://jsonfeed.org/version/1.1", "items": []}',
    "words": "الموقع تحت الصيانة",  # the site is being maintained
    "another xml": '<?xml version="1.0"?><catalog><item><title>a</title></item></catalog>',
    "still packed": gzip.compress(rss().encode()),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "letters lost to question marks": rss(TITLE, SUMMARY).encode("ascii", "replace"),
    "letters lost to replacement": re.sub("[ء-ي]", "\ufffd", rss()),
    "entity bomb": """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;">]><rss version="2.0"><channel><item><title>&c;</title></item></channel></rss>""",
    "file in an entity": """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>
        <rss version="2.0"><channel><item><title>&x;</title><link>https://a.example/</link></item></channel></rss>""",
    "entities behind padding": "<!--" + "x" * 40_000 + '--><!DOCTYPE rss [<!ENTITY a "b">]>' + rss(),
    "padding without end": "<!--" * 100_000,
}


def test_a_sitemap_in_a_feeds_place_is_told_what_it_is() -> None:
    with pytest.raises(NotAFeed, match='a sitemap; list it with kind = "sitemap"'):
        parse_feed(page('<?xml version="1.0"?><urlset><url><loc>https://a.example/1</loc></url></urlset>'), FEED, 9)


@pytest.mark.parametrize("body", NO_FEEDS.values(), ids=NO_FEEDS)
@pytest.mark.parametrize("content_type", ["application/rss+xml", "text/html", ""], ids=["rss", "html", "unsaid"])
def test_what_is_no_feed_is_never_an_empty_one(body: bytes | str, content_type: str) -> None:
    with pytest.raises(NotAFeed):
        parse(body, content_type)


def test_a_web_page_is_named_by_its_title() -> None:
    with pytest.raises(NotAFeed, match="قبل المتابعة"):
        parse(NO_FEEDS["consent page"])


@pytest.mark.parametrize(
    "document",
    [
        '<rss version="2.0"><channel><title>أخبار</title></channel></rss>',
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>أخبار</title></feed>',
    ],
    ids=["rss", "atom"],
)
def test_a_true_feed_may_have_no_news(document: str) -> None:
    assert parse(document) == ()


def test_a_feed_may_be_served_as_a_web_page() -> None:
    assert len(parse(rss(), "text/html; charset=utf-8")) == 2


TITLES = {
    "tags": ("<![CDATA[<b>قمة</b> في <i>موسكو</i>]]>", "قمة في موسكو"),
    "script": ("<![CDATA[<script>alert('x')</script>قمة]]>", "قمة"),
    "unclosed script": ("<![CDATA[قمة<script>alert('x')]]>", "قمة"),
    "script written twice": ("&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;قمة", "قمة"),
    "image with a deed": ('<![CDATA[قمة<img src=x onerror="alert(1)">]]>', "قمة"),
    "comparison": ("<![CDATA[5 < 6 و 7 > 3]]>", "5 < 6 و 7 > 3"),
    "entities": ("قمة &amp;quot;موسكو&amp;quot; &amp;amp; لقاء", 'قمة "موسكو" & لقاء'),
    "line breaks": ("قمة\n\r\n  في\tموسكو", "قمة في موسكو"),
    "header injection": ("قمة&#13;&#10;Bcc: a@example.org", "قمة Bcc: a@example.org"),
    "line separators": ("قمة\u2028في\u2029موسكو", "قمة في موسكو"),
    "direction overrides": ("\u202eقمة\u202c \u2066في\u2069\u200f موسكو\u061c", "قمة في موسكو"),
    "escape": ("<![CDATA[\x1b[31mقمة]]>", "[31mقمة"),
    "byte order mark and invisible space": ("\ufeffقمة\u200bفي", "قمةفي"),
    "persian joiner stays": ("می\u200cرود", "می\u200cرود"),  # goes
    "diacritics stay": ("قِمّة", "قِمّة"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("raw", "expected"), TITLES.values(), ids=TITLES)
def test_titles_are_words_and_nothing_else(raw: str, expected: str) -> None:
    assert parse(item(f"<title>{raw}</title>"))[0].title == expected


def test_long_words_are_cut() -> None:
    (entry,) = parse(item(f"<title>{'ق' * 100_000}</title><description>{'م ' * 100_000}</description>"))
    assert len(entry.title) == TITLE_LIMIT_CHARS
    assert SUMMARY_LIMIT_CHARS - 1 <= len(entry.summary) <= SUMMARY_LIMIT_CHARS


def test_a_hundred_thousand_unclosed_tags_in_a_summary_are_no_work() -> None:
    (entry,) = parse(item(f"<title>{TITLE}</title><description><![CDATA[{'<script <b' * 100_000}]]></description>"))
    assert (entry.title, entry.summary) == (TITLE, "")


LINKS = {
    "absolute": ("<link>https://news.example.org/ar/1</link>", "https://news.example.org/ar/1"),
    "from the root": ("<link>/ar/1</link>", "https://news.example.org/ar/1"),
    "relative": ("<link>1</link>", "https://news.example.org/ar/1"),
    "without scheme": ("<link>//cdn.example.org/1</link>", "https://cdn.example.org/1"),
    "arabic path": ("<link>https://news.example.org/خبر/1</link>", "https://news.example.org/خبر/1"),
    "line breaks": ("<link>\n  https://news.example.org/1\n</link>", "https://news.example.org/1"),
    "trackers stay until the identity is made": (
        "<link>https://news.example.org/1?utm_source=rss</link>",
        "https://news.example.org/1?utm_source=rss",
    ),
    "guid in its place": ("<guid>https://news.example.org/1</guid>", "https://news.example.org/1"),
    "original behind a proxy": (
        '<link>https://proxy.example/x</link><o:origLink xmlns:o="http://rssnamespace.org/feedburner/ext/1.0">'
        "https://news.example.org/1</o:origLink>",
        "https://news.example.org/1",
    ),
}


@pytest.mark.parametrize(("markup", "expected"), LINKS.values(), ids=LINKS)
def test_links_are_absolute_and_as_the_feed_wrote_them(markup: str, expected: str) -> None:
    document = f'<rss version="2.0"><channel><item><title>{TITLE}</title>{markup}</item></channel></rss>'
    assert parse(document)[0].url == expected


def test_links_count_from_where_the_feed_was_found_in_the_end() -> None:
    moved = page(item("").replace("https://news.example.org/1", "/1"), url="https://new.example.org/feed")
    assert parse_feed(moved, FEED, 9).entries[0].url == "https://new.example.org/1"


def test_links_count_from_the_base_that_an_atom_feed_names() -> None:
    document = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example.org/x/"><entry>
        <title>{TITLE}</title><link href="1"/></entry></feed>"""
    assert parse(document)[0].url == "https://base.example.org/x/1"


@pytest.mark.parametrize(
    "markup",
    ["", "<link>javascript:alert(1)</link>", "<link>http://[::1</link>", "<link>mailto:a@example.org</link>"],
    ids=["none", "script", "broken", "mail"],
)
def test_an_item_without_a_page_is_a_drop_with_its_reason(markup: str) -> None:
    document = f'<rss version="2.0"><channel><item><title>{TITLE}</title>{markup}</item></channel></rss>'
    reading = parse_feed(page(document), FEED, 9)
    assert reading.entries == ()
    (drop,) = reading.drops
    assert (drop.stage, drop.reason, drop.feed_url) == ("poll", "no_url", URL)


def test_an_item_without_an_id_is_known_by_its_link() -> None:
    assert parse(item(""))[0].guid == "https://news.example.org/1"
    assert parse(item("<guid isPermaLink='false'> n-\u202e7 </guid>"))[0].guid == "n-7"


DATES = {
    "arabic month": ("7 يونيو 2025", "2025-06-07"),
    "day first": ("03/04/2025", "2025-04-03"),
    "zone of the feed": ("2025-06-08 09:30:00", "2025-06-08T06:30:00+00:00"),
    "unreadable": ("قريبا", None),  # soon
    "year -1": ("-001-01-01T00:00:00Z", None),
    "none": ("", None),
}


@pytest.mark.parametrize(("raw", "expected"), DATES.values(), ids=DATES)
def test_dates_are_read_from_their_words(raw: str, expected: str | None) -> None:
    published = parse(item(f"<pubDate>{raw}</pubDate>"))[0].published
    at = published.at and (published.at.astimezone(UTC).isoformat() if "T" in str(expected) else published.written())
    assert (at, published.raw) == (expected, raw)


@pytest.mark.parametrize("raw", ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_date_out_of_this_time_is_never_taken_for_news(raw: str) -> None:
    published = parse(item(f"<pubDate>{raw}</pubDate>"))[0].published
    assert published.at is None or published.is_implausible


def many(days: list[str]) -> str:
    items = "".join(f"<item><link>https://news.example.org/{n}</link>{day}</item>" for n, day in enumerate(days))
    return f'<rss version="2.0"><channel>{items}</channel></rss>'


def day(number: int) -> str:
    return f"<pubDate>{number:02} May 2025 10:00:00 +0000</pubDate>"


def test_of_too_many_the_newest_are_kept_in_the_feeds_order() -> None:
    oldest_first = many([day(1), day(2), day(3), day(4)])
    reading = parse_feed(page(oldest_first), FEED, 2)
    assert [entry.url[-1] for entry in reading.entries] == ["2", "3"]
    assert [(drop.reason, drop.detail) for drop in reading.drops] == [("over_limit", "items beyond the newest 2")]


def test_of_too_many_without_dates_the_first_are_kept() -> None:
    assert [entry.url[-1] for entry in parse(many([""] * 5), limit=2)] == ["0", "1"]


def test_a_date_far_ahead_buys_no_place() -> None:
    future = "<pubDate>Fri, 31 Dec 2027 23:59:59 GMT</pubDate>"
    assert [entry.url[-1] for entry in parse(many([future, day(1), day(2)]), limit=2)] == ["1", "2"]


def test_two_hundred_thousand_items_are_too_many() -> None:
    with pytest.raises(TooLarge):
        parse(many([""] * 200_000), limit=1000)


def test_a_reused_id_is_two_claims() -> None:
    document = f"""<rss version="2.0"><channel>
        <item><guid isPermaLink="false">7</guid><title>{TITLE}</title><link>https://news.example.org/1</link></item>
        <item><guid isPermaLink="false">7</guid><title>{OTHER}</title><link>https://news.example.org/2</link></item>
        </channel></rss>"""
    assert [(entry.guid, entry.url[-1]) for entry in parse(document)] == [("7", "1"), ("7", "2")]


@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 0.8, 0.97])
def test_a_feed_cut_anywhere_is_read_as_far_as_it_goes_or_named(share: float) -> None:
    body = rss().encode()
    try:
        entries = parse(body[: int(len(body) * share)])
    except MarsadError:
        return
    assert all(entry.url.startswith("https://news.example.org/ar/") for entry in entries)


#: Entries of the real feeds, counted in their markup; one of them is a true feed without any.
REAL_FEEDS = {
    "Ahmed_Al_Balochi_index.xml": 5,
    "NicoBOD_ar_feed.xml": 20,
    "TheAwiteb_atom.xml": 1,
    "abdallamaklad_ar_rss.xml": 20,
    "geohadab_ar_rss.xml": 0,
}


@pytest.mark.parametrize("name", [*REAL_FEEDS, "miniflux_internal_reader_parser_testdata_urdu_UTF8.xml"])
def test_real_feeds_are_read_whole(shared: Path, name: str) -> None:
    body = (shared / "data" / "feeds" / name).read_bytes()
    reading = parse_feed(page(body, "application/xml"), FEED, 1000)
    markup = re.findall(rb"<(?:item|entry)[ >]", body)
    assert len(reading.entries) == len(markup) == REAL_FEEDS.get(name, len(markup))
    assert reading.drops == ()
    assert all(entry.title and entry.url.startswith("http") for entry in reading.entries)
    assert all(re.search("[؀-ۿ]", entry.title) for entry in reading.entries if not entry.title.isascii())
    assert all(
        entry.published.at or not entry.published.raw.strip() or " 0001 " in entry.published.raw
        for entry in reading.entries
    )


def test_the_folder_of_real_feeds_is_known_whole(shared: Path) -> None:
    names = {file.name for file in (shared / "data" / "feeds").glob("*.xml")}
    assert names == {*REAL_FEEDS, "miniflux_internal_reader_parser_testdata_urdu_UTF8.xml"}


def test_a_tag_of_a_hundred_thousand_attributes_is_refused_before_a_parser_sees_it() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(100_000))
    with pytest.raises(NotAFeed, match=r"a tag of 10000\d attributes"):
        parse(f'<rss version="2.0" {attributes}><channel/></rss>')

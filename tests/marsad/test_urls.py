"""Facts about urls: what is one article, what is two, and what is no url of ours."""

from __future__ import annotations

import pytest

from marsad.errors import BadInput
from marsad.urls import canonical_url, declared_url, host_of, resolve_url, site_of, spelled_url, wire_url

ARABIC = "https://example.org/أخبار/قمة-موسكو"  # news / Moscow summit
ENCODED = "https://example.org/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/%D9%82%D9%85%D8%A9-%D9%85%D9%88%D8%B3%D9%83%D9%88"

SAME = {
    "arabic path and its encoding": (ARABIC, ENCODED),
    "lower-case hex": (ENCODED.lower(), ENCODED),
    "host in capitals": ("https://EXAMPLE.org/a", "https://example.org/a"),
    "trailing dot of the host": ("https://example.org./a", "https://example.org/a"),
    "default port": ("https://example.org:443/a", "https://example.org/a"),
    "http of the same host": ("http://example.org/a", "https://example.org/a"),
    "credentials": ("https://user:word@example.org/a", "https://example.org/a"),
    "fragment": ("https://example.org/a#comments", "https://example.org/a"),
    "no path": ("https://example.org", "https://example.org/"),
    "utm": ("https://example.org/a?utm_source=rss&utm_medium=feed&id=7", "https://example.org/a?id=7"),
    "facebook": ("https://example.org/a?fbclid=IwAR0x", "https://example.org/a"),
    "order of parameters": ("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2"),
    "empty query": ("https://example.org/a?", "https://example.org/a"),
    "encoded letters": ("https://example.org/%61rticle", "https://example.org/article"),
    "dot segments": ("https://example.org/x/../a/./b", "https://example.org/a/b"),
    "double slash": ("https://example.org//news//1", "https://example.org/news/1"),
    "line break inside": ("https://example.org/\n a".replace(" ", ""), "https://example.org/a"),
    "amp ending": ("https://example.org/news/1/amp", "https://example.org/news/1"),
    "amp ending with slash": ("https://example.org/news/1/amp/", "https://example.org/news/1/"),
    "amp folder": ("https://example.org/amp/news/1", "https://example.org/news/1"),
    "amp suffix": ("https://example.org/news/1.amp.html", "https://example.org/news/1.html"),
    "amp parameter": ("https://example.org/news/1?amp=1", "https://example.org/news/1"),
    "amp output type": ("https://example.org/news/1?outputType=amp", "https://example.org/news/1"),
    "amp host": ("https://amp.example.org/news/1", "https://www.example.org/news/1"),
    "amp cache": ("https://www-example-org.cdn.ampproject.org/c/s/www.example.org/n/1", "https://www.example.org/n/1"),
    "google's amp viewer": ("https://www.google.com/amp/s/www.example.org/n/1", "https://www.example.org/n/1"),
    "mobile host": ("https://m.example.org/news/1", "https://www.example.org/news/1"),
    "mobile host under a country": ("https://m.example.com.sa/1", "https://www.example.com.sa/1"),
    "mobile host of a language": ("https://m.arabic.example.org/1", "https://arabic.example.org/1"),
    "arabic host in punycode capitals": ("https://XN--MGBH0FB.example/a", "https://xn--mgbh0fb.example/a"),
    "partly encoded arabic path": ("https://example.org/أخبار/%D9%82%D9%85%D8%A9-موسكو", ENCODED),
    "google click": ("https://example.org/a?gclid=x&id=7", "https://example.org/a?id=7"),
    "escaped once too often": ("https://example.org/a?id=7&amp;utm_source=x&amp;b=1", "https://example.org/a?b=1&id=7"),
    "google's product link": ("https://example.org/a?_gl=1*x&gad_source=1&srsltid=y", "https://example.org/a"),
    "what an amp cache adds": ("https://example.org/a?amp_js_v=0.1&usqp=mq331", "https://example.org/a"),
    "twitter click": ("https://example.org/a?twclid=x", "https://example.org/a"),
    "several trackers": ("https://example.org/a?utm_campaign=x&fbclid=y&gclid=z&igshid=w", "https://example.org/a"),
    "tracker in capitals": ("https://example.org/a?UTM_Source=rss", "https://example.org/a"),
    "at internet": ("https://example.org/a?at_medium=custom7&at_campaign=64", "https://example.org/a"),
    "xtor": ("https://example.org/a?xtor=RSS-9", "https://example.org/a"),
    "ref": ("https://example.org/a?ref=home", "https://example.org/a"),
    "empty pieces of the query": ("https://example.org/a?&&id=7&", "https://example.org/a?id=7"),
    "amp parameter without value": ("https://example.org/news/1?amp", "https://example.org/news/1"),
    "amp and tracker": ("https://example.org/news/1/amp?utm_source=x", "https://example.org/news/1"),
    "amp cache of a plain host": (
        "https://example-org.cdn.ampproject.org/v/s/example.org/n/1",
        "https://example.org/n/1",
    ),
    "mobile host by its long name": ("https://mobile.example.org/news/1", "https://www.example.org/news/1"),
    "wap host": ("http://wap.example.org/news/1", "https://www.example.org/news/1"),
    "http and default port": ("http://example.org:80/a", "https://example.org/a"),
    "text fragment": ("https://example.org/a#:~:text=x", "https://example.org/a"),
    "triple slash": ("https://example.org/news///1", "https://example.org/news/1"),
    "dots at the end": ("https://example.org/a/b/..", "https://example.org/a/"),
    "dots above the root": ("https://example.org/../../a", "https://example.org/a"),
    "encoded tilde": ("https://example.org/%7Ea", "https://example.org/~a"),
    "blank in the path": ("https://example.org/a b", "https://example.org/a%20b"),
    "blanks around": ("  https://example.org/a ", "https://example.org/a"),
    "tab inside": ("https://example.org/\ta", "https://example.org/a"),
    "scheme in capitals": ("HTTPS://example.org/a", "https://example.org/a"),
    "arabic query": ("https://example.org/a?q=روسيا", "https://example.org/a?q=%D8%B1%D9%88%D8%B3%D9%8A%D8%A7"),
    "arabic host": ("https://مثال.example/a", "https://xn--mgbh0fb.example/a"),
}
OTHER = {
    "id in the query": ("https://example.org/news.aspx?cid=1", "https://example.org/news.aspx?cid=2"),
    "bare id in the query": ("https://example.org/news?101", "https://example.org/news?102"),
    "source as a key": ("https://example.org/a?source=1", "https://example.org/a?source=2"),
    "case of the path": ("https://example.org/A", "https://example.org/a"),
    "encoded slash": ("https://example.org/a%2Fb", "https://example.org/a/b"),
    "port of its own": ("http://example.org:8080/a", "http://example.org/a"),
    "routes in the fragment": ("https://example.org/#/news/1", "https://example.org/#/news/2"),
    "the amp home page and the home page": ("https://example.org/amp", "https://example.org/"),
    "legacy percent bytes": ("https://example.org/%C7%E1", "https://example.org/%C7%E3"),
    "page of an article": ("https://example.org/a?page=1", "https://example.org/a?page=2"),
    "language in the query": ("https://example.org/a?lang=ar", "https://example.org/a?lang=en"),
    "sub-domains": ("https://arabic.example.org/a", "https://english.example.org/a"),
    "www and none": ("https://www.example.org/a", "https://example.org/a"),
    "closing slash": ("https://example.org/a/", "https://example.org/a"),
    "arabic letters that look alike": ("https://example.org/أخبار", "https://example.org/اخبار"),
    "a word that begins with amp": ("https://example.org/ampere/1", "https://example.org/1"),
    "empty and absent value": ("https://example.org/a?p=", "https://example.org/a?p"),
}
REFUSED = {
    "script": "javascript:alert(1)",
    "file": "file:///etc/passwd",
    "data": "data:text/html,x",
    "ftp": "ftp://example.org/a",
    "feed scheme": "feed:https://example.org/a",
    "no host": "https:///a",
    "no scheme": "example.org/a",
    "empty": "",
    "broken address": "http://[::1/a",
    "port out of range": "http://example.org:99999/",
    "port zero": "http://example.org:0/",
    "host that cannot be punycode": "https://" + "ا" * 80 + ".example/",
    "endless": "https://example.org/" + "a" * 5000,
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_spellings_of_one_article_become_equal(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize("expected", [pair[1] for name, pair in SAME.items() if name != "no path"])
def test_the_canonical_form_is_the_plain_one_and_stays(expected: str) -> None:
    assert canonical_url(expected) == expected.replace("?b=2&a=1", "?a=1&b=2")


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER)
def test_two_articles_never_become_one(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize(
    "read", [canonical_url, host_of, spelled_url, wire_url], ids=["canonical", "host", "spelled", "wire"]
)
def test_what_is_not_http_is_refused(read: object, url: str) -> None:
    with pytest.raises(BadInput):
        read(url)  # type: ignore[operator]


def test_a_loopback_url_with_a_port_keeps_its_scheme() -> None:
    assert canonical_url("http://127.0.0.1:8080/a") == "http://127.0.0.1:8080/a"
    assert canonical_url("http://127.0.0.1/a") == "http://127.0.0.1/a"


def test_the_wire_form_changes_only_what_cannot_be_sent() -> None:
    assert wire_url("http://EXAMPLE.org/خبر%2f?x=روس y#a") == (
        "http://example.org/%D8%AE%D8%A8%D8%B1%2f?x=%D8%B1%D9%88%D8%B3%20y"
    )


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/news/1", "https://example.org/news/1"),
        ("2", "https://example.org/ar/2"),
        ("//cdn.example.org/3", "https://cdn.example.org/3"),
        (" \n http://example.net/4 ", "http://example.net/4"),
    ],
)
def test_relative_links_are_read_from_their_document(link: str, expected: str) -> None:
    assert resolve_url("https://example.org/ar/feed.xml", link) == expected


@pytest.mark.parametrize("link", ["javascript:alert(1)", "mailto:a@example.org", "http://[x", "tag:example.org,1"])
def test_a_link_that_leads_nowhere_is_named(link: str) -> None:
    with pytest.raises(BadInput):
        resolve_url("https://example.org/", link)


PAGE = "https://www.example.org/world/article-20261120"
DECLARED = {
    "the same": (PAGE, PAGE, PAGE),
    "relative": (PAGE, "/world/article-20261120", PAGE),
    "with a tracker": (PAGE, f"{PAGE}?utm_source=x", PAGE),
    "mobile page, desktop address": ("https://m.example.org/world/article-20261120", PAGE, PAGE),
    "amp page of a path of its own": ("https://www.example.org/amphtml/20261120", PAGE, PAGE),
    "number and slug": ("https://www.example.org/?p=20261120", PAGE, PAGE),
    "arabic slug": ("https://www.example.org/?p=7", "/قمة-في-موسكو", "https://www.example.org/قمة-في-موسكو"),
    "id in the query": (
        "https://www.example.org/a/7",
        "/news.aspx?id=4711",
        "https://www.example.org/news.aspx?id=4711",
    ),
    "another part of the site": (
        PAGE,
        "https://arabic.example.org/article-20261120",
        "https://arabic.example.org/article-20261120",
    ),
    "home page": (PAGE, "https://www.example.org/", PAGE),
    "home page, the article in the query": (
        "https://example.org/?p=17",
        "https://example.org/",
        "https://example.org/?p=17",
    ),
    "one address for all queries": (
        "https://example.org/story.aspx?id=7",
        "https://example.org/story.aspx",
        "https://example.org/story.aspx?id=7",
    ),
    "a query that is not the article's": ("https://example.org/a/4711?x=1", "/a/4711", "https://example.org/a/4711"),
    "archive of a year": (PAGE, "https://www.example.org/archive/2026", PAGE),
    "home page without slash": (PAGE, "https://www.example.org", PAGE),
    "home page of a language": (PAGE, "https://www.example.org/ar", PAGE),
    "section above": (PAGE, "https://www.example.org/world", PAGE),
    "other section": (PAGE, "https://www.example.org/sport/", PAGE),
    "error page": (PAGE, "https://www.example.org/404", PAGE),
    "other site": (PAGE, "https://example.net/world/article-20261120", PAGE),
    "other blog of one platform": (
        "https://one.blogspot.com/2026/11/a-b-c-d.html",
        "https://two.blogspot.com/2026/11/a-b-c-d.html",
        "https://one.blogspot.com/2026/11/a-b-c-d.html",
    ),
    "other port": ("http://127.0.0.1:8080/a/1", "http://127.0.0.1:9090/a/1", "http://127.0.0.1:8080/a/1"),
    "script": (PAGE, "javascript:alert(1)", PAGE),
    "broken": (PAGE, "http://[x", PAGE),
    "empty": (PAGE, "", PAGE),
    "blank": (PAGE, "  ", PAGE),
}


@pytest.mark.parametrize(("url", "declared", "expected"), DECLARED.values(), ids=DECLARED)
def test_a_declared_address_counts_on_its_own_site_and_for_one_article(url: str, declared: str, expected: str) -> None:
    assert declared_url(url, declared) == canonical_url(expected)


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.example.org", "example.org"),
        ("example.org", "example.org"),
        ("arabic.example.com.sa", "example.com.sa"),
        ("example.com.sa", "example.com.sa"),
        ("a.b.example.gov.eg", "example.gov.eg"),
        ("ar.yna.example.co.kr", "example.co.kr"),
        ("one.blogspot.com", "one.blogspot.com"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_a_site_is_what_one_publisher_registered(host: str, site: str) -> None:
    assert site_of(host) == site


FEED = "http://example.org/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1.xml?q=%D8%B3"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://example.org/أخبار.xml?q=س", id="letters"),  # news
        pytest.param(FEED.lower(), id="lower-case hex"),
        pytest.param(FEED.replace(".xml", "%2Exml"), id="needless escape"),
        pytest.param(f"{FEED}#top", id="fragment"),
        pytest.param(FEED.replace("http:", "HTTP:"), id="scheme in capitals"),
        pytest.param(FEED.replace("example.org", "Example.ORG.:80"), id="host"),
        pytest.param(FEED.replace(".org/", ".org/./a/../"), id="dots"),
        pytest.param(FEED.replace("//", "//user:word@"), id="credentials"),
    ],
)
def test_an_address_has_one_spelling(url: str) -> None:
    assert spelled_url(url) == spelled_url(spelled_url(url)) == FEED


@pytest.mark.parametrize(
    "other", ["https://example.org/a?b=1", "http://m.example.org/a?b=1", "http://example.org/a?b=1&c=2"]
)
def test_addresses_that_may_be_answered_otherwise_stay_two(other: str) -> None:
    assert spelled_url(other) == other != spelled_url("http://example.org/a?b=1")

"""Facts about the loopback site: it says what it was told and hides nothing of what it heard."""

from __future__ import annotations

import http.client
import threading

from transport.site import Answer, Site


def ask(site: Site, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection(site.address, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read(), {name.lower(): value for name, value in response.getheaders()}
    finally:
        connection.close()


def test_a_path_answers_with_what_was_put_there() -> None:
    with Site({"/feed.xml": Answer(b"<rss/>", "application/rss+xml", 202, (("X-A", "1"),))}) as site:
        status, body, headers = ask(site, "/feed.xml")
    assert (status, body) == (202, b"<rss/>")
    assert (headers["content-type"], headers["content-length"], headers["x-a"]) == ("application/rss+xml", "6", "1")


def test_a_query_has_its_own_answer_or_that_of_its_path() -> None:
    with Site({"/a": Answer(b"path"), "/a?page=2": Answer(b"query")}) as site:
        assert [ask(site, path)[1] for path in ("/a", "/a?page=2", "/a?page=3")] == [b"path", b"query", b"path"]


def test_answers_change_while_it_runs() -> None:
    with Site({}) as site:
        before = ask(site, "/a")[0]
        site.put("/a", Answer(b"new"))
        between = ask(site, "/a")[1]
        site.take_away("/a")
        assert (before, between, ask(site, "/a")[0]) == (404, b"new", 404)


def test_a_known_etag_is_answered_304_without_a_body() -> None:
    with Site({"/a": Answer(b"text", etag='"1"')}) as site:
        assert ask(site, "/a")[2]["etag"] == '"1"'
        status, body, headers = ask(site, "/a", **{"If-None-Match": '"1"'})
        assert ask(site, "/a", **{"If-None-Match": '"2"'})[0] == 200
    assert (status, body, headers["etag"]) == (304, b"", '"1"')


def test_requests_are_recorded_in_order_with_their_headers() -> None:
    with Site({"/خبر": Answer(b"news")}) as site:
        ask(site, "/%D8%AE%D8%A8%D8%B1", **{"X-One": "1"})
        ask(site, "/b?c=d")
        heard = site.requests
    assert [(one.method, one.path, one.header("x-one")) for one in heard] == [
        ("GET", "/%D8%AE%D8%A8%D8%B1", "1"),
        ("GET", "/b?c=d", None),
    ]


def test_it_is_gone_after_its_end() -> None:
    with Site({}) as site:
        pass
    assert "site" not in {thread.name for thread in threading.enumerate()}
    try:
        ask(site, "/")
    except ConnectionError:
        return
    raise AssertionError("it still answers")

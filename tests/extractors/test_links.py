"""The AMP version that a page names: on its own site only, and found in bytes of any shape."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extractors.links import find_amp_url
from marsad.sources import Page

URL = "https://news.example.org/world/17"
NAMED = {
    "relative": (b'<link rel="amphtml" href="/world/17/amp">', "https://news.example.org/world/17/amp"),
    "other order, no quotes": (
        b"<LINK HREF=https://amp.example.org/w/17 REL=amphtml>",
        "https://amp.example.org/w/17",
    ),
    "escaped": (b"<link rel='amphtml' href='?id=1&amp;m=amp' />", f"{URL}?id=1&m=amp"),
    "another site": (b'<link rel="amphtml" href="https://elsewhere.example/17">', ""),
    "another port": (b'<link rel="amphtml" href="https://news.example.org:8443/17">', ""),
    "a cache": (b'<link rel="amphtml" href="https://news-example-org.cdn.ampproject.org/c/17">', ""),
    "itself": (b'<link rel="amphtml" href="/world/17">', ""),
    "no web address": (b'<link rel="amphtml" href="javascript:alert(1)">', ""),
    "another link": (b'<link rel="canonical" href="/world/17/amp"><a rel="amphtml" href="/world/17/amp">', ""),
    "without end": (b"<link " * 50_000, ""),
    "one tag of a megabyte": (b'<link rel="amphtml" ' + b"x" * 1_000_000 + b' href="/a">', ""),
}


@pytest.mark.parametrize(("markup", "url"), NAMED.values(), ids=NAMED)
def test_an_amp_version_counts_on_its_own_site(markup: bytes, url: str) -> None:
    page = Page(URL, URL, 200, (), b"<html><head>" + markup, datetime(2026, 11, 21, tzinfo=UTC))
    assert find_amp_url(page) == url

"""Every hostile or broken page ends in an article without debris or in a named refusal, and none in anything else."""

from __future__ import annotations

import gzip
import json
import random

import pytest

from extractors.articles import extract_article
from marsad.articles import Article
from marsad.errors import BadInput, Blocked, NotAnArticle
from marsad.sources import Page
from tests.extractors.pages import BODY, PARAGRAPHS, TITLE, html, page_of

PAGE = html()
RAW = PAGE.encode()
RANDOM = random.Random(7)


def linked(text: str) -> str:
    return html(head=f'<script type="application/ld+json">{text}</script>')


def nested(tag: str, depth: int) -> str:
    return f"<html><body>{f'<{tag}>' * depth}{BODY}{f'</{tag}>' * depth}</body></html>"


DEEP = {"@type": "NewsArticle", "headline": TITLE, "author": {"name": {"name": {"name": "x"}}}}
BROKEN = {
    # markup that is cut, doubled or never closed
    "cut in a tag": RAW[: RAW.index(b"<article") + 5],
    "cut in an attribute": RAW[: RAW.index(b'charset="utf-8"') + 11],
    "cut in a character": RAW[: RAW.index("سنوات".encode()) + 3],
    "only a doctype": b"<!doctype html>",
    "two documents": RAW + RAW,
    "three heads": RAW.replace(b"</head>", b"</head><head></head><head><title>x</title></head>"),
    "no body": b"<html><head><title>x</title></head></html>",
    "text outside of the body": b"<html></html>" + BODY.encode(),
    "crossed tags": RAW.replace(b"<p>", b"<b><p><i>").replace(b"</p>", b"</b></p></i>"),
    "a frameset": b"<html><frameset cols='50%,50%'><frame src='a'><frame src='b'></frameset></html>",
    "a form around all": RAW.replace(b"<nav>", b"<form><nav>").replace(b"</body>", b"</form></body>"),
    "unclosed script": RAW.replace(b"<article>", b"<script>var a = 1;<article>"),
    "unclosed comment": RAW.replace(b"<article>", b"<!-- <article>"),
    "unclosed title": RAW.replace(b"</title>", b""),
    "unclosed nav": RAW.replace(b"</nav>", b""),
    "conditional comments": RAW.replace(b"<main>", b"<!--[if IE]><main><![endif]--><main>"),
    "CDATA in HTML": RAW.replace(b"<p>", b"<p><![CDATA[x]]>"),
    "processing instructions": RAW.replace(b"<p>", b"<?php echo 1 ?><p>"),
    "an svg with a script": RAW.replace(b"<p>", b"<svg><script>alert(1)</script></svg><p>"),
    "a template": RAW.replace(b"<p>", b"<template><p>x</p></template><p>"),
    "namespaces": RAW.replace(b"<p>", b"<o:p xmlns:o='x'></o:p><p>"),
    # too much of one thing
    "5,000 divs deep": nested("div", 5_000).encode(),
    "1,000 tables deep": nested("table", 1_000).encode(),
    "2,000 spans deep": nested("span", 2_000).encode(),
    "20,000 empty paragraphs": html(after="<p></p>" * 20_000).encode(),
    "one word of 200,000 letters": html((*PARAGRAPHS, "ا" * 200_000)).encode(),
    "a million spaces": html((*PARAGRAPHS, " " * 1_000_000)).encode(),
    "50,000 line breaks": html((*PARAGRAPHS, "<br>" * 50_000)).encode(),
    "10,000 entities": html((*PARAGRAPHS, "&amp;" * 10_000)).encode(),
    "entities of entities": html((*PARAGRAPHS, "&amp;amp;amp;lt;script&amp;gt;")).encode(),
    "3,000 attributes": RAW.replace(b"<p>", b"<p " + b"a " * 3_000 + b">", 1),
    "5,000 meta elements": html(head="<meta name='author' content='x'>" * 5_000).encode(),
    "a title of 100,000 letters": html(title="ا" * 100_000).encode(),
    "a class of 15,000 letters": RAW.replace(b"<article>", b"<article class='" + b"related " * 1_800 + b"'>"),
    # characters
    "NUL in words": RAW.replace("الوزير".encode(), "الو\0زير".encode()),
    "direction overrides": RAW.replace(b"<p>", "<p>\u202e\u2066".encode()),
    "lone surrogates": PAGE.replace("<p>", "<p>\ud800").encode("utf-8", "surrogatepass"),
    "overlong UTF-8": RAW.replace(b"<p>", b"<p>\xc0\xaf\xe0\x80\xaf"),
    "byte order mark in the middle": RAW.replace(b"<p>", b"<p>\xef\xbb\xbf"),
    "UTF-16 that ends in the middle": PAGE.encode("utf-16")[:-1],
    "UTF-16 mark before UTF-8": b"\xff\xfe" + RAW,
    "numeric entities beyond Unicode": html((*PARAGRAPHS, "&#99999999999; &#xD800; &#0;")).encode(),
    "random bytes": RANDOM.randbytes(20_000),
    "random bytes in an article": RAW.replace(b"<p>", b"<p>" + RANDOM.randbytes(400), 1),
    "a compressed page": gzip.compress(RAW),
    "JSON": json.dumps({"title": TITLE, "body": BODY}).encode(),
    "a feed": b"<?xml version='1.0'?><rss version='2.0'><channel><item><title>x</title></item></channel></rss>",
    "text without markup": BODY.encode(),
    # claims
    "JSON-LD that is no object": linked("42").encode(),
    "JSON-LD of nulls": linked('{"@type": null, "headline": null, "author": [null, {"name": null}]}').encode(),
    "JSON-LD of numbers": linked('{"@type": "NewsArticle", "headline": 7, "datePublished": 20250608}').encode(),
    "JSON-LD with infinity": linked('{"@type": "NewsArticle", "wordCount": 1e999, "keywords": NaN}').encode(),
    "JSON-LD 50,000 levels deep": linked('{"a":' * 50_000 + "1" + "}" * 50_000).encode(),
    "JSON-LD with names of names": linked(json.dumps(DEEP)).encode(),
    "a date of 5,000 digits": html(head=f"<meta name='date' content='{'9' * 5_000}'>").encode(),
    "a date of the year 10000": html(head="<meta name='date' content='10000-01-01T00:00:00Z'>").encode(),
    "a hidden article": RAW.replace(b"<article>", b"<article hidden style='display:none'>"),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_broken_page_ends_in_a_clean_article_or_a_named_refusal(body: bytes) -> None:
    try:
        ending: Article | NotAnArticle | Blocked = extract_article(page_of(body))
    except (NotAnArticle, Blocked) as refusal:
        ending = refusal
    if isinstance(ending, Article):
        assert ending.body.strip()
        assert not set(ending.body + ending.title) & set("\0\u202e\u2066\ud800")
        assert "alert(1)" not in ending.body
        assert "<script" not in ending.body
    else:
        assert ending.reason


KEPT = (
    *("two documents", "crossed tags", "a form around all", "unclosed nav", "conditional comments", "NUL in words"),
    *("processing instructions", "an svg with a script", "5,000 meta elements", "direction overrides"),
    *("UTF-16 mark before UTF-8", "a million spaces", "20,000 empty paragraphs", "a date of the year 10000"),
    *("JSON-LD of nulls", "JSON-LD 50,000 levels deep"),
)


@pytest.mark.parametrize("name", KEPT)
def test_article_survives_what_is_broken_beside_it(name: str) -> None:
    assert PARAGRAPHS[1] in extract_article(page_of(BROKEN[name])).body


@pytest.mark.parametrize("url", ["ftp://news.example.org/a", "javascript:alert(1)", "https://", ""])
def test_address_that_is_none_is_named(url: str) -> None:
    page = page_of(PAGE)
    with pytest.raises(BadInput):
        extract_article(Page(url, url, 200, page.headers, page.body, page.fetched_at))

"""What stands in an article's place is named, is no news, and is asked for again where it may be had later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flows.command import marsad
from tests.newsworld import DRONES, PROTEST, VISIT, NewsWorld, feed_of, page_of, settings_for
from transport.site import Answer
from warehouse.reader import Reader

LOGIN = b"<html><title>Sign in</title><form><input type=password></form></html>"
WAIT = b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
SCRIPTS = b"<html><head><title>x</title></head><body><div id=app></div><script src=/app.js></script></body></html>"
SALE = "<html><title>هذا النطاق للبيع</title><body>للاستفسار عن الشراء</body></html>"  # this domain is for sale
COOKIES = """<html><body><h1>نحن نحترم خصوصيتك</h1><p>نستخدم نحن وشركاؤنا ملفات تعريف الارتباط لقياس الأداء.</p>
<button>قبول الكل</button></body></html>"""  # we respect your privacy; cookies; accept all
FOR_GOOD = {
    "/challenge": (Answer(WAIT), "blocked"),
    "/consent": (Answer(COOKIES.encode()), "blocked"),
    "/paid": (Answer(status=302, headers=(("Location", "/login?next=paid"),)), "blocked"),
    "/sale": (Answer(SALE.encode()), "parked"),
    "/circle": (Answer(status=302, headers=(("Location", "/circle"),)), "endless_redirect"),
    "/gone": (Answer(status=410), "gone"),
}
LEAD = f"{VISIT[1]} {VISIT[2]}"  # two sentences: more than a teaser
AMP = b'<link rel="amphtml" href="/teaser/amp"></head>'
TOLD = {"/closed": "robots", "/walled": "blocked", "/scripts": "no_text"}  # their feed says enough
FOR_NOW = {"/refused": 403, "/late": 404, "/broken": 500, "/unauthorised": 401}


@dataclass(frozen=True, slots=True)
class Twice:
    """A world after a cycle in which all its pages failed, and another in which some were mended."""

    world: NewsWorld
    settings: Path
    first: dict[str, str]  #: reasons of drops after the first cycle, by path


def run(settings: Path) -> None:
    done = CliRunner().invoke(marsad, ["run", "--settings", str(settings)], standalone_mode=False)
    assert done.exception is None, done.output


def ask(settings: Path, query: str) -> list[tuple[Any, ...]]:
    return list(Reader(settings.parent / "data").query(query).rows)


def drops(settings: Path) -> dict[str, str]:
    rows = ask(settings, "select url, reason from drops where stage <> 'poll'")
    return {"/" + url.rpartition("/")[2]: reason for url, reason in rows}


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twice]:
    with NewsWorld() as world:
        settings = settings_for(world, tmp_path_factory.mktemp("refusals"))
        items = [(path, (f"{VISIT[0]} {path}", *VISIT[1:])) for path in (*FOR_GOOD, *FOR_NOW)]
        items += [(path, (f"{VISIT[0]} {path}", LEAD)) for path in TOLD]
        items += [("/teaser", (f"{DRONES[0]} كوريا الشمالية", DRONES[1]))]  # North Korea
        world.site.put("/river.xml", Answer(feed_of(world.site.url(""), items), "application/rss+xml"))
        world.site.put("/robots.txt", Answer(b"User-agent: *\nDisallow: /closed", "text/plain"))
        world.site.put("/walled", Answer(WAIT))
        world.site.put("/scripts", Answer(SCRIPTS))
        world.site.put("/teaser", Answer(page_of((PROTEST[0], f"{PROTEST[1][:-1]}…")).replace(b"</head>", AMP)))
        world.site.put("/teaser/amp", Answer(page_of(PROTEST)))
        world.site.put("/hill.xml", Answer(feed_of(world.site.url(""), []), "application/rss+xml"))
        world.site.put("/login?next=paid", Answer(LOGIN))
        for path, (answer, _) in FOR_GOOD.items():
            world.site.put(path, answer)
        for path, status in FOR_NOW.items():
            world.site.put(path, Answer(status=status))
        run(settings)
        first = drops(settings)
        for path in FOR_NOW:
            title, *rest = PROTEST
            world.site.put(path, Answer(page_of((f"{title} {path}", *rest))))
        run(settings)
        yield Twice(world, settings, first)


def test_what_will_not_be_had_is_a_drop_with_its_name(twice: Twice) -> None:
    assert twice.first == TOLD | {path: reason for path, (_, reason) in FOR_GOOD.items()}


def test_what_is_dropped_is_asked_once(twice: Twice) -> None:
    asked = [heard.path for heard in twice.world.site.requests]
    assert {path: asked.count(path) for path in FOR_GOOD} == dict.fromkeys(FOR_GOOD, 1)


def test_what_failed_for_now_is_read_by_a_later_cycle(twice: Twice) -> None:
    kept = {"/" + url.rpartition("/")[2] for (url,) in ask(twice.settings, "select url from articles")}
    assert kept == {*FOR_NOW, *TOLD, "/teaser"}
    assert drops(twice.settings) == twice.first


def test_what_is_closed_is_kept_as_its_feed_tells_it_where_that_is_more_than_a_teaser(twice: Twice) -> None:
    rows = ask(twice.settings, "select url, kind, body from articles where kind = 'summary' order by url")
    assert rows == [(twice.world.site.url(path), "summary", LEAD) for path in sorted(TOLD)]
    assert "/closed" not in [heard.path for heard in twice.world.site.requests]


def test_a_thin_page_is_read_from_its_amp_version(twice: Twice) -> None:
    ((kind, body),) = ask(twice.settings, "select kind, body from articles where url like '%/teaser'")
    assert (kind, body) == ("full", "\n".join(PROTEST[1:]))
    asked = [heard.path for heard in twice.world.site.requests]
    assert (asked.count("/teaser"), asked.count("/teaser/amp")) == (1, 1)

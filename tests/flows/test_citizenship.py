"""The rules by which a feed reader is a good guest, each against a server that records what it hears.

Every poll opens a fetcher of its own, as a cycle after a restart does; the clock is ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from extractors.pool import ExtractorPool
from flows.polling import poll_feed
from flows.sources import Tools
from marsad import __version__
from marsad.polling import after_poll, is_due
from marsad.settings import ExtractSettings, FetchSettings
from marsad.sources import Feed, FeedState, HostPause, Outlet, Poll, Polled
from tests.newsworld import PROTEST, VISIT, feed_of
from transport.fetch import Fetcher
from transport.site import Answer, Site

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)  # a Saturday
HOUR = timedelta(hours=1)
ETAG, DATE = 'W/""a-b--gzip" ', "Thu, 19 Nov 2026 6:30:00 +0000"
FEED = feed_of("https://example.org", [("/1", VISIT)])
OTHER = feed_of("https://example.org", [("/1", VISIT), ("/2", PROTEST)])
MARKED = Answer(FEED, "application/rss+xml", headers=(("Last-Modified", DATE),), etag=ETAG)


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractorPool]:
    with ExtractorPool(ExtractSettings(worker_count=1)) as one:
        yield one


class Guest:
    """Polls the feeds of a site whenever it is told the time; it remembers what the warehouse would."""

    def __init__(self, pool: ExtractorPool) -> None:
        self._pool = pool
        self._states: dict[str, FeedState] = {}
        self._pauses: tuple[HostPause, ...] = ()
        self._seen: set[str] = set()

    async def poll(self, site: Site, at: datetime, *paths: str) -> list[str]:
        """Poll what is due at `at`; return the paths that the site heard meanwhile."""
        limits = FetchSettings(allow_addresses=(site.address,), host_gap_seconds=0)
        before = len(site.requests)
        async with Fetcher(limits, lambda: at) as fetcher:
            fetcher.hold(self._pauses)
            for path in paths or ("/feed",):
                feed = Feed(site.url(path), Outlet("x", "X"))
                state = self._states.get(feed.url, FeedState(feed.url))
                if is_due(state, at, limits.poll_gap_seconds):
                    self._keep(await poll_feed(limits, Tools(fetcher, self._pool), feed, state, at), at)
            self._pauses = fetcher.pauses()
        return [heard.path for heard in site.requests[before:]]

    def _keep(self, poll: Poll, at: datetime) -> None:
        fresh = {entry.url for entry in poll.reading.entries} - self._seen if poll.reading else set()
        self._seen |= fresh
        self._states[poll.feed.url] = after_poll(poll, len(fresh), at, HOUR.total_seconds())

    async def hours_asked(self, site: Site, hours: float, step: timedelta, *paths: str) -> list[float]:
        """Return the hours at which the site heard anything, while the clock goes on in steps."""
        count = int(hours * HOUR / step)
        asked = [n * step for n in range(count + 1) if await self.poll(site, NOW + n * step, *paths)]
        return [at / HOUR for at in asked]

    def state(self, site: Site, path: str = "/feed") -> FeedState:
        return self._states[site.url(path)]


@pytest.fixture
def guest(pool: ExtractorPool) -> Guest:
    return Guest(pool)


async def test_every_poll_after_the_first_carries_both_validators_as_they_came(guest: Guest) -> None:
    with Site({"/feed": MARKED}) as site:
        for hour in range(4):
            await guest.poll(site, NOW + 12 * hour * HOUR)
    sent = [(heard.header("if-none-match"), heard.header("if-modified-since")) for heard in site.requests]
    assert sent == [(None, None)] + [(ETAG.strip(), DATE)] * 3


async def test_a_date_is_never_invented(guest: Guest) -> None:
    with Site({"/feed": Answer(FEED, headers=(("Date", DATE),), etag='"a"')}) as site:
        await guest.poll(site, NOW)
        await guest.poll(site, NOW + HOUR)
    assert [heard.header("if-modified-since") for heard in site.requests] == [None, None]


async def test_an_hour_lies_between_two_polls_whatever_the_cycles_do(guest: Guest) -> None:
    with Site({"/feed": MARKED}) as site:
        asked = await guest.hours_asked(site, 5, HOUR / 6)
    assert min(b - a for a, b in pairwise(asked)) >= 59.5 / 60
    assert asked[:2] == [0, 1]


async def test_a_day_lies_between_two_polls_without_validators(guest: Guest) -> None:
    with Site({"/feed": Answer(FEED)}) as site:
        assert await guest.hours_asked(site, 60, 2 * HOUR) == [0, 24, 48]


def told(words: str = "", *headers: tuple[str, str]) -> Answer:
    return Answer(FEED.replace(b"<title>x</title>", f"<title>x</title>{words}".encode()), headers=headers, etag='"a"')


WISHES = {
    "max-age": (told("", ("Cache-Control", "max-age=10800")), [0, 3]),
    "expires": (told("", ("Expires", "Sat, 21 Nov 2026 13:00:00 GMT")), [0, 4]),
    "ttl": (told("<ttl>240</ttl>"), [0, 4]),
    "update period": (told('<p:x xmlns:p="urn:x"/><sy:updatePeriod>daily</sy:updatePeriod>'), [0]),
    "update frequency": (
        told("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>8</sy:updateFrequency>"),
        [0, 3],
    ),
    "skipped hours": (told("<skipHours><hour>10</hour><hour>11</hour><hour>12</hour></skipHours>"), [0, 4]),
    "skipped day": (told("<skipDays><day>Saturday</day></skipDays>"), [0]),
}


@pytest.mark.parametrize(("answer", "expected"), WISHES.values(), ids=WISHES)
async def test_what_the_feed_asks_for_is_kept(guest: Guest, answer: Answer, expected: list[float]) -> None:
    with Site({"/feed": answer}) as site:
        asked = await guest.hours_asked(site, 8, HOUR)
    assert asked[: len(expected)] == expected
    assert len(expected) > 1 or asked == expected


@pytest.mark.parametrize("value", ["10800", "Sat, 21 Nov 2026 12:00:00 GMT"], ids=["seconds", "date"])
@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_asks_for_patience_hears_nothing_early_not_even_for_another_feed(
    guest: Guest, status: int, value: str
) -> None:
    with Site({"/feed": Answer(status=status, headers=(("Retry-After", value),)), "/b": MARKED}) as site:
        assert await guest.poll(site, NOW) == ["/feed"]
        for minutes in (30, 90, 179):
            assert await guest.poll(site, NOW + timedelta(minutes=minutes), "/feed", "/b") == []
        assert (await guest.poll(site, NOW + 3 * HOUR, "/feed", "/b"))[0] == "/feed"


async def test_a_week_that_one_feed_asks_for_is_a_day_for_the_others_which_only_wait(guest: Guest) -> None:
    with Site({"/feed": Answer(status=503, headers=(("Retry-After", "604800"),)), "/b": MARKED}) as site:
        assert await guest.poll(site, NOW, "/feed", "/b") == ["/feed"]
        waiting = guest.state(site, "/b")
        assert await guest.poll(site, NOW + 23 * HOUR, "/feed", "/b") == []
        assert await guest.poll(site, NOW + 24 * HOUR, "/feed", "/b") == ["/b"]
        assert await guest.poll(site, NOW + 168 * HOUR, "/feed") == ["/feed"]
    assert (waiting.outcome, waiting.failure_count, waiting.failing_since) == (Polled.WAITING, 0, None)
    assert waiting.next_poll_at == NOW + 24 * HOUR
    assert guest.state(site, "/b").outcome is Polled.NEW


async def test_patience_without_a_date_doubles_and_ends_at_a_day(guest: Guest) -> None:
    with Site({"/feed": Answer(status=503)}) as site:
        asked = await guest.hours_asked(site, 100, 2 * HOUR)
    assert [b - a for a, b in pairwise(asked)] == [2, 4, 8, 16, 24, 24]


async def test_a_304_renews_what_it_says_and_is_a_success(guest: Guest) -> None:
    with Site({"/feed": MARKED}) as site:
        await guest.poll(site, NOW)
        site.put("/feed", Answer(status=304, headers=(("ETag", '"new"'),)))
        await guest.poll(site, NOW + HOUR)
        state = guest.state(site)
    assert (state.etag, state.last_modified) == ('"new"', DATE)
    assert (state.outcome, state.succeeded_at, state.reason) == (Polled.UNCHANGED, NOW + HOUR, "")


REFUSALS = {
    410: [0, 168],
    404: [0, 2, 6, 14, 30, 54],
    401: [0, 24, 48],
    403: [0, 24, 48],
}


@pytest.mark.parametrize(("status", "expected"), REFUSALS.items())
async def test_who_refuses_is_asked_ever_less_and_never_forgotten(
    guest: Guest, status: int, expected: list[float]
) -> None:
    with Site({"/feed": Answer(status=status)}) as site:
        assert await guest.hours_asked(site, expected[-1], 2 * HOUR) == expected


@pytest.mark.parametrize(("status", "later"), [(301, ["/new"]), (308, ["/new"]), (302, ["/feed", "/new"])])
async def test_only_a_permanent_redirect_is_remembered(guest: Guest, status: int, later: list[str]) -> None:
    with Site({"/feed": Answer(status=status, headers=(("Location", "/new"),)), "/new": MARKED}) as site:
        assert await guest.poll(site, NOW) == ["/feed", "/new"]
        assert await guest.poll(site, NOW + HOUR) == later
        assert await guest.poll(site, NOW + 14 * HOUR) == later


async def test_a_redirect_to_what_is_no_feed_is_not_remembered(guest: Guest) -> None:
    with Site(
        {"/feed": Answer(status=301, headers=(("Location", "/new"),)), "/new": Answer(b"<html>x</html>")}
    ) as site:
        await guest.poll(site, NOW)
        assert await guest.poll(site, NOW + 2 * HOUR) == ["/feed", "/new"]


async def test_nothing_is_sent_that_was_not_asked_for(guest: Guest) -> None:
    answer = replace(MARKED, headers=(("Set-Cookie", "a=1"), ("Last-Modified", DATE)))
    with Site({"/feed?x=1": answer}) as site:
        for hour in range(3):
            await guest.poll(site, NOW + 12 * hour * HOUR, "/feed?x=1")
    assert {(heard.method, heard.path) for heard in site.requests} == {("GET", "/feed?x=1")}
    plain = {"host", "accept", "user-agent", "accept-encoding"}
    assert {name for heard in site.requests for name, _ in heard.headers} == plain | {
        "if-none-match",
        "if-modified-since",
    }
    agents = {heard.header("user-agent") for heard in site.requests}
    assert agents == {f"Marsad/{__version__} (+https://example.org/marsad)"}
    assert all("gzip" in str(heard.header("accept-encoding")) for heard in site.requests)


async def test_a_200_that_says_the_same_again_is_not_modified(guest: Guest) -> None:
    with Site({"/feed": Answer(FEED)}) as site:
        await guest.poll(site, NOW)
        clock = b"<lastBuildDate>Sun, 22 Nov 2026 09:00:00 GMT</lastBuildDate><title>x</title>"
        site.put("/feed", Answer(FEED.replace(b"<title>x</title>", clock)))
        await guest.poll(site, NOW + 24 * HOUR)
        assert guest.state(site).outcome is Polled.UNCHANGED


FAILURES = {
    "an error": Answer(status=500),
    "a cut-off feed": Answer(FEED[:-200], headers=(("Content-Length", str(len(FEED))),)),
    "a web page": Answer(b"<html><title>x</title></html>"),
    "a login page": Answer(b"<html><title>Sign in</title></html>"),
    "nothing": Answer(b""),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_a_failure_never_clears_validators(guest: Guest, failure: Answer) -> None:
    with Site({"/feed": MARKED}) as site:
        await guest.poll(site, NOW)
        site.put("/feed", failure)
        await guest.poll(site, NOW + HOUR)
        site.put("/feed", MARKED)
        await guest.poll(site, NOW + 48 * HOUR)
    assert [heard.header("if-none-match") for heard in site.requests] == [None, ETAG.strip(), ETAG.strip()]


async def test_an_etag_that_lies_is_found_out_within_a_day_and_no_news_is_lost(guest: Guest) -> None:
    with Site({"/feed": Answer(FEED, etag='"stuck"')}) as site:
        await guest.poll(site, NOW)
        site.put("/feed", Answer(OTHER, etag='"stuck"'))
        for hour in range(1, 30):
            await guest.poll(site, NOW + hour * HOUR)
        assert guest.state(site).is_misled
        site.put("/feed", Answer(FEED, etag='"stuck"'))
        await guest.poll(site, NOW + 100 * HOUR)
    assert site.requests[-1].header("if-none-match") is None

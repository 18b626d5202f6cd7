"""Facts about reading the web: manners, redirects, and what each answer means."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

import pytest

from marsad import __version__
from marsad.errors import (
    AddressRefused,
    Disallowed,
    EndlessRedirect,
    FetchError,
    Gone,
    MarsadError,
    SlowDown,
)
from marsad.settings import FetchSettings
from marsad.sources import HostPause
from tests.transport.servers import Certificate, listening, saying
from transport.fetch import Fetcher, Request
from transport.site import Answer, Site

NOW = datetime(2025, 6, 8, 12, 0, tzinfo=UTC)
BODY = "<p>وصل الوفد إلى بيونغ يانغ</p>".encode()  # the delegation reached Pyongyang


def fetcher_for(*addresses: str, gap_seconds: float = 0.0, **settings: object) -> Fetcher:
    chosen = FetchSettings(allow_addresses=addresses, host_gap_seconds=gap_seconds, **settings)  # type: ignore[arg-type]
    return Fetcher(chosen, now=lambda: NOW)


async def test_a_page_comes_as_it_was_sent() -> None:
    with Site({"/خبر": Answer(BODY, headers=(("X-Kept", "yes"),))}) as site:
        async with fetcher_for(site.address) as fetcher:
            page = await fetcher.get(Request(site.url("/خبر")))
    assert (page.status, page.body, page.header("x-kept"), page.fetched_at) == (200, BODY, "yes", NOW)
    assert page.url == site.url("/خبر")
    assert site.requests[0].path == "/%D8%AE%D8%A8%D8%B1"


async def test_a_request_says_who_asks_and_nothing_that_was_not_asked_for() -> None:
    with Site({"/a": Answer(BODY, headers=(("Set-Cookie", "id=7; Path=/"),))}) as site:
        async with fetcher_for(site.address, contact="https://example.org/who") as fetcher:
            await fetcher.get(Request(site.url("/a")))
            await fetcher.get(Request(site.url("/a")))
    names = [{name for name, _ in heard.headers} for heard in site.requests]
    assert names == [{"host", "accept", "user-agent", "accept-encoding"}] * 2
    assert {heard.header("user-agent") for heard in site.requests} == {
        f"Marsad/{__version__} (+https://example.org/who)"
    }


async def test_validators_go_out_byte_for_byte_and_bring_a_304() -> None:
    etag, date = 'W/""a b--gzip"', "Sun, 8 Jun 2025 9:00:00 +0300"
    with Site({"/feed": Answer(BODY, etag=etag)}) as site:
        async with fetcher_for(site.address) as fetcher:
            page = await fetcher.get(
                Request(site.url("/feed"), headers=(("if-none-match", etag), ("if-modified-since", date)))
            )
    assert (page.status, page.body, page.header("etag")) == (304, b"", etag)
    assert site.requests[0].header("if-none-match") == etag
    assert site.requests[0].header("if-modified-since") == date


async def test_a_304_that_nobody_asked_for_is_no_answer() -> None:
    with Site({"/feed": Answer(status=304)}) as site:
        async with fetcher_for(site.address) as fetcher:
            with pytest.raises(FetchError):
                await fetcher.get(Request(site.url("/feed")))


STATUSES: dict[int, type[MarsadError]] = {
    204: FetchError,
    206: FetchError,
    300: FetchError,
    400: Gone,
    401: Gone,
    403: Gone,
    404: Gone,
    408: FetchError,
    410: Gone,
    418: Gone,
    425: FetchError,
    429: SlowDown,
    451: Gone,
    500: FetchError,
    502: FetchError,
    503: SlowDown,
    520: FetchError,
}


@pytest.mark.parametrize(("status", "kind"), STATUSES.items())
async def test_each_status_has_one_meaning(status: int, kind: type[MarsadError]) -> None:
    with Site({"/a": Answer(b"" if status == 204 else b"x", status=status)}) as site:
        async with fetcher_for(site.address) as fetcher:
            with pytest.raises(kind) as caught:
                await fetcher.get(Request(site.url("/a")))
    assert type(caught.value) is kind
    assert str(status) in caught.value.reason
    assert not isinstance(caught.value, Gone) or caught.value.status == status


@pytest.mark.parametrize(
    ("value", "expected"),
    [("120", NOW + timedelta(seconds=120)), ("Sun, 08 Jun 2025 13:00:00 GMT", NOW + timedelta(hours=1))],
    ids=["seconds", "date"],
)
async def test_a_host_that_asks_for_patience_hears_nothing_more(value: str, expected: datetime) -> None:
    with Site({"/a": Answer(status=429, headers=(("Retry-After", value),)), "/b": Answer(BODY)}) as site:
        async with fetcher_for(site.address) as fetcher:
            for path in ("/a", "/b", "/a"):
                with pytest.raises(SlowDown) as caught:
                    await fetcher.get(Request(site.url(path)))
                assert caught.value.retry_at == expected
    assert [heard.path for heard in site.requests] == ["/a"]


@pytest.mark.parametrize(("status", "expected"), [(429, ["/a"]), (503, ["/a", "/b"])])
async def test_too_many_requests_means_the_host_and_unavailable_the_page(status: int, expected: list[str]) -> None:
    with Site({"/a": Answer(status=status), "/b": Answer(status=status)}) as site:
        async with fetcher_for(site.address) as fetcher:
            for path in ("/a", "/b"):
                with pytest.raises(SlowDown):
                    await fetcher.get(Request(site.url(path)))
    assert [heard.path for heard in site.requests] == expected


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_and_seen(status: int) -> None:
    with Site({"/old": Answer(status=status, headers=(("Location", "/new?a=1"),)), "/new?a=1": Answer(BODY)}) as site:
        async with fetcher_for(site.address) as fetcher:
            page = await fetcher.get(Request(site.url("/old")))
    assert (page.url, page.final_url, page.body) == (site.url("/old"), site.url("/new?a=1"), BODY)


async def test_a_redirect_in_raw_arabic_bytes_is_followed() -> None:
    head = b"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: "
    with Site({"/خبر": Answer(BODY)}) as site:
        for location in (site.url("/خبر").encode(), site.url("/%D8%AE%D8%A8%D8%B1").encode()):
            answer = head + location + b"\r\n\r\n"
            async with listening(saying(answer)) as old, fetcher_for(site.address, old.address) as fetcher:
                page = await fetcher.get(Request(old.url()))
            assert page.body == BODY


async def test_a_windows_1256_redirect_keeps_its_bytes() -> None:
    head = b"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: "
    with Site({"/%CE%C8%D1": Answer(BODY)}) as site:
        answer = head + site.url("/").encode() + "خبر".encode("cp1256") + b"\r\n\r\n"
        async with listening(saying(answer)) as old, fetcher_for(site.address, old.address) as fetcher:
            page = await fetcher.get(Request(old.url()))
    assert page.body == BODY


async def test_a_circle_of_redirects_ends_at_the_limit() -> None:
    with Site({"/a": Answer(status=302, headers=(("Location", "/a"),))}) as site:
        async with fetcher_for(site.address, redirect_limit_count=5) as fetcher:
            with pytest.raises(EndlessRedirect, match="in a circle"):
                await fetcher.get(Request(site.url("/a")))
    assert len(site.requests) == 1


async def test_a_long_way_of_redirects_ends_at_the_limit() -> None:
    steps = {f"/{n}": Answer(status=302, headers=(("Location", f"/{n + 1}"),)) for n in range(9)}
    with Site(steps) as site:
        async with fetcher_for(site.address, redirect_limit_count=5) as fetcher:
            with pytest.raises(EndlessRedirect, match="more than 5"):
                await fetcher.get(Request(site.url("/0")))
    assert len(site.requests) == 6


MOVES = {
    "permanent": ([301], "/1"),
    "permanent twice": ([301, 308], "/2"),
    "temporary": ([302], ""),
    "temporary first": ([307, 301], ""),
    "permanent first": ([308, 302], "/1"),
}


@pytest.mark.parametrize(("statuses", "moved_to"), MOVES.values(), ids=MOVES)
async def test_only_permanent_redirects_from_the_start_are_a_move(statuses: list[int], moved_to: str) -> None:
    answers = {
        f"/{n}": Answer(status=status, headers=(("Location", f"/{n + 1}"),)) for n, status in enumerate(statuses)
    }
    with Site({**answers, f"/{len(statuses)}": Answer(BODY)}) as site:
        async with fetcher_for(site.address) as fetcher:
            page = await fetcher.get(Request(site.url("/0")))
        assert page.moved_to == (moved_to and site.url(moved_to))


async def test_the_robots_of_every_host_on_the_way_are_asked() -> None:
    closed = Answer(b"User-agent: *\nDisallow: /\n", "text/plain")
    with Site({"/robots.txt": closed, "/a": Answer(BODY)}, host="127.0.0.2") as other:
        with Site({"/a": Answer(status=302, headers=(("Location", other.url("/a")),))}) as site:
            async with fetcher_for(site.address, other.address) as fetcher:
                with pytest.raises(Disallowed):
                    await fetcher.get_allowed(Request(site.url("/a")))
        assert [heard.path for heard in other.requests] == ["/robots.txt"]
        assert [heard.path for heard in site.requests] == ["/robots.txt", "/a"]


async def test_a_pause_that_an_earlier_cycle_heard_is_kept() -> None:
    with Site({"/a": Answer(status=429, headers=(("Retry-After", "7200"),)), "/b": Answer(BODY)}) as site:
        async with fetcher_for(site.address) as fetcher:
            with pytest.raises(SlowDown):
                await fetcher.get(Request(site.url("/a")))
            pauses = fetcher.pauses()
        async with fetcher_for(site.address) as later:
            later.hold(pauses)
            with pytest.raises(SlowDown):
                await later.get(Request(site.url("/b")))
    assert pauses == (HostPause("127.0.0.1", NOW + timedelta(hours=2)),)
    assert len(site.requests) == 1


async def test_a_redirect_to_nowhere_is_an_error() -> None:
    with Site({"/a": Answer(status=302)}) as site:
        async with fetcher_for(site.address) as fetcher:
            with pytest.raises(FetchError):
                await fetcher.get(Request(site.url("/a")))


async def test_one_host_has_one_connection_and_others_do_not_wait_for_it() -> None:
    release = asyncio.Event()

    async def hold(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await release.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    with Site({"/a": Answer(BODY)}, host="127.0.0.2") as site:
        async with listening(hold) as slow, fetcher_for(slow.address, site.address) as fetcher:
            waiting = [asyncio.create_task(fetcher.get(Request(slow.url(f"/{n}")))) for n in range(5)]
            assert (await fetcher.get(Request(site.url("/a")))).body == BODY
            release.set()
            await asyncio.gather(*waiting)
    assert (slow.connection_count, slow.most_open_count) == (5, 1)


async def test_requests_to_one_host_are_a_gap_apart_and_the_gap_is_not_charged() -> None:
    with Site({"/a": Answer(BODY)}) as site:
        async with fetcher_for(site.address, gap_seconds=0.6) as fetcher:
            request = Request(site.url("/a"), deadline_seconds=0.5)
            await asyncio.gather(*(fetcher.get(request) for _ in range(3)))
    at = [heard.at_seconds for heard in site.requests]
    assert at[1] - at[0] >= 0.6
    assert at[2] - at[1] >= 0.6


async def test_robots_are_asked_once_and_obeyed() -> None:
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: marsad\nDisallow: /private/\nDisallow: /*.pdf$\n"
    with Site({"/robots.txt": Answer(rules, "text/plain")}) as site:
        async with fetcher_for(site.address) as fetcher:
            asked = [fetcher.allows(site.url(path)) for path in ("/news/1", "/private/1", "/a.pdf", "/a.pdf.html")]
            assert await asyncio.gather(*asked) == [True, False, False, True]
    assert [heard.path for heard in site.requests] == ["/robots.txt"]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_without_robots_everything_is_open(status: int) -> None:
    with Site({"/robots.txt": Answer(status=status)}) as site:
        async with fetcher_for(site.address) as fetcher:
            assert await fetcher.allows(site.url("/a"))


@pytest.mark.parametrize(("status", "kind"), [(500, FetchError), (503, SlowDown), (429, SlowDown)])
async def test_robots_that_cannot_be_had_put_the_page_off(status: int, kind: type[MarsadError]) -> None:
    with Site({"/robots.txt": Answer(status=status)}) as site:
        async with fetcher_for(site.address) as fetcher:
            for path in ("/a", "/b"):
                with pytest.raises(kind):
                    await fetcher.allows(site.url(path))
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    ("rules", "expected"),
    [(b"User-agent: *\nCrawl-delay: 120\n", 120), (b"User-agent: *\nRequest-rate: 1/30\n", 30)],
    ids=["crawl-delay", "request-rate"],
)
async def test_a_crawl_delay_widens_the_gap(rules: bytes, expected: float) -> None:
    with Site({"/robots.txt": Answer(rules, "text/plain"), "/a": Answer(BODY)}) as site:
        async with fetcher_for(site.address) as fetcher:
            assert await fetcher.allows(site.url("/a"))
            await fetcher.get(Request(site.url("/a")))
            assert expected - 20 < fetcher.wait_seconds(site.url("/a")) <= expected + 1


async def test_a_crawl_delay_that_does_not_fit_leaves_the_page_for_another_cycle() -> None:
    rules = b"User-agent: *\nCrawl-delay: 1000000000\n"
    with Site({"/robots.txt": Answer(rules, "text/plain"), "/a": Answer(BODY)}) as site:
        async with fetcher_for(site.address) as fetcher:
            assert await fetcher.allows(site.url("/a"))
            await fetcher.get(Request(site.url("/a")))
            with pytest.raises(SlowDown):
                await fetcher.get(Request(site.url("/a")))
    assert [heard.path for heard in site.requests] == ["/robots.txt", "/a"]


async def test_a_certificate_nobody_vouches_for_ends_the_talk(certificate: Certificate) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.cert, certificate.key)
    server = listening(saying(b"HTTP/1.1 200 OK\r\n\r\n"), ssl=context)
    async with server as listener, fetcher_for(listener.address) as fetcher:
        with pytest.raises(FetchError, match="certificate verify failed"):
            await fetcher.get(Request(listener.url().replace("http:", "https:")))


async def test_a_name_that_leads_nowhere_is_an_error_to_try_again() -> None:
    async with fetcher_for() as fetcher:
        with pytest.raises(FetchError):
            await fetcher.get(Request("http://no-such-name.invalid/"))


async def test_nobody_listening_is_an_error_to_try_again() -> None:
    async with listening(saying(b"")) as listener:
        address = listener.address
    async with fetcher_for(address) as fetcher:
        with pytest.raises(FetchError):
            await fetcher.get(Request(f"http://{address}/"))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "not a url", "http://example.org:22/", ""])
async def test_what_is_no_web_address_is_refused(url: str) -> None:
    async with fetcher_for() as fetcher:
        with pytest.raises(AddressRefused):
            await fetcher.get(Request(url))

"""Owns reading robots.txt (RFC 9309): which paths a host closes to us, and how slowly it wants to be read."""

from __future__ import annotations

from urllib.parse import urlsplit

from protego import Protego

AGENT = "Marsad"  #: the name that robots.txt knows us by; the User-Agent starts with it
ROBOTS_LIMIT_BYTES = 1_000_000  #: RFC 9309 asks for at least 500 KiB
ROBOTS_DEADLINE_SECONDS = 10.0


class Rules:
    """What one robots.txt says of us."""

    def __init__(self, body: bytes) -> None:
        self._rules = Protego.parse(body.decode("utf-8-sig", "replace"))

    def allows(self, url: str) -> bool:
        """Return whether `url` may be fetched."""
        return bool(self._rules.can_fetch(url, AGENT))

    @property
    def delay_seconds(self) -> float:
        """The gap that Crawl-delay or Request-rate ask for, 0.0 where they ask for none."""
        rate = self._rules.request_rate(AGENT)
        return max(self._rules.crawl_delay(AGENT) or 0.0, rate.seconds / rate.requests if rate else 0.0)


OPEN = Rules(b"")  #: where there is no robots.txt


def robots_url(url: str) -> str:
    """Return where the robots.txt of an http or https url lies."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"

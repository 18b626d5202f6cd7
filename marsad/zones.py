"""Owns which names of time zones are taken."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

_names = cache(available_timezones)  # it walks through a folder of files, 6 ms each time
#: Nobody's: what the machine is set to, and what it is set to before anybody set it.
_NOBODYS = frozenset({"localtime", "Factory"})


def is_zone(name: str) -> bool:
    """Say whether an IANA time zone has that name."""
    return name in _names() - _NOBODYS


def zone_named(name: str) -> str:
    """Return the name of an IANA time zone.

    Raises:
        ValueError: there is none of that name; the sentence says what to write.
    """
    if not is_zone(name):
        raise ValueError(f"{name!r} is no time zone; write one like Asia/Riyadh")
    return name

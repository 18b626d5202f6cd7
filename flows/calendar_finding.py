"""Owns what doctor says of the days that are counted: whether they end with the newest batch, and not after today."""

from __future__ import annotations

from flows.configuration import Place
from marsad.digests import Finding
from warehouse.reader import Reader

_REMEDY = "set the clock of this machine (date -u shows it), then marsad run; what is stored keeps its dates"


def find_calendar(place: Place) -> Finding:
    """Say up to which day is counted, and whether a clock that was wrong holds days back or runs ahead."""
    reader = Reader(place.data)
    end = reader.calendar_end() if reader.is_published else None
    if end is None:
        return Finding("days", "ok", "none is counted before the first cycle")
    said = f"days are counted up to {end.today_on}"
    if end.newest_on != end.today_on:
        why = "nothing bears its clock out, so what it brought is on none of the last days"
        return Finding("days", "warn", f"{said}, and the newest batch bears {end.newest_on}: {why}", _REMEDY)
    if end.today_on > (now := place.now().date()):
        why = "this machine's clock is behind, or was ahead"
        return Finding("days", "warn", f"{said}, and it is {now}: {why}", _REMEDY)
    return Finding("days", "ok", said)

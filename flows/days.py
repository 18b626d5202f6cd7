"""Owns days as a person writes them on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click

_FIRST_YEAR = 1990


class DayType(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.3 on
    """A day (UTC), written 2026-11-20, as the instant it begins."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the start of the day in UTC."""
        if isinstance(value, datetime):
            return value
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day; write one like 2026-11-20", param, ctx)
        if day.year < _FIRST_YEAR:
            self.fail(f"{value!r} is before the web", param, ctx)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)


DAY = DayType()

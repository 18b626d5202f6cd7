"""Owns the picture of a trend in a terminal: a bar a day, the week against the week before, the names that rise."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from marsad.trends import Rise, TrendDay
from reports.screen import Screen, here

_FIGURES = "  99999  mean 9999.9  alert"  #: what stands behind a bar, at its widest
_DAY = "2026-11-21  "
_COLORS = {"alert": "red", "watch": "yellow"}


def render_trends(
    subject: str, zone: str, days: Sequence[TrendDay], rises: Sequence[Rise] = (), screen: Screen | None = None
) -> str:
    """Return a bar a day with its 7-day mean and what stands out, then the week's change, then the names that rise.

    Args:
        subject: What is counted: articles, or a name.
        zone: IANA time zone of the days.
        days: Oldest first.
        rises: What rises most first.
        screen: Where it is shown; standard output where none is given.
    """
    screen = screen or here()
    if not days:
        return screen.printed(Text("no days in this span"))
    legend = [Text(line) for line in _legend(screen, days)]
    title = screen.cell(subject, "bold")
    title.append(f"  by day ({zone})")  # the gap keeps an Arabic name from turning the line round
    parts: list[Text | Table] = [title, *_bars(screen, days), *legend]
    if rises:
        parts += [Text(), Text("names that rise, the last 7 days against the 7 before", "bold"), _rises(screen, rises)]
    return screen.printed(*parts)


def _bars(screen: Screen, days: Sequence[TrendDay]) -> list[Text]:
    most = max(day.article_count for day in days) or 1
    room = max(screen.width - len(_DAY) - len(_FIGURES), 4)
    return [_bar(screen, day, room / most, room) for day in days]


def _bar(screen: Screen, day: TrendDay, columns_each: float, room: int) -> Text:
    full, light = _blocks(screen)
    whole = round(day.article_count * columns_each)
    told_once = day.article_count if day.story_count is None else day.story_count
    solid = min(whole, round(told_once * columns_each))
    line = Text(f"{day.day}  ").append(full * solid, "cyan").append(light * (whole - solid), "dim")
    line.append(" " * (room - whole)).append(f"  {day.article_count:5}  mean {day.mean_count:6.1f}")
    return line.append(f"  {day.level}", _COLORS[day.level]) if day.level else line


def _blocks(screen: Screen) -> tuple[str, str]:
    return ("█", "░") if screen.is_unicode else ("#", "-")


def _legend(screen: Screen, days: Sequence[TrendDay]) -> list[str]:
    full, light = _blocks(screen)
    shades = [] if days[-1].story_count is None else [f"{full} stories, each once  {light} further articles"]
    change = days[-1].week_change
    weeks = "" if change is None else f", {change:+.0%} on the 7 before"
    return [*shades, f"mean of 7 days: {days[-1].mean_count:.1f} a day{weeks}"]


def _rises(screen: Screen, rises: Sequence[Rise]) -> Table:
    table = Table(box=screen.box, header_style="bold", pad_edge=False, show_edge=False)
    for name in ("name", "in Arabic", "articles", "before", "share of all", ""):
        table.add_column(name, justify="right" if name in {"articles", "before"} else "left", overflow="fold")
    for rise in rises:
        share = f"{rise.share:.0%} ({rise.share_low:.0%} to {rise.share_high:.0%})"
        table.add_row(
            screen.cell(rise.name), screen.cell(rise.name_ar), str(rise.article_count), str(rise.before_count), share,
            "clear" if rise.is_clear else "",
        )  # fmt: skip
    return table

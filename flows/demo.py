"""Owns the verb demo: two real cycles against the news site of seeds/demo on loopback, then mail, page and questions.

It calls what `marsad run`, `sql`, `digest` and `report` call; its own are the site, a folder, and the words between.
"""

from __future__ import annotations

import shlex
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from extractors.pool import ExtractorPool
from flows.configuration import Place
from flows.cycle import run_cycle
from flows.demo_folder import MARK, own_folder
from flows.demo_site import DemoSite, read_questions
from flows.desk import Desk, direct, read_desk
from flows.exits import FINE
from flows.lifeline import run_until_told
from flows.options import Chosen
from flows.pasting import pasted
from flows.sql_verb import sql
from flows.telling import digest, report
from marsad.records import RunSummary
from reports.screen import noticed_once
from reports.steps import render_command, render_step
from reports.terminal import CycleProgress, render_summary, render_table

_USUAL_FOLDER = Path("marsad-demo")
_APART = timedelta(hours=3)  #: of the last two cycles, by the clock they are given
_DAYS_BEFORE = 6  #: with a cycle each, so that a week stands in the charts
_REPORT_DAYS = 7
_STEP_COUNT = 8


@click.command(epilog="Examples: marsad demo; marsad demo /tmp/look")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The same as FOLDER.")
@click.pass_context
def demo(ctx: click.Context, folder: Path | None, data: Path | None) -> int:
    """Show all of Marsad on a small news site of its own, without network, in FOLDER (else ./marsad-demo)."""
    before = ctx.find_object(Chosen)
    chosen = folder or data or (before.data if before else None) or _USUAL_FOLDER
    started = time.monotonic()
    with noticed_once(), DemoSite(datetime.now(UTC)) as site, own_folder(chosen, site) as place:
        walk = _Walk(ctx, site, place, replace(read_desk(place), feeds=site.feeds))
        walk.opening()
        with ExtractorPool(place.settings.extract) as pool:
            walk.days_before(pool)
            walk.first_cycle(pool)
            walk.second_cycle(pool)
        walk.questions()
        walk.mail()
        walk.page()
        walk.ending(time.monotonic() - started)
    return FINE


@dataclass(frozen=True, slots=True)
class _Walk:
    """The steps, each of which says what it does and shows what comes of it."""

    ctx: click.Context
    site: DemoSite
    place: Place
    desk: Desk

    def opening(self) -> None:
        """Name the outlets."""
        _say(
            1,
            "Five outlets go on air, on this machine only",
            "Their articles were written for this demo. Each feed has a fault that real feeds have.",
        )
        rows = [(one.outlet.name, one.outlet.name_ar, one.quirk) for one in self.site.outlets]
        click.echo(render_table(("outlet", "in Arabic", "its feed"), rows), nl=False)

    def days_before(self, pool: ExtractorPool) -> None:
        """Run a cycle for each of the days before, as a schedule would have."""
        _say(
            2,
            f"The {_DAYS_BEFORE} days before, in fast motion: one cycle a day",
            "As a schedule would have run them. Charts and trends count by the day on which news was read.",
        )
        rows = []
        for days in range(_DAYS_BEFORE, 0, -1):
            at = self.site.now - _APART - timedelta(days=days)
            summary = self._cycle(pool, at)
            rows.append((f"{at:%A, %d %B}", summary.entry_count, summary.fetched_count, summary.new_count))
        click.echo(render_table(("day (UTC)", "new entries", "pages fetched", "articles"), rows), nl=False)

    def first_cycle(self, pool: ExtractorPool) -> None:
        """Run the cycle as `marsad run` runs it."""
        summary = self._cycle(pool, self.site.now - _APART)
        _say(
            3,
            "Today, the first cycle",
            f"{summary.entry_count} new entries stood in the feeds, and {summary.fetched_count} pages were fetched. The"
            " others are off the topic by title and summary, or robots.txt closes them. A copy in another spelling is"
            " recognised, and a consent wall is no article.",
        )
        click.echo(render_summary(summary), nl=False)

    def second_cycle(self, pool: ExtractorPool) -> None:
        """Let an outlet change an article, and run the cycle again."""
        summary = self._cycle(pool, self.site.now)
        _say(
            4,
            f"{_APART.seconds // 3600} hours later an outlet has rewritten an article; the second cycle",
            f"New articles: {summary.new_count}; changed: {summary.revision_count}. Both of its texts are kept.",
        )
        self._ask("after_second_cycle")

    def questions(self) -> None:
        """Ask the data in SQL."""
        _say(5, "Three questions in SQL", "The answers come from views; a cycle that runs meanwhile disturbs nobody.")
        self._ask("at_the_end")

    def mail(self) -> None:
        """Preview the digest."""
        folder = self.place.data / "mail"
        _say(6, "A digest, as the mail that a subscriber gets", "An .eml for a mail program, an .html for a browser.")
        _show(f"marsad digest --data {self._typed} --preview {shlex.quote(str(folder))}")
        self.ctx.invoke(digest, **self._chosen, preview=folder)

    def page(self) -> None:
        """Write the report page."""
        _say(7, "A report: one page, readable without network", "Coverage, speakers by stance, stories with evidence.")
        _show(f"marsad report --data {self._typed} --days {_REPORT_DAYS}")
        self.ctx.invoke(report, **self._chosen, days=_REPORT_DAYS)

    def ending(self, seconds: float) -> None:
        """Say what to do with it."""
        data = self.place.data
        _say(
            8,
            f"Done in {seconds:.0f} seconds; now ask for yourself",
            f"The data stays in {data} until the next demo. The outlets are off air again.",
        )
        for command in (
            f'marsad sql --data {self._typed} "from stories"',
            f"marsad trends --data {self._typed}",
            "marsad run",
        ):
            _show(command)

    def _ask(self, questions: str) -> None:
        for question in read_questions(questions):
            _show("\n".join((f'marsad sql --data {self._typed} "', question.sql + '"')), question.asked)
            self.ctx.invoke(sql, **self._chosen, query=question.sql)

    def _cycle(self, pool: ExtractorPool, at: datetime) -> RunSummary:
        self.site.print_all(at)
        place = replace(self.place, settings=replace(self.place.settings, clock=at))
        with CycleProgress() as progress:
            return run_until_told(run_cycle(replace(self.desk, place=place), direct, progress, pool=pool))

    @property
    def _typed(self) -> str:
        return shlex.quote(str(self.place.data))

    @property
    def _chosen(self) -> dict[str, Path]:
        return {"settings_file": self.place.data / MARK, "data": self.place.data}


def _say(number: int, title: str, said: str) -> None:
    click.echo(render_step(number, _STEP_COUNT, title, said), nl=False)


def _show(command: str, asked: str = "") -> None:
    click.echo(render_command(pasted(command), asked), nl=False)

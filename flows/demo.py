"""Owns the verb demo: two real cycles against the news site of seeds/demo on loopback, then mail, page and questions.

It calls what `marsad run`, `sql`, `digest` and `report` call; its own are the site, a folder, and the words between.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from flows.configuration import Place, read_place
from flows.cycle import run_cycle
from flows.demo_site import DemoSite, Edition, read_questions
from flows.desk import direct, only_cycle, read_desk
from flows.exits import FINE
from flows.options import Chosen
from flows.sql_verb import sql
from flows.telling import digest, report
from marsad.errors import SettingsError
from marsad.records import RunSummary
from marsad.settings import FetchSettings, Settings
from reports.steps import render_command, render_step
from reports.terminal import CycleProgress, render_summary, render_table
from warehouse.engine import disk_errors
from warehouse.reader import Reader

_USUAL_FOLDER = Path("marsad-demo")
_MARK = "marsad.toml"  #: settings of the demo's folder; their first line says whose it is
_FIRST_LINE = "# Written by marsad demo, which empties this folder each time it runs.\n"
_LOOPBACK = "http://127.0.0.1:"
_LOCK = "cycle.lock"
_APART = timedelta(hours=3)  #: of the two cycles, by the clock they are given
_STEP_COUNT = 7


@click.command(epilog="Examples: marsad demo; marsad demo /tmp/look")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The same as FOLDER.")
@click.pass_context
def demo(ctx: click.Context, folder: Path | None, data: Path | None) -> int:
    """Show all of Marsad on a small news site of its own, without network, in FOLDER (else ./marsad-demo)."""
    before = ctx.find_object(Chosen)
    chosen = folder or data or (before.data if before else None) or _USUAL_FOLDER
    started = time.monotonic()
    with DemoSite(datetime.now(UTC)) as site, _own_folder(chosen, site) as place:
        walk = _Walk(ctx, site, place)
        walk.opening()
        walk.first_cycle()
        walk.second_cycle()
        walk.questions()
        walk.mail()
        walk.page()
        walk.ending(time.monotonic() - started)
    return FINE


@contextmanager
def _own_folder(folder: Path, site: DemoSite) -> Iterator[Place]:
    """Give the demo's place, emptied, with the cycle's lock held; what is not a demo's is left alone.

    Raises:
        SettingsError: the folder holds something else.
        WarehouseBusy: another demo, or a cycle, is at work there.
        WarehouseUnusable: the folder cannot be written.
    """
    _must_be_ours(folder)
    with only_cycle(Place(Settings(), None, folder, folder)):
        _must_hold_the_demo_alone(folder)
        with disk_errors(folder):
            for child in [child for child in folder.iterdir() if child.name != _LOCK]:
                shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
            mark = folder / _MARK
            mark.write_text(f'{_FIRST_LINE}data = "{folder.absolute().as_posix()}"\n', "utf-8")
        place = read_place(mark, folder)
        fetch = FetchSettings(allow_addresses=site.addresses, host_gap_seconds=0, poll_gap_seconds=0, audit_share=0)
        yield replace(place, settings=replace(place.settings, fetch=fetch))


def _must_be_ours(folder: Path) -> None:
    mark = folder / _MARK
    try:
        is_empty = not folder.exists() or not {child.name for child in folder.iterdir()} - {_LOCK}
        is_ours = is_empty or mark.read_text("utf-8", "replace").startswith(_FIRST_LINE)
    except OSError:
        is_ours = False
    if not is_ours:
        raise SettingsError(str(folder), "is not empty and not a demo's; name another folder: marsad demo FOLDER")


def _must_hold_the_demo_alone(folder: Path) -> None:
    """Refuse a folder that real cycles have written to since the demo."""
    reader = Reader(folder)
    if not reader.is_published:
        return
    feeds = reader.query("from feeds")  # the file's own view: also one that another version published
    place = feeds.columns.index("feed_url")
    if any(not str(row[place]).startswith(_LOOPBACK) for row in feeds.rows):
        raise SettingsError(str(folder), "holds news beside the demo's; name another folder: marsad demo FOLDER")


@dataclass(frozen=True, slots=True)
class _Walk:
    """The steps, each of which says what it does and shows what comes of it."""

    ctx: click.Context
    site: DemoSite
    place: Place

    def opening(self) -> None:
        """Name the outlets."""
        _say(
            1,
            "Five outlets go on air, on this machine only",
            "Their articles were written for this demo. Each feed has a fault that real feeds have.",
        )
        rows = [(one.outlet.name, one.outlet.name_ar, one.quirk) for one in self.site.outlets]
        click.echo(render_table(("outlet", "in Arabic", "its feed"), rows), nl=False)

    def first_cycle(self) -> None:
        """Run the cycle as `marsad run` runs it."""
        summary = self._cycle(self.site.now - _APART)
        _say(
            2,
            "The first cycle: everything is new",
            f"{summary.entry_count} entries stood in the feeds. The filter on title and summary let"
            f" {summary.fetched_count} pages through; the others are counted and left alone. A copy in another"
            " spelling is recognised, a consent wall is no article, and robots.txt is obeyed.",
        )
        click.echo(render_summary(summary), nl=False)

    def second_cycle(self) -> None:
        """Let an outlet change an article, and run the cycle again."""
        self.site.print_edition(Edition.SECOND)
        summary = self._cycle(self.site.now)
        _say(
            3,
            f"{_APART.seconds // 3600} hours later an outlet rewrites an article; the second cycle",
            f"New articles: {summary.new_count}; changed: {summary.revision_count}. Both of its texts are kept.",
        )
        self._ask("after_second_cycle")

    def questions(self) -> None:
        """Ask the data in SQL."""
        _say(4, "Three questions in SQL", "The answers come from views; a cycle that runs meanwhile disturbs nobody.")
        self._ask("at_the_end")

    def mail(self) -> None:
        """Preview the digest."""
        folder = self.place.data / "mail"
        _say(5, "A digest, as the mail that a subscriber gets", "An .eml for a mail program, an .html for a browser.")
        click.echo(render_command(f"marsad digest --data {self.place.data} --preview {folder}"), nl=False)
        self.ctx.invoke(digest, **self._chosen, preview=folder)

    def page(self) -> None:
        """Write the report page."""
        _say(6, "A report: one page, readable without network", "Coverage, speakers by stance, stories with evidence.")
        click.echo(render_command(f"marsad report --data {self.place.data}"), nl=False)
        self.ctx.invoke(report, **self._chosen, days=7)

    def ending(self, seconds: float) -> None:
        """Say what to do with it."""
        data = self.place.data
        _say(
            7,
            f"Done in {seconds:.0f} seconds; now ask for yourself",
            f"The data stays in {data} until the next demo. The outlets are off air again.",
        )
        for command in (
            f'marsad sql --data {data} "from stories"',
            f"marsad feeds list --data {data}",
            "marsad run",
        ):
            click.echo(render_command(command), nl=False)

    def _ask(self, questions: str) -> None:
        for question in read_questions(questions):
            shown = "\n".join((f'marsad sql --data {self.place.data} "', question.sql + '"'))
            click.echo(render_command(shown, question.asked), nl=False)
            self.ctx.invoke(sql, **self._chosen, query=question.sql)

    def _cycle(self, now: datetime) -> RunSummary:
        place = replace(self.place, settings=replace(self.place.settings, clock=now))
        desk = replace(read_desk(place), feeds=self.site.feeds)
        with CycleProgress() as progress:
            return asyncio.run(run_cycle(desk, direct, progress))

    @property
    def _chosen(self) -> dict[str, Path]:
        return {"settings_file": self.place.data / _MARK, "data": self.place.data}


def _say(number: int, title: str, said: str) -> None:
    click.echo(render_step(number, _STEP_COUNT, title, said), nl=False)

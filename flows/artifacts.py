"""Owns what Prefect's page shows of a cycle: its counts, its feeds, its stories, its drops, and how far it has come."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect.artifacts import acreate_progress_artifact, acreate_table_artifact, aupdate_progress_artifact

from flows.configuration import Place
from marsad.digests import Piece
from marsad.records import RunSummary
from warehouse.reader import Reader
from warehouse.watch import Watch

_ROWS = 200  #: of one table; a page with more is not read, and the data answers in SQL
_SECONDS_BETWEEN = 10.0  #: two updates of the progress: each is a request


class ShownProgress:
    """How far a cycle has come, as progress artifacts, one a stage."""

    def __init__(self) -> None:
        self._totals: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._shown: dict[str, UUID] = {}
        self._told_at = 0.0
        self._telling: asyncio.Task[None] | None = None

    def begin(self, stage: str, total: int) -> None:
        """Say that `stage` starts, with so many things to do."""
        self._totals[stage], self._done[stage] = total, 0
        self._tell(stage)

    def advance(self, stage: str, count: int = 1) -> None:
        """Say that `count` more of them are done."""
        self._done[stage] = self._done.get(stage, 0) + count
        if time.monotonic() - self._told_at > _SECONDS_BETWEEN:
            self._tell(stage)

    async def end(self) -> None:
        """Show the last of it."""
        if self._telling is not None:
            await self._telling
        for stage in self._totals:
            await self._show(stage)

    def _tell(self, stage: str) -> None:
        """Update in the background; what is still on its way is enough for now."""
        if self._telling is None or self._telling.done():
            self._told_at = time.monotonic()
            self._telling = asyncio.get_running_loop().create_task(self._show(stage))

    async def _show(self, stage: str) -> None:
        total, done = self._totals[stage], self._done[stage]
        share = 100 * done / total if total else 100.0
        if stage in self._shown:
            await aupdate_progress_artifact(self._shown[stage], share, f"{stage}: {done} of {total}")
        else:
            self._shown[stage] = await acreate_progress_artifact(share, f"progress-{stage}", f"{stage}: 0 of {total}")


async def show_cycle(place: Place, summary: RunSummary) -> None:
    """Make the tables of a cycle that is stored and published."""
    await acreate_table_artifact(key="cycle", table=_counts(summary), description=f"Cycle {summary.run_id}")
    feeds, stories, drops = await asyncio.to_thread(_read, place, summary)
    for key, table in (("feeds", feeds), ("stories", stories), ("drops", drops)):
        said = f"{key.capitalize()} of cycle {summary.run_id}: {len(table)}"
        await acreate_table_artifact(key=key, table=table[:_ROWS], description=said)


def _read(place: Place, summary: RunSummary) -> tuple[list[dict[str, Any]], ...]:
    with Reader(place.data).held() as reader:
        until = place.now() + timedelta(seconds=1)  # what was stored this second too
        health, articles = reader.feed_health(until), reader.pieces(summary.started_at, until)
        dropped = Watch(reader).drops(summary.started_at, until)
    feeds = [
        {
            "feed": feed.url,
            "outlet": feed.outlet,
            "state": feed.state,
            "reason": feed.reason,
            "newest": str(feed.newest_at),
        }
        for feed in sorted(health, key=lambda feed: feed.is_well)
    ]
    stories: dict[int, list[Piece]] = {}
    for piece in articles:
        stories.setdefault(piece.story_id, []).append(piece)
    told = [
        {
            "story": pieces[0].title,
            "outlets": len({one.outlet for one in pieces}),
            "articles": len(pieces),
            "url": pieces[0].url,
        }
        for pieces in sorted(stories.values(), key=len, reverse=True)
    ]
    drops = [{"stage": drop.stage, "reason": drop.reason, "url": drop.url, "detail": drop.detail} for drop in dropped]
    return feeds, told, drops


def _counts(summary: RunSummary) -> list[dict[str, Any]]:
    counts = {
        "feeds polled": summary.feed_count,
        "feeds failed": len(summary.failed_feeds),
        "new entries": summary.entry_count,
        "pages fetched": summary.fetched_count,
        "new articles": summary.new_count,
        "duplicates": summary.duplicate_count,
        "left for the next cycle": summary.pending_count,
        **{f"dropped: {reason}": count for reason, count in summary.drops.items()},
        **{f"seconds in {stage}": round(seconds, 2) for stage, seconds in summary.stage_seconds.items()},
        **{f"failed: {url}": reason for url, reason in summary.failed_feeds.items()},
    }
    return [{"what": what, "result": result} for what, result in counts.items()]

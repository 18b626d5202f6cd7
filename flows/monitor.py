"""Owns the Prefect flows of prefect.yaml: monitor, digest, names, upkeep.

Each wraps the plain function that the command line calls too. Prefect runs things on time and shows them; what was
written is known by the warehouse alone, since a run that Prefect marks Crashed may still have stored its batch.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed

from flows.aftermath import tell_of_cycle
from flows.artifacts import ShownProgress, show_cycle
from flows.cluster import cluster_hands
from flows.configuration import read_place
from flows.cycle import run_cycle
from flows.desk import Silence, only_cycle, read_desk
from flows.lifeline import cancel_on_sigterm, end_with_parent, forget_cancelling
from flows.storage import core_of, core_to_write
from marsad.deliveries import MAILS_KEPT
from marsad.errors import WarehouseBusy
from reports.terminal import unsent_said
from warehouse.core import Core
from warehouse.outbox import Outbox

T = TypeVar("T")


async def as_task(name: str, step: Callable[..., Awaitable[T]], *arguments: Any) -> T:  # noqa: ANN401
    """Run the step as a Prefect task: one a feed and one a chunk of pages, never one an article (3 ms, 20 kB each).

    The arguments go in by closure: Prefect would otherwise walk and hash a whole desk for each of them.
    """

    @task(name=name, cache_policy=NO_CACHE, persist_result=False)
    async def run_step() -> T:
        return await step(*arguments)

    return await run_step()


@flow(name="monitor", log_prints=False)
async def monitor(settings_file: str | None = None, data: str | None = None) -> State[Any] | None:
    """Run one monitoring cycle; failed feeds are listed in an artifact and fail nothing.

    A run that comes while a cycle is at work, or that was due before the last one ended, is skipped: after a pause the
    schedule is caught up once. One that is told to stop ends as Cancelled, and not as if something had gone wrong.
    """
    end_with_parent()
    cancel_on_sigterm()
    place = read_place(_path(settings_file), _path(data))
    with ExitStack() as held:
        try:
            held.enter_context(only_cycle(place))
        except WarehouseBusy as error:
            return Completed(name="Skipped", message=str(error))
        if is_caught_up(core_of(place), flow_run.scheduled_start_time, datetime.now(UTC)):
            return Completed(name="Skipped", message="a cycle came to its end after this one was due")
        desk = replace(read_desk(place), hands=held.enter_context(cluster_hands(place)))
        progress = ShownProgress()
        try:
            summary = await run_cycle(desk, as_task, progress)
        except asyncio.CancelledError:
            forget_cancelling()
            return Cancelled(message="it was told to stop; what it had fetched is stored and published")
        await progress.end()
        if trouble := await asyncio.to_thread(tell_of_cycle, place, summary):
            get_run_logger().warning("the cycle is stored, but not all that follows it is done: %s", trouble)
    get_run_logger().info(
        "%d feeds, %d new entries, %d pages, %d new articles",
        summary.feed_count,
        summary.entry_count,
        summary.fetched_count,
        summary.new_count,
    )
    await show_cycle(place, summary)
    return None


def is_caught_up(core: Core, due_at: datetime | None, now: datetime) -> bool:
    """Return whether a cycle that came to its end after `due_at` has done what was to be done then.

    One that ended later than `now` ran under a wrong clock, and says nothing.
    """
    last = core.last_run() if core.exists() else None
    return due_at is not None and last is not None and last.is_finished and due_at <= last.noted_at <= now


@flow(name="digest", log_prints=False)
def digest(settings_file: str | None = None, data: str | None = None) -> None:
    """Queue and send the digests that are due."""
    end_with_parent()
    from flows.digesting import can_send, send_digests  # noqa: PLC0415  mails are not needed for a cycle

    place = read_place(_path(settings_file), _path(data))
    if not can_send(place):
        get_run_logger().info("no mail server or no subscriber is set; nothing to send")
        return
    outcome = send_digests(place)
    get_run_logger().info("%d sent, %d waiting, %d dead", outcome.sent_count, outcome.waiting_count, outcome.dead_count)
    for one in outcome.unsent:
        get_run_logger().warning("%s", unsent_said(one))
    if outcome.failed_count:
        get_run_logger().error("%d digests could not be composed; marsad digest --send says why", outcome.failed_count)


@flow(name="names", log_prints=False)
def names(settings_file: str | None = None, data: str | None = None, days: int = 2) -> None:
    """Read the articles of the last days again with camel-tools' recognizer; without it, say how to get it."""
    end_with_parent()
    from extractors.recognizer import load_recognizer, missing_model  # noqa: PLC0415  a cycle has nothing to do with it
    from flows.naming import name_articles  # noqa: PLC0415  same

    if reason := missing_model():
        get_run_logger().info("nothing to do: %s", reason)
        return
    place = read_place(_path(settings_file), _path(data))
    summary = name_articles(read_desk(place), place.now() - timedelta(days=days), load_recognizer(), Silence())
    get_run_logger().info(
        "%d articles, %d read otherwise, %d sentences left out",
        summary.article_count,
        summary.changed_count,
        summary.unread_count,
    )


@flow(name="upkeep", log_prints=False)
def upkeep(settings_file: str | None = None, data: str | None = None) -> None:
    """Look for damage, publish what a crash left half done, tidy the lake, forget old mails and archived days."""
    end_with_parent()
    from flows.archive_verb import trim_old_days  # noqa: PLC0415  a cycle has nothing to do with it

    place = read_place(_path(settings_file), _path(data))
    core = core_to_write(place)
    core.tend()
    core.publish()
    mail_count = Outbox(core).forget(place.now() - MAILS_KEPT, place.now())
    get_run_logger().info(
        "published; %d mails emptied, %d days of the archive deleted", mail_count, trim_old_days(place)
    )


def _path(written: str | None) -> Path | None:
    return Path(written) if written else None

"""Owns spreading the reading of pages over a Dask cluster, a slice of a chunk a Prefect task."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context, copy_context
from functools import partial
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner

from flows.configuration import Place
from flows.hands import Hands, ManyHands
from marsad.errors import SettingsError

_CONNECT_SECONDS = "20s"  #: before a scheduler that does not answer is given up


@contextmanager
def cluster_hands(place: Place) -> Iterator[Hands | None]:
    """Give the hands of the cluster that the settings name, None where they name none; for a flow that runs.

    Raises:
        SettingsError: the cluster does not answer, or the extra that reaches it is not installed.
    """
    if not place.settings.cluster:
        yield None
        return
    with _runner(place) as runner:
        yield ManyHands(place, partial(_spread, runner, copy_context()))


@contextmanager
def _runner(place: Place) -> Iterator[TaskRunner[Any]]:
    subject, address = str(place.settings_file or "settings"), place.settings.cluster
    try:
        import dask.config  # noqa: PLC0415  of the extra cluster
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415  the same
    except ImportError as error:
        reason = "cluster: prefect-dask is not installed; uv sync --extra cluster brings it"
        raise SettingsError(subject, reason) from error
    with dask.config.set({"distributed.comm.timeouts.connect": _CONNECT_SECONDS}):
        runner = DaskTaskRunner(address=address)
        try:
            runner.__enter__()  # type: ignore[no-untyped-call]  # alone, so that only its own errors are taken for it
        except (OSError, ValueError) as error:
            raise SettingsError(subject, f"cluster: no Dask scheduler answers at {address}") from error
        try:
            yield runner
        finally:
            runner.__exit__(None, None, None)


def _spread(
    runner: TaskRunner[Any], around: Context, function: Callable[..., list[Any]], calls: Sequence[tuple[Any, ...]]
) -> Iterable[list[Any]]:
    def submit(arguments: tuple[Any, ...]) -> PrefectFuture[list[Any]]:
        future: PrefectFuture[list[Any]] = runner.submit(read_slice, {"function": function, "arguments": arguments})
        return future

    # A task is sent with all that surrounds it: the flow can be, the task of a chunk in which this is called cannot.
    waiting = [around.copy().run(submit, arguments) for arguments in calls]
    return [future.result() for future in waiting]


@task(name="read slice", cache_policy=NO_CACHE, persist_result=False)
def read_slice(function: Callable[..., list[Any]], arguments: tuple[Any, ...]) -> list[Any]:
    """Call the function; on a worker of the cluster."""
    return function(*arguments)

"""Owns what follows a cycle: figures, alarms as rows, and the report page as the newest cycle left the data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flows.alerting import note_alerts, raise_alerts
from flows.configuration import Place
from flows.journal import journal_of
from flows.metrics import write_metrics
from flows.telling import REPORT_DAYS, report_file, write_report
from marsad.errors import MarsadError
from marsad.records import RunSummary
from reports.wording import Language


def tell_of_cycle(place: Place, summary: RunSummary) -> str:
    """Write figures, raise the alarms there is reason for, write the report pages; return what went wrong, else "".

    The cycle is stored and published by then, so what goes wrong here fails nothing, nor keeps one of them from the
    others: the next cycle makes up for it.
    """
    journal = journal_of(place, "cycle").bind(run=summary.run_id)
    troubles = (
        _trouble_of(lambda: write_metrics(place, summary, place.now())),
        _trouble_of(lambda: note_alerts(journal, raise_alerts(place))),
        _trouble_of(lambda: write_report(place, REPORT_DAYS, _pages(place))),
    )
    return "; ".join(dict.fromkeys(trouble for trouble in troubles if trouble))


def _trouble_of(step: Callable[[], object]) -> str:
    try:
        step()
    except MarsadError as error:
        return str(error)
    return ""


def _pages(place: Place) -> dict[Path, Language]:
    """Return the Arabic page, and the English one where somebody has once asked for it."""
    pages: dict[Path, Language] = {report_file(place, "ar"): "ar"}
    if (english := report_file(place, "en")).exists():
        pages[english] = "en"
    return pages

"""Owns what follows a cycle: alarms become rows, and the report page stands as the newest cycle left the data."""

from __future__ import annotations

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
    """Raise the alarms there is reason for and write the report pages; return what went wrong, empty where nothing did.

    The cycle is stored and published by then, so what goes wrong here fails nothing: the next one makes up for it.
    """
    try:
        write_metrics(place, summary, place.now())
        note_alerts(journal_of(place, "cycle").bind(run=summary.run_id), raise_alerts(place))
        write_report(place, REPORT_DAYS, _pages(place))
    except MarsadError as error:
        return str(error)
    return ""


def _pages(place: Place) -> dict[Path, Language]:
    """Return the Arabic page, and the English one where somebody has once asked for it."""
    pages: dict[Path, Language] = {report_file(place, "ar"): "ar"}
    if (english := report_file(place, "en")).exists():
        pages[english] = "en"
    return pages

"""Owns what follows a cycle: alarms become rows, and the report page stands as the newest cycle left the data."""

from __future__ import annotations

from flows.alerting import raise_alerts
from flows.configuration import Place
from flows.metrics import write_metrics
from flows.telling import REPORT_DAYS, report_file, write_report
from marsad.errors import MarsadError
from marsad.records import RunSummary


def tell_of_cycle(place: Place, summary: RunSummary) -> str:
    """Raise the alarms there is reason for and write the report page; return what went wrong, empty where nothing did.

    The cycle is stored and published by then, so what goes wrong here fails nothing: the next one makes up for it.
    """
    try:
        write_metrics(place, summary, place.now())
        raise_alerts(place)
        write_report(place, REPORT_DAYS, "ar", report_file(place, "ar"))
    except MarsadError as error:
        return str(error)
    return ""

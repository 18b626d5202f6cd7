"""Owns the figures of a cycle as a text file for Prometheus' node_exporter, written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from flows.configuration import Place, replace_text
from marsad.errors import SettingsError
from marsad.records import RunSummary

_HELP = {
    "marsad_cycle_ended_seconds": "When the last cycle came to its end, Unix time.",
    "marsad_feeds_polled": "Feeds asked in the last cycle.",
    "marsad_feeds_failed": "Of those, how many failed.",
    "marsad_entries_new": "Entries seen for the first time in the last cycle.",
    "marsad_pages_fetched": "Pages fetched in the last cycle.",
    "marsad_pages_pending": "Pages the last cycle left for the next.",
    "marsad_articles_new": "Articles stored in the last cycle that copy no other.",
    "marsad_articles_copied": "Articles stored in the last cycle that copy others.",
    "marsad_articles_changed": "Articles found changed in the last cycle.",
    "marsad_drops": "What became no article in the last cycle, by reason.",
    "marsad_stage_seconds": "Seconds of the last cycle, by stage.",
}


def write_metrics(place: Place, summary: RunSummary, ended_at: datetime) -> None:
    """Write what a cycle did to the file that the settings name, in place of what stood there; nothing without one.

    Raises:
        SettingsError: the file cannot be written; the subject names the setting, too.
    """
    if not place.settings.operation.metrics_file:
        return
    try:
        replace_text(place.data / place.settings.operation.metrics_file, "".join(_lines(summary, ended_at)))
    except SettingsError as error:
        raise SettingsError(f"metrics_file, {error.subject}", error.reason) from error


def _lines(summary: RunSummary, ended_at: datetime) -> Iterator[str]:
    """Yield the file in Prometheus' text format."""
    plain = {
        "marsad_cycle_ended_seconds": ended_at.timestamp(),
        "marsad_feeds_polled": summary.feed_count,
        "marsad_feeds_failed": len(summary.failed_feeds),
        "marsad_entries_new": summary.entry_count,
        "marsad_pages_fetched": summary.fetched_count,
        "marsad_pages_pending": summary.pending_count,
        "marsad_articles_new": summary.new_count,
        "marsad_articles_copied": summary.duplicate_count,
        "marsad_articles_changed": summary.revision_count,
    }
    for name, value in plain.items():
        yield from _metric(name, {"": value})
    yield from _metric("marsad_drops", {f'{{reason="{_label(key)}"}}': count for key, count in summary.drops.items()})
    seconds = {f'{{stage="{_label(key)}"}}': round(value, 3) for key, value in summary.stage_seconds.items()}
    yield from _metric("marsad_stage_seconds", seconds)


def _metric(name: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {_HELP[name]}\n# TYPE {name} gauge\n"
    yield from (f"{name}{labels} {value}\n" for labels, value in values.items())


def _label(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

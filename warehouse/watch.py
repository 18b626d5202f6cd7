"""Owns what alarms and digests ask of the published data beyond the day's articles: what is out of the ordinary."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from marsad.alerts import Alert, AlertKind, Level
from marsad.articles import Drop, Label, Stance
from marsad.changes import Change
from marsad.digests import Piece, Quote, Spike
from marsad.turns import CONFIDENCE, PAST_DAYS, RECENT_DAYS, Voice
from warehouse.core import Core
from warehouse.reader import Reader
from warehouse.rows import Row
from warehouse.scripts import statement

_FIGURES = ("name", "name_ar", "count", "expected", "probability", "was", "became", "url", "country")


@dataclass(frozen=True, slots=True)
class Watch:
    """The published data, asked for what is out of the ordinary; raises as Reader does."""

    reader: Reader

    def spikes(self, since: datetime, until: datetime) -> tuple[tuple[Spike, int], ...]:
        """Return the spikes of the days from `since` to `until`, each with its stories of young feeds alone."""
        found = self.reader.rows("watch", "young_stories", since=since - timedelta(days=1), confidence=CONFIDENCE)
        young = {tuple(what): count for *what, count in found}
        spikes = self.reader.spikes(since, until)
        return tuple((spike, young.get((spike.subject, spike.stance, spike.day), 0)) for spike in spikes)

    def drops(self, since: datetime, until: datetime) -> tuple[Drop, ...]:
        """Return what was dropped in the span, the newest first."""
        return tuple(Drop(*row) for row in self.reader.rows("watch", "drops", since=since, until=until))

    def firsts(self, since: datetime, until: datetime) -> tuple[Alert, ...]:
        """Return the listed names and speakers first met in the span."""
        rows = self.reader.rows("watch", "firsts", since=since, until=until)
        return tuple(Alert(AlertKind(kind), Level.WATCH, *what) for kind, *what in rows)

    def speakers(self, until: datetime) -> tuple[Voice, ...]:
        """Return in how many stories each listed speaker took each side, lately and before."""
        return self._voices("speaker_voices", until, confidence=CONFIDENCE)

    def outlets(self, until: datetime) -> tuple[Voice, ...]:
        """Return in how many stories each outlet took each side in its own voice, lately and before."""
        return self._voices("outlet_voices", until)

    def changes(self, since: datetime, until: datetime) -> tuple[Change, ...]:
        """Return the articles whose text was changed in the span."""
        rows = self.reader.rows("watch", "changes", since=since, until=until)
        return tuple(Change(_piece(row[:12]), *row[12:]) for row in rows)

    def alerts(self, since: datetime, until: datetime) -> tuple[Alert, ...]:
        """Return the alarms raised in the span."""
        return tuple(
            Alert(AlertKind(kind), Level(level), subject, day, **json.loads(detail), raised_at=raised_at)
            for kind, level, subject, day, detail, raised_at in self.reader.rows(
                "watch", "alerts", since=since, until=until
            )
        )

    def _voices(self, name: str, until: datetime, **more: float) -> tuple[Voice, ...]:
        recent_at = until - timedelta(days=RECENT_DAYS)
        past_at = recent_at - timedelta(days=PAST_DAYS)
        rows = self.reader.rows("watch", name, recent_at=recent_at, past_at=past_at, until=until, **more)
        return tuple(Voice(*row) for row in rows)


def _piece(row: Row) -> Piece:
    return replace(
        Piece(*row[:6]),
        outlet_id=row[6],
        country=row[7],
        entity_ids=tuple(row[8]),
        outlet_ar=row[9],
        relevance=Label(row[10]),
        quotes=tuple(Quote(who, words, Stance(stance), *where) for who, words, stance, *where in row[11]),
    )


def keep_alerts(core: Core, alerts: Sequence[Alert], now: datetime) -> int:
    """Keep the alarms whose key is not kept yet, raised at `now`; return how many those were."""
    with core.writing() as transaction:
        known = {key for (key,) in transaction.connection.execute(statement("alarms", "known")).fetchall()}
        fresh = {alert.key: alert for alert in alerts if alert.key not in known}
        transaction.append_tables({"alert": list(_alert_rows(transaction.batch, fresh.values(), now))}, now)
    return len(fresh)


def _alert_rows(batch: int, alerts: Iterable[Alert], now: datetime) -> Iterable[Row]:
    for alert in alerts:
        detail = json.dumps({name: getattr(alert, name) for name in _FIGURES}, ensure_ascii=False)
        yield (batch, alert.key, alert.kind, alert.subject, alert.day, alert.level, detail, now)

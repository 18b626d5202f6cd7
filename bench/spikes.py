"""Measures the view spikes on noise: alerts a name and 100 days where nothing happened, and spikes found where one did.

.venv/bin/python bench/spikes.py                 twelve regimes of 36 names each, some four minutes

Each name is told of in as many stories a day as a negative binomial with weekday factor draws; half of the names get
four days with Poisson(max(8, 2 mu)) stories more. All names stand in one store, so that the correction for asking about
many names at once is at work as it is in use; a second run asks about each regime alone.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa

from warehouse.core import Core
from warehouse.engine import writing_to
from warehouse.reader import Reader

REGIMES = tuple(product((0.3, 1.0, 3.0, 10.0, 40.0, 150.0), (1.0, 2.5)))  #: stories a day, and their dispersion
NAMES, HISTORY_DAYS, DAYS = 36, 60, 100
SPIKE_DAYS = (15, 40, 65, 90)  #: of the days judged
WEEKDAYS = np.array([1.05, 1.1, 1.1, 1.05, 1.0, 0.9, 0.8])
START = datetime(2026, 1, 5, tzinfo=UTC)

_ROWS = {
    "article": """
        select 2, id, 'https://example.org/' || id, '', '', 'full', null, null, null, null, false, null, [],
            'o' || id % 97, 'Outlet', 'QA', 'f', 'ar', [], 'feed', seen_at, 'rules/1'
        from ids""",
    "story": "select 2, id, id, 'new', false from ids",
    "mention": "select 2, id, seen_at, 0, 5, 'x', 'GPE', 'name', 'e' || name, 'rules/1' from ids",
    "ledger": "select 2, 'bench', 'bench', max(seen_at), count(*) from ids",
}


def main() -> None:
    """Print false alerts and detection by regime, all names in one store and each regime alone."""
    chance = np.random.default_rng(20261121)
    series = {regime: draw(chance, *regime) for regime in REGIMES}
    together = judged(np.concatenate(list(series.values())))
    print("mean, spread | together: false alerts, found | alone: false alerts, found   (a name and 100 days; %)")
    for at, (regime, counts) in enumerate(series.items()):
        one = figures(together[at * NAMES : (at + 1) * NAMES])
        other = figures(judged(counts))
        print(f"{regime[0]:5}, {regime[1]:3}   | {one[0]:5.2f} {one[1]:5.0f} | {other[0]:5.2f} {other[1]:5.0f}")


def draw(chance: np.random.Generator, mean: float, spread: float) -> np.ndarray:
    """Return stories by name and day; the second half of the names with spikes."""
    days = HISTORY_DAYS + DAYS
    expected = mean * WEEKDAYS[np.arange(days) % 7]
    shape = (NAMES, days)
    if spread == 1:
        counts = chance.poisson(expected, shape)
    else:
        counts = chance.negative_binomial(np.broadcast_to(expected / (spread - 1), shape), 1 / spread)
    for day in SPIKE_DAYS:
        counts[NAMES // 2 :, HISTORY_DAYS + day] += chance.poisson(max(8, 2 * mean), NAMES // 2)
    return counts


def judged(counts: np.ndarray) -> np.ndarray:
    """Return what the view says by name and day judged: 0 nothing or watch, 1 alert."""
    names, days = np.nonzero(counts)
    repeats = counts[names, days]
    names, days = np.repeat(names, repeats), np.repeat(days, repeats)
    with tempfile.TemporaryDirectory() as folder:
        core = Core(Path(folder))
        core.create_or_migrate()
        core.start_run("bench", START)
        store(core, names, days)
        core.publish()
        sql = f"select subject, datediff('day', date '{START:%Y-%m-%d}', day_on) from spikes_in('UTC', days := {DAYS}) "
        rows = Reader(core.folder).query(f"{sql} where level = 'alert' and subject <> 'topic'").rows
    found = np.zeros((len(counts), DAYS), int)
    for subject, day in rows:
        found[int(subject[1:]), day - HISTORY_DAYS] = 1
    return found


def store(core: Core, names: np.ndarray, days: np.ndarray) -> None:
    """Append an article of its own story for each telling of a name."""
    with writing_to(core.file) as connection:
        ids = pa.table({"id": np.arange(len(names)), "name": names, "day": days})
        connection.register("drawn", ids)
        connection.execute(
            f"create temp table ids as select *, timestamptz '{START:%Y-%m-%d} 12:00:00+00' + to_days(day::int) "
            "as seen_at from drawn"
        )
        connection.begin()
        for table, rows in _ROWS.items():
            connection.execute(f"insert into core.{table} {rows}")
        connection.commit()


def figures(found: np.ndarray) -> tuple[float, float]:
    """Return false alerts a name and 100 days, and the share of spikes found in percent."""
    spiked = np.zeros_like(found, dtype=bool)
    spiked[len(found) // 2 :, list(SPIKE_DAYS)] = True
    return float(found[~spiked].sum() / (~spiked).sum() * 100), float(found[spiked].mean() * 100)


if __name__ == "__main__":
    main()

"""Measures the view spikes on noise: alerts a name and 100 days where nothing happened, and spikes found where one did.

`PYTHONPATH=. python bench/spikes.py [SEED] [MEAN ...]`: all twelve regimes, or those of some means.

Each name is told of in as many stories a day as a negative binomial with weekday factor draws; half of the names get
four days with Poisson(max(8, 2 mu)) stories more, threefold where the mean is 4 or higher. The names of a regime stand
in one store: "together" is what the view says, which corrects for asking about many names at once, "alone" what it
would say of a name, or the topic, that is asked about by itself.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa

from warehouse.core import Core
from warehouse.engine import writing_to
from warehouse.reader import Reader

MEANS, SPREADS = (0.3, 1.0, 3.0, 10.0, 40.0, 150.0), (1.0, 2.5)  #: stories a day, and their dispersion
STORIES = 300_000  #: of a regime at most; of the larger means fewer names
NAMES_LIMIT, HISTORY_DAYS, DAYS = 144, 60, 100
ALONE = "probability < 0.002 and story_count >= 1.5 * expected + 2"  #: the view's rule without its correction
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
    """Print false alerts and detection by regime."""
    seed, means = int(sys.argv[1]) if len(sys.argv) > 1 else 1, tuple(map(float, sys.argv[2:])) or MEANS
    print(f"seed {seed}; false alerts a name and 100 days, spikes found in percent")
    print("mean, spread, names | together: false, found | alone: false, found")
    for mean, spread in product(means, SPREADS):
        counts = draw(np.random.default_rng((seed, int(10 * mean), int(10 * spread))), mean, spread)
        (false, found), (false_alone, found_alone) = (figures(said) for said in judged(counts))
        told = f"{false:10.2f} {found:10.0f} | {false_alone:8.2f} {found_alone:8.0f}"
        print(f"{mean:4}, {spread:3}, {len(counts):9} | {told}", flush=True)


def draw(chance: np.random.Generator, mean: float, spread: float) -> np.ndarray:
    """Return stories by name and day; the second half of the names with spikes."""
    days = HISTORY_DAYS + DAYS
    expected = mean * WEEKDAYS[np.arange(days) % 7]
    shape = (min(NAMES_LIMIT, 2 * round(STORIES / mean / days / 2)), days)
    if spread == 1:
        counts = chance.poisson(expected, shape)
    else:
        counts = chance.negative_binomial(np.broadcast_to(expected / (spread - 1), shape), 1 / spread)
    for day in SPIKE_DAYS:
        counts[shape[0] // 2 :, HISTORY_DAYS + day] += chance.poisson(max(8, 2 * mean), shape[0] // 2)
    return counts


def judged(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return by name and day whether the view says alert, together and alone."""
    names, days = np.nonzero(counts)
    repeats = counts[names, days]
    names, days = np.repeat(names, repeats), np.repeat(days, repeats)
    with tempfile.TemporaryDirectory() as folder:
        core = Core(Path(folder))
        core.create_or_migrate()
        core.start_run("bench", START)
        store(core, names, days)
        core.publish()
        said = f"subject, datediff('day', date '{START:%Y-%m-%d}', day_on), level = 'alert', {ALONE}"
        rows = Reader(core.folder).query(f"select {said} from spikes_in('UTC', days := {DAYS})").rows
    together, alone = np.zeros((2, len(counts), DAYS), bool)
    for subject, day, is_alert, would_be in rows:
        if subject != "topic":
            at = int(subject[1:]), day - HISTORY_DAYS
            together[at], alone[at] = is_alert, would_be
    return together, alone


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

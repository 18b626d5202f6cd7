"""How often a turned voice is a false alarm, and how often a real turn is found: python bench/alerts.py [VOICES].

Replayed noise: each voice keeps one leaning for 200 days, is quoted by chance, and is asked about every day, as the
pipeline does; an alarm is counted once in its cool-down. Then the same voices turn on day 150. No sockets, no files.
"""

from __future__ import annotations

import random
import sys
from itertools import product

from marsad.alerts import COOL_DOWN, AlertKind
from marsad.turns import PAST_DAYS, RECENT_DAYS, Voice, turn_of

DAYS, TURNS_ON = 200, 150
RATES = (0.2, 0.5, 1.0, 3.0)  #: stories a day that take a side
LEANINGS = (0.5, 0.7, 0.85, 1.0)  #: share of them that is supportive
ERROR_SHARE = 0.15  #: of stances read wrong, as on the project's own gold (tests/quality)


def said(dice: random.Random, rate: float, leaning: float) -> tuple[int, int]:
    """Return how many stories of one day were read as supportive and as opposed."""
    count = sum(dice.random() < rate / 10 for _ in range(10))
    read = [(dice.random() < leaning) != (dice.random() < ERROR_SHARE) for _ in range(count)]
    return sum(read), count - sum(read)


def alarms(days: list[tuple[int, int]]) -> list[int]:
    """Return the days on which an alarm is raised."""
    raised: list[int] = []
    for day in range(RECENT_DAYS, len(days)):
        recent, past = days[day - RECENT_DAYS : day], days[max(0, day - RECENT_DAYS - PAST_DAYS) : day - RECENT_DAYS]
        counts = (sum(one[0] for one in recent), sum(one[1] for one in recent))
        before = (sum(one[0] for one in past), sum(one[1] for one in past))
        is_cool = not raised or day - raised[-1] >= COOL_DOWN[AlertKind.SPEAKER_TURNED].days
        if is_cool and turn_of(Voice("", "", "", *counts, *before)) is not None:
            raised.append(day)
    return raised


def main() -> None:
    """Print a line a regime."""
    voices = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    dice = random.Random(14)
    print("stories/day  leaning  false alarms per voice per 100 days  turns found  days until found (median)")
    for rate, leaning in product(RATES, LEANINGS):
        false, found, delays = 0, 0, []
        for _ in range(voices):
            noise = [said(dice, rate, leaning) for _ in range(DAYS)]
            false += len(alarms(noise))
            turned = noise[:TURNS_ON] + [said(dice, rate, 1 - leaning) for _ in range(DAYS - TURNS_ON)]
            hits = [day for day in alarms(turned) if day >= TURNS_ON]
            found += bool(hits)
            delays += [hits[0] - TURNS_ON] if hits else []
        delay = sorted(delays)[len(delays) // 2] if delays else 0
        share = f"{found / voices:>10.0%}" if leaning > 0.5 else " " * 10
        print(f"{rate:>11} {leaning:>8} {100 * false / (voices * DAYS):>36.3f} {share} {delay:>14}")


if __name__ == "__main__":
    main()

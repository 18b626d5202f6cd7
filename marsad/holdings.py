"""Owns the names of what a data folder holds beside its warehouse that is the user's own and cannot be made again.

Whoever writes something of that kind names it here: a backup takes all of it, and a restore puts it back.
"""

from __future__ import annotations

ARCHIVE = "archive"  #: folder of the pages as they came
SEEDS = "seeds"  #: folder of the user's seed texts and feeds
OVERLAY = "entities.csv"  #: names an analyst gave or corrected

HOLDINGS = (ARCHIVE, SEEDS, OVERLAY)

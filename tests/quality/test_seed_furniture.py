"""The five seed texts, pasted as they are, lose the spans marked as furniture and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from marsad.furniture import clean_text


def _told_apart(folder: Path, name: str) -> tuple[str, list[str], list[str]]:
    """Return the text `name`, its lines that are text and those that are furniture."""
    golds = (json.loads(line) for line in (folder / "gold" / "seeds.jsonl").read_text("utf-8").splitlines())
    waste = next(gold["boilerplate"] for gold in golds if gold["id"] == name)
    text = next((folder / "seeds").glob(f"{name}_*.txt")).read_text("utf-8")
    kept: list[str] = []
    dropped: list[str] = []
    start = 0
    for line in text.split("\n"):
        middle = start + len(line) // 2
        start += len(line) + 1
        if line.strip():
            (dropped if any(a <= middle < b for a, b in waste) else kept).append(" ".join(line.split()))
    return text, kept, dropped


@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004"])
def test_seed_text_loses_its_furniture_and_nothing_else(shared: Path, name: str) -> None:
    text, kept, dropped = _told_apart(shared, name)
    cleaned = Counter(clean_text(text).split("\n"))
    print(f"{name}: {len(kept)} lines of text, {len(dropped)} of furniture")  # noqa: T201 - pytest -s
    assert cleaned - Counter(kept) == Counter()
    assert Counter(kept) - cleaned == Counter()

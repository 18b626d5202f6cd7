from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from marsad.digests import DayCount
from reports.templates import coverage_in_words, part_of_page, render_template
from reports.wording import ARABIC, ENGLISH


def test_coverage_in_words_names_span_total_and_peak() -> None:
    days = (DayCount("2026-11-20", 2), DayCount("2026-11-21", 9))
    said = "20 November 2026 – 21 November 2026; 11 articles in all; at most 9, on 21 November 2026."
    assert coverage_in_words(days, ENGLISH).endswith(said)
    assert coverage_in_words((), ARABIC) == coverage_in_words((DayCount("2026-11-20", 0),), ARABIC) == ""


def test_template_without_its_values_is_an_error_and_no_blank_page() -> None:
    with pytest.raises(Exception, match="is undefined"):
        render_template("page.html.j2")


def test_every_template_and_part_of_page_is_packaged(root: Path) -> None:
    patterns = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]["*"]
    names = [file.name for file in (root / "reports").iterdir() if file.is_file() and file.suffix != ".py"]
    assert names
    assert all(any(fnmatch(name, pattern) for pattern in patterns) for name in names)


@pytest.mark.parametrize("name", ["page.css", "mail.css"])
def test_part_of_pages_ask_nothing_of_the_network(name: str) -> None:
    assert "url(" not in part_of_page(name)
    assert "@import" not in part_of_page(name)
    assert "</" not in part_of_page(name)

from __future__ import annotations

from io import BytesIO, TextIOWrapper

import pytest

from reports.screen import Screen, screen_of


class _Terminal(TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "has_color"),
    [
        pytest.param({"TERM": "xterm-256color"}, True, id="terminal"),
        pytest.param({"TERM": "xterm", "NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param({"TERM": "xterm", "NO_COLOR": ""}, True, id="empty NO_COLOR is none"),
        pytest.param({"TERM": "dumb"}, False, id="dumb"),
        pytest.param({}, False, id="no TERM"),
    ],
)
def test_environment_decides_on_colour(environ: dict[str, str], *, has_color: bool) -> None:
    assert (screen_of(_Terminal(BytesIO(), "utf-8"), environ).color is not None) is has_color


def test_file_has_no_colour_and_80_columns() -> None:
    assert screen_of(TextIOWrapper(BytesIO(), "ascii"), {"TERM": "xterm"}) == Screen(80, "ascii", None)


@pytest.mark.parametrize("columns", ["0", "abc", "-5", ""])
def test_nonsense_in_columns_is_ignored(columns: str) -> None:
    assert screen_of(TextIOWrapper(BytesIO(), "utf-8"), {"COLUMNS": columns}).width >= 40


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        pytest.param("utf-8", "\u2068خبر…\u2069\n", id="utf-8"),
        pytest.param("cp1256", "خبر...\n", id="windows-1256 has the letters"),
        pytest.param("ascii", "???...\n", id="ascii"),
    ],
)
def test_letters_are_those_of_the_encoding(encoding: str, shown: str) -> None:
    screen = Screen(encoding=encoding)
    assert screen.printed(screen.cell("خبر…")).startswith(shown)


def test_line_that_does_not_fit_is_broken_not_cut() -> None:
    screen = Screen(width=40)
    output = screen.printed(screen.lines("كلمة " * 30))
    assert output.count("كلمة") == 30
    assert len(output.splitlines()) == 4


def test_isolation_leaves_latin_alone() -> None:
    screen = Screen()
    assert screen.printed(screen.cell("KN-23  خبر")) == "\u2068KN-23 خبر\u2069\n"
    assert screen.printed(screen.cell("KN-23")) == "KN-23\n"

"""Two texts side by side, and two articles that an analyst takes apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.command import marsad
from flows.desk import Desk, Silence
from flows.reconciling import reconcile
from marsad.errors import BadInput, WarehouseUnusable
from marsad.passages import Passage, find_passages
from reports.comparison import render_comparison
from reports.screen import Screen
from tests.flows.test_reconciling import FIRST, WIRE, dated, desk_in, named, take

LINES = WIRE.split("\n")


def places(desk: Desk) -> dict[int, int]:
    with desk.core.reading() as connection:
        return dict(
            connection.execute("select article_id, arg_max(story_id, batch) from core.story group by all").fetchall()
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = desk_in(tmp_path / "data")
    take(made, [dated(n, n, f"عنوان {n}", WIRE) for n in range(3)], FIRST)
    return made


def run(desk: Desk, *words: str) -> str:
    done = CliRunner().invoke(marsad, ["--data", str(desk.place.data), *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_what_is_taken_apart_stays_apart(desk: Desk) -> None:
    first, second, third = (dated(n, n, "", "").url for n in range(3))
    ids = [dated(n, n, "", "").id for n in range(3)]
    assert set(places(desk).values()) == {ids[0]}
    assert "for good" in run(desk, "compare", "--not", first, third)
    assert places(desk) == {ids[0]: ids[0], ids[1]: ids[0], ids[2]: ids[2]}
    assert "two stories" in run(desk, "compare", "--not", third, first)
    reconcile(desk, Silence(), named("anew"))
    assert places(desk)[ids[2]] == ids[2]
    assert second


@pytest.mark.parametrize("other", ["https://example.org/none", "12", "no address"])
def test_an_article_that_is_not_there_cannot_be_taken_apart(desk: Desk, other: str) -> None:
    with pytest.raises(BadInput, match="no article kept"):
        run(desk, "compare", "--not", dated(0, 0, "", "").url, other)


def test_older_tables_that_lack_what_readers_have_are_left_alone(desk: Desk) -> None:
    first, third = (dated(n, n, "", "").url for n in (0, 2))
    older = desk.core.file.read_bytes()
    assert "for good" in run(desk, "compare", "--not", first, third)
    desk.core.file.write_bytes(older)
    with pytest.raises(WarehouseUnusable, match="lack what readers were given"):
        run(desk, "compare", "--not", first, third)
    assert desk.core.file.read_bytes() == older


def test_passages_are_shared_and_differing_by_turns() -> None:
    a, b = f"{LINES[0]} {LINES[1]}", f"{LINES[0].replace('أ', 'ا')} وتأخر الوصول يومين. {LINES[1]}"
    assert [p.is_shared for p in find_passages(a, b)] == [True, False, True]
    assert find_passages(a, b)[1] == Passage("", "وتأخر الوصول يومين", is_shared=False)


@pytest.mark.parametrize(("a", "b"), [("", ""), ("", WIRE), (WIRE, "؟!"), ("\u202e", "\x1b[31m")])
def test_texts_without_words_have_no_shared_passage(a: str, b: str) -> None:
    assert not any(passage.is_shared for passage in find_passages(a, b))


def test_side_by_side_the_first_text_stands_at_the_right() -> None:
    passages = (Passage("هنا فقط", "", is_shared=False), Passage("كلاهما معا", "كلاهما معا", is_shared=True))
    head, *rows = [
        line for line in render_comparison("near_dup", passages, Screen(80)).splitlines()[1:] if line.strip()
    ]
    assert head.index("B") < head.index("A")
    assert [row.split()[0] == "|" for row in rows if "هنا" in row] == [True]
    assert any("=" in row for row in rows)


def test_two_files_are_shown(tmp_path: Path) -> None:
    for name, text in (("a", WIRE), ("b", LINES[0])):
        (tmp_path / name).write_text(text, "utf-8")
    done = CliRunner().invoke(marsad, ["compare", str(tmp_path / "a"), str(tmp_path / "b")], catch_exceptions=False)
    assert done.output.startswith("contains")

"""The verbs review and correct, as an analyst uses them: find, correct, see."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.command import marsad
from marsad.holdings import OVERLAY
from tests.warehouse.conftest import article_of, batch_of, polls_of, record_of, store
from warehouse.core import Core


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(marsad, ["--data", str(data), *arguments], catch_exceptions=True)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which a cycle has stored and published."""
    core = Core(tmp_path_factory.mktemp("kept") / "data")
    core.create_or_migrate()
    core.append_polls(polls_of(1))
    store(core, batch_of(record_of(article_of(1))))
    core.publish()
    return core.folder


@pytest.fixture
def data(kept: Path, tmp_path: Path) -> Path:
    return shutil.copytree(kept, tmp_path / "data")


def test_what_review_lists_correct_settles(data: Path) -> None:
    doubt = next(d for d in json.loads(run(data, "review", "--json").stdout) if d["kind"] == "stance")
    place = [str(doubt["article_id"]), str(doubt["start_char"]), doubt["subject"]]
    assert run(data, "correct", "stance", *place, "opposed").exit_code == 0
    seen = json.loads(run(data, "sql", "--json", "select stance, method from statements").stdout)
    assert seen == [{"stance": "opposed", "method": "correction"}]
    assert not [d for d in json.loads(run(data, "review", "--json").stdout) if d["kind"] == "stance"]


def test_a_corrected_spelling_is_found_by_the_next_tag(data: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("وصل كيمو الزعيم إلى روسيا.", "utf-8")
    assert run(data, "correct", "alias", "كيمو الزعيم", "Kim Jong Un").exit_code == 0
    names = [e["name"] for e in json.loads(run(data, "tag", "--json", str(text)).stdout)["entities"]]
    assert names == ["Kim Jong Un", "Russia"]
    kept = json.loads(run(data, "sql", "--json", "select kind, subject, says from core.correction").stdout)
    assert kept == [{"kind": "alias", "subject": "كيمو الزعيم", "says": "Kim Jong Un"}]


def test_a_name_is_listed_once(data: Path) -> None:
    new = ("correct", "entity", "ييري شيديفي", "Jiri Sedivy", "PER")
    assert run(data, *new).exit_code == 0
    assert "is listed already" in str(run(data, *new).exception)


def test_a_name_that_no_list_takes_is_refused_before_it_is_written(tmp_path: Path) -> None:
    for name, said in (("kim jong un", "is listed already"), ("؟", "is no English name")):
        assert said in str(run(tmp_path, "correct", "entity", "كيم الثاني", name, "PER").exception)
    assert not (tmp_path / OVERLAY).exists()


def test_what_is_not_there_cannot_be_corrected(data: Path) -> None:
    assert "no statement of" in str(run(data, "correct", "stance", "1", "2", "Seoul", "opposed").exception)
    assert "is not listed" in str(run(data, "correct", "alias", "س", "Nobody At All").exception)
    assert "is no name" in str(run(data, "correct", "alias", " ", "Kim Jong Un").exception)


def test_a_listed_names_spelling_is_given_to_another_by_a_correction(data: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("وصل كيم جونغ أون إلى موسكو.", "utf-8")  # Kim Jong Un came to Moscow
    assert run(data, "correct", "entity", "كيم جونغ أون", "Somebody Else", "PER").exit_code == 0
    names = [e["name"] for e in json.loads(run(data, "tag", "--json", str(text)).stdout)["entities"]]
    assert names == ["Somebody Else", "Moscow"]
    again = run(data, "correct", "alias", "كيم جونغ أون", "Kim Jong Un")
    assert "is the only spelling of Somebody Else; give that one another first" in str(again.exception)

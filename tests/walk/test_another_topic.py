"""Another topic is another folder: laid out by init, edited as its README says, and the whole cycle works with it."""

from __future__ import annotations

import email
import email.policy
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from flows.command import marsad
from marsad.errors import BadInput
from tests.otherworld import CONDEMNED, DamWorld, laid_out
from warehouse.reader import Reader


def said(settings: Path, *words: str) -> Result:
    done = CliRunner().invoke(marsad, [*words, "--settings", str(settings)], standalone_mode=False)
    assert done.exception is None, done.output
    return done


def test_a_topic_that_no_word_speaks_of_is_said_to_be_mute(tmp_path: Path) -> None:
    for folder, more, is_mute in (("mute", ("--country", "Egypt"), True), ("told", ("--word", "سد النهضة"), False)):
        words = ["init", "--topic", "nile", *more, str(tmp_path / folder)]
        done = CliRunner().invoke(marsad, words, catch_exceptions=False, standalone_mode=False)
        assert ("No word speaks of it yet" in done.stderr) is is_mute
        found = said(tmp_path / folder / "marsad.toml", "doctor", "--json").stdout
        (topic,) = (one for one in json.loads(found) if one["name"] == "topic")
        assert (topic["state"] == "warn", "write themes" in topic["remedy"]) == (is_mute, is_mute)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The settings of a laid-out topic after one cycle."""
    with DamWorld() as world:
        file = laid_out(world, tmp_path_factory.mktemp("topic") / "dam")
        said(file, "run")
        yield file


def rows(settings: Path, query: str) -> set[tuple[object, ...]]:
    return set(Reader(settings.parent / "data").query(query).rows)


def test_what_is_on_the_topic_is_told_from_what_is_not(settings: Path) -> None:
    found = rows(settings, "select url[-4:], relevance from articles")
    assert found == {("/n/1", "on"), ("/n/2", "on")}


def test_states_and_bodies_of_the_topic_are_found(settings: Path) -> None:
    listed = {str(name) for (name,) in rows(settings, "select distinct entity_id from mentions")}
    assert {"egypt", "ethiopia", "sudan", "cairo", "african-union", "gerd"} <= listed
    assert "egyptian-ministry-of-water-resources" in listed


def test_each_speaker_stands_where_the_text_says(settings: Path) -> None:
    found = rows(settings, "select distinct speaker, stance from statements")
    assert {
        ("Egyptian Ministry of Water Resources", "opposed"),
        ("Cairo", "opposed"),
        ("Khartoum", "opposed"),
        ("Ethiopia", "supportive"),
        ("African Union", "neutral"),
    } <= found


def test_the_digest_tells_of_the_topic_by_its_name(settings: Path) -> None:
    folder = settings.parent / "mail"
    said(settings, "digest", "--preview", str(folder))
    (file,) = folder.glob("*.eml")
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    assert CONDEMNED[0] in re.sub("[\u2066-\u2069]", "", body.get_content())
    assert "سد النهضة على النيل" in mail["Subject"] + body.get_content()


def test_the_folder_works_from_anywhere(settings: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert "The dam on the Nile" in said(settings, "doctor").output


def test_a_topic_is_laid_out_of_nothing_but_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(marsad, ["init", "--topic", 'Desert "locusts"'], catch_exceptions=False)
    assert done.output.startswith("desert-locusts: ")
    topic = tomllib.loads(Path("desert-locusts/topic.toml").read_text("utf-8"))
    assert (topic["name"], topic["target"][0]["sides"]) == ('Desert "locusts"', [])
    text = Path("desert-locusts/feeds.toml").read_text("utf-8") + Path("desert-locusts/topic.toml").read_text("utf-8")
    assert "كوريا" not in text  # Korea, which the packaged topic is about


@pytest.mark.parametrize(
    ("words", "kind", "reason"),
    [
        (("--topic", "النيل"), BadInput, "needs an English name"),
        (("--topic", "x", "--country", "Atlantis"), BadInput, "is no state that is listed"),
        (("--topic", "x", "--word", " "), BadInput, "--word: is empty"),
        (("--topic", "full"), BadInput, "holds a topic.toml already"),
        (("--topic", "x", "file"), click.BadParameter, "is a file"),
    ],
    ids=["no English name", "no such state", "no word", "a folder in use", "a file in the way"],
)
def test_what_cannot_be_laid_out_is_said_and_nothing_is_written(
    words: tuple[str, ...], kind: type[Exception], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "topic.toml").touch()
    (tmp_path / "file").touch()
    done = CliRunner().invoke(marsad, ["init", *words], standalone_mode=False)
    assert isinstance(done.exception, kind)
    assert reason in str(done.exception)
    assert {entry.name for entry in tmp_path.iterdir()} == {"full", "file"}

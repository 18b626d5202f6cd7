"""Another topic is another folder: laid out by init, edited as its README says, and the whole cycle works with it."""

from __future__ import annotations

import email
import email.policy
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from flows.command import marsad
from flows.configuration import read_place
from marsad.errors import BadInput, SettingsError
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


@pytest.mark.parametrize("name", ["with spaces", "it's", "موضوع النيل", "-x", "~/own"])  # the topic of the Nile
def test_the_commands_in_its_readme_can_be_pasted(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    CliRunner().invoke(marsad, ["init", "--topic", "x", "--", name], catch_exceptions=False, standalone_mode=False)
    folder = tmp_path / name.removeprefix("~/")
    commands = re.findall(r"^\S*marsad \w+.*--settings .*$", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        words = shlex.split(command, comments=True)
        assert Path(words[words.index("--settings") + 1]).samefile(folder / "marsad.toml")
        assert not words[-1].startswith("-")


def test_a_topic_that_is_moved_takes_its_data_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MARSAD_DATA", raising=False)
    words = ["init", "--topic", "x", str(tmp_path / "one")]
    CliRunner().invoke(marsad, words, catch_exceptions=False, standalone_mode=False)
    (tmp_path / "one").rename(tmp_path / "other")
    monkeypatch.chdir(tmp_path)
    for folder in (tmp_path / "other", Path("other")):
        place = read_place(folder / "marsad.toml")
        assert (place.data.absolute(), place.topic.absolute()) == (tmp_path / "other" / "data", tmp_path / "other")


def test_settings_that_name_no_data_leave_it_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "marsad.toml").write_text("[fetch]\nhost_gap_seconds = 3\n", "utf-8")
    monkeypatch.delenv("MARSAD_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert read_place(Path("elsewhere/marsad.toml")).data == Path("data")
    monkeypatch.setenv("MARSAD_DATA", "~/news")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_place(Path("elsewhere/marsad.toml")).data == tmp_path / "news"


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
        (("--topic", "x", "--word", "dam"), BadInput, "--word: 'dam' holds no Arabic word"),
        (("--topic", "x", "--word", "ال"), BadInput, "holds no Arabic word"),  # the
        (("--topic", "x" * 400), (BadInput, SettingsError), "File name too long"),
        (("--topic", "full"), BadInput, "holds a topic.toml already"),
        (("--topic", "x", "file"), click.BadParameter, "is a file"),
    ],
    ids=[
        "no English name",
        "no such state",
        "no word",
        "a Latin word",
        "an article",
        "too long",
        "a folder in use",
        "a file in the way",
    ],
)
def test_what_cannot_be_laid_out_is_said_and_nothing_is_written(
    words: tuple[str, ...],
    kind: type[Exception] | tuple[type[Exception], ...],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "topic.toml").touch()
    (tmp_path / "file").touch()
    done = CliRunner().invoke(marsad, ["init", *words], standalone_mode=False)
    assert isinstance(done.exception, kind)
    assert reason in str(done.exception)
    assert {entry.name for entry in tmp_path.iterdir()} == {"full", "file"}

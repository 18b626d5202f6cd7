"""A seed text of the user's own: kept, fingerprinted, and recognised when an outlet prints it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.command import marsad
from flows.configuration import Place, read_corpus
from marsad.errors import SettingsError
from marsad.relations import Origin
from marsad.settings import Settings
from marsad.sketches import fingerprint_of
from tests.newsworld import PROTEST, VISIT, NewsWorld, settings_for

MARSAD = Path(sys.executable).with_name("marsad")


def said(settings: Path, *words: str | Path) -> str:
    done = CliRunner().invoke(marsad, [*map(str, words), "--settings", str(settings)], standalone_mode=False)
    assert (done.exception, done.return_value or 0) == (None, 0), done.output
    return done.stdout


def test_what_repeats_an_added_text_is_stored_and_is_no_news(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "visit.txt").write_text("\n\n".join(VISIT), "utf-8")
    with NewsWorld() as world:
        settings = settings_for(world, tmp_path)
        for _ in range(2):  # twice is once
            said(settings, "seeds", "add", tmp_path / "texts")
        said(settings, "run")
    query = "select url[-4:] as page from articles where repeats_seed order by page"
    assert json.loads(said(settings, "sql", "--json", query)) == [{"page": "/a/1"}, {"page": "/b/1"}]


def test_a_text_too_short_to_be_recognised_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text(PROTEST[0], "utf-8")
    done = subprocess.run(
        [MARSAD, "seeds", "add", "short.txt"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "is too short for a seed text" in done.stderr) == (2, True)
    assert not (tmp_path / "data" / "seeds").exists()


def test_what_cannot_be_read_is_named_and_the_rest_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"\xff\xfe\x00")
    (folder / "b.txt").write_text("\n\n".join(VISIT), "utf-8")
    os.mkfifo(folder / "c.txt")  # which nobody writes to
    done = subprocess.run(
        [MARSAD, "seeds", "add", "texts"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=200
    )
    assert (done.returncode, done.stdout.split(",")[0]) == (1, "1 texts taken")
    assert "a.txt: is not UTF-8 text" in done.stderr
    assert "c.txt: is not a file" in done.stderr


@pytest.mark.parametrize("kept", [b"", b"PK not one"], ids=["empty", "damaged"])
def test_fingerprints_of_another_make_are_taken_again_from_the_texts(tmp_path: Path, kept: bytes) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "one.txt").write_text("\n\n".join(VISIT), "utf-8")
    (folder / "corpus.npz").write_bytes(kept)
    topic = tmp_path / "topic"
    (neighbour,) = read_corpus(Place(Settings(), None, tmp_path, topic))
    assert neighbour.origin is Origin.SEED
    assert neighbour.fingerprint.text_key == fingerprint_of("\n\n".join(VISIT)).text_key


def test_a_damaged_corpus_of_a_topic_is_told_with_its_folder(tmp_path: Path) -> None:
    (tmp_path / "corpus.npz").write_bytes(b"")
    with pytest.raises(SettingsError, match=tmp_path.name):
        read_corpus(Place(Settings(), None, tmp_path / "data", tmp_path))

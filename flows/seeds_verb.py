"""Owns the verb seeds: further seed texts, kept and fingerprinted in the data folder."""

from __future__ import annotations

from pathlib import Path

import click

from flows.configuration import Place
from flows.options import placed
from marsad.background import dump_corpus
from marsad.errors import BadInput, SettingsError
from marsad.identity import key_of
from marsad.sketches import fingerprint_of

_SHORTEST_WORDS = 30  #: a shorter text shares too few shingles with its copies to be told from other news


@click.group()
def seeds() -> None:
    """Seed texts: what repeats one of them is stored as such and not counted as news."""


@seeds.command(epilog="Example: marsad seeds add texts/*.txt")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@placed
def add(place: Place, files: tuple[Path, ...]) -> None:
    """Keep and fingerprint the texts FILES (UTF-8; a folder stands for its .txt files)."""
    texts = {file: _text_of(file) for named in files for file in _files_of(named)}
    folder = place.data / "seeds"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for text in texts.values():
            (folder / f"{key_of(text):016x}.txt").write_text(text, "utf-8")
        known = [file.read_text("utf-8") for file in sorted(folder.glob("*.txt"))]
        kept = {key_of(text): fingerprint_of(text) for text in known}
        fresh = folder / "corpus.npz.new"
        fresh.write_bytes(dump_corpus(kept))
        fresh.replace(folder / "corpus.npz")  # a cycle that reads meanwhile sees the old or the new one
    except OSError as error:
        raise SettingsError(str(folder), f"cannot be written ({error.strerror})") from error
    click.echo(f"{len(texts)} texts taken, {len(kept)} seed texts of your own in all")


def _files_of(named: Path) -> list[Path]:
    return sorted(named.glob("*.txt")) if named.is_dir() else [named]


def _text_of(file: Path) -> str:
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(str(file), "is not UTF-8 text") from error
    except OSError as error:
        raise BadInput(str(file), f"cannot be read ({error.strerror})") from error
    if fingerprint_of(text).token_count < _SHORTEST_WORDS:
        raise BadInput(str(file), f"is too short for a seed text; it needs {_SHORTEST_WORDS} words")
    return text

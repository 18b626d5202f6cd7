"""Owns the verb seeds: further seed texts, kept and fingerprinted in the data folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from flows.configuration import Place
from flows.exits import FINE, SOME_FAILED
from flows.handed import bytes_of
from flows.options import placed
from marsad.background import dump_corpus
from marsad.errors import BadInput, SettingsError
from marsad.holdings import SEEDS
from marsad.identity import key_of
from marsad.sketches import fingerprint_of

_TEXT_LIMIT_BYTES = 4 << 20  #: no article is longer
_SHORTEST_WORDS = 30  #: a shorter text shares too few shingles with its copies to be told from other news


@click.group()
def seeds() -> None:
    """Seed texts: what repeats one of them is stored as such and not counted as news."""


@seeds.command(epilog="Example: marsad seeds add texts/*.txt")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@placed
def add(place: Place, files: tuple[Path, ...]) -> int:
    """Keep and fingerprint the texts FILES (UTF-8; a folder stands for its .txt files)."""
    texts, refused = _texts_of(file for named in files for file in _files_of(named))
    if refused and not texts:
        raise refused[0]
    for error in refused:
        click.echo(f"not taken: {error}", err=True)
    click.echo(f"{len(texts)} texts taken, {_keep(place.data / SEEDS, texts)} seed texts of your own in all")
    return SOME_FAILED if refused else FINE


def _keep(folder: Path, texts: list[str]) -> int:
    """Write the texts, fingerprint all that the folder holds, and return their number."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for text in texts:
            (folder / f"{key_of(text):016x}.txt").write_text(text, "utf-8")
        known = [file.read_text("utf-8") for file in sorted(folder.glob("*.txt"))]
        kept = {key_of(text): fingerprint_of(text) for text in known}
        fresh = folder / "corpus.npz.new"
        fresh.write_bytes(dump_corpus(kept))
        fresh.replace(folder / "corpus.npz")  # a cycle that reads meanwhile sees the old or the new one
    except OSError as error:
        raise SettingsError(str(folder), f"cannot be written ({error.strerror})") from error
    return len(kept)


def _files_of(named: Path) -> list[Path]:
    return sorted(named.glob("*.txt")) if named.is_dir() else [named]


def _texts_of(files: Iterable[Path]) -> tuple[list[str], list[BadInput]]:
    texts, refused = [], []
    for file in files:
        try:
            texts.append(_text_of(file))
        except BadInput as error:
            refused.append(error)
    return texts, refused


def _text_of(file: Path) -> str:
    try:
        text = bytes_of(file, _TEXT_LIMIT_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(str(file), "is not UTF-8 text") from error
    if fingerprint_of(text).token_count < _SHORTEST_WORDS:
        raise BadInput(str(file), f"is too short for a seed text; it needs {_SHORTEST_WORDS} words")
    return text

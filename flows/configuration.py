"""Owns where things lie: settings file, data folder, topic folder, and reading them from disk.

Order of precedence: the option on the command line, the environment, the settings file, a default that works.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from marsad.background import Background, parse_background, parse_corpus
from marsad.catalogue import OutletTable, dump_feed_list, parse_feed_list, parse_lines, parse_outlet_table
from marsad.corrections import merge_entities
from marsad.errors import SettingsError
from marsad.holdings import OVERLAY, SEEDS
from marsad.identity import key_of
from marsad.leads import Knowledge
from marsad.relations import Neighbour, Origin
from marsad.settings import Settings, parse_settings
from marsad.sketches import fingerprint_of
from marsad.sources import Feed, Line
from marsad.topic import Topic, parse_topic
from marsad.urls import spelled_url
from marsad.wording import parse_wording


@dataclass(frozen=True, slots=True)
class Place:
    """Settings, and the folders they point at."""

    settings: Settings
    settings_file: Path | None  #: None where the defaults are in force
    data: Path
    topic: Path

    def now(self) -> datetime:
        """Return the machine's time in UTC, or the fixed clock of the settings."""
        return self.settings.clock or datetime.now(UTC)


def read_place(settings_file: Path | None = None, data: Path | None = None) -> Place:
    """Return settings and folders; the arguments are what the command line said, None where it said nothing.

    Raises:
        SettingsError: the file named does not exist, cannot be read, or holds what is no setting.
    """
    chosen = _settings_file(settings_file)
    settings = parse_settings(_read_text(chosen), str(chosen)) if chosen else Settings()
    environment = os.environ.get("MARSAD_DATA")
    named = Path(environment) if environment else _beside(chosen, settings.data) if settings.data else Path("data")
    topic = _beside(chosen, settings.topic) if settings.topic else packaged_topic()
    return Place(settings=settings, settings_file=chosen, data=(data or named).expanduser(), topic=topic)


def packaged_topic() -> Path:
    """Return the folder of the packaged seeds/, which no command writes."""
    return Path(str(files("seeds")))


def read_seed(name: str) -> str:
    """Return the text of a file of the packaged seeds/."""
    return _read_text(packaged_topic() / name)


def read_feeds(place: Place) -> tuple[Feed, ...]:
    """Return the feeds of the topic folder and those the user added, each address once, however it is spelt.

    Raises:
        SettingsError: a feeds.toml is missing or wrong.
    """
    file = place.topic / "feeds.toml"
    feeds: dict[str, Feed] = {}
    for feed in (*parse_feed_list(_read_text(file), str(file)), *read_own_feeds(place)):
        feeds.setdefault(spelled_url(feed.url), feed)
    return tuple(feeds.values())


def read_lines(place: Place) -> tuple[Line, ...]:
    """Return the names of the editorial lines that the topic folder gives.

    Raises:
        SettingsError: its feeds.toml is missing or wrong.
    """
    file = place.topic / "feeds.toml"
    return parse_lines(_read_text(file), str(file))


def read_own_feeds(place: Place) -> tuple[Feed, ...]:
    """Return the feeds the user added, which stand in the data folder beside the texts of `seeds add`.

    Raises:
        SettingsError: its feeds.toml is wrong.
    """
    file = _own_feeds_file(place)
    return parse_feed_list(_read_text(file), str(file)) if _is_there(file) else ()


def add_feeds(place: Place, feeds: Iterable[Feed]) -> tuple[Feed, ...]:
    """Keep `feeds` as the user's own and return those that were not known; a killed process leaves the list as it was.

    Raises:
        SettingsError: a feeds.toml is wrong, or cannot be written.
    """
    known = {spelled_url(feed.url) for feed in read_feeds(place)}
    spelled = (replace(feed, url=spelled_url(feed.url)) for feed in feeds)
    fresh = tuple({feed.url: feed for feed in spelled if feed.url not in known}.values())
    if fresh:
        file = _own_feeds_file(place)
        text = dump_feed_list((*read_own_feeds(place), *fresh))
        parse_feed_list(text, str(file))
        replace_text(file, text)
    return fresh


def read_topic(place: Place) -> Topic:
    """Return the topic with its entities and stance cues, and the names that were corrected.

    Raises:
        SettingsError: one of topic.toml, entities.csv, stance.toml is missing or wrong.
    """
    overlay = place.data / OVERLAY
    return topic_with(place, _read_text(overlay) if _is_there(overlay) else "")


def topic_with(place: Place, overlay_csv: str) -> Topic:
    """Return the topic as it is read where these are the corrected names.

    Raises:
        SettingsError: one of topic.toml, entities.csv, stance.toml is missing or wrong, or they do not go together.
    """
    names = ("topic.toml", "entities.csv", "stance.toml")
    topic, entities, stance = (_read_text(place.topic / name) for name in names)
    entities = merge_entities(entities, overlay_csv, str(place.data / OVERLAY))
    names_json = _read_text(packaged_topic() / "names.json")  # of the language, whatever the topic
    return parse_topic(topic, entities, stance, str(place.topic), names_json)


def read_outlet_table() -> OutletTable:
    """Return whose pages stand at which addresses: it is of the web, not of the topic."""
    file = packaged_topic() / "outlets.toml"
    return parse_outlet_table(_read_text(file), str(file))


def read_background() -> Background:
    """Return the shipped counts of shingles and words: they are of the language, not of the topic."""
    return parse_background(_read_bytes(packaged_topic() / "background.npz"))


def read_knowledge(topic: Topic) -> Knowledge:
    """Return what leads are read with: the topic's names, and the words and counts of the language."""
    file = packaged_topic() / "wording.toml"
    return Knowledge(topic, parse_wording(_read_text(file), str(file)), read_background())


def read_corpus(place: Place) -> tuple[Neighbour, ...]:
    """Return the fingerprints of the seed corpus: those of the topic folder and those the user added."""
    kept = place.topic / "corpus.npz"
    shipped = _corpus_of(kept) if kept.exists() else ()
    return (*shipped, *_own_corpus(place.data / SEEDS))


def _corpus_of(file: Path) -> tuple[Neighbour, ...]:
    try:
        return parse_corpus(_read_bytes(file))
    except SettingsError as error:
        raise SettingsError(str(file), error.reason) from error


def _own_corpus(folder: Path) -> tuple[Neighbour, ...]:
    """The seed texts the user added; fingerprints of another version, or damaged ones, are taken again from them."""
    file = folder / "corpus.npz"
    if not _is_there(file):
        return ()
    try:
        return parse_corpus(_read_bytes(file))
    except SettingsError:
        texts = [_read_text(text) for text in sorted(folder.glob("*.txt"))]
        return tuple(Neighbour(key_of(text), Origin.SEED, fingerprint_of(text)) for text in texts)


def _is_there(file: Path) -> bool:
    try:
        return file.exists()
    except OSError as error:
        raise SettingsError(str(file), f"cannot be read ({error.strerror})") from error


def _own_feeds_file(place: Place) -> Path:
    return place.data / SEEDS / "feeds.toml"


def replace_text(file: Path, text: str) -> None:
    """Write a file whole; a killed process leaves it as it was.

    Raises:
        SettingsError: it cannot be written.
    """
    replace_bytes(file, text.encode())


def replace_bytes(file: Path, content: bytes) -> None:
    """Write a file whole; a killed process or a full disk leaves it as it was.

    Raises:
        SettingsError: it cannot be written.
    """
    try:
        target = file.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_file():  # a pipe or a terminal, which has nothing to be left as it was
            target.write_bytes(content)
        else:
            _replace(target, content)
    except OSError as error:
        raise SettingsError(str(file), _unwritten(file, error)) from error


def _unwritten(file: Path, error: OSError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        from warehouse.engine import no_folder_at  # noqa: PLC0415  with DuckDB, which --help does without

        return no_folder_at(file)
    return f"cannot be written ({error.strerror}); name another place"


def _replace(file: Path, content: bytes) -> None:
    fresh = file.with_name(f"{file.name}.new")
    try:
        fresh.write_bytes(content)
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _beside(settings_file: Path | None, named: str) -> Path:
    """A folder of one's own holds settings, topic and data; whoever runs them may work in any other."""
    folder = Path(named).expanduser()
    return settings_file.parent / folder if settings_file else folder


def _settings_file(named: Path | None) -> Path | None:
    if named is None and (environment := os.environ.get("MARSAD_SETTINGS")):
        named = Path(environment)
    if named is not None:
        return named
    local = Path("marsad.toml")
    return local if local.exists() else None


def _read_text(file: Path) -> str:
    try:
        return _read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(str(file), "is not UTF-8 text") from error


def _read_bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise SettingsError(str(file), "there is no such file") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise SettingsError(str(file), f"cannot be read ({getattr(error, 'strerror', None) or error})") from error

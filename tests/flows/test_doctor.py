"""What doctor says is what the next cycle would meet, told once, with commands that work when pasted."""

from __future__ import annotations

import os
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows import doctor
from flows.command import marsad
from flows.configuration import Place, packaged_topic, read_feeds, replace_text
from flows.data_finding import find_feeds
from flows.desk import only_cycle, read_desk
from flows.doctor import findings
from flows.ground import must_take_a_cycle
from flows.keeper_finding import is_at_work
from flows.options import Chosen
from flows.pasting import pasted
from marsad.digests import Finding
from marsad.errors import SettingsError, WarehouseUnusable
from marsad.settings import OperationSettings, Settings
from tests.warehouse.conftest import FEED, NOW, article_of, batch_of, polls_of, record_of, store
from warehouse.archive import END_FILE, LOCK_FILE
from warehouse.core import Core
from warehouse.engine import NOT_OURS

RESTORE = "doctor --restore FILE"
_NOBODY = 65534  #: the user that owns nothing


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which a cycle has stored and published."""
    core = Core(tmp_path_factory.mktemp("kept") / "data")
    core.create_or_migrate()
    store(core, batch_of(record_of(article_of(1))))
    core.publish()
    for name in ("archive", "logs"):
        (core.folder / name).mkdir()
    return core.folder


@pytest.fixture
def place(kept: Path, tmp_path: Path) -> Place:
    shutil.copytree(kept, tmp_path / "data")
    return Place(Settings(), None, tmp_path / "data", packaged_topic())


@pytest.fixture(autouse=True)
def without_reading_the_topic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading all its names takes longer than all other checks; other tests of doctor read them."""
    checks = {name: check for name, check in doctor._CHECKS.items() if name not in {"topic", "name model"}}
    monkeypatch.setattr(doctor, "_CHECKS", checks)


def found_in(place: Place) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings(place)}


def file_instead(*parts: str) -> Callable[[Path], None]:
    def stand(data: Path) -> None:
        shutil.rmtree(data.joinpath(*parts), ignore_errors=True)
        data.joinpath(*parts).write_text("")

    return stand


def folder_instead(*parts: str) -> Callable[[Path], None]:
    def stand(data: Path) -> None:
        data.joinpath(*parts).unlink(missing_ok=True)
        data.joinpath(*parts).mkdir()

    return stand


def link_that_leads_nowhere(data: Path) -> None:
    shutil.rmtree(data)
    data.symlink_to(data.with_name("nowhere"))


def without_tables(data: Path) -> None:
    (data / "core.duckdb").unlink()


def with_tables_of_nothing(data: Path) -> None:
    without_tables(data)
    shutil.move(data / "published", data.with_name("aside"))
    Core(data).create_or_migrate()
    shutil.move(data.with_name("aside"), data / "published")


def after_half_a_restore(data: Path) -> None:
    without_tables(data)
    (data / ".restore").mkdir()


REFUSED = {
    "tables gone": (without_tables, "warehouse"),
    "tables of nothing": (with_tables_of_nothing, "warehouse"),
    "half a restore": (after_half_a_restore, "warehouse"),
    "logs is a file": (file_instead("logs"), "data folder"),
    "archive is a file": (file_instead("archive"), "data folder"),
    "published is a file": (file_instead("published"), "data folder"),
    "the archive's lock is a folder": (folder_instead("archive", LOCK_FILE), "data folder"),
    "the archive's end is a folder": (folder_instead("archive", END_FILE), "data folder"),
    "the journal is a folder": (folder_instead("logs", "cycle.jsonl"), "data folder"),
    "the tables are a folder": (folder_instead("core.duckdb"), "warehouse"),
    "the tables' lock is a folder": (folder_instead("core.lock"), "data folder"),
    "the cycle's lock is a folder": (folder_instead("cycle.lock"), "cycle"),
    "a link that leads nowhere": (link_that_leads_nowhere, "data folder"),
}


@pytest.mark.parametrize(("damage", "name"), REFUSED.values(), ids=REFUSED)
def test_what_a_cycle_refuses_doctor_says_in_the_same_words_and_once(
    damage: Callable[[Path], None], name: str, place: Place
) -> None:
    damage(place.data)
    found = found_in(place)
    assert [finding.name for finding in found.values() if finding.state == "fail"] == [name]
    assert all(finding.remedy for finding in found.values() if finding.state != "ok")
    with pytest.raises(WarehouseUnusable) as refused, only_cycle(place):
        read_desk(place)
    assert str(refused.value) == f"{found[name].said}; {found[name].remedy}"


@pytest.mark.parametrize("damage", [file_instead("published"), without_tables], ids=["no folder", "no tables"])
def test_what_rests_on_damage_is_not_looked_at(damage: Callable[[Path], None], place: Place) -> None:
    damage(place.data)
    found = found_in(place)
    (failed,) = (name for name, finding in found.items() if finding.state == "fail")
    left = {name for name, finding in found.items() if finding.said == f"not looked at: see {failed}"}
    assert {"cycle", "mail"} <= left
    assert all(found[name].state == "warn" for name in left)


def test_a_link_that_leads_nowhere_is_told_from_a_file(place: Place) -> None:
    link_that_leads_nowhere(place.data)
    assert f"{place.data} is a link that leads nowhere" in found_in(place)["data folder"].said


def test_a_fresh_folder_is_no_damage_and_is_not_made(tmp_path: Path) -> None:
    place = Place(Settings(), None, tmp_path / "data", packaged_topic())
    assert {finding.state for finding in findings(place)} <= {"ok", "warn"}
    assert not place.data.exists()


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        pytest.param("reports", "move it away and run again", id="report"),
        pytest.param("metrics", "mend that, or name another metrics_file under [operation]", id="figures"),
    ],
)
def test_a_page_or_figures_that_cannot_be_written_are_told_before_a_cycle(name: str, remedy: str, place: Place) -> None:
    (place.data / name).write_text("")
    settings = Settings(operation=OperationSettings(metrics_file="metrics/marsad.prom"))
    found = found_in(Place(settings, None, place.data, place.topic))["data folder"]
    assert (found.state, found.remedy) == ("warn", remedy)
    assert found.said.startswith(f"{place.data / name} is a file where a folder belongs")
    assert ("metrics_file" in found.said) == (name == "metrics")
    with pytest.raises(SettingsError) as refused:
        replace_text(place.data / name / "written", "")
    assert refused.value.reason == f"{found.said.partition(':')[0]}; move it away and run again"


@pytest.mark.parametrize(("listed", "count"), [((FEED,), 1), ((), 0)], ids=["listed", "taken off"])
def test_feeds_that_are_listed_are_counted(listed: tuple[str, ...], count: int, place: Place) -> None:
    core = Core(place.data)
    core.append_polls(polls_of(1))
    core.publish()
    topic = place.data.with_name("topic")
    topic.mkdir()
    outlet = '[[outlet]]\nid = "x"\nname = "x"\n'
    rows = (f'[[feed]]\nurl = "{url}"\noutlet = "x"\n' for url in listed)
    (topic / "feeds.toml").write_text(outlet + "".join(rows), "utf-8")
    at_poll = replace(place.settings, clock=NOW + timedelta(minutes=1))
    assert find_feeds(replace(place, settings=at_poll, topic=topic)).said == f"{count} answer"


@pytest.fixture
def own_place(kept: Path) -> Iterator[Place]:
    """A place below folders that all may enter, unlike pytest's own, while this process is not root."""
    is_root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        data = shutil.copytree(kept, Path(name) / "data")
        if is_root:
            for one in (data, *data.rglob("*")):
                os.chown(one, _NOBODY, _NOBODY)
            os.seteuid(_NOBODY)  # root may enter anything
        try:
            yield Place(Settings(), None, data, packaged_topic())
        finally:
            if is_root:
                os.seteuid(0)
            for folder in (data, data / "published"):
                folder.chmod(0o755)


@pytest.mark.parametrize("closed", [".", "published"])
def test_a_folder_that_may_not_be_entered_is_a_sentence_with_its_name(closed: str, own_place: Place) -> None:
    data = own_place.data
    data.joinpath(closed).chmod(0)
    core = Core(data)
    within = [core.exists, core.must_exist, lambda: is_at_work(own_place), lambda: only_cycle(own_place).__enter__()]
    for ask in (lambda: must_take_a_cycle(own_place), *(within if closed == "." else [core.create_or_migrate])):
        with pytest.raises(WarehouseUnusable, match=NOT_OURS) as refused:
            ask()
        assert refused.value.subject.startswith(str(data))
    if closed == ".":
        with pytest.raises(SettingsError, match="cannot be read"):
            read_feeds(own_place)
    found = found_in(own_place)
    assert [one.name for one in found.values() if one.state == "fail"] == ["data folder"]
    assert f"{found['data folder'].said}; {found['data folder'].remedy}".endswith(NOT_OURS)


def test_a_full_disk_is_told_before_a_cycle_loses_its_lines(place: Place) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with pytest.raises(WarehouseUnusable, match="the disk is full"):
            must_take_a_cycle(place)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_readers_file_that_is_none_is_told_once(place: Place) -> None:
    file = place.data / "published" / "marsad.duckdb"
    file.unlink()
    file.mkdir()
    assert [one.name for one in findings(place) if one.state == "fail"] == ["published"]


@pytest.mark.parametrize("columns", ["40", "80"])
def test_a_command_is_not_broken_and_names_the_same_folder(
    columns: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    folder = place.data.rename(place.data.with_name("the data of one's own in a folder with a long name"))
    (folder / "core.duckdb").unlink()
    options = Chosen(data=folder).spelt
    done = CliRunner().invoke(marsad, ["doctor", "--data", str(folder)], standalone_mode=False)
    (line,) = (one for one in done.stdout.splitlines() if RESTORE in one)
    assert pasted(f"marsad {RESTORE}", options) in line
    assert shlex.split(options) == ["--data", str(folder)]
    assert all(len(one) <= int(columns) for one in done.stdout.splitlines() if "--data" not in one)


def test_a_sentence_of_any_verb_names_the_folder_that_was_named(tmp_path: Path) -> None:
    words = [Path(sys.executable).with_name("marsad"), "--data", tmp_path / "b 1", "sql", "select 1"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert f"{Chosen(data=tmp_path / 'b 1').spelt} run makes a first cycle" in done.stderr

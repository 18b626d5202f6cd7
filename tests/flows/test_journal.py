"""What a cycle leaves for its operator: a journal in JSON lines, figures for Prometheus, a word on a killed one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from prometheus_client.parser import text_string_to_metric_families

from flows import journal as journals
from flows.aftermath import tell_of_cycle
from flows.command import marsad
from flows.configuration import read_place
from flows.journal import journal_of
from flows.metrics import write_metrics
from flows.telling import report_file
from marsad.errors import SettingsError
from marsad.records import RunSummary
from tests.newsworld import NewsWorld, settings_for
from transport.site import Answer
from warehouse.core import Core

METRICS = '[operation]\nmetrics_file = "metrics.prom"\n'


def said(settings: Path, *words: str) -> Result:
    return CliRunner().invoke(marsad, [*words, "--settings", str(settings)], standalone_mode=False)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The settings of a folder after one cycle in which a feed failed."""
    with NewsWorld() as world:
        world.site.put("/hill.xml", Answer(b"", status=500))
        file = settings_for(world, tmp_path_factory.mktemp("journal"), more=METRICS)
        said(file, "run")
        yield file


def test_the_journal_tells_a_cycle_with_its_run_and_its_feeds(settings: Path) -> None:
    text = (settings.parent / "data" / "logs" / "cycle.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert len({line["run"] for line in lines}) == 1
    assert [line["event"] for line in lines][:: len(lines) - 1] == ["cycle started", "cycle ended"]
    told = {line["feed"].rpartition("/")[2]: (line["event"], line["level"]) for line in lines if "feed" in line}
    assert told == {"river.xml": ("feed answered", "info"), "hill.xml": ("feed failed", "warning")}
    assert (lines[-1]["feed_count"], lines[-1]["new_count"]) == (2, 2)


def read_metrics(folder: Path) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return what Prometheus' own parser reads: every sample by its name and labels, each once."""
    families = list(text_string_to_metric_families((folder / "metrics.prom").read_text("utf-8")))
    assert all((family.type, bool(family.documentation)) == ("gauge", True) for family in families)
    samples = [((one.name, tuple(one.labels.values())), one.value) for family in families for one in family.samples]
    assert len(dict(samples)) == len(samples) > 0
    return dict(samples)


def test_prometheus_reads_the_metrics_and_nothing_half_written_lies_beside_them(settings: Path) -> None:
    found = read_metrics(settings.parent / "data")
    wanted = {"marsad_feeds_polled": 2, "marsad_feeds_failed": 1, "marsad_articles_new": 2}
    assert {name: found[name, ()] for name in wanted} == wanted
    assert {"poll", "publish"} <= {labels[0] for name, labels in found if name == "marsad_stage_seconds"}
    assert not list((settings.parent / "data").glob("*.new"))


def test_prometheus_reads_a_reason_of_any_letters(tmp_path: Path) -> None:
    file = tmp_path / "marsad.toml"
    file.write_text(METRICS, "utf-8")
    reasons = ('says "no"', "back\\slash", "two\nlines", "محجوب")  # blocked
    now = datetime(2026, 11, 21, tzinfo=UTC)
    write_metrics(read_place(file, tmp_path), RunSummary("one", now, drops=dict.fromkeys(reasons, 3)), now)
    drops = {labels: value for (name, labels), value in read_metrics(tmp_path).items() if name == "marsad_drops"}
    assert drops == {(reason,): 3 for reason in reasons}


def test_figures_that_cannot_be_written_name_their_setting(tmp_path: Path) -> None:
    file = tmp_path / "marsad.toml"
    file.write_text(METRICS.replace("metrics.prom", "taken/metrics.prom"), "utf-8")
    (tmp_path / "taken").write_text("", "utf-8")
    with pytest.raises(SettingsError, match=r"metrics_file, .*taken is a file where a folder belongs"):
        write_metrics(read_place(file, tmp_path), RunSummary("one", datetime.now(UTC)), datetime.now(UTC))


def test_figures_that_cannot_be_written_keep_no_report_from_its_page(settings: Path) -> None:
    place = read_place(settings)
    report_file(place, "ar").unlink()
    operation = replace(place.settings.operation, metrics_file="marsad.toml/metrics.prom")
    (place.data / "marsad.toml").write_text("", "utf-8")
    now = place.now()
    trouble = tell_of_cycle(replace(place, settings=replace(place.settings, operation=operation)), RunSummary("r", now))
    assert trouble.startswith("metrics_file, ")
    assert report_file(place, "ar").exists()


def test_without_the_setting_there_are_no_metrics(tmp_path: Path) -> None:
    with NewsWorld() as world:
        said(settings_for(world, tmp_path), "run")
    assert not list(tmp_path.rglob("*.prom"))


def test_a_journal_keeps_to_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "_LOG_BYTES", 2000)
    journal = journal_of(read_place(data=tmp_path), "cycle")
    for number in range(200):
        journal.info("line", number=number, word="خبر\x1b[31m\n")
    files = sorted((tmp_path / "logs").iterdir())
    assert len(files) == 1 + journals._LOG_BACKUPS
    assert all(file.stat().st_size <= 2000 for file in files)
    last = files[0].read_text("utf-8").splitlines()[-1]
    assert (json.loads(last)["number"], "\x1b" in last) == (199, False)


def test_a_full_disk_costs_lines_of_the_journal_and_nothing_else(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/cycle.jsonl").symlink_to("/dev/full")
    journal = journal_of(read_place(data=tmp_path), "cycle")
    for _ in range(3):
        journal.info("line")
    assert capfd.readouterr() == ("", "")


def test_a_line_that_was_written_in_part_spoils_no_other(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    file = tmp_path / "logs/cycle.jsonl"
    file.write_text('{"event": "a full di', "utf-8")
    journal = journal_of(read_place(data=tmp_path), "cycle")
    for event in ("one", "two"):
        journal.info(event)
    _, *lines = file.read_text("utf-8").splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["one", "two"]


def test_a_cycle_that_was_killed_is_told_of(tmp_path: Path) -> None:
    with NewsWorld() as world:
        settings = settings_for(world, tmp_path)
        said(settings, "run")
        assert "stopped before its end" not in said(settings, "feeds", "list").stderr
        Core(tmp_path / "data").start_run("killed", datetime.now(UTC))
        assert "stopped before its end" in said(settings, "feeds", "list").stderr
        assert "stopped before its end" in re.sub(r"\s+", " ", said(settings, "doctor").output)

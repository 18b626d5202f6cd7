"""The verb archive: a page that is taken out, days that are kept no longer."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from flows.command import marsad
from marsad.errors import BadInput
from tests.newsworld import NewsWorld, settings_for
from warehouse.reader import Reader


def run(settings: Path, *words: str) -> Result:
    return CliRunner().invoke(marsad, [*words, "--settings", str(settings)], standalone_mode=False)


def test_a_page_taken_out_is_told_as_a_drop_and_not_fetched_again_and_old_days_go(tmp_path: Path) -> None:
    with NewsWorld() as world:
        settings = settings_for(world, tmp_path, more="clock = 2026-11-20T06:00:00Z\n[archive]\nkeep_days = 7")
        assert run(settings, "run").exit_code == 0
        url = f"{world.site.url('/a/1')}?utm_source=x"
        assert run(settings, "archive", "forget", url).output.startswith("taken out, once; ")
        assert isinstance(run(settings, "archive", "forget", url).exception, BadInput)
        asked = len(world.site.requests)
        assert run(settings, "run").exit_code == 0
        assert "/a/1" not in [request.path for request in world.site.requests[asked:]]
    rows = Reader(tmp_path / "data").query("select stage, reason from drops where url like '%/a/1%'").rows
    assert rows == (("archive", "taken_out"),)
    files = tmp_path / "data" / "archive"
    assert run(settings, "archive", "trim").output.startswith("days deleted: 0;")
    settings.write_text(settings.read_text("utf-8").replace("2026-11-20T", "2026-12-20T"), "utf-8")
    assert run(settings, "archive", "trim").output.startswith("days deleted: 1; the last 7 are kept")
    assert list(files.glob("*.warc.gz")) == []


def test_without_a_setting_every_day_is_kept(tmp_path: Path) -> None:
    with NewsWorld() as world:
        settings = settings_for(world, tmp_path)
    assert run(settings, "archive", "trim").output.startswith("every day is kept")

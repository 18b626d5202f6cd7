"""What readers get, and what they cannot reach."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from marsad.articles import Entity, EntityType, Stance
from marsad.digests import DayCount, EntityCount, FeedHealth, OutletCount, SpeakerStance
from marsad.errors import BadInput, WarehouseUnusable
from marsad.records import RunSummary
from marsad.sources import FeedState, Polled, Rhythm
from tests.warehouse.conftest import (
    BODY,
    FEED,
    NOW,
    OUTLET,
    article_of,
    batch_of,
    polls_of,
    record_of,
    store,
)  # fmt: skip
from warehouse.core import Core
from warehouse.engine import DAMAGED
from warehouse.reader import Reader

KREMLIN = Entity("kremlin", "Kremlin", "الكرملين", EntityType.ORG, aliases=("قصر الكرملين",))  # the Kremlin palace
SINCE, UNTIL = NOW - timedelta(days=1), NOW + timedelta(days=3)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    core = Core(tmp_path_factory.mktemp("filled") / "data")
    core.create_or_migrate()
    core.append_polls(polls_of(1, 2))
    core.append_entities([KREMLIN], NOW)
    store(core, batch_of(record_of(article_of(1))))
    later = NOW + timedelta(days=2)
    store(core, batch_of(record_of(article_of(2), at=later), batch_id="articles-2", at=later))
    core.publish()
    return core.folder


@pytest.fixture
def reader(filled: Path, tmp_path: Path) -> Reader:
    shutil.copytree(filled, tmp_path / "data", dirs_exist_ok=True)
    return Reader(tmp_path / "data")


def test_before_the_first_publishing_one_sentence_says_so(core: Core) -> None:
    with pytest.raises(WarehouseUnusable, match="nothing has been published yet; marsad run"):
        Reader(core.folder).query("select 1")


def test_a_held_reader_answers_from_what_was_published_when_it_was_opened(core: Core, reader: Reader) -> None:
    with reader.held() as held:
        store(core, batch_of(record_of(article_of(3)), batch_id="articles-3"))
        core.publish()
        core.publish()
        counted = sum(day.article_count for day in held.coverage(SINCE, UNTIL))
        asked = held.query("select count(*) from articles").rows
    assert (counted, asked, reader.query("select count(*) from articles").rows) == (2, ((3,),), ((3,),))


def test_damage_met_elsewhere_while_a_reader_is_held_is_not_taken_for_its_own(reader: Reader) -> None:
    with pytest.raises(WarehouseUnusable, match=r"elsewhere.*restore a backup"), reader.held():
        raise WarehouseUnusable("elsewhere", DAMAGED)


def test_a_day_without_news_counts_zero(reader: Reader) -> None:
    expected = (DayCount("2026-03-10", 1, 1), DayCount("2026-03-11", 0, 0), DayCount("2026-03-12", 1, 1))
    assert reader.coverage(SINCE, UNTIL) == expected


def test_days_are_those_of_the_zone_asked_for(reader: Reader) -> None:
    found = reader.query(
        "select day_on::varchar, article_count from daily_coverage_in('Pacific/Kiritimati') limit 1"
    ).rows
    assert found == (("2026-03-10", 1),)
    found = reader.query("select day_on::varchar from daily_coverage_in('Pacific/Pago_Pago') limit 1").rows
    assert found == (("2026-03-09",),)


def test_speakers_entities_and_outlets_are_counted(reader: Reader) -> None:
    assert reader.speaker_stances(SINCE, UNTIL) == (SpeakerStance("Kremlin", "الكرملين", supportive_count=2),)
    assert reader.entity_counts(SINCE, UNTIL) == (EntityCount("kremlin", "Kremlin", "الكرملين", 2),)
    assert reader.outlet_counts(SINCE, UNTIL) == (
        OutletCount("Mirqab", 2, 0, "QA", "state", OUTLET.id, OUTLET.name_ar),
    )


def test_a_piece_carries_its_quotes(reader: Reader) -> None:
    first, second = reader.pieces(SINCE, UNTIL)
    assert (first.url, first.outlet, first.seen_at) == (article_of(1).url, "Mirqab", NOW)
    assert first.quotes[0].evidence == BODY.split("\n")[0]
    assert first.quotes[0].stance is Stance.SUPPORTIVE
    assert second.quotes[0].outlet == "Mirqab"


def test_a_feed_that_brings_nothing_new_is_silent(reader: Reader) -> None:
    seen_at = NOW + timedelta(seconds=2)
    assert reader.feed_health(NOW) == (FeedHealth(FEED, OUTLET.name, "ok", "", seen_at, OUTLET.name_ar),)
    assert reader.feed_health(NOW + timedelta(days=9))[0].state == "silent"


WEEK = timedelta(days=7)
HEALTH: dict[str, tuple[FeedState, str]] = {
    "new": (FeedState(FEED, outcome=Polled.NEW), "ok"),
    "304": (FeedState(FEED, outcome=Polled.UNCHANGED), "not_modified"),
    "refused": (FeedState(FEED, outcome=Polled.BLOCKED, failure_count=1, failing_since=NOW), "blocked"),
    "time-out": (FeedState(FEED, outcome=Polled.BROKEN, failure_count=1, failing_since=NOW), "broken"),
    "waiting with its host": (FeedState(FEED, outcome=Polled.WAITING), "waiting"),
    "waiting for a week": (
        FeedState(FEED, outcome=Polled.WAITING, failure_count=7, failing_since=NOW - WEEK),
        "broken",
    ),
    "parked": (FeedState(FEED, outcome=Polled.PARKED, failure_count=1, failing_since=NOW), "broken"),
    "404": (FeedState(FEED, outcome=Polled.LOST, failure_count=1, failing_since=NOW), "broken"),
    "404 for a week": (FeedState(FEED, outcome=Polled.LOST, failure_count=9, failing_since=NOW - WEEK), "dead"),
    "410": (FeedState(FEED, outcome=Polled.GONE, failure_count=1, failing_since=NOW), "dead"),
    "refused for a week": (
        FeedState(FEED, outcome=Polled.BLOCKED, failure_count=7, failing_since=NOW - WEEK),
        "blocked",
    ),
    "broken for a month": (
        FeedState(FEED, outcome=Polled.BROKEN, failure_count=40, failing_since=NOW - 5 * WEEK),
        "dead",
    ),
}


@pytest.mark.parametrize(("state", "expected"), HEALTH.values(), ids=HEALTH)
def test_each_feed_has_a_state(core: Core, state: FeedState, expected: str) -> None:
    core.append_polls(replace(polls_of(1), states=(replace(state, polled_at=NOW, succeeded_at=NOW),)))
    core.publish()
    assert [health.state for health in Reader(core.folder).feed_health(NOW)] == [expected]
    assert Reader(core.folder).query("select state from feeds").rows == ((expected,),)


@pytest.mark.parametrize(
    ("usual_hours", "silent_after_days"),
    [(None, 3), (0.5, 3), (24, 5), (24 * 30, 28)],
    ids=["new", "fast", "daily", "rare"],
)
def test_silence_is_measured_by_the_feeds_own_rhythm(
    core: Core, usual_hours: float | None, silent_after_days: int
) -> None:
    rhythm = Rhythm(1, 1, usual_hours and usual_hours * 3600)
    state = FeedState(FEED, polled_at=NOW, succeeded_at=NOW, outcome=Polled.UNCHANGED, rhythm=rhythm)
    core.append_polls(replace(polls_of(1), states=(state,)))
    core.publish()
    instants = (NOW + timedelta(days=silent_after_days, minutes=minutes) for minutes in (-1, 1))
    health = [Reader(core.folder).feed_health(at)[0].state for at in instants]
    assert health == ["not_modified", "silent"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("trend('Kremlin', 3)", 3),
        ("trend('قصر الكرملين', 2)", 2),
        ("stance_of('kremlin', 30)", 2),
        ("cooccurrence('kremlin', 30)", 0),
        ("search('بيونج يانج')", 2),  # the other spelling of Pyongyang
        ("search('يستهدف اي طرف')", 2),
        ("search('أمطار')", 0),  # rain
        ("search('')", 0),
        ("spikes", 0),
        ("daily_entities", 3),
        ("daily_stance", 3),
        ("revisions", 2),
        ("stories", 2),
        ("drops", 0),
        ("alerts", 0),
    ],
)
def test_the_public_face_answers(reader: Reader, query: str, count: int) -> None:
    assert len(reader.query(f"from {query}").rows) == count


def test_what_is_told_ends_with_the_newest_finished_cycle(core: Core) -> None:
    told = []
    for run, is_finished in (("run-1", False), ("run-2", True), ("run-3", True), ("run-4", False)):
        at = NOW + timedelta(hours=int(run[-1]))
        core.start_run(run, at)
        if is_finished:
            core.finish_run(RunSummary(run, at), at + timedelta(minutes=20))
        core.publish()
        told.append(Reader(core.folder).told_until())
    assert told == [None, NOW + timedelta(hours=2), NOW + timedelta(hours=3), NOW + timedelta(hours=3)]


def test_a_slow_query_draws_nothing_into_its_answer(reader: Reader) -> None:
    assert reader.query("select current_setting('enable_progress_bar')").rows == ((False,),)


def test_a_query_cannot_write(reader: Reader) -> None:
    with pytest.raises(BadInput, match="read-only"):
        reader.query("delete from core.article")


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_text('{other}')",
        "copy (select 1) to '{other}'",
        "attach '{other}' as other",
        "set enable_external_access = true",
        "call enable_logging('QueryLog', storage='file', storage_path='{other}'); select 1",
    ],
)
def test_a_query_reaches_no_other_file(reader: Reader, tmp_path: Path, query: str) -> None:
    other = tmp_path / "other.txt"
    other.write_text("secret")
    with pytest.raises(BadInput):
        reader.query(query.format(other=other))
    assert other.read_text() == "secret"


def test_a_query_prints_nothing_beside_its_answer(reader: Reader, capfd: pytest.CaptureFixture[str]) -> None:
    for switch in ("pragma enable_profile", "CALL/**/Enable_Profiling()", 'pragma "enable_progress_bar"'):
        with pytest.raises(BadInput, match="beside the answer"):
            reader.query(f"{switch}; select 1")
    assert "PROJECTION" in str(reader.query("explain analyze select 1").rows)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    "sql",
    [
        "call\u00a0enable_logging('QueryLog', storage='file', storage_path='x'); select 1",
        "from query('from enable_logging(''QueryLog'', storage=''file'', storage_path=''x'')'); select 1",
        "from query('from enable_' || 'logging(storage=''stdout'')'); select 1",
        "prepare p as from \"query\"/* x */\ufeff('select 1'); execute p",
        "from json_execute_serialized_sql(json_serialize_sql('from enable_' || 'logging()'))",
        "from enable_profiling(); select 1",
        "call -- ;\n enable_profiling(); select 1",
    ],
    ids=[
        "strange blank",
        "query in a text",
        "put together",
        "prepared",
        "serialized",
        "read as a table",
        "behind a remark",
    ],
)
def test_what_a_query_may_not_call_it_may_not_call_in_other_ways(reader: Reader, sql: str) -> None:
    with pytest.raises(BadInput, match=r"writes files|beside the answer|in a text"):
        reader.query(sql)


@pytest.mark.parametrize("sql", ["", "   ", "/* x */", "-- x", "'abc", '"abc', "/*"])
def test_what_is_no_query_is_said_to_be_none(reader: Reader, sql: str) -> None:
    with pytest.raises(BadInput):
        reader.query(sql)


def test_how_the_engine_is_set_may_be_asked(reader: Reader) -> None:
    assert reader.query("select current_setting('enable_progress_bar') as query").columns == ("query",)


def test_an_answer_is_written_to_parquet_and_nowhere_else(reader: Reader, tmp_path: Path) -> None:
    reader.export_parquet("select url from articles;", tmp_path / "out.parquet")
    assert len(duckdb.sql(f"from '{tmp_path}/out.parquet'").fetchall()) == 2
    with pytest.raises(BadInput):
        reader.export_parquet(f"select * from read_text('{tmp_path}/other')", tmp_path / "out.parquet")


def test_an_answer_is_written_over_an_earlier_one_also_behind_a_remark(reader: Reader, tmp_path: Path) -> None:
    for _ in range(2):
        reader.export_parquet("select 1 as one -- the only one", tmp_path / "one.parquet")
    assert duckdb.sql(f"from '{tmp_path}/one.parquet'").fetchall() == [(1,)]


@pytest.mark.parametrize(
    "query", ["select ';--' as one", "select ';--' as one; /* done */", "select ';--' /* قال; */ as one ;; -- ; end"]
)
def test_the_end_of_a_query_is_told_from_what_it_quotes(reader: Reader, tmp_path: Path, query: str) -> None:
    reader.export_parquet(query, tmp_path / "out.parquet")
    assert duckdb.sql(f"from '{tmp_path}/out.parquet'").fetchall() == [(";--",)]


@pytest.mark.parametrize(
    "query",
    ["describe articles", "summarize articles;", "show tables", "pivot articles on lang using count(*); -- languages"],
)
def test_what_describes_is_written_to_parquet_as_well(reader: Reader, tmp_path: Path, query: str) -> None:
    reader.export_parquet(query, tmp_path / "out.parquet")
    assert len(duckdb.sql(f"from '{tmp_path}/out.parquet'").fetchall()) == len(reader.query(query).rows)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("explain select 1", "cannot be written to Parquet"),
        ("pragma version", "cannot be written to Parquet"),
        ("select 1; select 2", "one query fills one file"),
        (" ; ", "there is no query"),
        ("select {}", 'near "}"'),
        ("select 1) to 'other.parquet' (format parquet); copy (select 2", r'near "\)"'),
    ],
)
def test_what_fills_no_parquet_file_is_said(reader: Reader, tmp_path: Path, query: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        reader.export_parquet(query, tmp_path / "out.parquet")
    assert list(tmp_path.glob("*.parquet")) == []


def test_no_folder_is_open_to_a_query_unasked(reader: Reader) -> None:
    assert reader.query("select current_setting('allowed_directories'), current_setting('temp_directory')").rows == (
        ([], ""),
    )


def test_one_query_writes_a_file_a_month_and_writes_it_anew(reader: Reader, tmp_path: Path) -> None:
    export = (
        "copy (select *, strftime(first_seen_at, '%Y-%m') as month from articles) "
        f"to '{tmp_path}/articles' (format parquet, partition_by (month), overwrite_or_ignore)"
    )
    for _ in range(2):
        replace(reader, reach=(tmp_path,)).query(export)
    written = [file.relative_to(tmp_path) for file in tmp_path.rglob("*.parquet")]
    assert written == [Path("articles/month=2026-03/data_0.parquet")]
    assert len(duckdb.sql(f"from '{tmp_path}/articles/*/*.parquet'").fetchall()) == 2


def test_the_published_file_opens_with_external_access_off_from_the_start(reader: Reader) -> None:
    with duckdb.connect(str(reader.file), read_only=True, config={"enable_external_access": "false"}) as connection:
        assert len(connection.execute("from articles").fetchall()) == 2
        assert len(connection.execute("from daily_coverage").fetchall()) == 3
        assert len(connection.execute("from search('بيونغ')").fetchall()) == 2


def test_a_damaged_published_file_is_said_to_be_damaged(reader: Reader) -> None:
    reader.file.write_bytes(b"damaged" * 1000)
    with pytest.raises(WarehouseUnusable, match="is damaged; marsad run makes it anew"):
        reader.query("select 1")


def test_nothing_yet_is_told_from_damage(core: Core) -> None:
    reader = Reader(core.folder)
    assert not reader.is_published
    assert not Reader(core.file / "no folder").is_published
    core.publish()
    assert reader.is_published
    reader.file.write_bytes(b"damaged" * 1000)
    assert reader.is_published


def test_a_published_file_that_cannot_be_opened_is_said_to_be_unusable(reader: Reader) -> None:
    reader.file.unlink()
    reader.file.symlink_to(reader.file)  # what even root cannot open
    for ask in (lambda: reader.query("select 1"), lambda: reader.is_published, reader.told_until):
        with pytest.raises(WarehouseUnusable, match="the readers' file cannot be read"):
            ask()


def test_a_published_file_that_vanishes_is_said_to_be_gone(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reader, "is_published", True)  # it goes between the look and the opening
    reader.file.unlink()
    with pytest.raises(WarehouseUnusable, match="is gone; marsad run makes it anew"):
        reader.query("select 1")


def test_a_query_that_is_no_unicode_is_said_to_be_none(reader: Reader, tmp_path: Path) -> None:
    query = b"select '\xff'".decode(errors="surrogateescape")  # as the command line hands it on
    with pytest.raises(BadInput, match="not written in UTF-8"):
        reader.query(query)
    with pytest.raises(BadInput, match="not written in UTF-8"):
        reader.export_parquet(query, tmp_path / "out.parquet")


def test_a_text_that_is_no_unicode_is_kept_with_a_mark(core: Core) -> None:
    store(core, batch_of(record_of(article_of(1, title="كور\ud800يا", body="x\x00y"))))  # Korea, half a character
    core.publish()
    assert Reader(core.folder).query("select title, body from articles").rows == (("كور?يا", "x\x00y"),)

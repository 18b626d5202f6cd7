"""Shares come with their n and an interval; growth is told against the week before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from marsad.articles import Entity, EntityType
from marsad.errors import BadInput
from marsad.records import Record
from marsad.sources import Outlet
from tests.warehouse.conftest import NOW, article_of, batch_of, record_of, store
from warehouse.core import Core
from warehouse.reader import Reader

KREMLIN = Entity("kremlin", "Kremlin", "الكرملين", EntityType.ORG, aliases=("مقر الرئاسة الروسية",))  # president's seat


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """One article on one day."""
    core = Core(tmp_path_factory.mktemp("once"))
    core.create_or_migrate()
    return publish(core, told(1, 0))


def told(number: int, day: int, outlet: str = "mirqab", *, names: bool = True) -> Record:
    record = record_of(article_of(number), at=NOW + timedelta(days=day))
    tagging = record.draft.tagging if names else replace(record.draft.tagging, mentions=(), statements=())
    return replace(record, draft=replace(record.draft, outlet=Outlet(outlet, outlet.title()), tagging=tagging))


def publish(core: Core, *records: Record) -> Reader:
    core.append_entities([KREMLIN], NOW)
    last = max(record.draft.first_seen_at for record in records)
    store(core, batch_of(*records, at=last))
    core.publish()
    return Reader(core.folder)


@pytest.mark.parametrize(
    ("part", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),  # Brown, Cai, DasGupta 2001 and R: prop.test(0, 10, correct = FALSE)
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (1, 1000, 0.0002, 0.0056),
        (2.5, 10, 0.0809, 0.5578),  # weighed counts
        (12, 10, None, None),
        (-1, 10, None, None),
        (0, 0, None, None),
        (None, 10, None, None),
    ],
)
def test_an_interval_is_wilsons(
    once: Reader, part: float | None, n: int, low: float | None, high: float | None
) -> None:
    row = once.query("select wilson_low($1, $2), wilson_high($1, $2)", [part, n]).rows[0]
    assert row == (None if low is None else pytest.approx(low, abs=5e-5), high and pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize("days", ["'7'", "7::decimal(3,1)", "10000000000"])
def test_days_may_be_written_as_any_whole_number(once: Reader, days: str) -> None:
    for macro in ("rising({})", "trend('kremlin', {})", "share_of_voice({})", "stance_of('kremlin', {})"):
        assert once.query(f"from {macro.format(days)}").rows == once.query(f"from {macro.format(7)}").rows != ()


@pytest.mark.parametrize("days", ["2.6", "0", "null", "'a week'"])
@pytest.mark.parametrize("macro", ["rising({})", "trend('kremlin', {})", "spikes_in('UTC', days := {})"])
def test_days_that_are_no_whole_number_are_refused_in_words(once: Reader, macro: str, days: str) -> None:
    with pytest.raises(BadInput, match="days: a whole number from 1 on"):
        once.query(f"from {macro.format(days)}")


@pytest.mark.parametrize(
    "macro",
    [
        "trend({}, 7)",
        "cooccurrence({}, 7)",
        "stance_of({}, 7)",
        "share_of_voice(7, entity := {})",
        "spikes_in('UTC', about := {})",
    ],
)
def test_a_name_that_is_not_listed_is_an_error_that_tells_the_nearest(once: Reader, macro: str) -> None:
    said = "nothing listed is called .*; near it: Kremlin; the view entities holds all names"
    with pytest.raises(BadInput, match=said):
        once.query("from " + macro.format("'الكرملن'"))  # the Kremlin, a letter short
    if ":=" not in macro:  # there null is no name in particular
        with pytest.raises(BadInput, match=r"^sql: name: a listed name, in any spelling, not null$"):
            once.query(f"from {macro.format('null')}")


def test_a_name_is_near_by_one_of_its_words(once: Reader) -> None:
    with pytest.raises(BadInput) as refused:
        once.query("from trend('الرئاسة', 7)")  # presidency
    said = 'sql: name: nothing listed is called "الرئاسة"; near it: Kremlin; the view entities holds all names'
    assert str(refused.value) == said


def test_a_name_is_told_back_on_one_line(once: Reader) -> None:
    told = 'zz"\u202e\n\u2028zz' + "x" * 5000
    with pytest.raises(BadInput) as refused:
        once.query("from trend(?, 7)", [told])
    shown = f"zz zz{'x' * 52}..."
    assert str(refused.value) == f'sql: name: nothing listed is called "{shown}"; the view entities holds all names'
    with pytest.raises(BadInput) as refused:
        once.name_days(told, 7, "UTC")
    said = 'nothing listed is called so; marsad sql "from entities" lists all names'
    assert str(refused.value) == f'"{shown}": {said}'


@pytest.mark.parametrize(
    "macro", ["daily_coverage_in({})", "daily_stance_in({})", "trend('kremlin', 7, zone := {})", "spikes_in({})"]
)
def test_a_zone_is_named(once: Reader, macro: str) -> None:
    for zone, said in (("null", "zone: the name of a time zone"), ("'Nowhere'", "Unknown TimeZone 'Nowhere'")):
        with pytest.raises(BadInput, match=said):
            once.query(f"from {macro.format(zone)}")


def test_feeds_are_told_as_of_a_day_however_it_is_written(once: Reader) -> None:
    for day in ("'2026-03-10'", "date '2026-03-10'", "timestamptz '2026-03-10 00:00:00+00'", "null"):
        assert once.query(f"from feeds_at({day})").rows == ()


def test_a_publishers_share_is_of_all_articles_of_the_span(core: Core) -> None:
    records = [told(n, 0, "river") for n in range(3)] + [told(9, 0, "hill", names=False), told(10, -30, "hill")]
    reader = publish(core, *records)
    share = "select outlet, article_count, n, share, share_low < share and share < share_high from share_of_voice"
    assert reader.query(f"{share}(7)").rows == (("River", 3, 4, 0.75, True), ("Hill", 1, 4, 0.25, True))
    assert reader.query(f"{share}(7, entity := 'الكرملين')").rows == (("River", 3, 3, 1.0, False),)
    assert reader.query("select count(*) from share_of_voice(60)").rows == ((2,),)


def test_a_name_rises_by_its_share_against_the_days_before(core: Core) -> None:
    before = [told(n, -8, names=n < 2) for n in range(20)]
    recent = [told(n, 0, names=n < 118) for n in range(100, 120)]
    reader = publish(core, *before, *recent)
    sql = "select article_count, share, before_count, before_share, change, is_clear from rising(7)"
    assert reader.query(sql).rows == ((18, 0.9, 2, 0.1, pytest.approx(8.0), True),)


def test_a_name_that_was_not_told_before_has_no_change_to_tell(core: Core) -> None:
    assert publish(core, told(1, 0)).query("select change, is_clear from rising()").rows == ((None, False),)


def test_a_week_is_compared_with_the_one_before_once_there_are_two(core: Core) -> None:
    days = [0] * 4 + [1] + [0] * 3 + [1, 2, 0, 0, 0, 0] + [1]  # articles a day: the 5th, the 9th ...
    records = [told(100 * day + n, day) for day, count in enumerate(days) for n in range(count)]
    store(core, batch_of(batch_id="first-day"))
    reader = publish(core, *records)
    for source in ("daily_coverage", "trend('kremlin', 99)"):
        rows = reader.query(f"select mean_count, week_change from {source} order by day_on").rows
        assert [change for _, change in rows][:13] == [None] * 13
        assert rows[13] == (pytest.approx(3 / 7), 2.0)
        assert rows[14] == (pytest.approx(4 / 7), 3.0)


def test_days_of_names_and_speakers_are_those_of_the_zone_asked_for(core: Core) -> None:
    reader = publish(core, told(1, 0))
    for macro in ("daily_entities_in", "daily_stance_in"):
        sql = f"select day_on::varchar, article_count from {macro}('{{}}')"
        assert reader.query(sql.format("Pacific/Pago_Pago")).rows == (("2026-03-09", 1),)
        assert reader.query(sql.format("UTC")).rows == (("2026-03-10", 1),)
    assert reader.query("select day_on::varchar from trend('kremlin', 1, zone := 'Pacific/Pago_Pago')").rows == (
        ("2026-03-09",),
    )


def test_a_speaker_that_is_not_listed_is_found_in_any_spelling(core: Core) -> None:
    record = told(1, 0)
    said = replace(record.draft.tagging.statements[0], speaker="محلّل أمني", speaker_id=None)  # a security analyst
    tagging = replace(record.draft.tagging, statements=(said,))
    reader = publish(core, replace(record, draft=replace(record.draft, tagging=tagging)))
    assert len(reader.query("from stance_of('محلل امني', 3)").rows) == 1


def test_a_trend_is_told_by_the_days_of_a_zone(core: Core) -> None:
    reader = publish(core, *(told(n, 1) for n in range(3)), told(9, 0))
    last = reader.topic_days(7, "UTC")[-1]
    assert (last.day, last.article_count, last.story_count, last.mean_count) == ("2026-03-11", 3, 3, 2.0)
    assert [day.article_count for day in reader.name_days("الكرملين", 7, "UTC")] == [1, 3]
    assert reader.topic_days(7, "Pacific/Pago_Pago")[-1].day == "2026-03-10"
    assert [rise.entity_id for rise in reader.rises()] == ["kremlin"]
    with pytest.raises(BadInput, match="Nowhere"):
        reader.topic_days(7, "Nowhere/Nowhere")
    with pytest.raises(BadInput, match=r'^"nobody": nothing listed is called so; '):
        reader.name_days("nobody", 7, "UTC")

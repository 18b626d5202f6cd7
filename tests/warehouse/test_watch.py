"""What alarms and digests ask of the published data."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from marsad.alerts import Alert, AlertKind, Level
from marsad.articles import OutletVoice, Stance
from marsad.dates import Dated, Precision
from marsad.records import Record
from marsad.relations import NoveltyKind
from marsad.sources import Outlet
from marsad.turns import Voice
from tests.warehouse.conftest import BODY, NOW, article_of, batch_of, polls_of, record_of, store
from warehouse.core import Core
from warehouse.reader import Reader
from warehouse.watch import Watch, keep_alerts

_ALERT = Alert(AlertKind.SPIKE, Level.ALERT, "topic", NOW.date(), count=12, expected=3.5, was="قبل", became="بعد")


def said(number: int, day: int, stance: Stance, outlet: str = "o1", confidence: float = 0.8) -> Record:
    """Return an article of that day whose speaker and whose outlet take a side."""
    record = record_of(article_of(number), at=NOW + timedelta(days=day))
    tagging = record.draft.tagging
    statements = tuple(replace(one, stance=stance, confidence=confidence) for one in tagging.statements)
    tagging = replace(tagging, statements=statements, voice=OutletVoice(stance, 0, 5))
    return replace(record, draft=replace(record.draft, tagging=tagging, outlet=Outlet(outlet, outlet)))


def watch_of(core: Core, *records: Record, day: int = 0) -> Watch:
    store(core, batch_of(batch_id="first-day"))
    store(core, batch_of(*records, batch_id=f"day-{day}", at=NOW + timedelta(days=day)))
    core.publish()
    return Watch(Reader(core.folder))


def kremlin(core: Core) -> None:
    from marsad.articles import Entity, EntityType  # noqa: PLC0415  this test's own

    core.append_entities([Entity("kremlin", "Kremlin", "الكرملين", EntityType.ORG)], NOW)


def test_voices_are_counted_by_story_lately_and_before(core: Core) -> None:
    kremlin(core)
    past = [said(n, n % 20, Stance.SUPPORTIVE) for n in range(12)]
    recent = [said(100 + n, 95, Stance.OPPOSED) for n in range(6)]
    doubtful = said(200, 95, Stance.SUPPORTIVE, confidence=0.3)
    copies = [
        replace(said(300 + n, 95, Stance.OPPOSED, "o2"), story_id=recent[0].story_id, novelty=replace(
            recent[0].novelty, kind=NoveltyKind.DUPLICATE)) for n in range(4)
    ]  # fmt: skip
    watch = watch_of(core, *past, *recent, doubtful, *copies, day=95)
    until = NOW + timedelta(days=96)
    assert watch.speakers(until) == (Voice("kremlin", "Kremlin", "الكرملين", 0, 6, 12, 0),)
    assert watch.outlets(until) == (Voice("o1", "o1", "", 1, 6, 12, 0),)


def test_an_outlet_is_called_as_it_was_last_and_of_the_country_told_last(core: Core) -> None:
    told = [("Old", "QA"), ("New", "QA"), ("New", "EG"), ("New", "")]
    records = [
        replace(one, draft=replace(one.draft, outlet=Outlet("o1", name, country=country)))
        for one, (name, country) in zip([said(n, 90 + n, Stance.OPPOSED) for n in range(4)], told, strict=True)
    ]
    other = said(9, 93, Stance.OPPOSED)
    named_alike = [replace(other, draft=replace(other.draft, outlet=Outlet("o0", "Old")))]
    watch = watch_of(core, *records, *named_alike, day=95)
    until = NOW + timedelta(days=96)
    assert [(voice.subject, voice.name, voice.country) for voice in watch.outlets(until)] == [
        ("o0", "Old", ""),
        ("o1", "New", "EG"),
    ]
    counts = watch.reader.outlet_counts(NOW, until)
    assert [(one.outlet, one.outlet_id, one.country) for one in counts] == [
        ("New", "o1", "EG"),
        ("Old", "o0", ""),
        ("Old", "o1", "QA"),
    ]


@pytest.mark.parametrize(("day", "expected"), [(0, []), (13, []), (15, ["first_named", "first_quoted"])])
def test_first_names_are_told_once_there_is_a_past(core: Core, day: int, expected: list[str]) -> None:
    kremlin(core)
    watch = watch_of(core, said(1, day, Stance.NEUTRAL), day=day)
    since = NOW + timedelta(days=day - 1)
    assert [alert.kind for alert in watch.firsts(since, since + timedelta(days=2))] == expected
    assert watch.firsts(since + timedelta(days=2), since + timedelta(days=3)) == ()


def test_change_is_told_as_it_read_before_and_as_it_reads(core: Core) -> None:
    store(core, batch_of(record_of(article_of(1))))
    for number, body in enumerate((f"{BODY} وقال.", f"{BODY} وأضاف أنه سيزور بيونغ يانغ."), 1):  # he will visit
        changed = record_of(article_of(1, body=body), NoveltyKind.REVISION, NOW + timedelta(hours=number))
        store(core, batch_of(changed, batch_id=f"revision-{number}", at=NOW + timedelta(hours=number)))
    core.publish()
    watch = Watch(Reader(core.folder))
    (change,) = watch.changes(NOW, NOW + timedelta(days=1))
    assert (change.body_before, change.piece.article_id) == (BODY, article_of(1).id)
    assert "سيزور" in change.differences[-1].after
    assert [quote.speaker_id for quote in change.piece.quotes] == ["kremlin"]  # whom rules may ask for
    (late,) = watch.changes(NOW + timedelta(minutes=90), NOW + timedelta(days=1))
    assert late.body_before == f"{BODY} وقال."


def test_alarm_is_kept_once_and_comes_back_as_it_was(core: Core) -> None:
    assert keep_alerts(core, [_ALERT, _ALERT], NOW) == 1
    assert keep_alerts(core, [_ALERT], NOW + timedelta(hours=1)) == 0
    core.publish()
    assert Watch(Reader(core.folder)).alerts(NOW, NOW + timedelta(seconds=1)) == (replace(_ALERT, raised_at=NOW),)


def test_stories_of_young_feeds_are_told_beside_the_spike(core: Core) -> None:
    kremlin(core)
    with core.writing() as transaction:
        transaction.append_polls(polls_of(1))
    usual = [replace(said(n, n // 2, Stance.NEUTRAL, f"o{n % 4}")) for n in range(60)]
    burst = [said(100 + n, 30, Stance.SUPPORTIVE, f"o{n % 4}") for n in range(14)]
    young = [replace(one, draft=replace(one.draft, feed_url="https://young.example.org/")) for one in burst[:9]]
    polled = polls_of(7, batch_id="young")
    seen_at = NOW + timedelta(days=30)
    dated = Dated(seen_at, Precision.INSTANT, "feed")  # without a date a month's jump would pass for a wrong clock
    sightings = tuple(
        replace(one, entry=replace(one.entry, feed_url="https://young.example.org/", published=dated), seen_at=seen_at)
        for one in polled.sightings
    )
    with core.writing() as transaction:
        transaction.append_polls(replace(polled, sightings=sightings))
    watch = watch_of(core, *usual, *young, *burst[9:], day=30)
    spikes = watch.spikes(NOW + timedelta(days=29), NOW + timedelta(days=31))
    found = {(spike.subject, spike.stance): count for spike, count in spikes}
    assert found == {("topic", None): 9, ("kremlin", None): 9, ("kremlin", Stance.SUPPORTIVE): 9}

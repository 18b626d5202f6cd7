"""The writer's warehouse: what a batch leaves behind, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marsad.articles import Drop
from marsad.records import Attempt, RunSummary
from marsad.relations import NoveltyKind
from marsad.sketches import fingerprint_of, sketch_of
from marsad.sources import HostPause, Polled, Rhythm, Timetable, Verdict
from tests.warehouse.conftest import (
    BODY,
    FEED,
    NOW,
    OUTLET,
    article_of,
    batch_of,
    entry_of,
    kept_ids,
    polls_of,
    record_of,
    store,
    url_of,
)  # fmt: skip
from warehouse.core import Core
from warehouse.reader import Reader


def test_entries_sighted_once_are_not_unseen_again(core: Core) -> None:
    assert core.unseen([entry_of(1), entry_of(1)]) == [entry_of(1)]
    core.append_polls(polls_of(1))
    assert core.unseen([entry_of(1), entry_of(2)]) == [entry_of(2)]


def test_a_batch_of_the_ledger_changes_nothing(core: Core) -> None:
    assert core.append_polls(polls_of(1)) is True
    assert core.append_polls(polls_of(1, 2)) is False
    assert core.unseen([entry_of(2)]) == [entry_of(2)]


def test_feed_states_come_back_as_stored(core: Core) -> None:
    state = replace(
        polls_of(1).states[0],
        last_modified="Sun, 8 Jun 2025 9:00:00 +0300",
        body_hash=2**63 - 1,
        failure_count=3,
        reason="answered 503",
        failing_since=NOW,
        moved_to="https://example.org/new",
        whole_at=NOW,
        not_modified_count=7,
        is_misled=True,
        outcome=Polled.BROKEN,
        timetable=Timetable(7200.0, (0, 23), (5, 6)),
        rhythm=Rhythm(1.5, 3600.0, 2400.0),
    )
    core.append_polls(replace(polls_of(1), states=(state,)))
    assert core.feed_states() == {FEED: state}


def test_an_item_without_a_page_is_one_drop_however_often_it_is_seen(core: Core) -> None:
    lacking = Drop("poll", "no_url", FEED, "item without a link (7)", FEED)
    failed = Drop("poll", "feed_failed", FEED, "answered 503", FEED)
    for number in range(3):
        core.append_polls(replace(polls_of(1, batch_id=f"polls-{number}"), drops=(lacking, failed)))
    with core.reading() as connection:
        found = connection.execute("select reason, count(*) from core.drop group by all order by all").fetchall()
    assert found == [("feed_failed", 3), ("no_url", 1)]


def test_a_guid_that_comes_again_with_another_page_is_another_entry(core: Core) -> None:
    again = replace(entry_of(1), url="https://example.org/news/77")
    tracked = replace(entry_of(1), url=f"{entry_of(1).url}?utm_source=rss")
    core.append_polls(polls_of(1))
    assert core.unseen([again, tracked]) == [again]


def test_a_pause_of_a_host_is_kept_until_it_is_over(core: Core) -> None:
    pause = HostPause("news.example.org", NOW + timedelta(hours=2))
    core.keep_pauses([HostPause("news.example.org", NOW), HostPause("b.example.org", NOW)], NOW)
    core.keep_pauses([pause], NOW)
    assert core.host_pauses(NOW + timedelta(hours=1)) == (pause,)
    assert core.host_pauses(NOW + timedelta(hours=2)) == ()
    assert core.host_pauses(NOW - timedelta(days=2)) == (), "no host asks for more than a day: the clock was wrong"


def test_what_a_host_asked_for_is_kept_with_the_polls_that_heard_it(core: Core) -> None:
    pause = HostPause("news.example.org", NOW + timedelta(hours=2))
    core.append_polls(replace(polls_of(1), pauses=(pause,)))
    assert core.host_pauses(NOW) == (pause,)


def test_a_page_that_is_put_off_is_offered_again_when_its_time_has_come(core: Core) -> None:
    core.append_polls(polls_of(1))
    attempt = Attempt(entry_of(1).url, NOW, 1, NOW + timedelta(hours=1), "answered 403")
    store(core, replace(batch_of(), attempts=(attempt,)))
    assert core.pending_entries(NOW + timedelta(minutes=59), 10) == []
    (pending,) = core.pending_entries(NOW + timedelta(hours=1), 10)
    assert pending.try_count == 1
    assert core.pending_entries(NOW - timedelta(hours=2), 10) == [pending], "it was put off under a wrong clock"


def test_what_was_left_over_comes_behind_the_last_hours_in_changing_order(core: Core) -> None:
    core.append_polls(polls_of(*range(30)))
    core.append_polls(replace(polls_of(*range(30), batch_id="none"), sightings=()))
    later = [NOW + timedelta(hours=number) for number in (2, 3)]
    orders = [[pending.entry.guid for pending in core.pending_entries(at, 30)] for at in later]
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]
    assert len(core.pending_entries(later[0], 5)) == 5


def test_pending_entries_are_the_newest_first_with_their_outlet(core: Core) -> None:
    core.append_polls(polls_of(1, 2))
    pending = core.pending_entries(NOW, 10)
    assert [(p.entry, p.seen_at) for p in pending] == [(entry_of(n), NOW + timedelta(seconds=n)) for n in (2, 1)]
    assert {p.outlet for p in pending} == {OUTLET}
    assert len(core.pending_entries(NOW, 1)) == 1


def test_an_article_that_two_feeds_bring_is_fetched_once(core: Core) -> None:
    polls = polls_of(1)
    (sighting,) = polls.sightings
    other = replace(sighting, entry=replace(sighting.entry, feed_url="https://example.org/other.xml"))
    core.append_polls(replace(polls, sightings=(sighting, other)))
    (pending,) = core.pending_entries(NOW, 10)
    store(core, batch_of(record_of(article_of(1))))
    assert core.pending_entries(NOW, 10) == []
    assert pending.entry.url == entry_of(1).url


def test_skipped_entries_are_not_pending(core: Core) -> None:
    core.append_polls(polls_of(1, verdict=Verdict.SKIP))
    assert core.pending_entries(NOW, 10) == []


def test_an_article_settles_its_entry(core: Core) -> None:
    core.append_polls(polls_of(1, 2))
    store(core, batch_of(record_of(article_of(1))))
    assert [p.entry for p in core.pending_entries(NOW, 10)] == [entry_of(2)]


def test_readers_see_what_was_published(core: Core) -> None:
    store(core, batch_of(record_of(article_of(1))))
    core.start_run("run-1", NOW)
    core.finish_run(RunSummary("run-1", NOW), NOW)
    core.publish()
    found = Reader(core.folder).query("select url, body, first_seen_at from articles where lang = ?", ["ar"])
    assert found.rows == ((article_of(1).url, BODY, NOW),)
    assert found.columns == ("url", "body", "first_seen_at")


def test_a_revision_keeps_the_first_text(core: Core) -> None:
    store(core, batch_of(record_of(article_of(1))))
    later = record_of(article_of(1, body="نص آخر"), NoveltyKind.REVISION, NOW + timedelta(days=1))  # another text
    store(core, batch_of(later, batch_id="articles-2"))
    core.publish()
    found = Reader(core.folder).query("select body, revision_count, first_seen_at from articles").rows
    assert found == (("نص آخر", 1, NOW),)


def test_what_was_stored_is_told(core: Core) -> None:
    first = batch_of(record_of(article_of(1)), record_of(article_of(2)))
    told = store(core, first)
    assert told is not None
    assert told.records == first.records
    new, changed = record_of(article_of(3)), record_of(article_of(1, body="نص آخر"), NoveltyKind.REVISION)
    same, lost = record_of(article_of(2), NoveltyKind.DUPLICATE), Drop("extract", "blocked", url_of(4))
    later = replace(batch_of(new, same, changed, batch_id="articles-2"), drops=(lost,))  # another text, above
    told = store(core, later)
    assert told is not None
    assert told.records == (new, changed)
    assert told.drops == (lost, Drop("store", "unchanged", url_of(2), feed_url=FEED))
    assert store(core, later) is None


def test_an_article_that_comes_twice_in_a_batch_is_kept_once(core: Core) -> None:
    record = record_of(article_of(1))
    stored = store(core, batch_of(record, replace(record, story_id=2), record))
    assert stored is not None
    assert ([one.story_id for one in stored.records], [d.reason for d in stored.drops]) == (
        [record.story_id],
        ["same_url", "same_url"],
    )
    with core.reading() as connection:
        counts = [
            connection.execute(f"select count(*) from core.{table}").fetchall()
            for table in ("article", "story", "mention", "statement", "tagging", "page", "drop")
        ]
    assert counts == [[(1,)]] * 6 + [[(2,)]]


def test_neighbours_are_found_in_the_batch_and_in_the_store(core: Core) -> None:
    on = date(2026, 3, 10)
    stored, twin, other = article_of(1), article_of(2), article_of(3, "طقس", "أمطار غزيرة متوقعة غدا")  # rain tomorrow
    prints = {a.id: fingerprint_of(a.text) for a in (stored, twin, other)}
    sketches = {key: sketch_of(key, found) for key, found in prints.items()}
    with core.writing() as transaction:
        transaction.append_sketches([sketches[stored.id]], on)
        transaction.append_articles(batch_of(record_of(stored)))
    with core.writing() as transaction:
        asked = [sketches[twin.id], sketches[other.id]]
        transaction.append_sketches(asked, on)
        hoods = transaction.neighbourhoods(asked, on, prints)
        assert transaction.story_ids(hoods) == {stored.id: stored.id}
    first, second = hoods[twin.id], hoods[other.id]
    assert [n.id for n in first.neighbours] == [stored.id]
    assert first.neighbours[0].fingerprint.text_key == prints[stored.id].text_key
    assert first.store_counts is not None
    assert set(first.store_counts.values()) == {2}
    assert second.neighbours == ()


def test_a_block_that_raises_leaves_nothing(core: Core) -> None:
    def fail() -> None:
        with core.writing() as transaction:
            transaction.append_articles(batch_of(record_of(article_of(1))))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert kept_ids(core) == set()
    assert store(core, batch_of(record_of(article_of(1)))) is not None


@pytest.mark.parametrize("known", [0, 1], ids=["the first", "the second"])
def test_of_two_batches_of_a_transaction_both_are_kept_or_neither(core: Core, known: int) -> None:
    batches = [batch_of(record_of(article_of(number)), batch_id=f"b{number}") for number in (1, 2)]
    store(core, batches[known])
    with core.writing() as transaction:
        transaction.append_articles(batches[0])
        later = transaction.following()
        later.append_sketches([sketch_of(9, fingerprint_of(BODY))], NOW.date())
        assert later.append_articles(batches[1]) is None
    assert kept_ids(core) == {article_of(known + 1).id}
    with core.reading() as connection:
        assert connection.execute("select max(batch) from core.posting").fetchall() != [(later.batch,)]

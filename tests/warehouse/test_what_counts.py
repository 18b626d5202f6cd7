"""What alarms and digests are told where articles are copied, reread, revised, off the topic, or repeat a seed text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from marsad.articles import SEEN, Label, Stance
from marsad.dates import Dated, Precision
from marsad.records import KeptText, PollBatch, Record, Sighting, TextReading
from marsad.relations import NoveltyKind
from marsad.sources import Outlet, Verdict
from tests.warehouse.conftest import BODY, FEED, NOW, article_of, batch_of, entry_of, record_of, store
from tests.warehouse.test_counting import ENTITIES, naming_both, repeating_a_seed
from warehouse.core import Core
from warehouse.reader import Reader
from warehouse.replaying import Batch, Replaying, append_readings
from warehouse.watch import Watch

LATE = NOW + timedelta(days=63)
SPAN = (LATE - timedelta(hours=1), LATE + timedelta(days=1))
QUIET, YOUNG = "https://quiet.example.org/", "https://young.example.org/"
PAST, PAST_SEED, PAST_OFF = 1, 2, 3
LEADER, REVISED, COPY, OFF_COPY, SEED_COPY = 11, 12, 13, 14, 15  # one story
OFF, SEED, OF_QUIET, OF_YOUNG, PLAIN = 21, 22, 23, 24, 25
TITLE = "الكرملين يعدل بيانه"  # Kremlin changes its statement


def key(number: int) -> int:
    return article_of(number).id


def told(number: int, feed_url: str = FEED, at: datetime = LATE) -> Record:
    """Return an article that names the Kremlin and Moscow, of an outlet of its own."""
    record = naming_both(record_of(article_of(number), at=at))
    return replace(record, draft=replace(record.draft, feed_url=feed_url, outlet=Outlet(f"o{number}", f"o{number}")))


def copy_of_leader(record: Record) -> Record:
    """Return the record as a copy in the leader's story."""
    return replace(record, story_id=key(LEADER), novelty=replace(record.novelty, kind=NoveltyKind.DUPLICATE))


def revised(record: Record) -> Record:
    """Return the next text of the record's article, which is beside the others what it was."""
    article = replace(record.draft.article, title=TITLE, body=f"{BODY} وقال.")  # he said
    draft = naming_both(record_of(article, at=LATE + timedelta(hours=1))).draft
    return replace(record, draft=draft, novelty=replace(record.novelty, kind=NoveltyKind.REVISION))


def reread(record: Record, label: Label) -> TextReading:
    """Return a later reading of the article, with all that the first one named."""
    draft, article = record.draft, record.draft.article
    text = KeptText(article.id, article.url, FEED, LATE, article.title, article.body, article.kind, 0)
    relevance = replace(draft.tagging.relevance, label=label)
    return TextReading(text, replace(draft.tagging, relevance=relevance, method="rules/2"))


def heard(feed_url: str, at: datetime) -> Sighting:
    entry = replace(entry_of(at.day), feed_url=feed_url, published=Dated(at, Precision.INSTANT, "feed"))
    return Sighting(entry, Label.ON, Verdict.FETCH, at)


def hear(core: Core) -> None:
    """Let the usual feed bring entries before the day, the quiet one 63 days before it, the young one on the day."""
    known = {FEED: LATE - timedelta(days=30), QUIET: NOW, YOUNG: LATE}
    sightings = [heard(url, at) for url, first_at in known.items() for at in {first_at, LATE}]
    with core.writing() as transaction:
        transaction.append_polls(PollBatch("polls", "run-1", NOW, sightings=tuple(sightings)))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A warehouse of a day 63 days after the first one, with all that is no news on both."""
    core = Core(tmp_path_factory.mktemp("counts"))
    core.create_or_migrate()
    core.append_entities(ENTITIES, NOW)
    hear(core)
    past, past_off = record_of(article_of(PAST)), told(PAST_OFF, at=NOW)
    store(core, batch_of(past, repeating_a_seed(told(PAST_SEED, at=NOW)), past_off))
    changed = [replace(told(REVISED), story_id=key(LEADER)), told(OFF, YOUNG), repeating_a_seed(told(SEED, YOUNG))]
    off_copy = copy_of_leader(told(OFF_COPY))
    copies = [copy_of_leader(told(COPY)), off_copy, copy_of_leader(repeating_a_seed(told(SEED_COPY)))]
    others = [told(LEADER), told(OF_QUIET, QUIET), told(OF_YOUNG, YOUNG), told(PLAIN), told(PLAIN + 1)]
    store(core, batch_of(*changed, *copies, *others, batch_id="late", at=LATE))
    store(core, batch_of(*map(revised, changed), batch_id="revised", at=LATE + timedelta(hours=1)))
    readings = [reread(record, Label.OFF) for record in (past_off, off_copy, changed[1])]
    with core.writing() as transaction:
        again = [*readings, reread(revised(changed[0]), Label.ON)]
        append_readings(transaction, Batch("replay", "run-2", LATE + timedelta(hours=2)), again)
    core.publish()
    return Reader(core.folder)


def test_a_change_is_told_of_news_with_the_copies_that_are_news(reader: Reader) -> None:
    (change,) = Watch(reader).changes(*SPAN)
    assert (change.piece.article_id, change.piece.story_id) == (key(REVISED), key(LEADER))
    assert (change.piece.title, change.copy_count) == (TITLE, 1)
    assert change.piece.entity_ids == ("kremlin", "moscow")


def test_a_name_that_only_what_is_no_news_had_is_first_named_in_news(reader: Reader) -> None:
    assert [(first.kind, first.subject) for first in Watch(reader).firsts(*SPAN)] == [("first_named", "moscow")]


def test_a_feed_that_was_silent_for_two_months_is_not_young(reader: Reader) -> None:
    found = {(spike.subject, spike.stance): young for spike, young in Watch(reader).spikes(*SPAN)}
    told_of = [("topic", None), ("kremlin", None), ("moscow", None), ("kremlin", Stance.SUPPORTIVE)]
    assert found == dict.fromkeys(told_of, 1)


def test_a_piece_is_news_in_its_story_under_its_newest_title(reader: Reader) -> None:
    pieces = {piece.article_id: piece for piece in reader.pieces(*SPAN)}
    assert pieces.keys() == set(map(key, (LEADER, REVISED, COPY, OF_QUIET, OF_YOUNG, PLAIN, PLAIN + 1)))
    of_story = {article_id for article_id, piece in pieces.items() if piece.story_id == key(LEADER)}
    assert of_story == set(map(key, (LEADER, REVISED, COPY)))
    assert [article_id for article_id, piece in pieces.items() if piece.is_copy] == [key(COPY)]
    assert [article_id for article_id, piece in pieces.items() if piece.title == TITLE] == [key(REVISED)]


def test_a_name_counts_in_an_article_that_was_reread(reader: Reader) -> None:
    assert reader.query("select max(article_count) from trend('moscow', 3)").rows == ((7,),)


def test_whom_the_recognizer_saw_in_an_earlier_reading_is_not_seen_twice(core: Core) -> None:
    record = told(PLAIN)
    seen = record.draft.tagging.mentions[0]
    people = frozenset({(seen.start, seen.end)})
    tagging = replace(record.draft.tagging, method=f"rules/1{SEEN}", people=people)
    store(core, batch_of(replace(record, draft=replace(record.draft, tagging=tagging))))
    assert list(Replaying(core).seen_people([key(PLAIN)])) == [key(PLAIN)]
    with core.writing() as transaction:
        append_readings(transaction, Batch("replay", "run-2", LATE), [reread(record, Label.ON)])
    assert Replaying(core).seen_people([key(PLAIN)]) == {}

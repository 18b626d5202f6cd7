"""What figures count: news, each day since the first entry, each address once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from marsad.articles import Drop, Entity, EntityType, Label, Relevance, Tagging
from marsad.digests import DayCount
from marsad.identity import key_of
from marsad.records import ArchivePointer, KeptText, PollBatch, Record, Sighting, Standing, TextReading
from marsad.relations import Novelty, NoveltyKind, Origin, Relation, RelationKind
from marsad.sources import Outlet, Verdict
from marsad.urls import canonical_url
from tests.warehouse.conftest import NOW, article_of, batch_of, entry_of, polls_of, record_of, store, url_of
from warehouse.core import Core
from warehouse.reader import Reader
from warehouse.rows import story_row, tagging_row

SINCE, UNTIL = NOW - timedelta(days=9), NOW + timedelta(days=9)
ENTITIES = (
    Entity("kremlin", "Kremlin", "الكرملين", EntityType.ORG),
    Entity("moscow", "Moscow", "موسكو", EntityType.GPE),
)


def naming_both(record: Record) -> Record:
    """Return the record with Moscow named beside the Kremlin."""
    tagging = record.draft.tagging
    mention = replace(tagging.mentions[0], type=EntityType.GPE, entity_id="moscow", name="Moscow")
    return replace(record, draft=replace(record.draft, tagging=replace(tagging, mentions=(*tagging.mentions, mention))))


def repeating_a_seed(record: Record) -> Record:
    """Return the record as it is where its text is one of the seed corpus."""
    article_id = record.draft.article.id
    relation = Relation(article_id, 7, Origin.SEED, RelationKind.EXACT, 1.0, "containment/1")
    return replace(record, novelty=Novelty(NoveltyKind.DUPLICATE, (relation,)))


def read_again(record: Record, tagging: Tagging) -> TextReading:
    """Return a later reading of the record's text."""
    article = record.draft.article
    text = KeptText(article.id, article.url, "", NOW, article.title, article.body, article.kind, 0)
    return TextReading(text, tagging)


def find_off_topic(core: Core, record: Record) -> None:
    """Store a later reading of the article that finds it off the topic."""
    store_reading(core, record, replace(record.draft.tagging, relevance=Relevance(Label.OFF, 0.0, ())))


def store_reading(core: Core, record: Record, tagging: Tagging) -> None:
    """Store a later reading of the article, without what it names and who speaks in it."""
    with core.writing() as transaction:
        rows = {
            "tagging": [tagging_row(transaction.batch, read_again(record, tagging))],
            "superseded": [(transaction.batch, record.draft.article.id, "reading")],
        }
        transaction.append_tables(rows, NOW)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A warehouse of three articles: news, a repeated seed text, and one found off the topic later."""
    core = Core(tmp_path_factory.mktemp("counting"))
    core.create_or_migrate()
    core.append_entities(ENTITIES, NOW)
    news, seed, off = (naming_both(record_of(article_of(number))) for number in (1, 2, 3))
    store(core, batch_of(news, repeating_a_seed(seed), off))
    find_off_topic(core, off)
    core.publish()
    return Reader(core.folder)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("select max(article_count) from daily_entities where entity_id = 'kremlin'", 1),
        ("select max(supportive_count) from daily_stance where speaker_id = 'kremlin'", 1),
        ("select max(article_count) from trend('kremlin', 3)", 1),
        ("select article_count from cooccurrence('kremlin', 3)", 1),
        ("select count(*) from stance_of('kremlin', 3)", 1),
        ("select article_count from daily_coverage", 1),
        ("select count(*) from stories", 1),
        ("select sum(article_count) from share_of_voice(3)", 1),
        ("select max(article_count) from rising(3)", 1),
        ("select max(story_count) from core.stories_told_in('UTC', date '2026-03-01', null)", 1),
        ("select count(*) from articles", 2),
        ("select count(*) from mentions", 4),
        ("select count(*) from statements", 2),
    ],
)
def test_what_is_no_news_is_kept_and_not_counted(reader: Reader, query: str, count: int) -> None:
    assert reader.query(query).rows == ((count,),)


def test_what_an_earlier_reading_named_counts_nowhere(core: Core) -> None:
    core.append_entities(ENTITIES, NOW)
    record = naming_both(record_of(article_of(1)))
    store(core, batch_of(record))
    store_reading(core, record, replace(record.draft.tagging, mentions=(), statements=()))
    core.publish()
    reader = Reader(core.folder)
    assert reader.query("select max(article_count) from trend('kremlin', 3)").rows == ((0,),)
    told = "select count(*) from core.stories_told_in('UTC', date '2026-03-01', {}) where subject <> 'topic'"
    assert [reader.query(told.format(about)).rows for about in ("null", "'kremlin'")] == [((0,),)] * 2


def test_an_agency_a_family_and_a_copy_are_one_that_tells_a_story(core: Core) -> None:
    first = record_of(article_of(1))
    story = [
        told_by(first, 1, "mirqab"),
        told_by(first, 2, "nahr", agency="reuters"),
        told_by(first, 3, "mina", agency="reuters"),
        told_by(first, 4, "sahifa", family="house"),
        told_by(first, 5, "majalla", family="house"),
        replace(told_by(first, 6, "nuskha"), novelty=Novelty(NoveltyKind.DUPLICATE)),
    ]
    store(core, batch_of(*story))
    core.publish()
    query = "select article_count, copy_count, outlet_count, independent_count from stories"
    assert Reader(core.folder).query(query).rows == ((6, 1, 6, 3),)


def told_by(first: Record, number: int, outlet: str, family: str = "", agency: str = "") -> Record:
    """Return a record of the first one's story."""
    draft = record_of(article_of(number)).draft
    tagging = replace(draft.tagging, agency=agency)
    draft = replace(draft, tagging=tagging, outlet=Outlet(outlet, outlet, family=family))
    return Record(draft, Novelty(NoveltyKind.NEW), first.story_id)


def test_reports_count_news_alone(reader: Reader) -> None:
    assert len(reader.tallies(SINCE, UNTIL)) == 1
    assert [said.supportive_count for said in reader.speaker_stances(SINCE, UNTIL)] == [1]
    assert {named.article_count for named in reader.entity_counts(SINCE, UNTIL)} == {1}


def test_a_day_with_entries_and_no_article_counts_zero(core: Core) -> None:
    before = NOW - timedelta(days=2)
    core.append_polls(replace(polls_of(), at=before, sightings=(sighting(1, url_of(1)),)))
    store(core, batch_of(record_of(article_of(9))))
    core.publish()
    expected = (DayCount("2026-03-08", 0, 0), DayCount("2026-03-09", 0, 0), DayCount("2026-03-10", 1, 1))
    assert Reader(core.folder).coverage(SINCE, UNTIL) == expected
    assert len(Reader(core.folder).query("from core.calendar_in('UTC')").rows) == 3


def sighting(number: int, url: str, verdict: Verdict = Verdict.FETCH) -> Sighting:
    return Sighting(replace(entry_of(number), url=url), Label.OFF, verdict, NOW)


def test_a_story_is_told_by_the_article_it_is_named_by(core: Core) -> None:
    numbers = sorted(range(1, 9), key=lambda number: article_of(number).id)
    first = numbers[4]  # neither the lowest id nor the highest
    records = [record_of(article_of(number, title=f"عنوان {number}")) for number in numbers]  # title
    in_story = [replace(record, story_id=article_of(first).id) for record in records]
    outlets = [replace(r, draft=replace(r.draft, outlet=replace(r.draft.outlet, name=r.draft.article.title))) for r in
               in_story]  # fmt: skip
    store(core, batch_of(*outlets))
    core.publish()
    found = Reader(core.folder).query("select title, first_outlet from stories").rows
    assert found == ((f"عنوان {first}", f"عنوان {first}"),)


def test_the_audit_counts_pages_fetched_and_those_that_were_news_after_all(core: Core) -> None:
    audited = tuple(sighting(n, url_of(n), Verdict.AUDIT) for n in range(1, 7))
    chosen = sighting(7, url_of(7), Verdict.FETCH)
    core.append_polls(PollBatch("polls", "run-1", NOW, sightings=(*audited, chosen)))
    pages = tuple(ArchivePointer(url_of(n), "2026-03-10.warc.gz", n, NOW) for n in (1, 2, 3, 6, 7))
    drops = (
        Drop("topic", "off_topic", url_of(2)),
        Drop("extract", "blocked", url_of(3)),
        Drop("fetch", "gone", url_of(4)),
    )
    elsewhere = record_of(article_of(60))  # where the sixth page led to
    store(core, replace(batch_of(record_of(article_of(1)), elsewhere), pages=pages, drops=drops))
    core.publish()
    assert Reader(core.folder).audit_counts(SINCE, UNTIL) == (4, 2)
    assert Reader(core.folder).audit_counts(SINCE, NOW) == (0, 0)
    audit = Reader(core.folder).filter_audit(UNTIL)
    assert (audit.left_count, audit.audited_count, audit.missed_count) == (6, 4, 2)


TRACKED = (f"{url_of(1)}?utm_source=rss", f"{url_of(1)}?fbclid=abc")


def test_one_article_behind_two_tracker_urls_is_pending_once(core: Core) -> None:
    core.append_polls(PollBatch("polls", "run-1", NOW, sightings=tuple(map(sighting, (1, 2), TRACKED))))
    assert [pending.entry.url for pending in core.pending_entries(NOW, 10)] in ([url] for url in TRACKED)


@pytest.mark.parametrize("settled_by", ["article", "page", "drop"])
def test_a_tracker_url_is_settled_by_what_came_of_the_article(core: Core, settled_by: str) -> None:
    core.append_polls(PollBatch("polls", "run-1", NOW, sightings=tuple(map(sighting, (1, 2), TRACKED))))
    assert article_of(1).id == key_of(canonical_url(TRACKED[0]))
    record = record_of(article_of(1))
    batches = {
        "article": batch_of(replace(record, draft=replace(record.draft, page=None))),
        "page": replace(batch_of(), pages=(ArchivePointer(TRACKED[1], "x", 0, NOW),)),
        "drop": replace(batch_of(), drops=(Drop("fetch", "gone", TRACKED[1]),)),
    }
    store(core, batches[settled_by])
    assert core.pending_entries(NOW, 10) == []


def test_an_address_that_is_none_is_kept_under_its_own_key(core: Core) -> None:
    core.append_polls(PollBatch("polls", "run-1", NOW, drops=(Drop("poll", "bad_link", "mailto:x"),)))
    with core.reading() as connection:
        assert connection.execute("select url_id from core.drop").fetchall() == [(key_of("mailto:x"),)]


@pytest.mark.parametrize("part", ["story", "reading"])
def test_a_judgement_is_history_only_when_it_is_said_to_be_superseded(core: Core, part: str) -> None:
    record = record_of(article_of(1))
    article_id = record.draft.article.id
    store(core, batch_of(record))
    shown = "current_story" if part == "story" else "current_tagging"
    counts = []
    for is_told in (False, True):
        with core.writing() as transaction:
            batch = transaction.batch
            standing = Standing(article_id, record.novelty, record.story_id)
            reading = read_again(record, record.draft.tagging)
            row = story_row(batch, standing) if part == "story" else tagging_row(batch, reading)
            transaction.append_tables({"story" if part == "story" else "tagging": [row]}, NOW)
            if is_told:
                transaction.connection.execute(
                    "insert into core.superseded values (?, ?, ?)", [batch, article_id, part]
                )
        core.publish()
        counts.append(Reader(core.folder).query(f"select count(*) from core.{shown}").rows[0][0])
    assert counts == [2, 1]

"""Five weeks of four outlets, written by hand, on which docs/queries.md is answered: `python -m tests.questions_world`.

Mentions and statements are given, not found, so that the answers change with the questions and the views alone.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from marsad.articles import (
    Article,
    Attribution,
    BodyKind,
    Drop,
    Entity,
    EntityType,
    Label,
    Mention,
    MentionKind,
    OutletVoice,
    Relevance,
    Stance,
    Statement,
    Tagging,
)
from marsad.dates import Dated, Precision
from marsad.identity import key_of
from marsad.records import ArticleBatch, Draft, PollBatch, Record, Sighting
from marsad.relations import Novelty, NoveltyKind, Origin, Relation, RelationKind
from marsad.sketches import fingerprint_of
from marsad.sources import Entry, FeedState, Outlet, Verdict
from warehouse.core import Core
from warehouse.questioning import Table
from warehouse.reader import Reader

QUERIES = Path(__file__).resolve().parent.parent / "docs" / "queries.md"
START = datetime(2026, 3, 2, 6, tzinfo=UTC)  #: a Monday
DAYS = 35
LAST = START + timedelta(days=DAYS - 1, hours=1)  #: poll
CHANGED = 504  #: number of the article that its outlet changes

OUTLETS = {
    "qimma": Outlet("qimma", "Al-Qimma", "القمة", "LB", "agency", "qimma"),
    "nahr": Outlet("nahr", "An-Nahr", "النهر", "SA", "newspaper", "nahr"),
    "mina": Outlet("mina", "Al-Mina", "الميناء", "EG", "portal", "mina"),
    "ufuq": Outlet("ufuq", "Al-Ufuq", "الأفق", "AE", "television", "ufuq"),
}
ENTITIES = {
    "kremlin": Entity("kremlin", "Kremlin", "الكرملين", EntityType.ORG),
    "seoul": Entity("seoul", "Seoul", "سيول", EntityType.GPE),
    "pyongyang": Entity("pyongyang", "Pyongyang", "بيونغ يانغ", EntityType.GPE, aliases=("بيونج يانج",)),
    "rason": Entity("rason", "Rason", "راسون", EntityType.GPE),
    "kursk": Entity("kursk", "Kursk", "كورسك", EntityType.GPE),
}
SENTENCES = {
    ("kremlin", Stance.SUPPORTIVE): "رحب الكرملين بتوسيع التعاون مع بيونغ يانغ.",  # the Kremlin welcomed
    ("kremlin", Stance.NEUTRAL): "امتنع الكرملين عن التعليق على الأنباء.",  # declined to comment
    ("seoul", Stance.OPPOSED): "دانت سيول نقل الذخائر عبر ميناء راسون.",  # Seoul condemned the shipments
    ("seoul", Stance.NEUTRAL): "قالت سيول إنها تتابع الأنباء.",  # follows the news
    ("seoul", Stance.SUPPORTIVE): "رحبت سيول باستئناف الحوار.",  # welcomed the talks
    ("pyongyang", Stance.SUPPORTIVE): "أكدت بيونج يانج أنها ماضية في الشراكة.",  # will go on
}
PLAIN = {
    "kursk": "وصلت فرق إزالة الألغام إلى كورسك صباحا.",  # teams for clearing mines arrived
    "rason": "رست سفينتان في راسون هذا الأسبوع.",  # two ships moored
    "analyst": "ورأى المحلل سامي الديري أن الأرقام مبالغ فيها.",  # an analyst: figures exaggerated
}


@dataclass(frozen=True, slots=True)
class Told:
    """One article: when, by whom, with which sentences."""

    number: int
    hours: float  #: since START
    outlet: str
    title: str
    said: tuple[tuple[str, Stance], ...] = ()
    plain: tuple[str, ...] = ()
    copies: int | None = None  #: number of the article it repeats
    is_seed: bool = False  #: whether it repeats a seed text
    voice: Stance = Stance.NEUTRAL

    @property
    def body(self) -> str:
        """Its sentences, a paragraph each."""
        return "\n".join([*(SENTENCES[one] for one in self.said), *(PLAIN[one] for one in self.plain)])


WELCOME, CONDEMNED = ("kremlin", Stance.SUPPORTIVE), ("seoul", Stance.OPPOSED)
SILENT, TALKS, WENT_ON = ("kremlin", Stance.NEUTRAL), ("seoul", Stance.SUPPORTIVE), ("pyongyang", Stance.SUPPORTIVE)
WATCHES = ("seoul", Stance.NEUTRAL)


def told() -> Iterator[Told]:
    """Yield the articles in the order of arrival."""
    for week in range(4):  # the daily run: an agency and those who take from it
        base, first = week * 168, 100 * (week + 1)
        yield Told(first, base, "qimma", "الكرملين وبيونغ يانغ", (WELCOME, WENT_ON))  # Kremlin and Pyongyang
        yield Told(first + 1, base + 2, "nahr", "الكرملين وبيونغ يانغ", (WELCOME, WENT_ON), copies=first)
        yield Told(first + 2, base + 26, "nahr", "سيول تدين", (CONDEMNED,), ("rason",))  # Seoul condemns
        yield Told(first + 3, base + 75, "mina", "إزالة الألغام", (SILENT,), ("kursk",))  # clearing mines
        yield Told(
            first + 4, base + 77, "ufuq", "سيول ترد", (CONDEMNED, WELCOME), voice=Stance.OPPOSED
        )  # Seoul answers
    last = 4 * 168
    yield Told(500, last, "qimma", "سفن في راسون", (CONDEMNED,), ("rason",))  # ships in Rason
    yield Told(501, last + 1, "ufuq", "سفن في راسون", (CONDEMNED,), ("rason",), copies=500)
    yield Told(502, last + 5, "mina", "سفن في راسون", (CONDEMNED,), ("rason",), copies=500)
    yield Told(503, last + 9, "nahr", "ماذا في راسون؟", (), ("rason", "analyst"))  # what is in Rason?
    yield Told(507, last + 27, "mina", "سيول تراقب", (WATCHES,))  # Seoul watches
    yield Told(508, last + 28, "mina", "من الأرشيف", (WELCOME,), ("kursk", "analyst"), is_seed=True)  # from the archive
    yield Told(504, last + 30, "nahr", "سيول ترحب بالحوار", (TALKS,), ("rason",))  # Seoul welcomes talks
    yield Told(505, last + 54, "qimma", "راسون من جديد", (WELCOME,), ("rason", "kursk"))  # Rason again
    for n in range(12):  # the day everybody tells of the port
        outlet = ("qimma", "nahr", "mina", "ufuq")[n % 4]
        yield Told(
            600 + n, last + 48 + n / 4, outlet, f"راسون: الخبر {n + 1}", (), ("rason",)
        )  # Rason: report 1, 2, ...
    yield Told(506, last + 55, "ufuq", "ميناء راسون", (), ("rason",), voice=Stance.OPPOSED)  # the port of Rason


def build(folder: Path) -> Reader:
    """Return a reader of the published world."""
    core = Core(folder)
    core.create_or_migrate()
    core.append_entities(list(ENTITIES.values()), START)
    articles = list(told())
    records = tuple(_record(one, START + timedelta(hours=one.hours)) for one in articles)
    _store(core, ArticleBatch("articles", "run", START, records))
    _change(core, next(one for one in articles if one.number == CHANGED))
    core.append_polls(_polls())
    _store(core, ArticleBatch("drops", "run", START + timedelta(days=DAYS - 1), drops=DROPS))
    core.publish()
    return Reader(folder)


DROPS = (
    Drop("fetch", "robots", "https://example.org/mina/archive/7", "", "https://example.org/mina/feed"),
    Drop("extract", "blocked", "https://example.org/ufuq/31", "a consent page", "https://example.org/ufuq/feed"),
    Drop("topic", "off_topic", "https://example.org/nahr/90", "no name of the topic", "https://example.org/nahr/feed"),
    Drop("topic", "off_topic", "https://example.org/nahr/91", "no name of the topic", "https://example.org/nahr/feed"),
)


def _store(core: Core, batch: ArticleBatch) -> None:
    with core.writing() as transaction:
        transaction.append_articles(batch)


def _change(core: Core, one: Told) -> None:
    """Let an outlet change what its article said: Seoul no longer condemns, the ships are three."""
    at = START + timedelta(hours=one.hours + 6)
    record = _record(replace(one, title="سيول ترحب بالحوار بحذر", said=(TALKS,), plain=("kursk",)), at)  # cautiously
    _store(core, ArticleBatch("changed", "run", at, (replace(record, novelty=Novelty(NoveltyKind.REVISION)),)))


def _url(one: Told) -> str:
    return f"https://example.org/{one.outlet}/{one.number}"


def _record(one: Told, at: datetime) -> Record:
    published = Dated(at - timedelta(minutes=40), Precision.INSTANT, "meta", at.isoformat())
    article = Article(key_of(_url(one)), _url(one), one.title, one.body, BodyKind.FULL, published, lang="ar")
    outlet = OUTLETS[one.outlet]
    feed = f"https://example.org/{one.outlet}/feed"
    draft = Draft(article, _tagging(one, article.text), fingerprint_of(article.text), feed, outlet, at)
    if one.is_seed:
        seed = Relation(article.id, 7, Origin.SEED, RelationKind.EXACT, 1.0, "containment/1")
        return Record(draft, Novelty(NoveltyKind.DUPLICATE, (seed,)), article.id)
    if one.copies is None:
        return Record(draft, Novelty(NoveltyKind.NEW), article.id)
    first = next(other for other in told() if other.number == one.copies)
    relation = Relation(article.id, key_of(_url(first)), Origin.ARTICLE, RelationKind.EXACT, 1.0, "containment/1")
    return Record(draft, Novelty(NoveltyKind.DUPLICATE, (relation,)), key_of(_url(first)))


def _tagging(one: Told, text: str) -> Tagging:
    mentions = [
        Mention(found.start(), found.end(), found.group(), entity.type, MentionKind.NAME, entity.id, entity.name)
        for entity in ENTITIES.values()
        for found in re.finditer("|".join((entity.name_ar, *entity.aliases)), text)
    ]
    mentions += [
        Mention(found.start(), found.end(), found.group(), EntityType.PER, MentionKind.UNLINKED)
        for found in re.finditer("سامي الديري", text)
    ]
    statements = [_statement(speaker, stance, text) for speaker, stance in one.said]
    voice = OutletVoice(one.voice, 0, len(one.title)) if one.voice is not Stance.NEUTRAL else OutletVoice()
    ordered = tuple(sorted(mentions, key=lambda mention: mention.start))
    return Tagging(Relevance(Label.ON, 0.9, ("names",)), ordered, tuple(statements), voice, None, "rules/9")


def _statement(speaker: str, stance: Stance, text: str) -> Statement:
    sentence, entity = SENTENCES[speaker, stance], ENTITIES[speaker]
    start = text.index(sentence)
    name = next(name for name in (entity.name_ar, *entity.aliases) if name in sentence)
    at = start + sentence.index(name)
    where = (start, start + len(sentence), sentence.split()[0], Attribution.INDIRECT, 0.8)
    return Statement(entity.name, entity.id, at, at + len(name), "cooperation", stance, *where)


def _polls() -> PollBatch:
    """Every outlet prints five headlines a day besides, at times one on the topic; the television falls silent."""
    sightings, states = [], []
    for name in OUTLETS:
        url = f"https://example.org/{name}/feed"
        for day in range(28 if name == "ufuq" else DAYS):
            at = START + timedelta(days=day, hours=1)
            published = Dated(at, Precision.INSTANT, "feed", "")
            entries = (Entry(url, f"{day}-{n}", f"{url}/{day}/{n}", "خبر", "", published) for n in range(5))  # news
            labels = [Label.ON if day % 2 == 0 else Label.OFF, *[Label.OFF] * 4]
            sightings += [
                Sighting(entry, label, Verdict.SKIP, at) for entry, label in zip(entries, labels, strict=True)
            ]
        states.append(FeedState(url, polled_at=LAST, succeeded_at=LAST, next_poll_at=LAST + timedelta(hours=1)))
    outlets = tuple((f"https://example.org/{name}/feed", outlet) for name, outlet in OUTLETS.items())
    return PollBatch("polls", "run", LAST, tuple(states), outlets, tuple(sightings))


@dataclass(frozen=True, slots=True)
class Question:
    """A section of docs/queries.md."""

    title: str
    sql: str
    answer: str  #: a Markdown table


_SECTION = re.compile(
    r"^### (?P<title>.+)\n(?:.*\n)*?```sql\n(?P<sql>(?:.*\n)+?)```\n\n(?P<answer>(?:\|.*\n)*)\n?", re.MULTILINE
)


def questions(text: str) -> list[Question]:
    """Return the questions of docs/queries.md."""
    return [Question(found["title"], found["sql"], found["answer"]) for found in _SECTION.finditer(text)]


def answered(table: Table) -> str:
    """Return an answer as a Markdown table."""
    rule = ["---"] * len(table.columns)
    cells: list[Sequence[object]] = [table.columns, rule, *table.rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in row)} |\n" for row in cells)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write the answers of docs/queries.md anew."""
    text = QUERIES.read_text("utf-8")
    with tempfile.TemporaryDirectory() as name:
        reader = build(Path(name))

        def renewed(found: re.Match[str]) -> str:
            head = found.group()[: found.start("answer") - found.start()]
            return f"{head}{answered(reader.query(found['sql']))}\n"

        QUERIES.write_text(f"{_SECTION.sub(renewed, text).rstrip()}\n", "utf-8")


if __name__ == "__main__":
    main()

"""A small invented world: what two outlets and their copyists said in one week of November."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from marsad.alerts import Alert, AlertKind, Level
from marsad.articles import Stance
from marsad.balance import Balance
from marsad.changes import Change
from marsad.digests import (
    DayCount,
    EntityCount,
    FeedHealth,
    OutletCount,
    Piece,
    Quote,
    Report,
    SpeakerStance,
    Spike,
    Story,
    Tally,
)
from marsad.mailing import Digest
from marsad.settings import Subscriber
from marsad.sources import Line, Outlet

UNTIL = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=1)


#: What feeds have sent, and what an enemy might: each must be shown as harmless words, and never stop a mail.
HOSTILE = {
    "crlf": "خبر\r\nBcc: victim@example.org\r\n\r\nbody",
    "lf": "خبر\nSubject: forged",
    "bare cr": "خبر\rX-Forged: 1",
    "line separator": "خبر\u2028Bcc: victim@example.org",
    "paragraph separator": "خبر\u2029Bcc: victim@example.org",
    "next line": "خبر\x85Bcc: victim@example.org",
    "vertical tab": "خبر\x0bBcc:\x0cx",
    "file separators": "خبر\x1c\x1d\x1e\x1f",
    "nul": "خب\x00ر",
    "escape": "\x1b[31mخبر\x1b]0;owned\x07",
    "backspace": "خبر\x08\x7f",
    "c1": "خبر\x9b31m",
    "high surrogate": "خبر \ud83d",
    "low surrogate": "\udcff خبر",
    "override": "خبر \u202egpj.exe",
    "embedding left open": "\u202b\u202a\u202dخبر",
    "isolate left open": "\u2066\u2067\u2068خبر",
    "isolate closed too often": "\u2069\u2069\u202c\u202cخبر",
    "direction marks": "\u200e\u200f\u061cخبر",
    "zero width": "خ\u200bب\ufeffر\u2060\u00ad",
    "tags": "خبر\U000e0041\U000e007f",
    "noncharacter": "خبر\ufffe\uffff\U0010ffff",
    "script": "<script>alert(1)</script>",
    "image": "<img src=https://evil.example/x onerror=alert(1)>",
    "end of style": "</style></title></bdi></table><script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)" x="',
    "single quotes": "' onfocus='alert(1)",
    "entity": "&lt;b&gt; &amp;#0; &#x202e;",
    "template": "{{ 7*7 }}{% raw %}",
    "encoded word": "=?utf-8?b?QmNjOiB2aWN0aW1AZXhhbXBsZS5vcmc=?=",
    "markup of the terminal": "[red]خبر[/red] [link=https://evil.example]x[/link]",
    "boundary": "--=_alternative_0\r\nContent-Type: text/html",
    "climbing marks": "خ" + "\u064b" * 500,
    "long": "خبر " * 2_500,
    "long word": "م" * 10_000,
    "long ascii": "x" * 10_000,
    "empty": "",
    "nothing visible": "\u202e\u200b\x00",
    "emoji": "خبر 👩‍👩‍👧‍👦 🇰🇵",
}


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE.keys())
def hostile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _outlets(*names: str) -> tuple[Outlet, ...]:
    return tuple(Outlet(name, name, "المنارة" if name == "Al-Manara Online" else "") for name in names)


def _quote(speaker: str, speaker_ar: str, stance: Stance, evidence: str, number: int) -> Quote:
    return Quote(speaker, speaker_ar, stance, evidence, f"https://news.example.org/{number}", "صحيفة المرفأ")


@pytest.fixture(scope="session")
def stories() -> tuple[Story, ...]:
    return (
        Story(
            id=1,
            title="وزيرا خارجية روسيا وكوريا الشمالية يتفقان على خط ملاحي جديد",  # ministers agree on a shipping line
            started_at=UNTIL - timedelta(hours=20),
            outlets=_outlets("صحيفة المرفأ", "Al-Manara Online", "وكالة الضفة", "إذاعة النهر", "شبكة الأفق"),
            urls=tuple(f"https://news.example.org/أخبار/{n}?a=1&b=2" for n in range(1, 8)),
            copy_count=3,
            quotes=(
                _quote(
                    "Sergey Lavrov",
                    "سيرغي لافروف",
                    Stance.SUPPORTIVE,
                    "رحّب لافروف بالخط الجديد وقال إن «الميناء سيستقبل أول سفينة قبل نهاية الشتاء».",
                    1,
                ),
                _quote(
                    "spokesman of the South Korean ministry",
                    "الناطق باسم الخارجية الكورية الجنوبية",
                    Stance.OPPOSED,
                    "وندد الناطق باسم الخارجية الكورية الجنوبية بالاتفاق ووصفه بأنه التفاف على قرار مجلس الأمن 2397.",
                    2,
                ),
            ),
        ),
        Story(
            id=2,
            title="موسكو: لا نعلّق على تقارير عن شحنة صواريخ من طراز KN-23",  # Moscow does not comment on a shipment
            started_at=UNTIL - timedelta(hours=7),
            outlets=_outlets("Al-Manara Online"),
            urls=("https://manara.example.org/story?id=9",),
            quotes=(
                _quote("Kremlin", "الكرملين", Stance.NEUTRAL, "واكتفى الكرملين بالقول إن بلاده «تدرس التقارير».", 9),
            ),
        ),
        Story(
            id=3,
            title="معرض صور في بيونغ يانغ عن زيارة الوفد الروسي",  # an exhibition of photographs
            started_at=UNTIL - timedelta(hours=3),
            outlets=_outlets("إذاعة النهر", "وكالة الضفة"),
            urls=("https://nahr.example.org/3", "https://daffa.example.org/3"),
            copy_count=1,
        ),
    )


@pytest.fixture(scope="session")
def coverage() -> tuple[DayCount, ...]:
    counts = (3, 5, 2, 0, 7, 9, 4, 6, 3, 1, 0, 8, 14, 11, 6, 5, 9, 3, 2, 6, 10)
    return tuple(DayCount(f"2026-11-{day:02d}", count, (count + 1) // 2) for day, count in enumerate(counts, 1))


@pytest.fixture(scope="session")
def feeds() -> tuple[FeedHealth, ...]:
    return (
        FeedHealth("https://news.example.org/rss", "صحيفة المرفأ", "ok", newest_at=UNTIL - timedelta(hours=1)),
        FeedHealth("https://manara.example.org/atom", "Al-Manara Online", "ok", newest_at=UNTIL - timedelta(hours=7)),
        FeedHealth("https://nahr.example.org/feed", "إذاعة النهر", "silent", "nothing since 2026-11-06"),
        FeedHealth("https://ufuq.example.org/feed", "شبكة الأفق", "broken", "answered 503"),
    )


@pytest.fixture(scope="session")
def digest(stories: tuple[Story, ...], coverage: tuple[DayCount, ...], feeds: tuple[FeedHealth, ...]) -> Digest:
    return Digest(
        subscriber=Subscriber(address="analyst@example.org", zone="Asia/Riyadh"),
        since=SINCE,
        until=UNTIL,
        stories=stories,
        coverage=coverage,
        feeds=feeds,
        topic_name="Cooperation of Russia and North Korea",
        topic_name_ar="التعاون بين روسيا وكوريا الشمالية",
        changes=(_change(stories[1]),),
        alerts=ALERTS,
        entities=(
            EntityCount("north-korea", "North Korea", "كوريا الشمالية", 5),
            EntityCount("kn-23", "KN-23", "", 1),
        ),
        balances=(Balance(7, 3, 2), Balance(2, 6, 4)),
    )


_DAY = UNTIL.date()
ALERTS = (
    Alert(AlertKind.SPIKE, Level.ALERT, "topic", _DAY, count=12, expected=3.1),
    Alert(
        AlertKind.STANCE_SPIKE,
        Level.WATCH,
        "lavrov opposed",
        _DAY,
        "Sergey Lavrov",
        "سيرغي لافروف",
        6,
        1.2,
        became="opposed",
    ),
    Alert(AlertKind.FIRST_NAMED, Level.WATCH, "kn-23", _DAY, "KN-23", ""),
    Alert(AlertKind.FIRST_QUOTED, Level.WATCH, "lavrov", _DAY, "Sergey Lavrov", "سيرغي لافروف"),
    Alert(AlertKind.SPEAKER_TURNED, Level.ALERT, "a", _DAY, "A", "أ", 6, was="supportive", became="opposed"),
    Alert(AlertKind.OUTLET_TURNED, Level.ALERT, "b", _DAY, "B", "ب", 7, was="opposed", became="supportive"),
    Alert(AlertKind.SILENT_FEED, Level.WATCH, "c", _DAY, "إذاعة النهر", "إذاعة النهر", 9, was="ok", became="silent"),
    Alert(AlertKind.CHANGED_STORY, Level.ALERT, "d", _DAY, "e", "e", 8, was="عنوان أول", became="عنوان ثان"),  # titles
)


def _change(story: Story) -> Change:
    """Return a change of the article whose title says that Moscow does not comment on a shipment."""
    piece = Piece(2, story.id, story.title, story.urls[0], "Al-Manara Online", UNTIL - timedelta(hours=7))
    before = "قال الكرملين إنه يدرس التقارير. وأضاف أن الشحنة لم تصل بعد. ولم يذكر موعدا."  # has not arrived yet
    after = "قال الكرملين إنه يدرس التقارير. وأضاف أن الشحنة وصلت أمس. ولم يذكر موعداً."  # arrived yesterday
    return Change(piece, UNTIL - timedelta(hours=2), story.title, before, after, 3)


@pytest.fixture(scope="session")
def english(digest: Digest) -> Digest:
    return replace(digest, subscriber=replace(digest.subscriber, language="en"))


@pytest.fixture(scope="session")
def report(digest: Digest) -> Report:
    return Report(
        since=UNTIL - timedelta(days=20),
        until=UNTIL,
        topic_name=digest.topic_name,
        topic_name_ar=digest.topic_name_ar,
        zone="Asia/Riyadh",
        coverage=digest.coverage,
        speakers=(
            SpeakerStance("Sergey Lavrov", "سيرغي لافروف", 2, 0, 0),
            SpeakerStance("spokesman of the South Korean ministry", "الناطق باسم الخارجية الكورية الجنوبية", 0, 1, 0),
            SpeakerStance("Kremlin", "الكرملين", 0, 0, 1),
            SpeakerStance("a western diplomat", "دبلوماسي غربي", 0, 1, 0),
        ),
        entities=(
            EntityCount("north-korea", "North Korea", "كوريا الشمالية", 5),
            EntityCount("russia", "Russia", "روسيا", 4),
            EntityCount("kn-23", "KN-23", "", 1),
        ),
        outlets=(
            OutletCount("صحيفة المرفأ", 3, 1, "LB", "independent", "marfa"),
            OutletCount("Al-Manara Online", 2, 0, "MA", "", "manara", "المنارة"),
            OutletCount("إذاعة النهر", 1, 1, "EG", "state", "nahr"),
        ),
        lines=(Line("state", "State", "رسمية"),),
        spikes=(Spike("topic", "2026-11-13", "alert", 9, 4, 2.5, 0.0001),),
        pieces=_pieces(digest),
        tallies=(
            _older(91, 8, "marfa", ("north-korea", "russia")),
            _older(92, 9, "manara", ("north-korea",), "a western diplomat"),
        ),
        feeds=digest.feeds,
        audited_count=120,
        missed_count=2,
    )


def _pieces(digest: Digest) -> tuple[Piece, ...]:
    """Return four articles of the digest's stories, newest first."""
    shipping, missiles, pictures = digest.stories

    def piece(number: int, story: Story, hours: int, outlet: tuple[str, str], *named: str) -> Piece:
        at = UNTIL - timedelta(hours=hours)
        return Piece(number, story.id, story.title, story.urls[0], outlet[1], at, number == 4, (), outlet[0], "", named)

    marfa, manara, nahr = ("marfa", "صحيفة المرفأ"), ("manara", "Al-Manara Online"), ("nahr", "إذاعة النهر")
    return (
        replace(piece(4, pictures, 3, nahr, "north-korea")),
        replace(piece(3, missiles, 7, manara, "kn-23", "russia"), quotes=missiles.quotes),
        replace(piece(2, shipping, 19, marfa, "north-korea", "russia"), quotes=shipping.quotes[:1]),
        replace(piece(1, shipping, 20, marfa, "north-korea", "russia"), quotes=shipping.quotes),
    )


def _older(number: int, days: int, outlet_id: str, named: tuple[str, ...], *opposed: str) -> Tally:
    at = UNTIL - timedelta(days=days)
    return Tally(number, 91, at, outlet_id, False, named, opposed, (Stance.OPPOSED,) * len(opposed))

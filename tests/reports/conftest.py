"""A small invented world: what two outlets and their copyists said in one week of November."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from marsad.articles import Stance
from marsad.digests import (
    DayCount,
    Digest,
    EntityCount,
    FeedHealth,
    OutletCount,
    Quote,
    Report,
    SpeakerStance,
    Story,
)
from marsad.settings import Subscriber

UNTIL = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=1)


def _quote(speaker: str, speaker_ar: str, stance: Stance, evidence: str, number: int) -> Quote:
    return Quote(speaker, speaker_ar, stance, evidence, f"https://news.example.org/{number}", "صحيفة المرفأ")


@pytest.fixture(scope="session")
def stories() -> tuple[Story, ...]:
    return (
        Story(
            id=1,
            title="وزيرا خارجية روسيا وكوريا الشمالية يتفقان على خط ملاحي جديد",  # ministers agree on a shipping line
            started_at=UNTIL - timedelta(hours=20),
            outlets=("صحيفة المرفأ", "Al-Manara Online", "وكالة الضفة", "إذاعة النهر", "شبكة الأفق"),
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
            outlets=("Al-Manara Online",),
            urls=("https://manara.example.org/story?id=9",),
            quotes=(
                _quote("Kremlin", "الكرملين", Stance.NEUTRAL, "واكتفى الكرملين بالقول إن بلاده «تدرس التقارير».", 9),
            ),
        ),
        Story(
            id=3,
            title="معرض صور في بيونغ يانغ عن زيارة الوفد الروسي",  # an exhibition of photographs
            started_at=UNTIL - timedelta(hours=3),
            outlets=("إذاعة النهر", "وكالة الضفة"),
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
        FeedHealth("https://nahr.example.org/feed", "إذاعة النهر", "silent", "no new entry for 9 days"),
        FeedHealth("https://ufuq.example.org/feed", "شبكة الأفق", "failing", "HTTP 503, 12 polls in a row"),
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
    )


@pytest.fixture(scope="session")
def english(digest: Digest) -> Digest:
    return replace(digest, subscriber=replace(digest.subscriber, language="en"))


@pytest.fixture(scope="session")
def report(digest: Digest) -> Report:
    return Report(
        since=UNTIL - timedelta(days=21),
        until=UNTIL,
        topic_name=digest.topic_name,
        topic_name_ar=digest.topic_name_ar,
        zone="Asia/Riyadh",
        coverage=digest.coverage,
        speakers=(
            SpeakerStance("Sergey Lavrov", "سيرغي لافروف", 9, 0, 2),
            SpeakerStance("Kim Jong Un", "كيم جونغ أون", 6, 0, 0),
            SpeakerStance("South Korean ministry", "الخارجية الكورية الجنوبية", 0, 7, 1),
            SpeakerStance("a western diplomat", "دبلوماسي غربي", 0, 1, 0),
        ),
        entities=(
            EntityCount("north-korea", "North Korea", "كوريا الشمالية", 88),
            EntityCount("russia", "Russia", "روسيا", 85),
            EntityCount("kn-23", "KN-23", "", 12),
        ),
        outlets=(
            OutletCount("صحيفة المرفأ", 41, 2, "LB", "independent"),
            OutletCount("Al-Manara Online", 30, 11, "MA", ""),
            OutletCount("إذاعة النهر", 5, 5, "EG", "state"),
        ),
        stories=digest.stories,
        feeds=digest.feeds,
        audited_count=120,
        missed_count=2,
    )

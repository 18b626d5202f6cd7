"""How large the report page of a full store is, and how long making and opening it takes: python bench/page.py [OUT].

50,000 invented articles of 90 days; opened in Chromium where Playwright and Debian's Chromium are there.
"""

from __future__ import annotations

import random
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

from marsad.articles import Stance
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
    Tally,
)
from reports.page import render_report
from reports.wording import Language

UNTIL = datetime(2026, 11, 21, 5, tzinfo=UTC)
DAYS, COUNT, LISTED = 90, 50_000, 2_000
STANCES = (Stance.SUPPORTIVE, Stance.OPPOSED, Stance.NEUTRAL)
WORDS = "أكد وزير الخارجية في بيان أن الاتفاق الجديد سيدخل حيز التنفيذ قبل نهاية العام وسط ترقب".split()  # noqa: SIM905  words
COUNTRIES = ("LB", "EG", "QA", "SA", "AE", "MA", "IQ", "GB")


FILTERING = """() => {
    const start = performance.now();
    byId("entity").value = "3";
    readFilters();
    return performance.now() - start;
}"""


def told(dice: random.Random, count: int) -> str:
    """Return so many Arabic words."""
    return " ".join(dice.choices(WORDS, k=count))


def invented(dice: random.Random) -> Report:
    """Return a report of a full store."""
    outlets = [f"outlet-{n}" for n in range(60)]
    entities = [f"entity-{n}" for n in range(150)]
    speakers = [f"{told(dice, 2)} {n}" for n in range(1_500)]
    days = [(UTC_DAY - timedelta(days=DAYS - 1 - n)).date().isoformat() for n in range(DAYS)]

    def counted(number: int) -> Tally:
        seen_at = UNTIL - timedelta(days=(DAYS - 1) * (number / COUNT) ** 1.1)
        quotes = dice.choices((0, 1, 2, 3), (4, 3, 2, 1))[0]
        return Tally(
            article_id=number,
            story_id=number // 3,
            seen_at=seen_at,
            outlet_id=dice.choice(outlets),
            is_copy=dice.random() < 0.4,
            entity_ids=tuple(sorted({entities[min(149, int(dice.expovariate(0.08)))] for _ in range(7)})),
            speakers=tuple(dice.choices(speakers, k=quotes)),
            stances=tuple(dice.choices(STANCES, k=quotes)),
        )

    tallies = [counted(number) for number in range(COUNT)]
    pieces = [
        Piece(
            one.article_id,
            one.story_id,
            told(dice, 12),
            f"https://news.example.org/{told(dice, 8).replace(' ', '-')}/{one.article_id}",
            one.outlet_id,
            one.seen_at,
            one.is_copy,
            tuple(
                Quote(who, who, stance, told(dice, 30), "")
                for who, stance in zip(one.speakers, one.stances, strict=True)
            ),
            one.outlet_id,
            "LB",
            tuple(one.entity_ids),
        )
        for one in tallies[:LISTED]
    ]
    return Report(
        since=UTC_DAY - timedelta(days=DAYS - 1),
        until=UNTIL,
        topic_name="An invented topic",
        topic_name_ar="موضوع متخيل",
        coverage=tuple(DayCount(day, 500, 200) for day in days),
        speakers=tuple(SpeakerStance(name, name, 3, 2, 1) for name in speakers),
        entities=tuple(EntityCount(one, one.title(), f"اسم {one[7:]}", 9) for one in entities),
        outlets=tuple(
            OutletCount(f"وسيلة {n}", 800, 300, COUNTRIES[n % 8], ("state", "private")[n % 2], one)
            for n, one in enumerate(outlets)
        ),
        spikes=(
            Spike("topic", days[-20], "alert", 90, 20, 31.5, 1e-5),
            Spike("topic", days[-50], "watch", 80, 9, 40, 5e-3),
        ),
        pieces=tuple(pieces),
        tallies=tuple(tallies[LISTED:]),
        feeds=tuple(FeedHealth(f"https://{n}.example.org/", f"وسيلة {n}", "ok", newest_at=UNTIL) for n in range(60)),
    )


UTC_DAY = UNTIL.replace(hour=0)


def opened(file: Path) -> tuple[float, float]:
    """Return seconds until the page is drawn, and until a filter is applied."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        start = time.perf_counter()
        page.goto(file.as_uri())
        page.wait_for_selector("#story-rows h3")
        drawn = time.perf_counter()
        filtered = page.evaluate(FILTERING)
        browser.close()
    return drawn - start, filtered / 1000


def main() -> None:
    """Print size and times."""
    file = Path(sys.argv[1] if len(sys.argv) > 1 else "report.html")
    start = time.perf_counter()
    report = invented(random.Random(9))
    made = time.perf_counter()
    language: Language = "ar"
    file.write_text(render_report(report, language), "utf-8")
    rendered_in, size = time.perf_counter() - made, file.stat().st_size / 1e6
    print(f"invented in {made - start:.1f} s, rendered in {rendered_in:.1f} s, {size:.2f} MB")
    print("opened in {:.2f} s, filtered in {:.3f} s".format(*opened(file.resolve())))


if __name__ == "__main__":
    main()

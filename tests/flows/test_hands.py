"""What reads a chunk makes no difference: pages, articles and drafts survive the way to another process and back."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extractors.pool import ExtractorPool, Job
from flows.configuration import Place, packaged_topic, read_topic
from flows.hands import Hands, ManyHands, OwnHands, _pool
from flows.reading import Extracted
from marsad.articles import Drop
from marsad.records import ArchivePointer, Draft, PendingEntry
from marsad.settings import ExtractSettings, Settings
from marsad.sources import Entry, Outlet, Page
from tests.newsworld import DRONES, FOOTBALL, PROTEST, VISIT, page_of, respelt

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
ARTICLES = [told for told in (VISIT, PROTEST, DRONES, FOOTBALL, respelt(VISIT)) for _ in range(8)]


def far_away(function: Callable[..., list[Any]], calls: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """Do as a cluster does: what goes there and what comes back goes as bytes."""
    sent = pickle.dumps((function, list(calls)))
    function, calls = pickle.loads(sent)
    return [pickle.loads(pickle.dumps(function(*arguments))) for arguments in calls]


def read_by(hands: Hands) -> list[Draft | Drop]:
    urls = [f"https://example.org/{number}" for number in range(len(ARTICLES))]
    pages = [Page(url, url, 200, (), page_of(told), NOW) for url, told in zip(urls, ARTICLES, strict=True)]
    jobs = [Job(page, "Asia/Riyadh", "النهر") for page in [*pages, Page("x", "x", 200, (), b"", NOW)]]
    pointers = [ArchivePointer(job.page.url, "day.warc.gz", number, NOW) for number, job in enumerate(jobs)]
    extracted = [
        Extracted(
            PendingEntry(Entry("f", job.page.url, job.page.url, "عنوان"), Outlet("nahr", "Nahr"), NOW), pointer, outcome
        )
        for job, pointer, outcome in zip(jobs, pointers, hands.extract(jobs), strict=True)
    ]
    return list(hands.draft(extracted, NOW))


def told_by(outcome: Draft | Drop) -> object:
    if isinstance(outcome, Drop):
        return outcome
    found = outcome.fingerprint  # hashes are arrays, which do not compare as one
    return outcome.article, outcome.tagging, found.text_key, found.tokens.tolist(), found.shingles.tolist()


def test_many_hands_read_as_one_pair_does(tmp_path: Path) -> None:
    place = Place(Settings(extract=ExtractSettings(worker_count=1)), None, tmp_path, packaged_topic())
    try:
        far = read_by(ManyHands(place, far_away))
    finally:
        _pool(place.settings.extract).__exit__(None, None, None)
    with ExtractorPool(place.settings.extract) as pool:
        near = read_by(OwnHands(read_topic(place), pool))
    assert [told_by(one) for one in near] == [told_by(one) for one in far]
    assert sum(isinstance(one, Draft) for one in far) >= 24
    assert isinstance(far[-1], Drop)

"""Extraction in processes that can be ended: order, limits, and what is left behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.pool import ExtractorPool, Job
from marsad.articles import Article, Drop
from marsad.settings import ExtractSettings
from tests.extractors.pages import TITLE, html, page_of

#: Ten seconds of work in C: trafilatura needs that long for 100,000 links.
SLOW = "<html><body>" + "".join(f"<p><a href='/{n}'>رابط رقم {n} من القائمة</a></p>" for n in range(100_000))
#: Some 400 MB as a tree.
LARGE = "<html><body>" + "".join(f"<p><b>{n}</b> <i>{n}</i> كلمة</p>" for n in range(250_000))


def job(number: int) -> Job:
    return Job(page_of(html(title=f"{TITLE} {number}"), url=f"https://news.example.org/{number}"), outlet="مرآة")


def children() -> set[int]:
    """Process ids of this process's children, ended ones that nobody waited for among them."""
    tasks = Path(f"/proc/{os.getpid()}/task").iterdir()
    return {int(child) for task in tasks for child in (task / "children").read_text().split()}


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractorPool]:
    with ExtractorPool(ExtractSettings(worker_count=2)) as two_workers:
        yield two_workers


def reasons(settings: ExtractSettings, *pages: str) -> list[str]:
    """What becomes of `pages`: a reason each, empty for an article."""
    with ExtractorPool(settings) as pool:
        endings = pool.extract(Job(page_of(page)) for page in pages)
        return [ending.reason if isinstance(ending, Drop) else "" for ending in endings]


def test_results_come_in_the_order_of_the_jobs(pool: ExtractorPool) -> None:
    articles = list(pool.extract(job(number) for number in range(40)))
    assert [article.title for article in articles if isinstance(article, Article)] == [
        f"{TITLE} {n}" for n in range(40)
    ]
    assert {article.outlet for article in articles if isinstance(article, Article)} == {"مرآة"}


def test_jobs_are_drawn_no_further_ahead_than_needed(pool: ExtractorPool) -> None:
    drawn: list[int] = []

    def jobs() -> Iterator[Job]:
        for number in range(1_000):
            drawn.append(number)
            yield job(number)

    next(pool.extract(jobs()))
    assert len(drawn) <= 16


def test_language_of_any_page_is_told_under_the_limits(pool: ExtractorPool) -> None:
    english = tuple(f"The bridge across the river was opened on day {n} by the minister of transport." for n in "1234")
    (article,) = pool.extract([Job(page_of(html(english, title="A new bridge is opened")))])
    assert isinstance(article, Article)
    assert article.lang == "en"


def test_refused_page_is_a_drop_with_its_reason(pool: ExtractorPool) -> None:
    wall = page_of("<html><title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p></html>")
    empty = page_of("<html><body></body></html>")
    endings = list(pool.extract([Job(wall), job(1), Job(empty)]))
    assert [ending.reason for ending in endings if isinstance(ending, Drop)] == ["blocked", "no_text"]
    assert all(ending.stage == "extract" and ending.detail for ending in endings if isinstance(ending, Drop))


def test_page_over_the_wall_limit_is_ended_and_the_next_is_served() -> None:
    assert reasons(ExtractSettings(worker_count=1, wall_seconds=5.0), SLOW, html()) == ["timeout", ""]


def test_page_over_the_cpu_limit_is_ended_and_the_next_is_served() -> None:
    assert reasons(ExtractSettings(worker_count=1, wall_seconds=300, cpu_seconds=5), SLOW, html()) == ["cpu", ""]


def test_page_over_the_memory_limit_is_ended_and_the_next_is_served() -> None:
    settings = ExtractSettings(worker_count=1, memory_bytes=400 << 20)
    assert reasons(settings, html(), LARGE, html()) == ["", "memory", ""]


def test_closed_pool_leaves_no_process_behind() -> None:
    before = children()
    with ExtractorPool(ExtractSettings(worker_count=2)) as pool:
        endings = pool.extract([job(1), Job(page_of(SLOW)), job(2), job(3)])
        next(endings)  # the slow page is still in work when the block ends
        assert children() > before
    assert children() == before


def test_pool_without_jobs_starts_nothing() -> None:
    before = children()
    with ExtractorPool(ExtractSettings()) as pool:
        assert list(pool.extract(())) == []
        assert children() == before


def test_worker_that_cannot_start_is_no_fault_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with ExtractorPool(ExtractSettings(worker_count=1)) as pool, pytest.raises(RuntimeError, match="cannot start"):
        list(pool.extract([job(1)]))

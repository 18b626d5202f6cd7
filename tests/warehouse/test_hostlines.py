"""What is kept of the lines of a host, and how often they are counted."""

from __future__ import annotations

from datetime import UTC, datetime

from marsad.hostlines import SENTENCE_ARTICLES, HostLine
from warehouse.core import Core

NOW = datetime(2025, 6, 10, 12, 0, tzinfo=UTC)


def test_line_is_counted_by_articles_of_its_host(core: Core) -> None:
    core.learn_lines([HostLine("a.example.org", 7, 1), HostLine("b.example.org", 7, 2)], NOW)
    assert core.learn_lines([HostLine("a.example.org", 7, 3), HostLine("a.example.org", 8, 3)], NOW) == {
        ("a.example.org", 7): 2
    }


def test_article_that_is_read_again_counts_once(core: Core) -> None:
    for _ in range(3):
        assert core.learn_lines([HostLine("a.example.org", 7, 1)], NOW) == {}


def test_lines_of_one_chunk_count_together(core: Core) -> None:
    lines = [HostLine("a.example.org", 7, article) for article in range(4)]
    assert core.learn_lines(lines, NOW) == {("a.example.org", 7): 4}


def test_line_of_which_enough_is_known_is_not_kept_again(core: Core) -> None:
    for article in range(20):
        counts = core.learn_lines([HostLine("a.example.org", 7, article)], NOW)
    assert counts == {("a.example.org", 7): SENTENCE_ARTICLES}


def test_no_lines_teach_nothing(core: Core) -> None:
    assert core.learn_lines([], NOW) == {}


def test_lines_that_teach_nothing_leave_no_trace(core: Core) -> None:
    lines = [HostLine("a.example.org", 7, 1), HostLine("a.example.org", 8, 1)]
    core.learn_lines(lines, NOW)
    before = _batches(core)
    core.learn_lines(lines, NOW)
    assert _batches(core) == before


def _batches(core: Core) -> list[tuple[object, ...]]:
    with core.reading() as connection:
        return connection.execute("select batch, row_count from core.ledger order by batch").fetchall()

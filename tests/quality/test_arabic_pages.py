"""What of Arabic articles is found on pages written for it, the text beside the guarded baseline in the same run.

Half of the pages were written before any rule was tuned and are only scored (held_out); the rules may have been shaped
by the other half (seen).
"""

from __future__ import annotations

from statistics import mean

import pytest
from trafilatura import bare_extraction
from trafilatura.settings import Document

from extractors.articles import extract_article
from tests.extractors.pages import page_of
from tests.quality.arabic_pages import FOLDERS, GoldPage, f1, pages_of, unread_files

GUARD_SHARE = 0.4  #: of the default text, below which the precision text of the baseline is not taken
FLOORS = {"seen": 0.99, "held_out": 0.98}  #: 1.000 and .991 when they were set (decisions/0010)
SEEN_FLOOR = 0.98  #: of each page by which rules were tuned; all of them 1.000 when it was set
#: Known misses: each must be one, so that whoever mends it takes it out. None of them is given another date.
SITE_BEFORE_TITLE = {"blogger"}
UNDATED = {
    "agency",
    "blogger",
    "drupal",
    "table_layout",
}  #: a line far from the headline, 12/05/2025, a Hijri date in a head
WORST_LOSS = 0.02  #: of one page against the baseline
PAGES = [page for folder in FOLDERS for page in pages_of(folder)]


def ours(page: GoldPage) -> float:
    return f1(extract_article(page_of(page.markup)).body, "\n".join(page.gold))


def guarded(page: GoldPage) -> float:
    default, precise = (_text(page.markup, favor_precision=precise) for precise in (False, True))
    text = precise if len(precise) >= GUARD_SHARE * len(default) else default
    return f1(text, "\n".join(page.gold))


def _text(markup: str, *, favor_precision: bool) -> str:
    document = bare_extraction(markup, favor_precision=favor_precision, include_comments=False)
    return (document.text or "") if isinstance(document, Document) else ""


def test_every_file_among_the_pages_is_read_and_bears_its_gold() -> None:
    assert unread_files() == []
    assert [page.name for page in PAGES if not (page.title and page.gold)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_title_and_date_are_those_of_the_page(page: GoldPage) -> None:
    article = extract_article(page_of(page.markup))
    assert (article.title == page.title) is (page.name not in SITE_BEFORE_TITLE), article.title
    written = article.published.written() or ""
    assert written[: len(page.published) or None] == ("" if page.name in UNDATED else page.published)


@pytest.mark.parametrize("page", pages_of("seen"), ids=lambda page: page.name)
def test_text_of_each_page_seen_is_found(page: GoldPage) -> None:
    assert ours(page) >= SEEN_FLOOR


@pytest.mark.parametrize("folder", FOLDERS)
def test_arabic_pages_are_read_better_than_by_the_guarded_baseline(folder: str) -> None:
    scores = {page.name: (ours(page), guarded(page)) for page in pages_of(folder)}
    mean_ours, mean_guarded = (mean(column) for column in zip(*scores.values(), strict=True))
    print(f"{folder}: n={len(scores)} F1={mean_ours:.4f} guarded={mean_guarded:.4f} {scores}")  # noqa: T201 - pytest -s
    assert mean_ours >= max(FLOORS[folder], mean_guarded)
    assert [name for name, (one, other) in scores.items() if one < other - WORST_LOSS] == []

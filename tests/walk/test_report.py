"""From a cycle to the page, and from every number of the page back to the warehouse."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, sync_playwright

from flows import telling
from flows.command import marsad
from flows.configuration import read_place, replace_bytes
from reports.page import render_report
from reports.wording import Language
from tests.newsworld import NewsWorld, settings_for
from warehouse.reader import Reader

LANGUAGES: tuple[Language, ...] = ("ar", "en")
CHROMIUM = shutil.which("chromium")


def said_and_asked(page: Page) -> list[tuple[int, str]]:
    """Press every button that is a number; return what it counts and the query behind it."""
    found = []
    for place in range(page.locator("button.number, #coverage-bars button").count()):
        button = page.locator("button.number, #coverage-bars button").nth(place)
        if not button.is_visible():
            continue
        button.click()
        count = re.search(r"\d+", page.inner_text("#list-said"))
        found.append((int(count[0]) if count else 0, page.evaluate("byId('list-query').textContent")))
        page.click("#list-close")
    return found


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here; apt-get install chromium")
def test_every_number_leads_to_the_query_that_lists_its_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with NewsWorld() as world:
        place = read_place(settings := settings_for(world, tmp_path))
        pages = {language: telling.report_file(place, language) for language in LANGUAGES}
        replace_bytes(pages["en"], b"asked for once")
        done = CliRunner().invoke(marsad, ["run", "--settings", str(settings)], standalone_mode=False)
        assert not done.return_value, done.output
    for language, page_file in pages.items():
        assert f'<html lang="{language}"' in page_file.read_text("utf-8")  # of the cycle
    assert list(place.data.glob("reports/*.new")) == []
    whole = telling.read_report(place, Reader(place.data), place.now(), place.now())
    assert sum(day.article_count for day in whole.coverage) == len(whole.pieces) > 0  # of the whole day
    monkeypatch.setattr(telling, "COUNTED_COUNT", 1)  # a day of too many is shown all the same
    assert telling.read_report(place, Reader(place.data), place.now(), place.now()).pieces == whole.pieces
    monkeypatch.undo()
    monkeypatch.setattr(telling, "LISTED_COUNT", 1)
    report = telling.read_report(place, Reader(place.data), place.now() - timedelta(days=7), place.now())
    file = tmp_path / "report.html"
    file.write_text(render_report(report, "en"), "utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(file.as_uri())
        numbers = said_and_asked(page)
        browser.close()
    asked = [(count, query) for count, query in numbers if query]
    assert len(asked) >= 15
    reader = Reader(place.data)
    assert [(len(reader.query(query).rows), query) for _, query in asked] == asked

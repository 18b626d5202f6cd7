"""The report page and the mails as their reader has them: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from marsad.digests import Delivery, Report
from marsad.mailing import Alarm, Digest
from reports.alarm import render_alarm
from reports.mail import render_mail
from reports.page import render_report
from reports.wording import Language
from tests.reports.conftest import ALERTS, HOSTILE
from tests.reports.test_mail import SENDER
from tests.reports.test_mail import _soiled as _soiled_mail
from tests.reports.test_page import _soiled

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here; apt-get install chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
        browser = play.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()


class Reading:
    """A page being read, with all it asked for and complained about."""

    def __init__(self, browser: Browser, file: Path, **context: object) -> None:
        self.page: Page = browser.new_page(**context)  # type: ignore[arg-type]
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", self._ask)
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.goto(file.as_uri())

    def _ask(self, request: Request) -> None:
        self.asked.append(request.url)

    def texts(self, selector: str) -> list[str]:
        return self.page.locator(selector).all_inner_texts()

    def facts(self) -> list[str]:
        return self.texts("#facts button")


def written(report: Report, folder: Path, language: Language = "ar") -> Path:
    file = folder / "report.html"
    file.write_text(render_report(report, language), "utf-8")
    return file


@pytest.fixture
def reading(browser: Browser, report: Report, tmp_path: Path) -> Iterator[Reading]:
    reading = Reading(browser, written(report, tmp_path))
    yield reading
    assert reading.complaints == []
    assert [url for url in reading.asked if not url.startswith("file:")] == []
    reading.page.close()


def test_first_look_counts_all_and_asks_nothing_of_the_network(reading: Reading) -> None:
    assert reading.facts() == ["6", "4", "3", "4"]  # articles, stories, outlets, speakers
    assert len(reading.asked) == 1
    assert "مقال واحد، منها نسخة واحدة" in reading.page.inner_text("#outlet-rows")  # one article, of them one copy
    assert reading.page.locator("#coverage-bars button").count() == 21
    assert reading.page.locator("#coverage-bars .spike.alert").count() == 1
    assert reading.page.locator("#graph circle").count() == 3
    assert reading.page.locator("#graph line").count() == 2


@pytest.mark.parametrize(
    ("filters", "facts"),
    [
        pytest.param({"entity": "روسيا"}, ["4", "3", "2", "3"], id="entity"),
        pytest.param({"outlet": "المنارة"}, ["2", "2", "1", "2"], id="outlet"),
        pytest.param({"country": "المغرب"}, ["2", "2", "1", "2"], id="country"),
        pytest.param({"line": "رسمية"}, ["1", "1", "1", "0"], id="line"),
        pytest.param({"line": "غير معروف"}, ["2", "2", "1", "2"], id="unknown line"),
        pytest.param({"stance": "معارض"}, ["2", "2", "2", "2"], id="stance"),
        pytest.param({"speaker": "الكرملين"}, ["1", "1", "1", "1"], id="speaker"),
        pytest.param({"stance": "مؤيد", "outlet": "صحيفة المرفأ"}, ["2", "1", "1", "1"], id="two filters"),
        pytest.param({"speaker": "الكرملين", "stance": "معارض"}, ["0", "0", "0", "0"], id="nothing"),
    ],
)
def test_filter_counts_what_answers_it(reading: Reading, filters: dict[str, str], facts: list[str]) -> None:
    for name, value in filters.items():
        reading.page.select_option(f"#{name}", label=value)
    assert reading.facts() == facts
    assert reading.page.locator("#coverage-bars .spike").count() == 0  # the spikes are of all outlets and voices
    reading.page.click("#filters button[type=reset]")
    reading.page.locator("#facts button", has_text="6").wait_for()


def test_period_is_chosen_by_dates_or_by_one_press(reading: Reading) -> None:
    reading.page.fill("#from", "2026-11-20")
    assert reading.facts()[0] == "4"
    reading.page.fill("#from", "2026-11-01")
    reading.page.fill("#to", "2026-11-13")
    assert reading.facts()[0] == "2"
    reading.page.click("#filters button[data-days='7']")
    assert reading.facts()[0] == "4"


def test_number_leads_to_its_articles_and_older_ones_to_their_query(reading: Reading, report: Report) -> None:
    reading.page.click("#speaker-rows .t-opposed >> nth=0")
    assert reading.texts("#list-rows li a") == [report.pieces[3].title]
    assert reading.page.get_attribute("#list-rows a", "rel") == "noopener noreferrer"
    assert not reading.page.is_visible("#list-sql")
    reading.page.keyboard.press("Escape")
    assert not reading.page.is_visible("#list")
    reading.page.click("#facts button >> nth=0")
    assert len(reading.texts("#list-rows li")) == 4
    assert not reading.page.is_visible("#list-more")
    query = reading.page.inner_text("#list-query")
    assert "first_seen_at >= timestamptz '2026-11-01 00:00:00Z'" in query
    assert "first_seen_at < timestamptz '2026-11-22 00:00:00Z'" in query


def test_number_leads_to_all_of_its_articles_that_the_page_names(reading: Reading) -> None:
    reading.page.evaluate("articles.splice(0, articles.length, ...new Array(120).fill(articles[0])); draw()")
    reading.page.click("#facts button >> nth=0")
    assert (len(reading.texts("#list-rows li")), reading.page.is_visible("#list-sql")) == (100, False)
    reading.page.click("#list-more")
    assert (len(reading.texts("#list-rows li")), reading.page.is_visible("#list-more")) == (120, False)


def test_page_is_used_by_keyboard_alone(reading: Reading) -> None:
    reading.page.keyboard.press("Tab")
    reading.page.keyboard.press("Enter")  # the link to the content
    reading.page.focus("#graph circle")
    reading.page.keyboard.press("Enter")
    assert reading.page.is_visible("#list[open]")
    assert reading.page.evaluate("document.activeElement.id") == "list-close"
    reading.page.keyboard.press("Enter")
    assert not reading.page.is_visible("#list")
    names = reading.page.evaluate(
        "[...document.querySelectorAll('button, select, input, [role=button]')]"
        ".filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length)).length"
    )
    assert names == 0


def test_arabic_page_reads_from_the_right(reading: Reading) -> None:
    right = reading.page.evaluate("document.querySelector('h1 bdi').getBoundingClientRect().right")
    left = reading.page.evaluate("document.querySelector('#story-rows h3 bdi').getBoundingClientRect().left")
    width = reading.page.evaluate("document.documentElement.clientWidth")
    assert right > width * 0.8
    assert left > width * 0.3
    assert reading.page.evaluate("getComputedStyle(document.querySelector('#coverage-bars')).direction") == "ltr"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, report: Report, tmp_path: Path, width: int) -> None:
    soiled = _soiled(report, "م" * 5_000)
    reading = Reading(browser, written(soiled, tmp_path), viewport={"width": width, "height": 700})
    assert reading.page.evaluate("document.documentElement.scrollWidth") <= width
    reading.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_the_paper_in_both_schemes(
    browser: Browser, report: Report, tmp_path: Path, scheme: str
) -> None:
    reading = Reading(browser, written(report, tmp_path), color_scheme=scheme)
    ink, paper = (
        sum(map(int, reading.page.evaluate(f"getComputedStyle(document.body).{what}.match(/\\d+/g).slice(0, 3)")))
        for what in ("color", "backgroundColor")
    )
    assert abs(ink - paper) > 450
    assert (paper > ink) == (scheme == "light")
    reading.page.close()


def test_print_shows_all_panels_and_no_controls(reading: Reading) -> None:
    reading.page.emulate_media(media="print")
    assert not reading.page.is_visible("#filters")
    assert reading.page.is_visible("#story-rows li >> nth=0")
    assert reading.page.is_visible("#graph")


def test_english_frame_reads_from_the_left(browser: Browser, report: Report, tmp_path: Path) -> None:
    reading = Reading(browser, written(report, tmp_path, "en"))
    assert reading.texts("#country-rows bdi") == ["Lebanon", "Morocco", "Egypt"]
    assert reading.page.inner_text("#found") == "6 articles, 2 of them older"
    assert reading.page.evaluate("document.querySelector('h1 bdi').getBoundingClientRect().left") < 300
    assert reading.complaints == []
    reading.page.close()


def test_hostile_words_run_nothing_and_ask_for_nothing(browser: Browser, report: Report, tmp_path: Path) -> None:
    soiled = [_soiled(report, words) for words in HOSTILE.values()]
    every = replace(
        report,
        pieces=tuple(replace(one.pieces[0], article_id=n, story_id=n) for n, one in enumerate(soiled)),
        speakers=tuple(one.speakers[0] for one in soiled),
        entities=tuple(one.entities[0] for one in soiled),
        outlets=(*(one.outlets[0] for one in soiled), *report.outlets),
        feeds=tuple(one.feeds[0] for one in soiled),
    )
    reading = Reading(browser, written(every, tmp_path))
    reading.page.click("#facts button >> nth=0")
    assert reading.page.locator("#list-rows li").count() == len(HOSTILE)
    assert reading.page.locator("script").count() == 2
    assert reading.page.locator("img, iframe, link, main [onclick]").count() == 0
    assert reading.complaints == []
    assert len(reading.asked) == 1
    reading.page.close()


def test_report_of_nothing_says_so(browser: Browser, report: Report, tmp_path: Path) -> None:
    reading = Reading(browser, written(Report(since=report.since, until=report.until), tmp_path))
    assert reading.texts("main li") == ["لا شيء في هذه المدة."] * 7
    assert reading.complaints == []
    reading.page.close()


def opened(browser: Browser, delivery: Delivery, folder: Path, width: int = 700) -> Reading:
    """Return the HTML of a mail as a client shows it: parsed back, its pictures beside it."""
    message = cast("EmailMessage", message_from_bytes(delivery.payload, policy=default))
    part = message.get_body(("html",))
    assert part is not None
    html = str(part.get_content())
    for picture in message.walk():
        if picture.get_content_type() == "image/png":
            png = base64.b64encode(cast("bytes", picture.get_payload(decode=True))).decode()
            html = html.replace(f"cid:{str(picture['Content-ID']).strip('<>')}", f"data:image/png;base64,{png}")
    file = folder / "mail.html"
    file.write_text(html, "utf-8")
    return Reading(browser, file, viewport={"width": width, "height": 800})


def _alarm_mail(digest: Digest) -> Delivery:
    names = digest.topic_name, digest.topic_name_ar
    return render_alarm(Alarm(digest.subscriber, digest.until, ALERTS, *names), SENDER)


#: Cells that hold words, by the side their words begin on.
SIDES = """() => [...document.querySelectorAll("td")].filter(cell => cell.align !== "center" && cell.innerText.trim())
    .map(cell => getComputedStyle(cell).direction + " " + cell.align)"""


@pytest.mark.parametrize("width", [380, 900])
def test_mails_fit_their_reader_and_read_from_his_side_with_and_without_styles(
    browser: Browser, digest: Digest, english: Digest, tmp_path: Path, width: int
) -> None:
    for told, side in ((digest, "rtl right"), (english, "ltr left")):
        for mail in (render_mail(told, SENDER), _alarm_mail(told)):
            reading = opened(browser, mail, tmp_path, width)
            for room in (width, max(width, 660)):  # as sent, and without styles, which leave it 640 wide and its edge
                assert set(reading.page.evaluate(SIDES)) == {side}
                assert reading.page.evaluate("document.documentElement.scrollWidth") <= room
                reading.page.evaluate("document.querySelectorAll('[style]').forEach(e => e.removeAttribute('style'))")
            assert reading.page.evaluate("[...document.images].every(one => one.naturalWidth > 1000)")
            assert reading.complaints == []
            reading.page.close()


def test_arabic_mail_tells_in_arabic_letters_all_but_names_that_have_no_others(
    browser: Browser, digest: Digest, tmp_path: Path
) -> None:
    reading = opened(browser, render_mail(digest, SENDER), tmp_path)
    latin = set(re.findall(r"[A-Za-z][\w@.-]*\b", reading.page.inner_text("body")))
    assert latin == {"KN-23", "e", "Al-Manara", "Online", SENDER}
    reading.page.close()


def test_mail_of_hostile_words_runs_nothing_and_asks_for_nothing(
    browser: Browser, digest: Digest, tmp_path: Path
) -> None:
    soiled = [_soiled_mail(digest, words) for words in HOSTILE.values()]
    stories = tuple(replace(one.stories[0], id=number) for number, one in enumerate(soiled))
    every = replace(
        digest,
        stories=(*stories, digest.stories[1]),
        alerts=tuple(one.alerts[0] for one in soiled),
        changes=tuple(one.changes[0] for one in soiled),
        feeds=tuple(one.feeds[0] for one in soiled),
        entities=tuple(one.entities[0] for one in soiled[:8]),
    )
    reading = opened(browser, render_mail(every, SENDER), tmp_path)
    assert digest.stories[1].title in reading.page.inner_text("body")
    assert reading.page.locator("script, iframe, link, form").count() == 0
    assert reading.page.evaluate("document.documentElement.scrollWidth") <= 700
    assert reading.complaints == []
    assert [url for url in reading.asked if not url.startswith(("file:", "data:"))] == []
    reading.page.close()

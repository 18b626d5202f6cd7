from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from marsad.articles import (
    Article,
    Attribution,
    BodyKind,
    EntityType,
    Label,
    Mention,
    MentionKind,
    Relevance,
    Stance,
    Statement,
    Tagging,
)
from marsad.digests import FeedHealth, Finding
from marsad.records import RunSummary
from marsad.trends import Rise, TrendDay
from reports.screen import Screen
from reports.terminal import (
    ROWS_SHOWN,
    CycleProgress,
    render_article,
    render_feeds,
    render_findings,
    render_summary,
    render_table,
    render_tagging,
)
from reports.trends import render_trends

_DAYS = (
    TrendDay("2026-11-19", 0, 0, 0.0, None),
    TrendDay("2026-11-20", 5, 5, 2.5, None, "watch"),
    TrendDay("2026-11-21", 10, 5, 5.0, 1.5, "alert"),
)
_RISE = Rise("seoul", "Seoul", "سيول", 9, 2, 0.9, 0.6, 0.98, is_clear=True)
_TEXT = "كيم جونغ أون يزور موسكو\n\nقال سيرغي لافروف إن روسيا «ترحب بالزيارة» وتعدّها خطوة مهمة."
_SCREENS = [
    pytest.param(Screen(), id="plain"),
    pytest.param(Screen(encoding="ascii"), id="ascii"),
    pytest.param(Screen(encoding="cp1256"), id="windows-1256"),
    pytest.param(Screen(color="standard"), id="colour"),
    pytest.param(Screen(width=40), id="narrow"),
]


def _mention(words: str, kind: EntityType, name: str) -> Mention:
    start = _TEXT.index(words)
    return Mention(start, start + len(words), words, kind, MentionKind.NAME, None, name)


def _tagging() -> Tagging:
    speaker = _mention("سيرغي لافروف", EntityType.PER, "Sergey Lavrov")
    statement = Statement(
        speaker="Sergey Lavrov",
        speaker_id="sergey-lavrov",
        speaker_start=speaker.start,
        speaker_end=speaker.end,
        target="cooperation",
        stance=Stance.SUPPORTIVE,
        start=_TEXT.index("قال"),
        end=len(_TEXT),
        cue="ترحب",  # welcomes
        attribution=Attribution.DIRECT,
        confidence=0.9,
    )
    mentions = (_mention("كيم جونغ أون", EntityType.PER, "Kim Jong Un"), speaker)
    return Tagging(Relevance(Label.ON, 0.93, ("both sides named",)), mentions, (statement,), balance=1.0)


def _summary() -> RunSummary:
    return RunSummary(
        run_id="r",
        started_at=datetime(2026, 11, 21, tzinfo=UTC),
        feed_count=12,
        failed_feeds={"https://example.org/" + "a" * 100: "HTTP 503\x1b[2J"},
        entry_count=1_234,
        drops={"off_topic": 200, "timeout": 1},
        stage_seconds={"poll": 3.21},
    )


def _everything(words: str) -> dict[str, Callable[[Screen], str]]:
    article = Article(1, f"https://example.org/{words}", words, f"{words}\n{words}", BodyKind.FULL, tags=(words,))
    return {
        "summary": lambda screen: render_summary(_summary(), screen),
        "table": lambda screen: render_table(("title", "n"), ((words, 1), (words, None)), screen),
        "wide table": lambda screen: render_table([f"c{n}" for n in range(20)], [[words] * 20], screen),
        "trend": lambda screen: render_trends(words, "UTC", _DAYS, (_RISE,), screen),
        "feeds": lambda screen: render_feeds((FeedHealth(f"https://x/{words}", words, "broken", words),), screen),
        "findings": lambda screen: render_findings((Finding("feeds", "warn", words, words),), screen),
        "article": lambda screen: render_article(article, screen),
        "tagging": lambda screen: render_tagging(_TEXT + words, _tagging(), screen),
    }


def _visible(output: str) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", output)


def _words(output: str) -> list[str]:
    """Return the lines without colours; marks of direction stay, as they say in which order an eye reads."""
    return [line.rstrip() for line in _visible(output).splitlines()]


@pytest.mark.parametrize("screen", _SCREENS)
@pytest.mark.parametrize("name", _everything(""))
def test_output_fits_the_screen_and_its_encoding(name: str, screen: Screen) -> None:
    output = _everything("وزيرا خارجية روسيا وكوريا الشمالية يتفقان على خط ملاحي جديد")[name](screen)
    output.encode(screen.encoding)
    lines = [line for line in _visible(output).splitlines() if not line.startswith("(? =")]
    assert max(map(cell_len, lines)) <= screen.width
    assert output.endswith("\n")


@pytest.mark.parametrize("name", _everything(""))
def test_hostile_words_move_no_cursor_and_turn_no_line(name: str, hostile: str) -> None:
    output = _everything(hostile)[name](Screen())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067]", output)
    assert output.count("\u2068") == output.count("\u2069")
    output.encode()


@pytest.mark.parametrize("name", _everything(""))
def test_colour_says_nothing_that_words_do_not(name: str) -> None:
    render = _everything("خبر")[name]
    assert "\x1b" not in render(Screen())
    assert _words(render(Screen(color="standard"))) == _words(render(Screen()))


def test_a_sentence_with_names_in_bold_is_isolated_as_one() -> None:
    lines = render_tagging(_TEXT, _tagging(), Screen(color="standard")).splitlines()
    (shown,) = (line for line in lines if "[سيرغي" in line)  # Sergey
    assert (shown.count("\x1b[1m"), shown.count("\u2068"), shown.count("\u2069")) == (1, 1, 1)


def test_arabic_is_isolated_line_by_line_of_its_cell() -> None:
    output = render_table(("a", "b"), (("خبر طويل " * 12, "خبر"),), Screen(width=50))
    for line in output.splitlines():
        assert line.count("\u2068") == line.count("\u2069")
    assert "\u2068خبر\u2069" in output


def test_terminal_without_arabic_says_so_once() -> None:
    output = render_table(("title",), (("خَبر",), ("x",)), Screen(encoding="ascii"))
    assert "???\n" in output
    assert output.count("(? = a letter this terminal cannot show") == 1
    assert "(? =" not in render_table(("title",), (("what?",),), Screen(encoding="ascii"))


def test_markup_in_a_title_is_shown_not_obeyed() -> None:
    assert "[red]x[/red]" in render_table(("title",), (("[red]x[/red]",),), Screen())


def test_numbers_stand_right_and_null_is_a_word() -> None:
    lines = render_table(("word", "n"), (("x", 1), ("y", 10_000), ("z", None)), Screen()).splitlines()
    assert [line.split()[-1] for line in lines[2:5]] == ["1", "10000", "NULL"]
    assert len({len(line) for line in lines[2:5]}) == 1


def test_table_of_many_columns_becomes_blocks() -> None:
    output = render_table([f"column_{n}" for n in range(12)], [list(range(12))], Screen())
    assert "-- row 1" in output
    assert re.search(r"column_11 +11\n", output)


def test_left_out_rows_are_counted() -> None:
    output = render_table(("n",), [(n,) for n in range(ROWS_SHOWN + 7)], Screen())
    assert "507 rows, 7 not shown: use --csv or --json" in output


def test_empty_answer_is_a_table_without_rows() -> None:
    assert render_table(("n",), (), Screen()).splitlines()[-1] == "0 rows"


def test_summary_tells_failures_with_their_reason() -> None:
    output = render_summary(_summary(), Screen())
    assert "dropped: off_topic" in output
    assert "1,234" in output
    assert "HTTP 503" in output.replace("\n", " ")


def test_bars_grow_with_the_counts_and_what_stands_out_is_said() -> None:
    _, none, half, full, _, legend, *_ = render_trends("articles", "UTC", _DAYS, (_RISE,), Screen()).splitlines()
    assert none.split() == ["2026-11-19", "0", "mean", "0.0"]
    assert half.count("█") == full.count("█") == 20
    assert full.count("░") == 21
    assert cell_len(full) <= 80
    assert full.endswith("5.0  alert")
    assert legend.endswith("mean of 7 days: 5.0 a day, +150% on the 7 before")


def test_a_name_has_articles_and_no_stories() -> None:
    output = render_trends("name", "UTC", (TrendDay("2026-11-21", 3, None, 1.0, None),), (), Screen())
    assert "░" not in output
    assert "stories" not in output


def test_what_rises_is_told_with_its_interval() -> None:
    assert "90% (60% to 98%)" in render_trends("articles", "UTC", _DAYS, (_RISE,), Screen())


def test_an_arabic_name_is_isolated_from_the_words_beside_it() -> None:
    first = render_trends("سيول", "UTC", _DAYS, (), Screen()).splitlines()[0]  # Seoul
    assert first.replace("\u2068", "[").replace("\u2069", "]") == "[سيول]  by day (UTC)"


def test_no_days_are_said() -> None:
    assert render_trends("articles", "UTC", (), (), Screen()) == "no days in this span\n"


def test_tagged_text_brackets_names_and_shows_evidence() -> None:
    output = render_tagging(_TEXT, _tagging(), Screen()).replace("\u2068", "").replace("\u2069", "")
    assert "[كيم جونغ أون] يزور موسكو" in output
    assert "supportive on cooperation" in output
    assert "on (0.93)" in output
    assert "Sergey Lavrov" in output


def test_finding_in_order_has_no_remedy() -> None:
    assert render_findings((Finding("python", "ok", "3.11"),), Screen()) == "ok  python  3.11\n"


def test_progress_is_silent_where_nobody_watches(capfd: pytest.CaptureFixture[str]) -> None:
    with CycleProgress() as progress:
        progress.begin("poll", 3)
        progress.advance("poll")
    assert capfd.readouterr() == ("", "")


def test_feeds_that_fail_alike_share_a_row() -> None:
    failed = {f"https://example.org/{n}": "no connection" for n in range(49)} | {"https://example.net/": "HTTP 503"}
    output = render_summary(RunSummary("r", datetime(2026, 11, 21, tzinfo=UTC), failed_feeds=failed))
    assert output.count("no connection") == 1
    assert "49 feeds (see feeds list)" in output
    assert re.search(r"example\.net/ +HTTP 503", output)


def test_a_feed_that_was_not_asked_yet_is_not_said_to_fail() -> None:
    feeds = [FeedHealth("https://x/", "x", state) for state in ("ok", "never", "waiting", "broken", "silent")]
    assert render_feeds(feeds).splitlines()[-1] == "5 feeds, 2 not at work, 2 not asked yet"
    assert render_feeds(feeds[:1]).splitlines()[-1] == "1 feed, 0 not at work"


def test_a_feed_whose_address_hides_control_characters_cannot_turn_them_on() -> None:
    shown = render_feeds((FeedHealth("https://x.example/%1B%5B31m%E2%80%AE%D8%B3%D8%AF", "X", "fine"),))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "سد" in shown  # dam


def test_addresses_are_shown_for_reading_and_no_password_with_them() -> None:
    url, to = "https://reader:secret@x.example/%D8%B3%D8%AF?a%26b", "https://reader:secret@y.example/%D8%B3%D8%AF?a%26b"
    failed = RunSummary("r", datetime(2026, 11, 21, tzinfo=UTC), failed_feeds={url: "HTTP 503"})
    listed = render_feeds((FeedHealth(url, "X", "ok", moved_to=to),), Screen(width=200))
    for shown in (listed, render_summary(failed, Screen(width=200))):
        assert "secret" not in shown
        assert "x.example/سد?a%26b" in shown  # dam
    assert "moved for good to https://y.example/سد?a%26b" in listed

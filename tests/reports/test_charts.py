from __future__ import annotations

import re
import zlib
from dataclasses import replace

import pytest
import vl_convert

from marsad.digests import DayCount
from reports import charts
from reports.charts import coverage_png


def _days(count: int) -> tuple[DayCount, ...]:
    return tuple(
        DayCount(f"20{10 + n // 360:02d}-{n // 30 % 12 + 1:02d}-{n % 30 + 1:02d}", n % 17 + 1) for n in range(count)
    )


def _drawn(coverage: tuple[DayCount, ...]) -> str:
    spec = charts._coverage_spec(coverage, 520, 130, charts.ON_WHITE)
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def _size(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_no_days_make_no_picture() -> None:
    assert coverage_png(()) == b""


def test_picture_bears_no_letters_so_that_no_arabic_font_is_needed(coverage: tuple[DayCount, ...]) -> None:
    words = re.findall(r"<text[^>]*>([^<]*)</text>", _drawn(coverage))
    assert words
    assert all(re.fullmatch(r"[\d/,]+", word) for word in words)


def test_picture_asks_nothing_of_the_network_and_runs_nothing(coverage: tuple[DayCount, ...]) -> None:
    svg = _drawn(coverage)
    assert not re.search(r"<script|<image|<foreignObject|href=|url\(|@import|\son\w+=", svg)


def test_labels_are_few_and_end_with_the_last_day() -> None:
    labels = re.findall(r">(\d+/\d+)</text>", _drawn(_days(365)))
    assert 2 <= len(labels) <= 8
    assert labels[-1] == "5/1"


def test_day_without_news_keeps_its_place(coverage: tuple[DayCount, ...]) -> None:
    svg = _drawn(coverage)
    assert svg.count('fill="#a9cdd1"') == len(coverage)


def test_png_is_whole_sharp_and_small_enough_for_a_mail(coverage: tuple[DayCount, ...]) -> None:
    png = coverage_png(coverage)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(png) <= 100_000
    width, height = _size(png)
    start = png.index(b"IDAT")
    length = int.from_bytes(png[start - 4 : start], "big")
    assert (
        zlib.crc32(png[start : start + 4 + length]).to_bytes(4, "big") == png[start + 4 + length : start + 8 + length]
    )
    assert len(zlib.decompress(png[start + 4 : start + 4 + length])) == height * (4 * width + 1)
    assert width >= 1_000


def test_digits_are_drawn_whatever_typefaces_the_machine_has(
    coverage: tuple[DayCount, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = coverage_png.__wrapped__(coverage)
    monkeypatch.setattr(charts, "ON_WHITE", replace(charts.ON_WHITE, ink=charts.ON_WHITE.paper))
    assert coverage_png.__wrapped__(coverage) != drawn


@pytest.mark.parametrize("count", [1, 2, 1000], ids=str)
def test_any_number_of_days_can_be_drawn(count: int) -> None:
    assert coverage_png(_days(count)).startswith(b"\x89PNG")

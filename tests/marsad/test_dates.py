"""What parse_date reads, as it is written in Arabic news, and what it refuses to invent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marsad.dates import Precision, parse_date

FETCHED_AT = datetime(2025, 6, 10, 12, 0, tzinfo=UTC)  # a Tuesday
ZONE = "Asia/Riyadh"  # +3 all year

MONTH_NAMES = {
    1: "يناير|كانون الثاني|كانون ثاني|جانفي|January|Jan",
    2: "فبراير|شباط|فيفري|February|Feb",
    3: "مارس|آذار|اذار|March|Mar",
    4: "أبريل|ابريل|إبريل|نيسان|أفريل|April|Apr",
    5: "مايو|أيار|أيّار|ايار|ماي|May",
    6: "يونيو|يونيه|حزيران|جوان|June|Jun",
    7: "يوليو|يوليه|تموز|جويلية|يوليوز|July|Jul",
    8: "أغسطس|اغسطس|آب|أوت|غشت|August|Aug",
    9: "سبتمبر|أيلول|ايلول|شتنبر|September|Sept|Sep",
    10: "أكتوبر|اكتوبر|تشرين الأول|تشرين أول|October|Oct",
    11: "نوفمبر|تشرين الثاني|تشرين ثاني|نونبر|November|Nov",
    12: "ديسمبر|كانون الأول|كانون أول|دجنبر|December|Dec",
}

WRITTEN = [
    # RFC 5322, as feeds write it: the zone decides, and AST is Arabia.
    ("Sun, 08 Jun 2025 10:00:00 +0300", "2025-06-08T07:00:00+00:00"),
    ("Sun, 08 Jun 2025 10:00:00 GMT", "2025-06-08T10:00:00+00:00"),
    ("Sun, 08 Jun 2025 10:00:00 AST", "2025-06-08T07:00:00+00:00"),
    ("Sun, 08 Jun 2025 10:00:00 GST", "2025-06-08T06:00:00+00:00"),
    ("Sun, 08 Jun 2025 10:00:00 EET", "2025-06-08T08:00:00+00:00"),
    ("Sun, 08 Jun 2025 10:00:00 EEST", "2025-06-08T07:00:00+00:00"),
    ("Sun, 08 Jun 2025 10:00:00 KST", "2025-06-08T01:00:00+00:00"),
    ("Sun, 08 Jun 2025 10:00:00 MSK", "2025-06-08T07:00:00+00:00"),
    ("Sun, 08 Jun 2025 10:00:00", "2025-06-08T07:00:00+00:00"),
    ("Sun, 08 Jun 2025 24:00:00 GMT", "2025-06-09T00:00:00+00:00"),
    ("08 Jun 25 10:00 GMT", "2025-06-08T10:00:00+00:00"),
    ("Sun Jun  8 10:00:00 2025", "2025-06-08T07:00:00+00:00"),
    ("Sun Jun 08 10:00:00 +0000 2025", "2025-06-08T10:00:00+00:00"),
    # ISO 8601, as coarse as it is written.
    ("2025-06-08T10:00:00Z", "2025-06-08T10:00:00+00:00"),
    ("2025-06-08T10:00:00.123+03:00", "2025-06-08T07:00:00.123000+00:00"),
    ("2025-06-08T10:00:00-05:00", "2025-06-08T15:00:00+00:00"),
    ("2025-06-08T10:00", "2025-06-08T07:00:00+00:00"),
    ("2025-06-08 10:00:00", "2025-06-08T07:00:00+00:00"),
    ("20250608T101500Z", "2025-06-08T10:15:00+00:00"),
    ("2025-06-08", "2025-06-08"),
    ("20250608", "2025-06-08"),
    ("2025-06", "2025-06"),
    ("2025", "2025"),
    # Numbers: day first, unless that cannot be.
    ("21/11/2024", "2024-11-21"),
    ("21-11-2024 10:00", "2024-11-21T07:00:00+00:00"),
    ("8.6.2025", "2025-06-08"),
    ("08/06/2025", "2025-06-08"),
    ("06/13/2024", "2024-06-13"),
    ("2025/06/08 - 10:30 (GMT+3)", "2025-06-08T07:30:00+00:00"),
    ("GMT 17:27 17.03.2020", "2020-03-17T17:27:00+00:00"),
    ("1749376800", "2025-06-08T10:00:00+00:00"),
    # Dual months, both digit sets, dashes and prefixes.
    ("8 يونيو/حزيران 2025", "2025-06-08"),
    ("8 حزيران (يونيو) 2025", "2025-06-08"),
    ("٨ حزيران/ يونيو ٢٠٢٥ - ١٤:٣٠", "2025-06-08T11:30:00+00:00"),
    ("۸ جوان ۲۰۲۵", "2025-06-08"),
    ("الأحد، 8 يونيو 2025", "2025-06-08"),
    ("8 يونيو، 2025", "2025-06-08"),
    ("نُشر في: 8 أيّار 2025", "2025-05-08"),
    ("آخر تحديث 8 يونيو 2025 - 14:30", "2025-06-08T11:30:00+00:00"),
    ("14:30 - 8 يونيو 2025", "2025-06-08T11:30:00+00:00"),
    ("June 8, 2025", "2025-06-08"),
    ("8th of June 2025", "2025-06-08"),
    ("يونيو 2025", "2025-06"),
    ("كانون الثاني 2025", "2025-01"),
    ("1 يناير 2025", "2025-01-01"),
    # Halves of the day.
    ("8 يونيو 2025 10:30 ص", "2025-06-08T07:30:00+00:00"),
    ("8 يونيو 2025 10:30 م", "2025-06-08T19:30:00+00:00"),
    ("8 يونيو 2025 12:15 ص", "2025-06-07T21:15:00+00:00"),
    ("8 يونيو 2025 12:15 م", "2025-06-08T09:15:00+00:00"),
    ("8 يونيو 2025 الساعة 9 مساءً", "2025-06-08T18:00:00+00:00"),
    ("8 يونيو 2025 1:00 ظهرا", "2025-06-08T10:00:00+00:00"),
    ("8 يونيو 2025 11:45 ظهرا", "2025-06-08T08:45:00+00:00"),
    ("8 June 2025 10:30 PM", "2025-06-08T19:30:00+00:00"),
    # Zones by name of a place.
    ("8 يونيو 2025 10:30 بتوقيت غرينتش", "2025-06-08T10:30:00+00:00"),
    ("8 يونيو 2025 10:30 (بتوقيت مكة المكرمة)", "2025-06-08T07:30:00+00:00"),
    ("8 يونيو 2025 10:30 بتوقيت القاهرة", "2025-06-08T07:30:00+00:00"),
    ("8 يناير 2025 10:30 بتوقيت القاهرة", "2025-01-08T08:30:00+00:00"),
    ("8 يونيو 2025 10:30 بتوقيت موسكو", "2025-06-08T07:30:00+00:00"),
    ("8 يونيو 2025 10:30 بتوقيت سيول", "2025-06-08T01:30:00+00:00"),
    # Hijri beside Gregorian: the Gregorian counts. م is the era here, not the afternoon.
    ("12 ذو الحجة 1446 هـ - 8 يونيو 2025 م", "2025-06-08"),
    ("الأحد 8 يونيو 2025 م 10:30 ص", "2025-06-08T07:30:00+00:00"),
    ("الأحد 12/12/1446 هـ الموافق 8/6/2025", "2025-06-08"),
    # Hijri alone, by the Umm al-Qura calendar; unsigned years only where no other calendar has them.
    ("12 ذو الحجة 1446 هـ", "2025-06-08"),
    ("الأحد 12/12/1446هـ", "2025-06-08"),
    ("12/12/1446", "2025-06-08"),
    ("1446-12-12", "2025-06-08"),
    ("١٢ ذي الحجة ١٤٤٦", "2025-06-08"),
    ("الخميس 7 شعبان 1446هـ - 18:44", "2025-02-06T15:44:00+00:00"),
    ("السابع من شعبان 1446 هـ", "2025-02-06"),
    ("29 رمضان 1446هـ", "2025-03-29"),
    ("بريدة 07 شعبان 1446 هـ الموافق 06 فبراير 2025 م", "2025-02-06"),
    ("الخميس 1446/8/7 هـ الموافق 2025/02/06 م", "2025-02-06"),
    ("18:44 ت م 8 يونيو 2025", "2025-06-08T15:44:00+00:00"),
    # No year, or two digits of it: the last such day, where weekday or nearness leave no doubt.
    ("8 يونيو", "2025-06-08"),
    ("الأحد 8 يونيو", "2025-06-08"),
    ("8 حزيران/يونيو 14:30", "2025-06-08T11:30:00+00:00"),
    ("20 ديسمبر", "2024-12-20"),
    ("الثلاثاء 15 أكتوبر", "2024-10-15"),
    ("08/06/25", "2025-06-08"),
    ("21/11/24 10:00", "2024-11-21T07:00:00+00:00"),
    # Numbers in words.
    ("الثامن من يونيو 2025", "2025-06-08"),
    ("الثامن من حزيران عام ألفين وخمسة وعشرين", "2025-06-08"),
    ("الأول من كانون الثاني 2025", "2025-01-01"),
    ("الخامس والعشرين من تشرين الثاني 2024", "2024-11-25"),
    ("الحادي والثلاثون من أيار/مايو 2025", "2025-05-31"),
    ("8 يونيو 2025 الساعة العاشرة صباحا", "2025-06-08T07:00:00+00:00"),
    ("8 يونيو 2025 الساعة الثالثة والنصف عصرا", "2025-06-08T12:30:00+00:00"),
    ("منذ ثلاث ساعات", "2025-06-10T09:00:00+00:00"),
    ("قبل خمس وعشرين دقيقة", "2025-06-10T11:35:00+00:00"),
    ("منذ عشرة أيام", "2025-05-31"),
    # French and Maghrebi.
    ("8 juin 2025 à 14h30", "2025-06-08T11:30:00+00:00"),
    ("1er janvier 2025", "2025-01-01"),
    ("8 août 2024", "2024-08-08"),
    ("il y a 3 heures", "2025-06-10T09:00:00+00:00"),
    ("8 غشت 2024 - 10:30", "2024-08-08T07:30:00+00:00"),
    # Zones as phrases, of a city, a country, Greenwich with hours.
    ("8 يونيو 2025 10:30 بتوقيت أبوظبي", "2025-06-08T06:30:00+00:00"),
    ("8 يونيو 2025 10:30 بتوقيت دمشق", "2025-06-08T07:30:00+00:00"),
    ("8 يونيو 2025 10:30 توقيت السعودية", "2025-06-08T07:30:00+00:00"),
    ("8 يونيو 2025 10:30 غرينتش", "2025-06-08T10:30:00+00:00"),
    ("8 يونيو 2025 10:30 غرينتش+3", "2025-06-08T07:30:00+00:00"),
    ("8 يونيو 2025 10:30 (ت.غ+3)", "2025-06-08T07:30:00+00:00"),
    ("8 يونيو 2025 10:30 (ت غ)", "2025-06-08T10:30:00+00:00"),
    ("8 يونيو 2025 10:30 بالتوقيت المحلي", "2025-06-08T07:30:00+00:00"),
    # Relative times, against the fetch.
    ("منذ ساعة ونصف", "2025-06-10T10:30:00+00:00"),
    ("منذ ساعة و20 دقيقة", "2025-06-10T10:40:00+00:00"),
    ("3 ساعات مضت", "2025-06-10T09:00:00+00:00"),
    ("قبل قليل", "2025-06-10"),
    ("الأحد الماضي", "2025-06-08"),
    ("منذ 3 ساعات", "2025-06-10T09:00:00+00:00"),
    ("منذ ساعتين", "2025-06-10T10:00:00+00:00"),
    ("قبل 20 دقيقة", "2025-06-10T11:40:00+00:00"),
    ("منذ ٣ أيام", "2025-06-07"),
    ("منذ يومين", "2025-06-08"),
    ("قبل أسبوع", "2025-06-03"),
    ("منذ شهرين", "2025-04"),
    ("منذ 7 أشهر", "2024-11"),
    ("منذ 2 سنوات", "2023"),
    ("3 hours ago", "2025-06-10T09:00:00+00:00"),
    ("أمس", "2025-06-09"),
    ("أمس 14:30", "2025-06-09T11:30:00+00:00"),
    ("اليوم الساعة 10 صباحا", "2025-06-10T07:00:00+00:00"),
    # A clock or zone that cannot be read leaves the day.
    ("Sun, 08 Jun 2025 10:00:00 +9900", "2025-06-08"),
    ("Sun, 08 Jun 2025 10:00:00 IST", "2025-06-08"),
    ("2025-06-08T25:61:00Z", "2025-06-08"),
]

UNREADABLE = [
    pytest.param("", id="empty"),
    pytest.param("غير معروف", id="no date"),
    pytest.param("0000-00-00", id="null of a database"),
    pytest.param("0001-01-01T00:00:00Z", id="null of a framework"),
    pytest.param("9999-12-31", id="placeholder"),
    pytest.param("32/13/2024", id="no such day"),
    pytest.param("30 فبراير 2025", id="no such day in February"),
    pytest.param("8 يونيو/تموز 2025", id="two months that differ"),
    pytest.param("15 أكتوبر", id="no year, and eight months ago"),
    pytest.param("الاثنين 8 يونيو", id="no year, and another weekday"),
    pytest.param("12 رمضان", id="Hijri without a year"),
    pytest.param("شعبان 1446", id="Hijri without a day"),
    pytest.param("رمضان 2025", id="a Hijri month in a Gregorian year"),
    pytest.param("31 صفر 1446", id="no such day in Safar"),
    pytest.param("25/06/08", id="two digits, and not of this year"),
    pytest.param("منذ 2023", id="since a year"),
    pytest.param("ألفين وكذا", id="two thousand and something"),
    pytest.param("۲۹ بهمن ۱۳۹۸", id="Persian calendar"),
    pytest.param("1398/11/29", id="Persian numbers"),
    pytest.param("1" * 400, id="400 digits"),
    pytest.param("8 برومير 2025", id="a month of no calendar here"),
]


@pytest.mark.parametrize(("raw", "written"), WRITTEN)
def test_written_date_is_read_as_coarse_as_it_is_written(raw: str, written: str) -> None:
    dated = parse_date(raw, "feed", FETCHED_AT, ZONE)
    assert dated.written() == written
    assert (dated.raw, dated.source, dated.is_implausible) == (raw, "feed", False)


@pytest.mark.parametrize(
    ("name", "month"), [(name, month) for month, names in MONTH_NAMES.items() for name in names.split("|")]
)
@pytest.mark.parametrize(
    "form", ["8 {} 2024", "٨ {} ٢٠٢٤", "{} 8, 2024"], ids=["ascii", "arabic digits", "month first"]
)
def test_month_names_of_three_traditions_are_read(name: str, month: int, form: str) -> None:
    assert parse_date(form.format(name), "text", FETCHED_AT).written() == f"2024-{month:02}-08"


@pytest.mark.parametrize("raw", UNREADABLE)
def test_what_cannot_be_read_is_no_date_and_keeps_its_words(raw: str) -> None:
    dated = parse_date(raw, "meta", FETCHED_AT)
    assert (dated.at, dated.precision, dated.written()) == (None, None, None)
    assert raw.startswith(dated.raw)


def test_zone_of_the_feed_counts_only_where_the_date_names_none() -> None:
    seoul = [
        parse_date(raw, "feed", FETCHED_AT, "Asia/Seoul").written() for raw in ("2025-06-08 10:00", "2025-06-08T10:00Z")
    ]
    assert seoul == ["2025-06-08T01:00:00+00:00", "2025-06-08T10:00:00+00:00"]


def test_first_of_january_is_a_day_only_where_it_was_written() -> None:
    precisions = [parse_date(raw, "text", FETCHED_AT).precision for raw in ("2025", "يناير 2025", "1 يناير 2025")]
    assert precisions == [Precision.YEAR, Precision.MONTH, Precision.DAY]


@pytest.mark.parametrize(
    ("moment", "source"),
    [
        pytest.param(FETCHED_AT + timedelta(hours=5), "feed", id="a clock five hours ahead"),
        pytest.param(FETCHED_AT - timedelta(days=9 * 366), "feed", id="an old feed"),
        pytest.param(FETCHED_AT - timedelta(days=11 * 366), "meta", id="an old page"),
    ],
)
def test_date_within_what_the_fetch_allows_is_plausible(moment: datetime, source: str) -> None:
    assert not parse_date(moment.isoformat(), source, FETCHED_AT).is_implausible


@pytest.mark.parametrize(
    ("moment", "source"),
    [
        pytest.param(FETCHED_AT + timedelta(hours=7), "feed", id="tomorrow"),
        pytest.param(FETCHED_AT - timedelta(days=11 * 366), "feed", id="too old for a feed"),
        pytest.param(datetime(1970, 1, 1, tzinfo=UTC), "meta", id="the epoch"),
    ],
)
def test_date_outside_what_the_fetch_allows_is_kept_and_flagged(moment: datetime, source: str) -> None:
    dated = parse_date(moment.isoformat(), source, FETCHED_AT)
    assert (dated.at, dated.is_implausible) == (moment, True)


def test_today_in_an_eastern_zone_is_not_the_future() -> None:
    fetched_at = datetime(2025, 6, 8, 16, 0, tzinfo=UTC)  # the 9th has begun in Seoul an hour ago
    assert not parse_date("2025-06-09", "feed", fetched_at, "Asia/Seoul").is_implausible

"""Owns the words that dates are written with: months of three Arabic traditions, day halves, zones, units.

All keys stand in the plain form of `plain`, so that أبريل, ابريل and إبريل are one word. A word that would mean two
things (عمان, the city and the sultanate; IST) is absent: a date read wrongly is worse than one not read.
"""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {
    ord(digit): str(value) for zero in "٠۰" for value, digit in enumerate(map(chr, range(ord(zero), ord(zero) + 10)))
}
_LETTERS = str.maketrans("أإآٱىیةھک", "ااااييههك")
_DASHES = str.maketrans("‐‑‒–—−", "------")
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def plain(text: str) -> str:
    """Return `text` in lower case with ASCII digits, bare letters and single spaces, without direction marks."""
    text = unicodedata.normalize("NFKC", text.replace("\n", " ").replace("\t", " "))
    text = _MARKS.sub("", text).translate(_DIGITS).translate(_LETTERS).translate(_DASHES)
    return " ".join(text.lower().split())


def _table(*rows: tuple[int, str]) -> dict[str, int]:
    return {plain(name): value for value, names in rows for name in names.split("|")}


#: Name -> number: Egypt and the Gulf, the Levant and Iraq, the Maghreb (Algeria and Tunisia after French), English.
MONTHS = _table(
    (1, "يناير|كانون الثاني|كانون ثاني|كانون ثان|جانفي|ينار|january|jan"),
    (2, "فبراير|شباط|فيفري|february|feb"),
    (3, "مارس|آذار|march|mar"),
    (4, "أبريل|نيسان|أفريل|april|apr"),
    (5, "مايو|أيار|ماي|may"),
    (6, "يونيو|يونية|حزيران|جوان|june|jun"),
    (7, "يوليو|يولية|تموز|جويلية|يوليوز|july|jul"),
    (8, "أغسطس|آب|أوت|غشت|august|aug"),
    (9, "سبتمبر|أيلول|شتنبر|september|sept|sep"),
    (10, "أكتوبر|تشرين الأول|تشرين أول|october|oct"),
    (11, "نوفمبر|تشرين الثاني|تشرين ثاني|تشرين ثان|نونبر|november|nov"),
    (12, "ديسمبر|كانون الأول|كانون أول|دجنبر|december|dec"),
)

#: Months of the Hijri year; only so that they can be stepped over.
HIJRI_MONTHS = tuple(
    plain(name)
    for name in [
        "محرم",
        "المحرم",
        "صفر",
        "ربيع الأول",
        "ربيع أول",
        "ربيع الثاني",
        "ربيع ثاني",
        "ربيع الآخر",
        "جمادى الأولى",
        "جمادى الأول",
        "جمادى الثانية",
        "جمادى الثاني",
        "جمادى الآخرة",
        "جمادى الآخر",
        "رجب",
        "شعبان",
        "رمضان",
        "شوال",
        "ذو القعدة",
        "ذي القعدة",
        "ذو الحجة",
        "ذي الحجة",
    ]
)

#: Word after a clock time -> first hour of the twelve it may mean: 12 ليلا is midnight, 9 ليلا is 21.
DAY_HALVES = _table(
    (0, "ص|صباحا|صباحًا|فجرا|am|a.m|a.m."),
    (10, "ظهرا|ظهرًا"),
    (12, "م|مساء|مساءً|عصرا|بعد الظهر|pm|p.m|p.m."),
    (18, "ليلا|ليلًا"),
)

#: Zone name -> minutes east of UTC. AST is Arabia here: no Arabic feed writes Atlantic time.
ZONE_MINUTES = _table(
    (0, "z|gmt|utc|ut|wet|غرينتش|جرينتش|توقيت غرينتش|توقيت جرينتش|ت.غ|ت غ|تغ"),
    (0, "بتوقيت غرينتش|بتوقيت جرينتش|بتوقيت غرينيتش|بتوقيت جرينيتش"),
    (60, "cet|west|bst"),
    (120, "eet|cest|sast"),
    (
        180,
        "ast|eest|msk|trt|بتوقيت مكة المكرمة|بتوقيت مكة|بتوقيت السعودية|بتوقيت الرياض|بتوقيت موسكو|توقيت مكة المكرمة",
    ),
    (180, "بتوقيت بغداد|بتوقيت العراق|بتوقيت الكويت|بتوقيت قطر|بتوقيت الدوحة|بتوقيت البحرين|بتوقيت صنعاء|بتوقيت اليمن"),
    (240, "gst|بتوقيت الإمارات|بتوقيت أبوظبي|بتوقيت دبي|بتوقيت مسقط"),
    (300, "pkt"),
    (480, "hkt"),
    (540, "kst|jst|بتوقيت سيول|بتوقيت كوريا|بتوقيت بيونغ يانغ|بتوقيت طوكيو"),
    (-240, "edt"),
    (-300, "est|cdt"),
    (-360, "cst|mdt"),
    (-420, "mst|pdt"),
    (-480, "pst"),
)

#: Zone name -> IANA zone, where the offset changes with the season.
ZONE_PLACES = {
    plain(name): place
    for place, names in (
        ("Africa/Cairo", "بتوقيت القاهرة|بتوقيت مصر"),
        ("Asia/Beirut", "بتوقيت بيروت|بتوقيت لبنان"),
        ("Asia/Jerusalem", "بتوقيت القدس"),
        ("Africa/Casablanca", "بتوقيت الرباط|بتوقيت المغرب"),
    )
    for name in names.split("|")
}

#: Word -> seconds; a month and a year are counted in their own calendar units by the reader.
UNIT_SECONDS = _table(
    (1, "ثانية|ثواني|ثوان|second|seconds"),
    (60, "دقيقة|دقائق|minute|minutes|min|mins"),
    (3600, "ساعة|ساعات|hour|hours"),
    (86400, "يوم|يوما|أيام|day|days"),
    (604800, "أسبوع|أسبوعا|أسابيع|week|weeks"),
    (2592000, "شهر|شهرا|أشهر|شهور|month|months"),
    (31536000, "سنة|سنوات|سنين|عام|عاما|أعوام|year|years"),
)

#: Arabic duals: a unit, twice.
DUAL_SECONDS = _table(
    (60, "دقيقتين|دقيقتان"),
    (3600, "ساعتين|ساعتان"),
    (86400, "يومين|يومان"),
    (604800, "أسبوعين|أسبوعان"),
    (2592000, "شهرين|شهران"),
    (31536000, "سنتين|سنتان|عامين|عامان"),
)

#: Word -> days before the fetch.
DAY_WORDS = _table((0, "اليوم|today"), (1, "أمس|البارحة|yesterday"), (2, "أول أمس|أول من أمس|أمس الأول"))


def any_of(words: tuple[str, ...] | dict[str, int] | dict[str, str]) -> str:
    """Return a pattern that matches one of `words` as whole words, the longest first."""
    longest_first = sorted(words, key=len, reverse=True)
    return r"(?<![^\W\d_])(?:" + "|".join(re.escape(word) for word in longest_first) + r")(?![^\W\d_])"

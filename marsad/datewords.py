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
_SIGNS = _DIGITS | str.maketrans("أإآٱىیةھک‐‑‒–—−", "ااااييههك------")
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def plain(text: str) -> str:
    """Return `text` in lower case with ASCII digits, bare letters and single spaces, without direction marks."""
    text = unicodedata.normalize("NFKC", text.replace("\n", " ").replace("\t", " "))
    text = _MARKS.sub("", text).translate(_SIGNS)
    return " ".join(text.lower().split())


def _table(*rows: tuple[int, str]) -> dict[str, int]:
    return {plain(name): value for value, names in rows for name in names.split("|")}


#: Name -> number: Egypt and the Gulf, the Levant and Iraq, the Maghreb, English, French.
MONTHS = _table(
    (1, "يناير|كانون الثاني|كانون ثاني|كانون ثان|جانفي|ينار|january|jan|janvier|janv"),
    (2, "فبراير|شباط|فيفري|february|feb|février|fevrier|févr"),
    (3, "مارس|آذار|march|mar|mars"),
    (4, "أبريل|نيسان|أفريل|april|apr|avril|avr"),
    (5, "مايو|أيار|ماي|may|mai"),
    (6, "يونيو|يونية|حزيران|جوان|june|jun|juin"),
    (7, "يوليو|يولية|تموز|جويلية|يوليوز|july|jul|juillet|juil"),
    (8, "أغسطس|آب|أوت|غشت|august|aug|août|aout"),
    (9, "سبتمبر|أيلول|شتنبر|september|sept|sep|septembre"),
    (10, "أكتوبر|تشرين الأول|تشرين أول|october|oct|octobre"),
    (11, "نوفمبر|تشرين الثاني|تشرين ثاني|تشرين ثان|نونبر|november|nov|novembre"),
    (12, "ديسمبر|كانون الأول|كانون أول|دجنبر|december|dec|décembre|decembre|déc"),
)

#: Months of the Hijri year.
HIJRI_MONTHS = _table(
    (1, "محرم|المحرم|محرم الحرام"),
    (2, "صفر|صفر الخير"),
    (3, "ربيع الأول|ربيع أول"),
    (4, "ربيع الثاني|ربيع ثاني|ربيع ثان|ربيع الآخر|ربيع آخر"),
    (5, "جمادى الأولى|جمادى الأول|جمادى أولى|جماد الأول|جماد أول"),
    (6, "جمادى الثانية|جمادى الثاني|جمادى ثانية|جمادى الآخرة|جمادى الآخر|جماد الثاني|جماد الآخر|جماد ثاني"),
    (7, "رجب"),
    (8, "شعبان"),
    (9, "رمضان|رمضان المبارك"),
    (10, "شوال"),
    (11, "ذو القعدة|ذي القعدة|ذوالقعدة"),
    (12, "ذو الحجة|ذي الحجة|ذوالحجة"),
)

#: Word after a clock time -> first hour of the twelve it may mean: 12 ليلا is midnight, 9 ليلا is 21.
DAY_HALVES = _table(
    (0, "ص|صباحا|صباحًا|فجرا|قبل الظهر|بعد منتصف الليل|am|a.m|a.m."),
    (10, "ظهرا|ظهرًا"),
    (12, "م|مساء|مساءً|مساءا|عصرا|بعد الظهر|pm|p.m|p.m."),
    (18, "ليلا|ليلًا"),
)

_AT = ("بتوقيت ", "توقيت ", "بالتوقيت ", "حسب توقيت ")  # at the time of


def _named(*rows: tuple[str, str]) -> dict[str, str]:
    """Return a table from "at the time of X" to the zone of X."""
    return {plain(at + name): zone for zone, names in rows for name in names.split("|") for at in _AT}


#: Zone name -> minutes east of UTC. AST is Arabia here: no Arabic feed writes Atlantic time. "ت م" is the time of Mecca
#: as the Saudi agency signs its reports.
ZONE_MINUTES = _table(
    (0, "z|gmt|utc|ut|wet|غرينتش|جرينتش|غرينيتش|جرينيتش|ت.غ|ت غ|تغ|جمت|ج.م.ت"),
    (0, "|".join(at + name for at in _AT for name in ("غرينتش", "جرينتش", "غرينيتش", "جرينيتش", "العالمي"))),
    (60, "cet|west|bst"),
    (120, "eet|cest|sast"),
    (180, "ast|eest|msk|trt|ت.م|ت م"),
    (240, "gst"),
    (300, "pkt"),
    (480, "hkt"),
    (540, "kst|jst"),
    (-240, "edt"),
    (-300, "est|cdt"),
    (-360, "cst|mdt"),
    (-420, "mst|pdt"),
    (-480, "pst"),
)

#: Zone name -> IANA zone: "at the time of" a city or country.
ZONE_PLACES = _named(
    ("Asia/Riyadh", "مكة المكرمة|مكة|السعودية|الرياض|المملكة|الكويت|قطر|الدوحة|البحرين|المنامة|صنعاء|عدن|اليمن"),
    ("Asia/Baghdad", "بغداد|العراق"),
    ("Asia/Dubai", "الإمارات|أبوظبي|أبو ظبي|دبي|مسقط|سلطنة عمان"),
    ("Asia/Amman", "الأردن"),
    ("Asia/Damascus", "دمشق|سوريا"),
    ("Asia/Beirut", "بيروت|لبنان"),
    ("Asia/Jerusalem", "القدس|القدس المحتلة|فلسطين|غزة|رام الله|إسرائيل"),
    ("Africa/Cairo", "القاهرة|مصر"),
    ("Africa/Khartoum", "الخرطوم|السودان"),
    ("Africa/Tripoli", "ليبيا"),
    ("Africa/Tunis", "تونس"),
    ("Africa/Algiers", "الجزائر"),
    ("Africa/Casablanca", "الرباط|المغرب|الدار البيضاء"),
    ("Africa/Nouakchott", "نواكشوط|موريتانيا"),
    ("Europe/Istanbul", "تركيا|أنقرة|إسطنبول"),
    ("Asia/Tehran", "طهران|إيران"),
    ("Europe/Moscow", "موسكو"),
    ("Europe/Kyiv", "كييف|أوكرانيا"),
    ("Europe/London", "لندن|بريطانيا"),
    ("Europe/Paris", "باريس|فرنسا"),
    ("Europe/Berlin", "برلين|ألمانيا|وسط أوروبا"),
    ("America/New_York", "واشنطن|نيويورك|شرق الولايات المتحدة"),
    ("Asia/Shanghai", "بكين|الصين"),
    ("Asia/Seoul", "سيول|سول|كوريا|كوريا الجنوبية"),
    ("Asia/Pyongyang", "بيونغ يانغ|بيونج يانج|كوريا الشمالية"),
    ("Asia/Tokyo", "طوكيو|اليابان"),
    ("Asia/Kolkata", "نيودلهي|الهند"),
)

#: Word -> seconds; a month and a year are counted in their own calendar units by the reader.
UNIT_SECONDS = _table(
    (1, "ثانية|ثواني|ثوان|second|seconds"),
    (60, "دقيقة|دقائق|minute|minutes|min|mins"),
    (3600, "ساعة|ساعات|hour|hours"),
    (86400, "يوم|يوما|أيام|day|days"),
    (604800, "أسبوع|أسبوعا|أسابيع|week|weeks"),
    (2592000, "شهر|شهرا|أشهر|شهور|month|months"),
    (31536000, "سنة|سنوات|سنين|عام|عاما|أعوام|year|years"),
    # French
    (60, "mn"),
    (3600, "heure|heures"),
    (86400, "jour|jours"),
    (604800, "semaine|semaines"),
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
DAY_WORDS = _table(
    (0, "اليوم|today|الآن|منذ قليل|قبل قليل|منذ لحظات|قبل لحظات|just now|aujourd'hui"),
    (1, "أمس|البارحة|yesterday|hier"),
    (2, "أول أمس|أول من أمس|أمس الأول"),
)

#: Day of the week -> number, Monday is 0.
WEEKDAYS = _table(
    (0, "الاثنين|الإثنين|اثنين|monday|mon|lundi"),
    (1, "الثلاثاء|ثلاثاء|tuesday|tue|mardi"),
    (2, "الأربعاء|أربعاء|wednesday|wed|mercredi"),
    (3, "الخميس|خميس|thursday|thu|jeudi"),
    (4, "الجمعة|جمعة|friday|fri|vendredi"),
    (5, "السبت|سبت|saturday|sat|samedi"),
    (6, "الأحد|أحد|sunday|sun|dimanche"),
)


def any_of(words: tuple[str, ...] | dict[str, int] | dict[str, str]) -> str:
    """Return a pattern that matches one of `words` as whole words, the longest first."""
    longest_first = sorted(words, key=len, reverse=True)
    return r"(?<![^\W\d_])(?:" + "|".join(re.escape(word) for word in longest_first) + r")(?![^\W\d_])"

"""Owns the words of the report page that its script writes, in Arabic and English."""

from __future__ import annotations

from dataclasses import dataclass

from reports.wording import Language, Noun, noun


@dataclass(frozen=True, slots=True)
class PageWording:
    """One language of the page's own words."""

    since: str
    until: str
    days: Noun
    entity: str
    outlet: str
    country: str
    line: str
    stance: str
    speaker: str
    anything: str
    reset: str
    filters: str
    unknown: str
    spike: str  #: beside a bar of coverage
    spike_said: str  #: {stories}, {expected}
    speakers_said: str
    turns: str
    turns_said: str
    graph: str
    countries: str
    lines: str
    more: str
    older: Noun  #: articles that the page counts and does not list
    older_said: str
    close: str
    copy_text: str
    no_script: str
    skip: str


def page_wording_of(language: Language) -> PageWording:
    """Return the page's words in `language`."""
    return _ARABIC if language == "ar" else _ENGLISH


_ARABIC = PageWording(
    since="من",
    until="إلى",
    days=Noun("", "آخر يوم", "آخر يومين", "آخر {n} أيام", "آخر {n} يومًا", "آخر {n} يوم"),
    entity="الاسم",
    outlet="الوسيلة",
    country="البلد",  # country
    line="التوجه",  # editorial line
    stance="الموقف",
    speaker="المتحدث",
    anything="الكل",  # all
    reset="إلغاء التصفية",  # reset
    filters="تصفية",  # filter
    unknown="غير معروف",
    spike="ذروة",  # spike
    spike_said="{stories}، والمتوقع {expected}",
    speakers_said="يُعدّ موقف المتحدث مرة واحدة في كل مقال.",  # a speaker's stance counts once an article
    turns="مواقف المتحدثين عبر الزمن",  # stances over time
    turns_said="فوق الخط المؤيد وتحته المعارض.",  # supportive above the line, opposed below
    graph="أسماء ترد معًا",  # names that occur together
    countries="بلدان وسائل الإعلام",
    lines="توجه وسائل الإعلام",  # editorial line
    more="المزيد",
    older=Noun(
        "", "منها مقال أقدم", "منها مقالان أقدم", "منها {n} مقالات أقدم", "منها {n} مقالًا أقدم", "منها {n} مقال أقدم"
    ),
    older_said="لا تسرد الصفحة المقالات الأقدم؛ يسردها هذا الاستعلام مع marsad sql:",  # this query lists older ones
    close="إغلاق",
    copy_text="نسخ",
    no_script="تحتاج هذه الصفحة إلى JavaScript لعرض الأرقام؛ ولا تتصل بأي خادم.",  # it contacts no server
    skip="إلى المحتوى",
)
_ENGLISH = PageWording(
    since="from",
    until="to",
    days=noun("last day", "days", ""),
    entity="Name",
    outlet="Outlet",
    country="Country",
    line="Line",
    stance="Stance",
    speaker="Speaker",
    anything="all",
    reset="Reset",
    filters="Filter",
    unknown="unknown",
    spike="spike",
    spike_said="{stories}, expected {expected}",
    speakers_said="A speaker's stance counts once an article.",
    turns="Where speakers stood over time",
    turns_said="Supportive above the line, opposed below it.",
    graph="Names that occur together",
    countries="Countries of the outlets",
    lines="Editorial lines of the outlets",
    more="More",
    older=noun("of them older", "of them older"),
    older_said="Older articles are not listed on this page; this query lists them, with marsad sql:",
    close="Close",
    copy_text="Copy",
    no_script="This page needs JavaScript to show its numbers; it contacts no server.",
    skip="To the content",
)

"""Owns the words of the frame, in Arabic and English; what outlets and speakers said is never translated.

Arabic counts in six forms (Unicode CLDR plural rules), so a counted noun is a value of its own. Digits are the
European ones, as most Arabic news sites write them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from marsad.articles import Stance
from reports.reasons import reason_in_arabic

Language = Literal["ar", "en"]
#: Between Arabic words its hyphens would turn it around: 2026-11-06 is shown as 06-11-2026 (UAX #9, W2 and N1).
_ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun as it is counted; `{n}` stands for the number."""

    zero: str
    one: str
    two: str
    few: str  #: 3-10, 103-110, ...
    many: str  #: 11-99, 111-199, ...
    other: str  #: 100-102, 200-202, ...

    def counted(self, count: int) -> str:
        """Return `count` with the noun in the form it asks for."""
        form = (self.zero, self.one, self.two)[count] if count in {0, 1, 2} else self._by_hundreds(count % 100)
        return form.format(n=f"{count:,}")

    def _by_hundreds(self, rest: int) -> str:
        if rest < 3:  # noqa: PLR2004 - the bounds of the rule
            return self.other
        return self.few if rest <= 10 else self.many  # noqa: PLR2004 - the bounds of the rule


@dataclass(frozen=True, slots=True)
class Wording:
    """One language of the frame."""

    language: Language
    direction: Literal["rtl", "ltr"]
    brand: str
    months: tuple[str, ...]
    comma: str
    untitled: str
    span: str  #: {since}, {until}
    stances: tuple[tuple[Stance, str], ...]
    feed_states: tuple[tuple[str, str], ...]
    story: Noun
    article: Noun
    outlet: Noun
    more_outlets: Noun
    copies: Noun  #: said after the number of articles: "of these ..."
    statement: Noun
    feed: Noun
    more_stories: Noun
    mail: Noun
    nothing_new: str
    lead: str  #: subject of a mail: {topic}, {stories}, {title}
    digest: str
    report: str
    coverage: str
    coverage_said: str  #: alt text: {since}, {until}, {articles}, {most}, {day}
    all_articles: str
    own_stories: str
    own_articles: str
    speakers: str
    speakers_heard: str
    entities: str
    outlets: str
    stories: str
    feeds: str
    feeds_said: str  #: foot of a mail: {fine}, {all}
    name: str
    day: str
    state: str
    newest: str
    numbers: str
    audit: str  #: {audited}, {missed}
    stop: str  #: {sender}
    why: str
    zone_said: str  #: {zone}
    nothing_here: str

    def named(self, name: str, name_ar: str) -> str:
        """Return the name a reader of this language knows, or the other where there is only one."""
        return (name_ar or name) if self.language == "ar" else (name or name_ar)

    def stance(self, stance: Stance) -> str:
        """Return the word for `stance`."""
        return dict(self.stances)[stance]

    def feed_state(self, state: str) -> str:
        """Return the word for a feed's state, or `state` where there is none."""
        return dict(self.feed_states).get(state, state)

    def reason(self, reason: str) -> str:
        """Return why a feed does not answer, in this language; words of which no translation is known as they are."""
        said = reason if self.language == "en" else reason_in_arabic(reason)
        return _ISO_DATE.sub(lambda day: self.iso_date(day[0]), said)

    def date(self, on: date) -> str:
        """Return a day as it is written: 21 نوفمبر 2026."""
        return f"{on.day} {self.months[on.month - 1]} {on.year}"

    def iso_date(self, day: str) -> str:
        """Return an ISO day as it is written, or as it came where it is none."""
        try:
            return self.date(date.fromisoformat(day))
        except ValueError:
            return day

    def instant(self, at: datetime, zone: str) -> str:
        """Return an instant in `zone`, to the minute."""
        local = at.astimezone(ZoneInfo(zone))
        return f"{self.date(local)} {local:%H:%M}"

    def span_of(self, since: datetime, until: datetime, zone: str) -> str:
        """Return a window of time in `zone`."""
        return self.span.format(since=self.instant(since, zone), until=self.instant(until, zone))


def wording_of(language: Language) -> Wording:
    """Return the words of `language`."""
    return ARABIC if language == "ar" else ENGLISH


ARABIC = Wording(
    language="ar",
    direction="rtl",
    brand="مرصد",  # observatory
    # The names used in Egypt and the Gulf, which the rest of the Arab world also reads.
    months=(
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ),
    comma="،",
    untitled="بلا عنوان",  # without a title
    span="من {since} إلى {until}",  # from ... to
    stances=((Stance.SUPPORTIVE, "مؤيد"), (Stance.OPPOSED, "معارض"), (Stance.NEUTRAL, "محايد")),
    feed_states=(
        ("ok", "تعمل"),
        ("not_modified", "تعمل"),
        ("silent", "صامتة"),
        ("waiting", "بانتظار الخادم"),  # waiting for the server
        ("blocked", "محجوبة عنا"),
        ("broken", "متعطلة"),
        ("dead", "متوقفة"),
        ("never", "لم تُقرأ بعد"),
    ),
    story=Noun("لا أخبار", "خبر واحد", "خبران", "{n} أخبار", "{n} خبرًا", "{n} خبر"),
    article=Noun("لا مقالات", "مقال واحد", "مقالان", "{n} مقالات", "{n} مقالًا", "{n} مقال"),
    outlet=Noun("لا وسائل", "وسيلة واحدة", "وسيلتان", "{n} وسائل", "{n} وسيلة", "{n} وسيلة"),
    more_outlets=Noun("", "ووسيلة أخرى", "ووسيلتان أخريان", "و{n} وسائل أخرى", "و{n} وسيلة أخرى", "و{n} وسيلة أخرى"),
    copies=Noun("", "منها نسخة واحدة", "منها نسختان", "منها {n} نسخ", "منها {n} نسخة", "منها {n} نسخة"),
    statement=Noun("لا تصريحات", "تصريح واحد", "تصريحان", "{n} تصريحات", "{n} تصريحًا", "{n} تصريح"),
    feed=Noun("لا خلاصات", "خلاصة واحدة", "خلاصتان", "{n} خلاصات", "{n} خلاصة", "{n} خلاصة"),
    more_stories=Noun("", "وخبر آخر", "وخبران آخران", "و{n} أخبار أخرى", "و{n} خبرًا آخر", "و{n} خبر آخر"),
    mail=Noun("لا رسائل", "رسالة واحدة", "رسالتان", "{n} رسائل", "{n} رسالة", "{n} رسالة"),
    nothing_new="لا جديد في هذه المدة.",  # nothing new in this span
    lead="{topic}، {stories}: {title}",
    digest="موجز",  # digest
    report="تقرير",  # report
    coverage="التغطية يومًا بيوم",  # coverage day by day
    coverage_said="رسم لعدد المقالات في كل يوم {since} – {until}؛ المجموع: {articles}؛ الأعلى: {most} في {day}.",
    all_articles="كل المقالات",  # all articles
    own_stories="الأخبار، كل خبر مرة واحدة",  # stories, each once
    own_articles="مقالات بكلمات أصحابها",  # articles in own words
    speakers="مواقف المتحدثين",  # stances of speakers
    speakers_heard="المتحدثون",  # speakers
    entities="أكثر الأسماء ورودًا",  # most frequent names
    outlets="وسائل الإعلام",  # outlets
    stories="أحدث الأخبار بأدلتها",  # newest stories with evidence
    feeds="حال الخلاصات",  # health of the feeds
    feeds_said="الخلاصات العاملة: {fine} من {all}.",  # feeds at work: n of m
    name="الاسم",
    day="اليوم",
    state="الحال",
    newest="آخر جديد",  # newest entry
    numbers="الأرقام في جدول",  # the numbers as a table
    audit="فُحص عشوائيًا من المستبعد: {audited}؛ وكان من الموضوع منها: {missed}.",  # drawn at random, of these on topic
    stop="لإيقاف هذه الرسائل اكتب إلى {sender}.",  # to stop these mails write to
    why="تصلك هذه الرسالة لأنك مشترك في مرصد.",  # you subscribed
    zone_said="الأوقات بتوقيت {zone}.",  # times are in the zone
    nothing_here="لا شيء في هذه المدة.",  # nothing in this span
)


def noun(one: str, other: str, none: str = "") -> Noun:
    """Return an English noun, which is counted in two forms."""
    return Noun(none, f"{{n}} {one}", *(f"{{n}} {other}",) * 4)


ENGLISH = Wording(
    language="en",
    direction="ltr",
    brand="Marsad",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    comma=",",
    untitled="untitled",
    span="{since} to {until}",
    stances=((Stance.SUPPORTIVE, "supportive"), (Stance.OPPOSED, "opposed"), (Stance.NEUTRAL, "neutral")),
    feed_states=(
        ("ok", "works"),
        ("not_modified", "works"),
        ("silent", "silent"),
        ("waiting", "waiting"),
        ("blocked", "blocked from here"),
        ("broken", "broken"),
        ("dead", "dead"),
        ("never", "never read"),
    ),
    story=noun("story", "stories", "no stories"),
    article=noun("article", "articles", "no articles"),
    outlet=noun("outlet", "outlets", "no outlets"),
    more_outlets=Noun("", *("and {n} more",) * 5),
    copies=noun("of them a copy", "of them copies"),
    statement=noun("statement", "statements", "no statements"),
    feed=noun("feed", "feeds", "no feeds"),
    more_stories=noun("more story", "more stories"),
    mail=noun("mail", "mails", "no mails"),
    nothing_new="Nothing new in this span.",
    lead="{topic}, {stories}: {title}",
    digest="digest",
    report="report",
    coverage="Coverage day by day",
    coverage_said="Chart of articles per day, {since} – {until}; {articles} in all; at most {most}, on {day}.",
    all_articles="all articles",
    own_stories="stories, each once",
    own_articles="articles in own words",
    speakers="Where speakers stand",
    speakers_heard="speakers",
    entities="Names most often in the news",
    outlets="Outlets",
    stories="Newest stories, with evidence",
    feeds="Health of the feeds",
    feeds_said="Feeds at work: {fine} of {all}.",
    name="Name",
    day="Day",
    state="State",
    newest="Newest entry",
    numbers="The numbers as a table",
    audit="Of the entries left out, drawn at random: {audited}; on the topic after all: {missed}.",
    stop="To stop these mails, write to {sender}.",
    why="You get this mail because you subscribed to Marsad.",
    zone_said="Times are those of {zone}.",
    nothing_here="Nothing in this span.",
)

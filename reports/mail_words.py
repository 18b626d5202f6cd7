"""Owns the words of mails beyond the stories: alarms, changes, the balance of voices, in Arabic and English."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.alerts import Alert, AlertKind
from marsad.arabic import fold
from marsad.articles import Stance
from marsad.balance import Balance
from marsad.digests import EntityCount
from reports.safe import isolated, plain
from reports.wording import Language, Noun, Wording, noun, wording_of

_NAME_SHOWN_CHARS, _TITLE_SHOWN_CHARS = 80, 200


@dataclass(frozen=True, slots=True)
class MailWording:
    """One language of these words; names come isolated, so that they keep their direction to themselves."""

    alerts: str
    urgent: str  #: head of a mail of alarms
    last_today: str  #: foot of the last mail of alarms that a day allows
    held: str  #: {count} alarms that were over a day's limit
    more_alerts: Noun  #: beyond those that are told, as of the following
    more_quotes: Noun  #: of a story
    more_changes: Noun
    more_differences: Noun  #: of a change
    more_feeds: Noun  #: that are ill
    changes: str
    was: str
    became: str
    added: str
    removed: str
    balance: str
    balance_said: str  #: {share}, {low}, {high}, {speakers}
    balance_before: str
    speakers: Noun
    names: str
    names_said: str  #: {names}
    updated: str  #: beside a story that was told before
    topic: str  #: the topic itself, as the subject of a spike
    sentences: tuple[tuple[AlertKind, str], ...]  #: {name}, {count}, {stories}, {day}, {expected}, {was}, {became}
    same_title: str  #: of a changed story: {name}, {became}, {count}


def mail_wording_of(language: Language) -> MailWording:
    """Return these words in `language`."""
    return _ARABIC if language == "ar" else _ENGLISH


def alert_said(alert: Alert, language: Language) -> str:
    """Return an alarm as one sentence; every stranger's word in it is plain and isolated."""
    wording, words = wording_of(language), mail_wording_of(language)
    name = wording.named(alert.name, alert.name_ar) or ("" if alert.about == "topic" else alert.about)
    is_untouched = alert.kind is AlertKind.CHANGED_STORY and fold(alert.was) == fold(alert.became)
    sentence = words.same_title if is_untouched else dict(words.sentences)[alert.kind]
    return sentence.format(
        name=isolated(plain(name, _NAME_SHOWN_CHARS)) if name else words.topic,
        count=alert.count,
        stories=wording.story.counted(alert.count),
        day=wording.date(alert.day),
        expected=f"{alert.expected:.1f}",
        was=_state(alert.was, wording),
        became=_state(alert.became, wording),
    )


def balance_said(balance: Balance, language: Language) -> str:
    """Return the balance of voices as a sentence, empty without voices."""
    if not balance.speaker_count:
        return ""
    words, (low, high) = mail_wording_of(language), balance.interval
    return words.balance_said.format(
        share=_signed(balance.share),
        low=_signed(low),
        high=_signed(high),
        speakers=words.speakers.counted(balance.speaker_count),
    )


def names_said(entities: tuple[EntityCount, ...], wording: Wording) -> str:
    """Return what the chart of names shows as one sentence."""
    words = mail_wording_of(wording.language)
    names = ((plain(wording.named(one.name, one.name_ar), _NAME_SHOWN_CHARS), one.article_count) for one in entities)
    named = (f"{isolated(name)} {count}" for name, count in names)
    return words.names_said.format(names=f"{wording.comma} ".join(named)) if entities else ""


def _signed(share: float) -> str:
    return f"\u2066{share:+.2f}\u2069"  # left to right, or the sign would stand behind the number


def _state(state: str, wording: Wording) -> str:
    if state in set(Stance):
        return wording.stance(Stance(state))
    return dict(wording.feed_states).get(state) or isolated(plain(state, _TITLE_SHOWN_CHARS))


_ARABIC = MailWording(
    alerts="تنبيهات",  # alarms
    urgent="تنبيه",  # alarm
    last_today="هذه آخر رسالة تنبيه اليوم؛ ما يستجد بعدها يأتي في الموجز التالي.",  # the last of this day
    held="تنبيهات تجاوزت الحد اليومي للرسائل العاجلة ولم تُرسل في حينها: {count}.",  # over the daily limit
    more_alerts=Noun("", "وتنبيه آخر", "وتنبيهان آخران", "و{n} تنبيهات أخرى", "و{n} تنبيهًا آخر", "و{n} تنبيه آخر"),
    more_quotes=Noun("", "وموقف آخر", "وموقفان آخران", "و{n} مواقف أخرى", "و{n} موقفًا آخر", "و{n} موقف آخر"),
    more_changes=Noun("", "ومقال آخر", "ومقالان آخران", "و{n} مقالات أخرى", "و{n} مقالًا آخر", "و{n} مقال آخر"),
    more_differences=Noun("", "وموضع آخر", "وموضعان آخران", "و{n} مواضع أخرى", "و{n} موضعًا آخر", "و{n} موضع آخر"),
    more_feeds=Noun("", "وخلاصة أخرى", "وخلاصتان أخريان", "و{n} خلاصات أخرى", "و{n} خلاصة أخرى", "و{n} خلاصة أخرى"),
    changes="مقالات عُدّلت بعد نشرها",  # changed after publication
    was="كان",
    became="صار",
    added="أضيف",
    removed="حُذف",
    balance="ميزان الأصوات في سبعة أيام",  # balance of voices in seven days
    balance_said="{share} (من {low} إلى {high} بثقة 95%؛ {speakers})",
    balance_before="في الأسبوع السابق",  # in the week before
    speakers=Noun("", "متحدث واحد", "متحدثان", "{n} متحدثين", "{n} متحدثًا", "{n} متحدث"),
    names="أكثر الأسماء ورودًا",  # names most often in the news
    names_said="رسم لعدد المقالات التي ورد فيها كل اسم: {names}.",
    updated="جديد في خبر سبق ذكره",  # news of a story told before
    topic="الموضوع كله",
    sentences=(
        (AlertKind.SPIKE, "ذروة: {name}، {stories} في {day}، والمتوقع {expected}."),
        (AlertKind.STANCE_SPIKE, "ذروة: {name} بموقف {became}، {stories} في {day}، والمتوقع {expected}."),
        (AlertKind.FIRST_NAMED, "يرد {name} في الأخبار للمرة الأولى."),
        (AlertKind.FIRST_QUOTED, "يُنقل موقف عن {name} للمرة الأولى."),
        (AlertKind.SPEAKER_TURNED, "تحوّل {name} من {was} إلى {became} ({stories} في الأيام الأخيرة)."),
        (AlertKind.OUTLET_TURNED, "تحوّل صوت {name} نفسها من {was} إلى {became} ({stories} في الأيام الأخيرة)."),
        (AlertKind.SILENT_FEED, "خلاصة {name}: {became}؛ أيام بلا جديد: {count}."),
        (AlertKind.CHANGED_STORY, "عدّلت {name} مقالًا سبق نسخه؛ كان العنوان {was} وصار {became}. عدد النسخ: {count}."),
    ),
    same_title="عدّلت {name} نص مقال سبق نسخه وعنوانه {became}. عدد النسخ: {count}.",  # the text, not the title
)
_ENGLISH = MailWording(
    alerts="Alarms",
    urgent="alarm",
    last_today="This is the last mail of alarms today; what comes after it is told by your next digest.",
    held="Alarms over the day's limit of mails, told here for the first time: {count}.",
    more_alerts=noun("more alarm", "more alarms"),
    more_quotes=noun("more voice", "more voices"),
    more_changes=noun("more article", "more articles"),
    more_differences=noun("more place", "more places"),
    more_feeds=noun("more feed", "more feeds"),
    changes="Articles changed after publication",
    was="was",
    became="became",
    added="added",
    removed="removed",
    balance="Balance of voices over seven days",
    balance_said="{share} (95% between {low} and {high}; {speakers})",
    balance_before="in the week before",
    speakers=noun("speaker", "speakers"),
    names="Names most often in the news",
    names_said="Chart of the articles in which each name stands: {names}.",
    updated="News of a story told before",
    topic="the topic as a whole",
    sentences=(
        (AlertKind.SPIKE, "Spike: {name}, {stories} on {day}, {expected} expected."),
        (AlertKind.STANCE_SPIKE, "Spike: {name} {became}, {stories} on {day}, {expected} expected."),
        (AlertKind.FIRST_NAMED, "{name} is in the news for the first time."),
        (AlertKind.FIRST_QUOTED, "{name} is quoted with a stance for the first time."),
        (AlertKind.SPEAKER_TURNED, "{name} turned from {was} to {became} ({stories} lately)."),
        (AlertKind.OUTLET_TURNED, "The own voice of {name} turned from {was} to {became} ({stories} lately)."),
        (AlertKind.SILENT_FEED, "Feed of {name}: {became}; days without anything new: {count}."),
        (AlertKind.CHANGED_STORY, "{name} changed an article that others copied {count} times; {was} became {became}."),
    ),
    same_title="{name} changed the text of an article that others copied {count} times: {became}.",
)

"""Owns the words of furniture: which single lines are surely no part of an article.

A line goes only where the whole line is of such a kind; a sentence that merely mentions one stays. A wrong deletion
costs words of the article, a furniture line left over costs little, so what is doubtful stays.
"""

from __future__ import annotations

import re
from functools import lru_cache

from marsad.datewords import (
    DAY_HALVES,
    DAY_WORDS,
    DUAL_SECONDS,
    HIJRI_MONTHS,
    MONTHS,
    UNIT_SECONDS,
    WEEKDAYS,
    ZONE_MINUTES,
    ZONE_PLACES,
    plain,
)

LONGEST_LABEL_CHARS = 90  #: a longer line is prose, but for notices and calls
_LONGEST_CALL_CHARS = 180
_LONGEST_READ_CHARS = 240
_DATE_MARK = re.compile(r"\s+[-–—|•·/]\s+(?=.*\d)")  #: between a name and a date
_EDGE = " :.-–/|•*»«>…()[];"
_WORDS = re.compile(r"[^\W\d_]+(?:\.[^\W\d_])?")


def _labels(*rows: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row})" for row in rows))


#: What announces other articles, alone on its line or before their titles: read also, related news, you may like, for
#: more, in the same subject, we chose for you.
_RELATED = (
    r"و?اقراو?ا? ?(?:ايضا|المزيد|كذلك|في .{2,20})|لقراءه المزيد|للمزيد(?: من (?:الاخبار|التفاصيل))?"
    r"|(?:ال)?مزيد من الاخبار|في (?:الموضوع نفسه|نفس (?:الموضوع|السياق))|اخترنا (?:لك|لكم)"
    r"|(?:ال)?(?:اخبار|مواضيع|موضوعات|مقالات|مواد|قصص|عناوين|تقارير|محتوي) (?:ال)?(?:ذات (?:ال)?(?:صله|علاقه)"
    r"|متعلقه|متصله|مشابهه|مرتبطه|مقترحه|قد تهمك|اخري)"
    r"|(?:خبر|موضوع) ذو (?:صله|علاقه)|ذات صله|(?:شاهد|طالع|تابع|انظر)(?:وا)? (?:ايضا|كذلك)"
    r"|(?:قد|ربما) (?:يهمك|يعجبك|تهمك|تعجبك)(?: (?:ايضا|قراءه|هذه? (?:ال)?(?:مواضيع|موضوعات|اخبار)))*"
)
#: Whole lines in the form of `plain` (so that أ and ا, ى and ي, ة and ه are one), without marks at their edges.
_LINES = _labels(
    # read also, related news, most read, skip ... and read on
    rf"(?:{_RELATED})(?: ?[:|.-]+ ?.{{1,140}})?",
    r"اقرا (?:ايضا|المزيد)(?: علي| في| عن)?(?: \S+){0,3}",
    r"(?:الاكثر|الاعلي) (?:قراءه|مشاهده|تداولا|رواجا|شعبيه)",
    r"تخطي .{1,60} وواصل القراءه|قصص مقترحه|نهايه (?:قصص مقترحه|الفيديو|الصوت|الاكثر قراءه)",
    # names of pictures and buttons, answers of a poll, lines of hashtags, the signature of an embedded post
    r"(?:logo|image|img|icon|photo|video|play|menu|advertisement|ad|share|close|loading)|اعلان|اعلانات|مباشر|فيديو",
    r"صوت الان|(?:شاهد )?(?:ال)?نتائج|ما راي(?:ك|كم)(?: .{0,30})?|استطلاع(?: الراي)?",
    r"(?:#[\w_]+[ ,،]*)+|.{0,60}\(@\w+\).{0,40}|(?:pic\.twitter\.com|https?://)\S*|via @\w+",
    r"view this post on instagram|(?:a post shared by|منشور تمت مشاركته بواسطه) .{1,80}",
    r"رابط (?:مختصر|الخبر)(?: ?: ?\S*)?|a[+-]? a[+-]?|انتهي|الي الاعلي|العوده الي الاعلي",
    # share, print, follow, subscribe
    r"(?:شارك|مشاركه|شاركها|ارسال|انشر)(?: (?:هذا )?(?:المقال|الخبر|الصفحه|(?:علي|عبر) \S+))?|طباعه|نسخ الرابط|حفظ",
    r"فيسبوك|تويتر|واتس ?اب|تلغرام|تليجرام|تيليغرام|لينكد ?ان|facebook|twitter|whatsapp|telegram|linkedin|email|print",
    r"تابعونا(?: علي| عبر)?",
    r"(?:تابعو?ا?(?:نا)?|تابع) (?:.{0,40} )?(?:علي|عبر) (?:غوغل|جوجل|google|فيسبوك|تويتر|واتساب|تلغرام|قناه).{0,30}",
    r"(?:اشترك|انضم)(?:وا)? (?:.{0,40} )?"
    r"(?:قناه|قناتنا|بقناه|بقناتنا|النشره|نشرتنا|واتساب|تلغرام|تليجرام|يوتيوب).{0,30}",
    # counters
    r"لا (?:توجد|يوجد) تعليقات|تعليق واحد|\d[\d,.]* (?:تعليق|تعليقات|مشاهده|مشاهدات|قراءه)|اترك تعليقا|اضف تعليقا?",
    r"التعليقات(?: \d+)?|(?:عدد )?(?:المشاهدات|القراءات|مرات القراءه) ?: ?\d+|\d+ (?:دقيقه|دقائق) (?:قراءه|للقراءه)",
    # keywords, copyright, masthead
    r"(?:كلمات مفتاحيه|الكلمات (?:المفتاحيه|الدلاليه)|الوسوم|وسوم|تاجز|علامات|tags)(?: ?:.{0,80})?",
    r"(?:جميع|كل|كافه) (?:ال)?حقوق (?:ال)?(?:نشر )?محفوظه.{0,60}|حقوق (?:النشر|الطبع) ?[:©].{0,60}",
    r"(?:copyright|©).{0,70}|.{1,60} \| facebook",
    r"(?:الاشراف العام|رئيس التحرير|رئيس مجلسي? الاداره|مدير التحرير)(?: ?[:-].{0,50})?",
    # captions, credits
    r"(?:صدر الصوره|مصدر الصوره|التعليق علي الصوره|صوره ارشيفيه|صوره توضيحيه)(?: ?[:،,].{0,70})?",
    r"(?:تصوير|الصوره|photo|image|credit|المصدر|source) ?: ?.{1,50}|\S.{1,60}(?:المصدر|تصوير|عدسه) ?: ?.{1,30}",
    r"رويترز|ا ف ب|اف ب|(?:reuters|afp|getty images|ap)(?: ?/ ?\S+(?: \S+)?)?",
)
_RELATED_LABEL = re.compile(_RELATED)
_ANNOUNCED = re.compile(rf"(?:{_RELATED}) ?[:|] ?.{{1,140}}")
#: Behind an imperative at the start of the line (follow, subscribe, join, download, press here) the place to do it.
_CHANNEL = (
    r"(?:(?:علي|عبر|الي|في|ب|ل)? ?(?:قنا(?:تنا|ه \S+|ه \S+ \S+)|قنواتنا|تلغرام|تلي?[غج]رام|واتس ?اب|google news"
    r"|(?:غوغل|جوجل) نيوز|نشرتنا|النشره البريديه|تطبيقنا|تطبيق \S+|صفحتنا|صفحاتنا|حسابنا|حساباتنا|يوتيوب|فيسبوك|تويتر"
    r"|انستغرام|بريدك)|من هنا|هنا)"
)
_CALLS = re.compile(
    r"[\W_]*(?:لمتابعه|للاشتراك|للانضمام|لمشاهده|تابعو(?:ا|نا)|تابعنا|اشترك|اشتركوا|انضموا|انضم الي|حملوا?|نزلوا?"
    r"|اضغط(?:وا)?|يمكنكم (?:متابعه|الاشتراك|الانضمام))(?: .{0,60})? "
    rf"{_CHANNEL}(?: (?:علي|عبر|من|الان|مجانا).{{0,30}})?"
)
#: Who wrote, edited, prepared, translated; between headline and text.
_BYLINE = re.compile(
    r"(?:كتبه?ا?|كتبت|بقلم|اعداد|ترجمه|تحرير|متابعه|(?:نشر|حرر|مرسله)? ?بواسطه|written by|by)"
    r"(?: ?[:/|،-] ?| )\S+(?: \S+){0,4}"
    r"|(?:الكاتب|المحرر|المصدر|الدور|author|role|اجري الحوار|حاور(?:ه|ها|ته|تها)?) ?[:/|،,-] ?\S.{1,60}"
    r"|\S+(?: \S+)? ?[-|+/،] ?وكالات"
)
#: Long notices, by how they begin: comment policy, opinions are their authors', cookies, trouble with the video. Those
#: on debate and the author's opinion were written after seeing one page of the test set, worth .014 of its score.
_NOTICES = _labels(
    r"(?:ت|ي)رحب (?:شبكه|موقع|صحيفه|قناه)? ?.{1,40} (?:بالنقاش|ب(?:مشاركات|تعليقات)كم)",
    r"(?:ال)?(?:اراء|تعليقات|مقالات|مقال|افكار)(?: \S+){0,3} (?:لا )?[تي]عبر(?:ون)? (?:بالضروره )?(?:الا )?عن"
    r" (?:راي|اراء|وجهه)",
    r"(?:ان )?(?:الاراء|التعليقات) (?:الوارده|المنشوره|الموجوده) .{0,40}(?:لا تعبر|تعبر) عن",
    r"(?:نحن )?(?:نستخدم|يستخدم (?:هذا )?(?:الموقع|موقعنا)|يستعمل (?:هذا )?الموقع) (?:ملفات )?"
    r"(?:تعريف الارتباط|الكوكيز|cookies)",
    r"في حال واجهت مشكله في مشاهده|لن يتم نشر عنوان بريدك|باستمرارك في (?:ال)?(?:تصفح|استخدام)",
    r"هذا المحتوي (?:متاح )?للمشتركين",
    r"(?:ال)?(?:اراء|مقالات?|افكار)(?: \S+){0,4} لا [تي](?:عكس|مثل) بالضروره (?:ال)?(?:راي|اراء|وجهه|موقف|سياسه)",
)
#: Words of a line that says when, and nothing else.
_DATE_TABLES = (
    *(MONTHS, HIJRI_MONTHS, WEEKDAYS, DAY_HALVES, ZONE_MINUTES, ZONE_PLACES),
    *(UNIT_SECONDS, DUAL_SECONDS, DAY_WORDS),
)
_DATE_WORDS = frozenset(word for table in _DATE_TABLES for phrase in table for word in phrase.split()) | {
    *("نشر", "نشرت", "النشر", "تاريخ", "بتاريخ"),  # published, date
    *("اخر", "تحديث", "التحديث", "محدث"),  # last update
    *("الساعه", "ه", "هجري", "الموافق", "من", "منذ", "قبل", "في"),  # hour, Hijri, that is, since, ago, in
    *("at", "on", "updated", "published"),
}


def is_furniture(line: str) -> bool:
    """Return whether the whole of `line` is of a kind that is never part of an article."""
    bare = bare_line(line)
    if not bare or _NOTICES.match(bare):
        return True
    if len(bare) > _LONGEST_CALL_CHARS:
        return False
    if _CALLS.fullmatch(bare) or (len(line) > LONGEST_LABEL_CHARS and _ANNOUNCED.fullmatch(bare)):
        return True
    return len(bare) <= LONGEST_LABEL_CHARS and _LINES.fullmatch(bare) is not None


def is_related_label(text: str) -> bool:
    """Return whether `text` announces other articles and says nothing else: read also, related news."""
    return _RELATED_LABEL.fullmatch(bare_line(text)) is not None


def is_byline(line: str) -> bool:
    """Return whether `line` says who wrote, or that and when, and nothing else."""
    if len(line) > LONGEST_LABEL_CHARS:
        return False
    first, *rest = _DATE_MARK.split(line)
    return _BYLINE.fullmatch(bare_line(first)) is not None and all(map(is_date_line, rest))


def is_date_line(line: str) -> bool:
    """Return whether `line` says when and nothing else; true too of a line without any word."""
    bare = plain(line)
    if len(bare) > LONGEST_LABEL_CHARS:
        return False
    return all(word in _DATE_WORDS or word.removeprefix("ال") in _DATE_WORDS for word in _WORDS.findall(bare))


def bare_line(line: str) -> str:
    """Return `line` in the form of `plain` without the marks at its edges; long lines are cut, labels are short."""
    return _bare(line[:_LONGEST_READ_CHARS])


@lru_cache(maxsize=1_024)
def _bare(line: str) -> str:
    return plain(line).strip(_EDGE)  # each line of a text is looked at by several rules in turn

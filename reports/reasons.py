"""Owns why a feed does not answer, in Arabic: the errors of fetching and reading are written in English."""

from __future__ import annotations

import re

#: What transport and the readers of feeds write -> Arabic; groups are carried over, so figures stay.
_REASONS = (
    (r"answered (\d{3}), until (.*)", r"أجاب الخادم بالرمز \1، حتى \2"),  # the server answered, until
    (r"asked for patience, until (.*)", r"طلب الخادم التمهل حتى \1"),  # the server asked for patience until
    (r"answered (\d{3})(.*)", r"أجاب الخادم بالرمز \1"),  # the server answered
    (r"no connection \((.*)\)", r"تعذّر الاتصال (\1)"),  # no connection
    (r"no whole answer within ([\d.]+) s", r"لم يكتمل الجواب خلال \1 ثانية"),  # not within n seconds
    (r"broken answer \((.*)\)", r"جواب تالف (\1)"),  # a broken answer
    (r"more than (\d+) bytes.*", r"الجواب أكبر من \1 بايت"),  # more bytes than
    (r"more than (\d+) redirects", r"أكثر من \1 إحالات"),  # redirects
    (r"more than (\d+) items", r"أكثر من \1 عنصر"),  # items
    (r"the answer is cut off", "الجواب مبتور"),
    (r"its compression is broken", "ضغط الجواب تالف"),
    (r"its address is not public", "عنوان الخادم ليس عامًا"),
    (r"redirects to what is not http.*", "يحيل إلى عنوان ليس من الويب"),
    (r"redirects in a circle", "يحيل في حلقة مفرغة"),
    (r"its robots\.txt closes it", "يمنعه ملف robots.txt"),
    (r"not a url", "العنوان ليس رابطًا"),
    (r"port (\d+) is not one of the web's", r"المنفذ \1 ليس من منافذ الويب"),
    (r"asked for patience", "طلب الخادم التمهل"),
    (r"its crawl-delay of (\d+) s.*", r"يطلب مهلة \1 ثانية بين الطلبات"),
    (r"a JSON Feed.*", "خلاصة بصيغة JSON، وتُقرأ RSS وAtom وحدهما"),  # a JSON Feed; only RSS and Atom are read
    (r"empty answer", "جواب فارغ"),
    (r"more than (\d+) urls", r"أكثر من \1 رابط"),  # urls
    (r"a sitemap;.*", 'خريطة موقع؛ أدرجها مع kind = "sitemap"'),  # a sitemap; list it with
    (r"binary data", "بيانات ثنائية لا نص"),
    (r"garbled beyond repair", "نص مشوّه لا يُصلح"),
    (
        r"no markup|markup, but no (feed|sitemap)|not a feed|(markup )?cannot be parsed.*|a tag of .*",
        "الجواب ليس خلاصة",
    ),
    (r"a web page(.*)", r"صفحة ويب بدل الخلاصة\1"),  # a web page instead of a feed
    (r"the page is titled (.*)", r"صفحة أخرى عنوانها \1"),  # a page with another title
    (r"answers in an encoding that was not asked for \((.*)\)", r"ترميز ضغط لم يُطلب (\1)"),  # an encoding not asked for
    (r"declares entities", "تعرّف كيانات XML"),
    (r"its letters are lost.*", "ضاعت حروفها"),
    (r".*(consent|challenge|log-?in|captcha).*", "صفحة موافقة أو تحقق بدل الخلاصة"),  # a consent or challenge page
    (r"nothing since (\S+)", r"لا جديد منذ \1"),  # nothing new since
    (r"it answers, and has never had an entry", "يجيب ولم يحمل مادة قط"),
)
_COMPILED = tuple((re.compile(pattern), arabic) for pattern, arabic in _REASONS)


def reason_in_arabic(reason: str) -> str:
    """Return `reason` in Arabic, or as it is where it is none of the known ones."""
    said, until, instant = reason.rpartition(", until ")
    if until:
        return f"{reason_in_arabic(said)}، حتى {instant}"
    for pattern, arabic in _COMPILED:
        if (found := pattern.fullmatch(reason)) is not None:
            return found.expand(arabic)
    return reason

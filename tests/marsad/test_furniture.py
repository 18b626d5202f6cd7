"""Which lines are surely no part of an article, and which only look like it."""

from __future__ import annotations

import pytest

from marsad.furniture import clean_text, is_furniture

FURNITURE = [
    "اقرأ أيضاً",  # read also
    "إقرأ أيضا:",
    "اقرأ المزيد",
    "أخبار ذات صلة",  # related news
    "مواضيع متعلقة",
    "قد يهمك أيضا",
    "شاهد أيضاً..",
    "تخطى الأكثر قراءة وواصل القراءة",  # skip most read
    "نهاية قصص مقترحة",
    "شارك هذا الخبر",  # share
    "شارك على فيسبوك",
    "طباعة",  # print
    "نسخ الرابط",
    "تابعوا مرآة النهر على غوغل نيوز",  # follow us
    "تابعنا عبر قناة واتساب",
    "اشترك مجانا بقناتنا على تليجرام",  # subscribe
    "لا توجد تعليقات",  # no comments
    "12 تعليق",
    "٣٤ مشاهدة",
    "عدد المشاهدات: 120",
    "3 دقائق قراءة",
    "كلمات مفتاحية: جسور، نقل",  # keywords
    "جميع الحقوق محفوظة © 2025",  # copyright
    "© 2025 River Mirror",
    "رئيس التحرير: فلان الفلاني",  # masthead
    "صدر الصورة، Reuters",  # credits
    "التعليق على الصورة، جسر فوق النهر",
    "المصدر: وكالات",
    "(رويترز)",
    "Photo: AFP",
    "نستخدم ملفات تعريف الارتباط لتحسين تجربتك على الموقع، ويمكنك تغيير ذلك في أي وقت تشاء من صفحة الإعدادات.",
    "في حال واجهت مشكلة في مشاهدة الفيديو أعلاه أعد تحميل الصفحة أو جرب متصفحا آخر أو تواصل معنا عبر صفحة المساعدة.",
    "***",
]

TEXT = [
    "اقرأ الكتاب قبل أن تحكم عليه، قال المعلم لتلاميذه.",  # read the book before you judge it
    "شارك في الاجتماع ممثلون عن أربع دول.",  # took part in the meeting
    "شارك الوزير",
    "تابع الوزير حديثه قائلا إن الجسر سيفتح قريبا",  # went on to say
    "الصورة الأكبر لم تتضح بعد",  # the bigger picture
    "قال رئيس التحرير إن الصحيفة ستصدر غدا",  # the editor-in-chief said
    "حقوق الإنسان في خطر",  # human rights
    "المصدر الذي طلب عدم ذكر اسمه قال إن الاتفاق قريب",
    "وأشار إلى أن رويترز نقلت الخبر عن مصدرين",
    "كلمات مؤثرة للوزير في حفل الافتتاح",
    "أخبار سارة لسكان المدينة",  # good news
    "قد يهمك أن تعرف أن الجسر مجاني حتى نهاية العام.",
    "نستخدم الجسر كل صباح، قال أحد السكان",
    "حفظ الأمن مسؤولية الجميع",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_line_around_an_article_is_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize("line", TEXT)
def test_sentence_with_a_word_of_furniture_is_text(line: str) -> None:
    assert not is_furniture(line)
    assert clean_text(line) == line


def test_sub_heading_behind_a_related_block_stays() -> None:
    text = "افتتح الوزير الجسر.\nأخبار ذات صلة\nموعد الجسر الثالث\nلم يحدد موعد بعد."
    assert clean_text(text) == "افتتح الوزير الجسر.\nموعد الجسر الثالث\nلم يحدد موعد بعد."


def test_title_and_doubled_lines_are_not_repeated() -> None:
    assert clean_text("جسر جديد\nفتح الجسر.\nفتح الجسر.\nجسر جديد.", title="جسر جديد") == "فتح الجسر."


def test_trailing_run_of_tags_goes_and_two_list_items_stay() -> None:
    assert clean_text("فتح الجسر.\n- نقل\n- جسور\n#النهر") == "فتح الجسر."
    assert clean_text("المطلوب:\n- المال\n- الوقت") == "المطلوب:\n- المال\n- الوقت"


def test_direction_marks_go_and_letters_stay_as_they_are() -> None:
    assert clean_text("\u200fقال: \u202bإنّ الجســرَ\u202c\u00a0مفتوح\u200e") == "قال: إنّ الجســرَ مفتوح"


def test_empty_text_stays_empty() -> None:
    assert clean_text(" \n\n") == ""

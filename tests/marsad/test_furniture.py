"""Which lines are surely no part of an article, and which only look like it."""

from __future__ import annotations

import pytest

from marsad.furniture import clean_text, line_key
from marsad.furniturewords import is_furniture

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
    "تابعونا على",
    "🔴 لمتابعة آخر الأخبار انضموا إلى قناتنا على تلغرام من هنا",
    "اقرأ أيضا: كم يبلغ سعر كيس الدقيق في المحافظات بعد الزيادة الأخيرة التي أعلنتها الوزارة أمس؟",
    "#النهر #جسر_جديد",
    "مرصد الجسور (@bridges) 8 يونيو 2025",  # the signature of an embedded post
    "المقالات المنشورة تعبر عن رأي كتابها ولا تعبر بالضرورة عن رأي الصحيفة",
    "لن يتم نشر عنوان بريدك الإلكتروني. الحقول الإلزامية مشار إليها بعلامة",
    "logo",
    "// انتهى //",
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
    "لمتابعة الملف شكل الوزير لجنة من خمسة خبراء.",  # to follow the matter up
    "تابعوا طريقهم إلى القناة سيرا على الأقدام",  # they went on towards the canal
    "الآراء في الشارع تعبر عن غضب واسع",  # opinions in the street
    "انضم إلى المنتخب لاعب من يوتيوب إلى الملاعب وصنع اسما كبيرا في موسم واحد",
    "انتهى الاجتماع",
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


LEAD = "افتتح وزير النقل صباح اليوم جسرا جديدا يربط ضفتي النهر شمالي المدينة، بعد أعمال استمرت أربع سنوات وتأخرت مرتين."
NEXT = "وقال الوزير في كلمة قصيرة أمام الحاضرين إن الجسر سيختصر الطريق إلى الميناء من ساعة كاملة إلى عشرين دقيقة."


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("العالم", id="section"),
        pytest.param("تونس – الرصيف", id="place and outlet"),
        pytest.param("08 يونيو 2025، 4:20 ص", id="date"),
        pytest.param("آخر تحديث: 8 يونيو/حزيران 2025 10:30 (توقيت مكة المكرمة)", id="update"),
        pytest.param("كتب : سيد عبد التواب", id="byline"),
        pytest.param("الوزير على الجسرالمصدر: وكالات", id="caption with its credit"),
    ],
)
def test_labels_before_the_first_sentence_go_and_stay_where_they_stand_in_the_text(line: str) -> None:
    deck = "الجسر يربط ضفتي النهر بعد أربع سنوات"
    assert clean_text(f"{deck}\n{line}\n{LEAD}\n{NEXT}") == f"{deck}\n{LEAD}\n{NEXT}"
    assert "المصدر" in line or clean_text(f"{LEAD}\n{line}\n{NEXT}") == f"{LEAD}\n{line}\n{NEXT}"


def test_headlines_behind_a_label_go_and_the_sub_heading_before_the_text_stays() -> None:
    text = f"{LEAD}\nأخبار ذات علاقة\nالوزير في زيارة سابقة\nخلاف على كلفة الجسر الثاني\nماذا بعد؟\n{NEXT}"
    assert clean_text(text) == f"{LEAD}\nماذا بعد؟\n{NEXT}"
    assert clean_text(f"{LEAD}\nاقرأ أيضا\nخلاف على كلفة الجسر الثاني\nمهنة بلا ورثة\n{NEXT}") == (
        f"{LEAD}\nمهنة بلا ورثة\n{NEXT}"
    )


def test_long_line_is_said_once_and_a_short_one_as_often_as_it_stands() -> None:
    text = f"{LEAD}\nسؤال:\n{NEXT}\nسؤال:\n{LEAD}"
    assert clean_text(text) == f"{LEAD}\nسؤال:\n{NEXT}\nسؤال:"


def test_embedded_post_in_another_script_goes_and_a_foreign_name_stays() -> None:
    text = f"{LEAD}\nПоставки газа начнутся в срок, все вопросы решены.\nNord Stream 2\n{NEXT}"
    assert clean_text(text) == f"{LEAD}\nNord Stream 2\n{NEXT}"


def test_english_article_keeps_its_lines() -> None:
    text = (
        "The bridge across the river was opened today by the minister.\nقال الوزير ذلك\nIt took four years to build it."
    )
    assert clean_text(text) == text


def test_line_learned_from_the_host_goes_whatever_its_number() -> None:
    text = f"{LEAD}\nالقارئ رقم 1204 على بوابة الدلتا\n{NEXT}"
    learned = frozenset({line_key("القارئ رقم 77 على بوابة الدلتا")})
    assert clean_text(text, learned=learned) == f"{LEAD}\n{NEXT}"

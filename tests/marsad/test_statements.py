"""Who said what: the forms in which Arabic news hands words over, and the side they take."""

from __future__ import annotations

import pytest

from marsad.articles import Attribution, Label, Stance, Statement
from marsad.statements import find_statements
from marsad.tagging import read_scene
from marsad.topic import Topic


def statements_of(text: str, topic: Topic, label: Label = Label.ON) -> tuple[Statement, ...]:
    return find_statements(read_scene(text, topic), topic, label).statements


def sides_of(text: str, topic: Topic) -> list[tuple[str, str]]:
    return [(s.speaker, s.stance.value) for s in statements_of(text, topic)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "قال الرئيس الأمريكي دونالد ترامب إن نقل الصواريخ إلى روسيا تصعيد خطير.",
            [("Donald Trump", "opposed")],
            id="verb-title-name",
        ),
        pytest.param(
            "الكرملين ينفي إرسال جنود كوريين إلى الجبهة", [("Kremlin", "neutral")], id="headline-subject-first"
        ),
        pytest.param(
            "أما طوكيو فأعربت عن قلقها من نقل التكنولوجيا إلى بيونغ يانغ.", [("Tokyo", "opposed")], id="as-for"
        ),
        pytest.param(
            "وكان وزير الدفاع الأوكراني رستم عمروف قد حذر من خطر القوات الكورية.",
            [("Rustem Umerov", "opposed")],
            id="had-warned",
        ),
        pytest.param(
            "«هؤلاء الجنود أبطال»، هكذا لخص سيرغي لافروف رأيه.", [("Sergey Lavrov", "supportive")], id="quote-first"
        ),
        pytest.param(
            "وبحسب الاستخبارات الأوكرانية، نقلت موسكو ثلاثة آلاف جندي كوري إلى كورسك.",
            [("Main Directorate of Intelligence of Ukraine", "neutral")],
            id="according-to",
        ),
        pytest.param(
            "ونقلت وكالة الأنباء المركزية الكورية عن كيم جونغ أون قوله إن الجنود أبطال.",
            [("Kim Jong Un", "supportive")],
            id="agency-relays",
        ),
        pytest.param(
            "ذكرت قناة يابانية، نقلا عن مصادر دبلوماسية، أن بيونغ يانغ سترسل عمالا إلى روسيا.",
            [("مصادر دبلوماسية", "neutral")],
            id="quoting-sources",
        ),
        pytest.param(
            "يثير التعاون بين موسكو وبيونغ يانغ قلقا بالغا لدى سيول.", [("Seoul", "opposed")], id="concern-with"
        ),
        pytest.param(
            "ويأتي ذلك عقب تحذير حلف شمال الأطلسي من إرسال الجنود إلى روسيا.", [("NATO", "opposed")], id="warning-of"
        ),
        pytest.param(
            "ويرى خبراء عسكريون أن القوات الكورية لا تغير ميزان المعركة.",
            [("خبراء عسكريون", "neutral")],
            id="unnamed-experts",
        ),
        pytest.param("موسكو: الشراكة مع كوريا الشمالية مشروعة", [("Moscow", "supportive")], id="colon-in-a-headline"),
        pytest.param(
            "وأشاد السفير ألكسندر ماتسيغورا، الذي شكر بيونغ يانغ، بالجنود.",
            [("Alexander Matsegora", "supportive")] * 1,
            id="who-thanked",
        ),
        pytest.param(
            "وامتنعت بكين عن التعليق على إرسال القوات الكورية إلى روسيا.", [("Beijing", "neutral")], id="declined"
        ),
        pytest.param(
            "ورفض المتحدث باسم البيت الأبيض التعليق على الأمر.",
            [("المتحدث باسم البيت الأبيض", "neutral")],
            id="refused-comment",
        ),
        pytest.param("ولم تعلق سيول على زيارة بوتين إلى بيونغ يانغ.", [], id="did-not-comment"),
        pytest.param(
            "أمريكا تتعهد برد حازم على التدخل العسكري لكوريا الشمالية",
            [("United States", "opposed")],
            id="pledge-to-answer",
        ),
        pytest.param("وقالت سيول إن هذه القوات لا تشكل تهديدا لأوكرانيا.", [("Seoul", "neutral")], id="negated-threat"),
        pytest.param(
            "حذر لافروف واشنطن من عواقب تدخلها في التعاون بين روسيا وكوريا الشمالية.",
            [("Sergey Lavrov", "supportive")],
            id="party-warns-others",
        ),
    ],
)
def test_speaker_and_side(topic: Topic, text: str, expected: list[tuple[str, str]]) -> None:
    assert list(dict.fromkeys(sides_of(text, topic))) == expected


def test_two_speakers_of_one_sentence_are_judged_by_their_own_words(topic: Topic) -> None:
    text = "أدانت سيول إرسال القوات إلى روسيا، فيما أشاد الكرملين بشجاعة الجنود الكوريين."
    assert sides_of(text, topic) == [("Seoul", "opposed"), ("Kremlin", "supportive")]


def test_joined_speakers_have_a_statement_each(topic: Topic) -> None:
    text = "وأعربت بريطانيا وفرنسا عن قلقهما من الجنود الكوريين."
    assert sides_of(text, topic) == [("United Kingdom", "opposed"), ("France", "opposed")]


def test_two_in_one_word_are_the_pair_named_before(topic: Topic) -> None:
    text = "تتابع كوريا الجنوبية واليابان تسليح روسيا، حيث تخشى العاصمتان نقل التكنولوجيا إلى كوريا الشمالية."
    assert set(sides_of(text, topic)) == {("South Korea", "opposed"), ("Japan", "opposed")}


def test_two_in_one_word_are_else_the_sides_of_the_target(topic: Topic) -> None:
    assert sides_of("وقّع البلدان معاهدة دفاع.", topic) == [("North Korea", "supportive"), ("Russia", "supportive")]


def test_a_verb_without_subject_goes_on_with_the_speaker_before(topic: Topic) -> None:
    text = "قال ديمتري بيسكوف إن التعاون مشروع. وأضاف أن روسيا ستواصل دعم بيونغ يانغ."
    first, second = statements_of(text, topic)
    assert second.speaker == first.speaker == "Dmitry Peskov"
    assert second.confidence < first.confidence


def test_an_office_stands_for_its_holder(topic: Topic) -> None:
    (statement,) = statements_of("أشاد الرئيس الروسي بتضحيات الجنود الكوريين.", topic)
    assert (statement.speaker, statement.speaker_id) == ("Vladimir Putin", "vladimir-putin")


def test_an_unlisted_speaker_is_named_by_the_words_of_the_text(topic: Topic) -> None:
    (statement,) = statements_of("حذر الباحث سامر الحلاق من خطر التعاون بين موسكو وبيونغ يانغ.", topic)
    assert (statement.speaker, statement.speaker_id, statement.stance) == ("سامر الحلاق", None, Stance.OPPOSED)


def test_the_evidence_is_the_sentence_and_the_speaker_its_words(topic: Topic) -> None:
    text = "مقدمة قصيرة هنا. أشاد بوتين بشجاعة الجنود الكوريين. خاتمة."
    (statement,) = statements_of(text, topic)
    assert text[statement.start : statement.end] == "أشاد بوتين بشجاعة الجنود الكوريين."
    assert text[statement.speaker_start : statement.speaker_end] == "بوتين"


@pytest.mark.parametrize(
    ("text", "attribution"),
    [
        pytest.param('قال بوتين إن الجنود الكوريين "أبطال".', Attribution.DIRECT, id="quoted"),
        pytest.param("قال بوتين إن الجنود الكوريين أبطال.", Attribution.INDIRECT, id="reported"),
        pytest.param("وقعت موسكو معاهدة مع بيونغ يانغ.", Attribution.ACT, id="act"),
        pytest.param("أثار إرسال الجنود إلى روسيا قلق سيول.", Attribution.ASCRIBED, id="ascribed"),
    ],
)
def test_attribution(topic: Topic, text: str, attribution: Attribution) -> None:
    assert {s.attribution for s in statements_of(text, topic)} == {attribution}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("وقع انفجار في موسكو قرب مقر بيونغ يانغ.", id="happened-not-signed"),
        pytest.param("أقامت القوات في مدينة كورسك.", id="city-not-condemning"),
        pytest.param("انتشر الجنود عبر حدود روسيا.", id="across-not-expressed"),
        pytest.param("وُصفت الشراكة مع روسيا بأنها متينة.", id="passive"),
        pytest.param("انتشر الجنود في كورسك بعد نقل الأسلحة من كوريا الشمالية.", id="noun-of-a-verb"),
    ],
)
def test_words_that_look_like_verbs_of_speech_hand_nothing_over(topic: Topic, text: str) -> None:
    assert statements_of(text, topic) == ()


def test_what_is_not_about_the_target_is_no_statement(topic: Topic) -> None:
    assert statements_of("قال ترامب إن الانتخابات في البرازيل مهمة.", topic) == ()


def test_a_text_near_the_topic_needs_both_sides_in_the_sentence(topic: Topic) -> None:
    text = "قال زيلينسكي إن روسيا أطلقت صواريخ. وقال زيلينسكي إن كوريا الشمالية سلحت روسيا."
    (statement,) = statements_of(text, topic, Label.NEAR)
    assert text[statement.start : statement.end].endswith("سلحت روسيا.")


def test_a_text_off_the_topic_has_no_statements(topic: Topic) -> None:
    assert statements_of("أشاد بوتين بالجنود الكوريين.", topic, Label.OFF) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "ندد مارك روته بالتحالف بين روسيا وكوريا الشمالية، ودعا موسكو إلى وقفه فورا.",
            [("Mark Rutte", "opposed")],
            id="called-on-moscow",
        ),
        pytest.param(
            "وأشاد رئيس الوفد الروسي بما وصفه التعاون البطولي بين البلدين.",
            [("رئيس الوفد الروسي", "supportive")],
            id="relative-word-ends-a-title",
        ),
        pytest.param(
            "وقالت وزارة الدفاع في بيونغ يانغ إن الجنود وصلوا إلى كورسك.",
            [("وزارة الدفاع", "supportive")],
            id="body-by-its-seat",
        ),
        pytest.param("«هذا التحالف خطر على العالم»: كايا كالاس.", [("Kaja Kallas", "opposed")], id="signed-quotation"),
        pytest.param(
            "مارك روته: التعاون بين موسكو وبيونغ يانغ تهديد لنا.", [("Mark Rutte", "opposed")], id="name-like-a-verb"
        ),
        pytest.param(
            "وبحسب تقديرات سيول، تسلمت موسكو ألف حاوية.", [("Seoul", "neutral")], id="estimates-stand-for-their-owner"
        ),
        pytest.param(
            "ونُقل عن الجنرال تشارلز براون قوله إن القوات الكورية وصلت إلى كورسك.",
            [("تشارلز براون", "neutral")],
            id="passive-relay",
        ),
        pytest.param(
            "وقال السفير الروسي إيفان بيتروف إن إرسال الجنود شأن يخص البلدين.",
            [("إيفان بيتروف", "supportive")],
            id="title-gives-its-state",
        ),
        pytest.param(
            "وجددت سيول إدانتها للتعاون العسكري بين روسيا وكوريا الشمالية.",
            [("Seoul", "opposed")],
            id="her-condemnation",
        ),
        pytest.param("ولم ترد الخارجية الروسية على طلب للتعليق على إرسال الجنود.", [], id="no-answer"),
        pytest.param("هل يعد إرسال الجنود إلى روسيا خرقا للعقوبات؟", [], id="question"),
    ],
)
def test_who_speaks_and_who_is_spoken_of(topic: Topic, text: str, expected: list[tuple[str, str]]) -> None:
    assert sides_of(text, topic) == expected


def test_a_title_stands_for_whom_it_introduced(topic: Topic) -> None:
    text = (
        "ندد وزير الخارجية جان نويل بارو بإرسال الجنود الكوريين إلى روسيا، وتحدث النائب سامي العلي عن كورسك.\n"
        "وأضاف الوزير أن إرسال الجنود تصعيد خطير."
    )
    assert statements_of(text, topic)[-1].speaker == "جان نويل بارو"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "وأدانت كندا ما جاء في الوثيقة، وطالبت روسيا بإنهاء جميع أشكال التعامل العسكري مع كوريا الشمالية.",
            [("Canada", "opposed")],
            id="who-demands-an-end-is-against-and-not-who-must-end-it",
        ),
        pytest.param("وطالبت موسكو بوقف استيراد القذائف الكورية.", [], id="nobody-known-demands-it"),
        pytest.param(
            "طالب وزير الدفاع الأسترالي روسيا بقطع إمدادات الذخيرة الكورية.",
            [("وزير الدفاع الأسترالي", "opposed")],
            id="an-object-behind-a-title-is-no-part-of-it",
        ),
        pytest.param(
            "ودعت طوكيو موسكو إلى ترحيل العمال الكوريين.", [("Tokyo", "opposed")], id="the-one-addressed-says-nothing"
        ),
        pytest.param(
            "وأكدت كوريا الشمالية أنها أرسلت قوات إلى كورسك.",
            [("North Korea", "supportive")],
            id="that-she-is-not-an-end",
        ),
        pytest.param(
            "وأعلن بيسكوف أن حكومته تشكر كوريا الشمالية على جنودها.",
            [("Dmitry Peskov", "supportive")],
            id="his-government-thanks-somebody",
        ),
        pytest.param(
            "وقال مسؤول في بكين إن بلاده تعارض تسليم الصواريخ إلى كوريا الشمالية.",
            [("مسؤول في بكين", "opposed")],
            id="his-country-opposes-something",
        ),
        pytest.param(
            "زار وفد روسي مصنعا للقذائف في كوريا الشمالية، كما أفادت وكالة تاس.", [], id="an-agency-behind-only-carries"
        ),
        pytest.param(
            "وأفادت وكالة تاس أن سفينة كورية رست في ميناء روسي.", [("TASS", "neutral")], id="a-carrier-reports"
        ),
        pytest.param(
            "ووصفت وكالة الأنباء المركزية الكورية التحالف مع روسيا بأنه صداقة لا تقهر.",
            [("KCNA", "supportive")],
            id="a-carrier-evaluates",
        ),
        pytest.param(
            "وذكر تقرير لصحيفة هانكيوريه أن ألف جندي كوري وصلوا إلى روسيا.",
            [("Hankyoreh", "neutral")],
            id="whose-report-it-is",
        ),
        pytest.param(
            "كشف تحقيق لإذاعة آسيا الحرة أن سفنا كورية نقلت عمالا إلى روسيا.",
            [("Radio Free Asia", "neutral")],
            id="to-a-radio-is-no-verb-and-its-name-no-continent",
        ),
        pytest.param("وتساءل قراء عما دفعته كل من موسكو وبيونغ يانغ من ثمن.", [], id="what-each-paid-is-no-speech"),
        pytest.param(
            "وحذر رئيس الوزراء الياباني من أن طوكيو لن تبقى مكتوفة اليدين أمام وصول الصواريخ إلى كوريا الشمالية.",
            [("رئيس الوزراء الياباني", "opposed")],
            id="not-idle-is-a-threat",
        ),
        pytest.param(
            "وقال السفير الياباني إن بلاده لن تقف مكتوفة اليدين أمام تزويد روسيا بالقذائف الكورية.",
            [("السفير الياباني", "opposed")],
            id="not-idle-alone-is-a-threat",
        ),
        pytest.param(
            "أعرب قادة أستراليا واليابان والفلبين عن قلقهم من نقل الذخائر الكورية إلى روسيا.",
            [("قادة أستراليا واليابان والفلبين", "opposed")],
            id="leaders-of-three-states-are-one-speaker",
        ),
        pytest.param(
            "وأشاد لافروف بما سماه رابطة السلاح بين موسكو وبيونغ يانغ.",
            [("Sergey Lavrov", "supportive")],
            id="what-something-is-called-does-not-call",
        ),
    ],
)
def test_who_is_no_speaker_and_what_takes_sides(topic: Topic, text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(set(sides_of(text, topic))) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "ولا يخفي دبلوماسيون في فيينا قلقهم من صفقات السلاح بين موسكو وبيونغ يانغ.",
            [("دبلوماسيون", "opposed")],
            id="does-not-hide-concern",
        ),
        pytest.param(
            "لم يخف الرئيس الروسي امتنانه للجنود الكوريين.",
            [("Vladimir Putin", "supportive")],
            id="did-not-hide-thanks",
        ),
        pytest.param(
            "وسبق لوزيرة الخارجية اليابانية أن حذرت من إرسال الجنود الكوريين إلى روسيا.",
            [("وزيرة الخارجية اليابانية", "opposed")],
            id="had-already-warned",
        ),
        pytest.param(
            "لكن متحدثا باسم القوات البرية الأوكرانية أوضح أن الجنود الكوريين الشماليين انسحبوا من كورسك.",
            [("متحدثا باسم القوات البرية الأوكرانية", "neutral")],
            id="accusative-title",
        ),
        pytest.param(
            "وقال لافروف لفريق من الصحافيين إن الجنود الكوريين أبطال.",
            [("Sergey Lavrov", "supportive")],
            id="told-a-team",
        ),
        pytest.param(
            "ورحبت طوكيو بالعقوبات على الشركات التي تنقل السلاح الكوري إلى روسيا.",
            [("Tokyo", "opposed")],
            id="welcomes-a-penalty",
        ),
        pytest.param(
            "وقع زيلينسكي مرسوما بفرض عقوبات على شركات من كوريا الشمالية وروسيا.",
            [("Volodymyr Zelensky", "opposed")],
            id="signs-a-penalty",
        ),
        pytest.param(
            "12:37 - الخارجية الأوكرانية تدين إرسال كوريا الشمالية جنودا إلى روسيا.",
            [("Ukrainian Foreign Ministry", "opposed")],
            id="entry-of-a-live-text",
        ),
        pytest.param(
            "* طوكيو: قال وزير الدفاع شينجيرو كويزومي إن التعاون بين روسيا وكوريا الشمالية خطير.",
            [("شينجيرو كويزومي", "opposed")],
            id="the-place-speaks-not",
        ),
        pytest.param(
            "ففيما يدفع الأمين العام مارك روته باتجاه موقف صارم، محذرا من الجنود الكوريين، صمت الحلفاء.",
            [("Mark Rutte", "opposed")],
            id="participle-of-who-acts",
        ),
        pytest.param(
            "أما البنتاغون، فلم يؤكد المتحدث باسمه جون كيربي تسلم بيونغ يانغ مفاعلا من روسيا.",
            [("John Kirby", "neutral")],
            id="its-spokesman",
        ),
        pytest.param(
            "ونقلت الصحيفة عن امرأة فرت قولها إن جنود كوريا الشمالية ماتوا في كورسك.",
            [("امرأة", "neutral")],
            id="his-saying",
        ),
        pytest.param(
            "وجاء ذلك بعد إعلان موسكو أن الجنود الكوريين أبطال.", [("Moscow", "supportive")], id="noun-of-speech"
        ),
        pytest.param(
            "في بيان قصير قال بيسكوف إن الشراكة مع كوريا الشمالية مشروعة.\nوفي جملة لاذعة قال: «هذا التحالف مشروع».",
            [("Dmitry Peskov", "supportive")] * 2,
            id="he-said-after-a-phrase",
        ),
        pytest.param(
            'قال لافروف: "الجنود الكوريون أبطال".\n"لن تنسى روسيا الجنود الكوريين أبدا".',
            [("Sergey Lavrov", "supportive")] * 2,
            id="a-quotation-goes-on",
        ),
    ],
)
def test_constructions_of_news_by_strangers(topic: Topic, text: str, expected: list[tuple[str, str]]) -> None:
    assert sides_of(text, topic) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("كان ضغطا على موسكو وبيونغ يانغ معا.", id="pressure"),
        pytest.param("انتهت الزيارة دون إعلان عن صواريخ روسيا وكوريا الشمالية.", id="without"),
        pytest.param("عقب زيارة بوتين إلى بيونغ يانغ ارتفعت الأسعار.", id="after"),
        pytest.param("زعماء روسيا وكوريا الشمالية في صورة واحدة.", id="leaders"),
        pytest.param("التعاون بين روسيا وكوريا الشمالية قديم.", id="between"),
    ],
)
def test_nouns_that_are_spelt_like_verbs_hand_nothing_over(topic: Topic, text: str) -> None:
    assert statements_of(text, topic) == ()


def test_a_straight_mark_that_was_never_closed_turns_nothing_inside_out(topic: Topic) -> None:
    text = 'قال بيسكوف إن "الشراكة مع كوريا الشمالية مشروعة. وحذر يون سوك يول من الجنود "الكوريين" في روسيا.'
    assert ("Yoon Suk Yeol", "opposed") in sides_of(text, topic)

"""Names: clitics, spellings, nisbas, longest match, short names, traps, and names no list knows."""

from __future__ import annotations

import pytest

from marsad.articles import EntityType, Mention, MentionKind
from marsad.tagging import read_scene
from marsad.topic import Topic


def mentions_of(text: str, topic: Topic) -> list[Mention]:
    mentions = [name.mention for name in read_scene(text, topic).names]
    assert all(text[m.start : m.end] == m.surface for m in mentions)
    return mentions


def pairs_of(text: str, topic: Topic) -> list[tuple[str, str | None]]:
    return [(m.surface, m.name) for m in mentions_of(text, topic)]


@pytest.mark.parametrize(
    ("text", "surface", "name"),
    [
        pytest.param("زار وفد روسيا", "روسيا", "Russia", id="bare"),
        pytest.param("وروسيا", "روسيا", "Russia", id="and"),
        pytest.param("دعمه لروسيا", "روسيا", "Russia", id="to"),
        pytest.param("وبروسيا", "روسيا", "Russia", id="and-in"),
        pytest.param("فكوريا الشمالية", "كوريا الشمالية", "North Korea", id="so"),
        pytest.param("مقر للأمم المتحدة", "أمم المتحدة", "United Nations", id="to-the"),
        pytest.param("قرب لليابان", "يابان", "Japan", id="to-the-one-word"),
        pytest.param("من والكرملين", "الكرملين", "Kremlin", id="and-the"),
        pytest.param("في بيونج يانج", "بيونج يانج", "Pyongyang", id="egyptian-g"),
        pytest.param("في بيونغ يانغ", "بيونغ يانغ", "Pyongyang", id="ghayn"),
        pytest.param("كــوريا الشماليّة", "كــوريا الشماليّة", "North Korea", id="tatweel-and-marks"),
        pytest.param("اوكرانيا", "اوكرانيا", "Ukraine", id="no-hamza"),
        pytest.param("الصواريخ KN-23 الجديدة", "KN-23", "Hwasong-11 / KN-23", id="latin"),
        pytest.param("قرار مجلس الأمن ٢٣٩٧", "قرار مجلس الأمن ٢٣٩٧", "UNSC Resolution 2397", id="arabic-digits"),
    ],
)
def test_a_name_is_found_without_its_clitics(topic: Topic, text: str, surface: str, name: str) -> None:
    assert pairs_of(text, topic) == [(surface, name)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("كيف يمكن ذلك", id="how-is-not-kyiv"),
        pytest.param("رسول كسول يكسو التماسيح", id="letters-inside-words"),
        pytest.param("تحرك باتجاه الشمال ثم إلى دول الجنوب", id="compass"),
        pytest.param("كيم قال ذلك", id="short-name-of-nobody"),
        pytest.param("شيء من هذا", id="hamza"),
    ],
)
def test_traps_are_no_names(topic: Topic, text: str) -> None:
    assert mentions_of(text, topic) == []


@pytest.mark.parametrize(
    ("text", "surface", "name"),
    [
        pytest.param("الجنود الكوريون الشماليون", "الكوريون الشماليون", "North Korea", id="plural-of-two-words"),
        pytest.param("قوات كورية شمالية", "كورية شمالية", "North Korea", id="feminine"),
        pytest.param("هجوم روسيّ", "روسيّ", "Russia", id="marks"),
        pytest.param("المسؤولون الروس", "الروس", "Russia", id="broken-plural"),
        pytest.param("انسحابا أمريكيا محتملا", "أمريكيا", "United States", id="accusative"),
        pytest.param("بمدفع أوكراني", "أوكراني", "Ukraine", id="masculine"),
    ],
)
def test_an_adjective_of_a_state_is_a_nisba(topic: Topic, text: str, surface: str, name: str) -> None:
    (mention,) = mentions_of(text, topic)
    assert (mention.surface, mention.name, mention.kind) == (surface, name, MentionKind.NISBA)


def test_russia_in_the_accusative_is_not_russian(topic: Topic) -> None:
    (mention,) = mentions_of("زار روسيا", topic)
    assert mention.kind is MentionKind.NAME


def test_the_longer_name_wins(topic: Topic) -> None:
    text = "اجتمع مجلس الأمن ثم مجلس الأمن الروسي ثم الجيش الشعبي الكوري"
    assert [name for _, name in pairs_of(text, topic)] == [
        "UN Security Council",
        "Security Council of Russia",
        "Korean People's Army",
    ]


def test_a_short_name_is_whoever_was_named_in_full(topic: Topic) -> None:
    kim = "التقى كيم جونغ أون الوفد. وقال كيم ذلك."
    sister = "قالت كيم يو جونغ، شقيقة زعيم كوريا الشمالية كيم جونغ أون، ذلك. ووصفت كيم الأمر."
    assert pairs_of(kim, topic)[-1] == ("كيم", "Kim Jong Un")
    assert pairs_of(sister, topic)[-1] == ("كيم", "Kim Yo Jong")


def test_a_short_name_in_the_headline_waits_for_the_full_one(topic: Topic) -> None:
    assert pairs_of("كيم يلتقي الوفد\n\nالتقى كيم جونغ أون الوفد", topic)[0] == ("كيم", "Kim Jong Un")


def test_bare_north_and_south_are_the_koreas_where_the_text_names_one(topic: Topic) -> None:
    assert pairs_of("أطلقت كوريا الشمالية صاروخا. وردّ الجنوب على الشمال.", topic)[1:] == [
        ("الجنوب", "South Korea"),
        ("الشمال", "North Korea"),
    ]


def test_a_bare_adjective_is_of_the_state_the_text_is_about(topic: Topic) -> None:
    north = "الجنود الكوريون في كورسك أرسلتهم بيونغ يانغ"
    south = "الشركة الكورية من سيول"
    assert mentions_of(north, topic)[0].name == "North Korea"
    assert mentions_of(south, topic)[0].name == "South Korea"


@pytest.mark.parametrize(
    ("text", "surface", "name"),
    [
        pytest.param("قالت الحكومة الألمانية", "الحكومة الألمانية", "German Government", id="unlisted-body"),
        pytest.param("قالت الخارجية الروسية", "الخارجية الروسية", "Russian Foreign Ministry", id="listed-body"),
        pytest.param("قال وزير الخارجية الروسي", "الروسي", "Russia", id="the-minister-is-not-the-ministry"),
        pytest.param("السياسة الخارجية الأمريكية", "الأمريكية", "United States", id="foreign-policy"),
        pytest.param("القوات الروسية", "الروسية", "Russia", id="forces-are-no-body"),
    ],
)
def test_a_body_with_its_nisba_is_one_name(topic: Topic, text: str, surface: str, name: str) -> None:
    assert pairs_of(text, topic) == [(surface, name)]


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        pytest.param("قال الخبير سامر الحلاق إن ذلك مهم", "سامر الحلاق", EntityType.PER, id="definite-title"),
        pytest.param("قال د. سمير أيوب إن ذلك مهم", "سمير أيوب", EntityType.PER, id="doctor"),
        pytest.param("رأى مدير وحدة البحوث، عماد كريم، أن ذلك مهم", "عماد كريم", EntityType.PER, id="apposition"),
        pytest.param("قال فرانك هالدر، الخبير في الطاقة، ذلك", "فرانك هالدر", EntityType.PER, id="name-first"),
        pytest.param("قال هشام ابو العلا، اللواء السابق، ذلك", "هشام ابو العلا", EntityType.PER, id="compound"),
        pytest.param("دراسة من مركز الخليج للدراسات", "مركز الخليج للدراسات", EntityType.ORG, id="centre"),
        pytest.param("قال لصحيفة «أصداء الساحل» ذلك", "أصداء الساحل", EntityType.ORG, id="paper"),
    ],
)
def test_names_no_list_knows_are_found_behind_titles(topic: Topic, text: str, surface: str, kind: EntityType) -> None:
    found = [m for m in mentions_of(text, topic) if m.kind is MentionKind.UNLINKED]
    assert [(m.surface, m.type, m.entity_id) for m in found] == [(surface, kind, None)]


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        pytest.param("قال المفوض السامي لحقوق الإنسان إن التقرير مقلق", [], id="for-human-rights"),
        pytest.param("قال المدرب الجديد لكرة القدم إن الفريق مستعد", [], id="for-football"),
        pytest.param("قالت المقررة الخاصة لحقوق الإنسان مارتا لونديل إن", ["مارتا لونديل"], id="name-behind-purpose"),
        pytest.param("قال المنسق العام للشؤون الإنسانية بيتر هالم إن", ["بيتر هالم"], id="purpose-with-article"),
        pytest.param("قال المندوب السابق لخضر الزواوي إن", ["لخضر الزواوي"], id="name-that-begins-so"),
        pytest.param("قال الدكتور سامر بن ناجي المرزوق إن", ["سامر بن ناجي المرزوق"], id="family-behind-father"),
        pytest.param("قال الخبير زيد رعد العيسى إن", ["زيد رعد العيسى"], id="three-names"),
        pytest.param("قال الأمير ناصر بن فهد بن جلوي إن", ["ناصر بن فهد بن جلوي"], id="grandfather"),
        pytest.param("قال الباحث شمس الدين بن رابح إن", ["شمس الدين بن رابح"], id="father-behind-article"),
        pytest.param("قال الشيخ سامر بن عبد الرحمن آل رابح إن", ["سامر بن عبد الرحمن آل رابح"], id="house"),
        pytest.param("قال الوزير كيم ميونغ هيون إن", ["كيم ميونغ هيون"], id="three-syllables"),
        pytest.param("وصل الملك سامر للمعرض", [], id="one-name-and-purpose"),
        pytest.param("قال الخبير سامر عماد الثلاثاء إن", ["سامر عماد"], id="weekday"),
        pytest.param(
            "قال الأمير سامر بن ناجي بن عبد العزيز بن رابح إن", ["سامر بن ناجي بن عبد العزيز بن رابح"], id="long"
        ),
        pytest.param("قال الوزير سامر بن", [], id="cut-off"),
        pytest.param("قال الباحث سامر طه، الله أعلم", ["سامر طه"], id="god-behind-a-pause"),
        pytest.param("قال الشيخ عطيه الله صقر إن", ["عطيه الله صقر"], id="god-behind-he"),
        pytest.param("قال الوزير سامر عماد السوداني إن", ["سامر عماد السوداني"], id="people-as-family"),
        pytest.param("قال المدرب سامر عماد الروسي الأصل إن", ["سامر عماد"], id="origin"),
        pytest.param("قال الوزير سامر علي اليحيا إن", ["سامر علي اليحيا"], id="ali"),
        pytest.param("شدد الوزير سامر عماد على أهمية الحوار", ["سامر عماد"], id="on"),
        pytest.param("قال وزير خارجية عمان ناصر بن حمد المعولي إن", ["ناصر بن حمد المعولي"], id="behind-a-state"),
        pytest.param("قال الأمير الحسن بن رابح الثاني إن", ["الحسن بن رابح الثاني"], id="article-in-front"),
        pytest.param("قال الدكتور محيي الدين سالم إن", ["محيي الدين سالم"], id="half-and-third"),
        pytest.param("قال الشيخ فهد العرابي الحارثي إن", ["فهد العرابي الحارثي"], id="clan-and-tribe"),
        pytest.param("قال الرئيس عبد الفتاح العمري أمس", ["عبد الفتاح العمري"], id="servant-of"),
        pytest.param("كرّم المدير سامر عماد الفائزات في المسابقة", ["سامر عماد"], id="plural"),
        pytest.param("توفي الشاعر سامر عماد رحمه الله", ["سامر عماد"], id="blessing"),
        pytest.param("قال العقيد خلف الله بن رابح إن", ["خلف الله بن رابح"], id="god-in-a-name"),
        pytest.param("التقى المستشار سامر عماد الرئيس", ["سامر عماد"], id="another-title"),
    ],
)
def test_names_behind_titles_begin_behind_their_purpose_and_end_with_the_family(
    topic: Topic, text: str, surfaces: list[str]
) -> None:
    assert [m.surface for m in mentions_of(text, topic) if m.kind is MentionKind.UNLINKED] == surfaces


def test_a_name_behind_the_body_that_its_title_is_for_is_found(topic: Topic) -> None:
    text = (
        "أعلن المتحدث الرسمي لوزارة الدفاع الروسية أوليغ بارينوف ذلك. وقال السفير الروسي لكوريا الشمالية، يسعدني ذلك."
    )
    assert [m.surface for m in mentions_of(text, topic) if m.kind is MentionKind.UNLINKED] == ["أوليغ بارينوف"]


def test_half_a_name_finds_nobody_again(topic: Topic) -> None:
    text = "قال الشيخ خلف الله ذلك. وقال الوزير عبد العزيز ذلك، والحمد لله. حمى الله البلاد، والعزيز من أعزه الله."
    found = [m.surface for m in mentions_of(text, topic) if m.kind is MentionKind.UNLINKED]
    assert found == ["خلف الله", "عبد العزيز"]


def test_an_unlisted_person_is_found_again_by_the_last_name(topic: Topic) -> None:
    text = "قال الباحث سامر الحلاق ذلك. وأضاف الحلاق أن الأمر مهم."
    names = read_scene(text, topic).names
    assert [(n.mention.surface, n.label) for n in names] == [("سامر الحلاق", "سامر الحلاق"), ("الحلاق", "سامر الحلاق")]


def test_an_unlisted_institute_swallows_the_listed_city_in_its_name(topic: Topic) -> None:
    assert pairs_of("قال معهد برلين للسياسة الدولية", topic) == [("معهد برلين للسياسة الدولية", None)]


def test_punctuation_cuts_a_name(topic: Topic) -> None:
    assert pairs_of("زار كوريا. الشمالية هي الأبعد", topic) == []


def test_another_topic_knows_only_its_own_names(nile: Topic) -> None:
    assert pairs_of("زار بوتين إثيوبيا", nile) == [("إثيوبيا", "Ethiopia")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("قال الخبير إن روسيا وكوريا الشمالية تتعاونان عسكريا وتقنيا منذ عامين.", id="verb-and-adverb"),
        pytest.param("وقال محللون إن فرص التعاون قائمة.", id="common-nouns"),
        pytest.param("وتحدث عن محورين عالميين: الشرق والجنوب.", id="a-noun-and-its-adjective"),
        pytest.param("تقدم المعاهدة مساعدة عسكرية فورية.", id="two-adjectives"),
    ],
)
def test_common_words_are_no_names(topic: Topic, text: str) -> None:
    assert [m.surface for m in mentions_of(text, topic) if m.kind is MentionKind.UNLINKED] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("معاهدة بوتين وكيم تقلق اليابان", ["Vladimir Putin", "Kim Jong Un", "Japan"], id="with-and"),
        pytest.param("كيم يقبض وروسيا تدفع", ["Kim Jong Un", "Russia"], id="first-word"),
        pytest.param("تقول سوه كيم إن روسيا قريبة", ["Russia"], id="somebody-else"),
        pytest.param("كيم مين جاي يسجل هدفا في روسيا", ["Russia"], id="a-player"),
    ],
)
def test_a_short_name_is_its_best_known_bearer_where_his_country_is_spoken_of(
    topic: Topic, text: str, names: list[str]
) -> None:
    assert [m.name for m in mentions_of(text, topic) if m.kind is MentionKind.NAME] == names


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        pytest.param("ترى مؤسسة راند أن الكلفة مرتفعة", "مؤسسة راند", id="foundation"),
        pytest.param("وقال باحث في مركز ستيمسون بواشنطن ذلك", "مركز ستيمسون", id="place-outside"),
    ],
)
def test_an_institute_bears_a_foreign_name(topic: Topic, text: str, surface: str) -> None:
    assert surface in [m.surface for m in mentions_of(text, topic) if m.type is EntityType.ORG]

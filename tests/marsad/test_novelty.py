"""Relations of two texts and the verdict on an article."""

from __future__ import annotations

import pytest

from marsad.background import EMPTY_BACKGROUND, Background, make_background
from marsad.novelty import METHOD, STORE_COMMON_TEXTS, judge_novelty, judge_pair
from marsad.relations import Neighbour, Neighbourhood, NoveltyKind, Origin, RelationKind
from marsad.sketches import fingerprint_of
from marsad.stories import story_of

# Written for these tests: a visit, a storm, and a cable that is sent to whoever has a national day.
VISIT = (
    "وصل وزير الزراعة إلى المدينة الساحلية صباح الثلاثاء في زيارة تستغرق يومين يلتقي خلالها مزارعي الحمضيات. "
    "وقال الوزير إن الحكومة خصصت ثلاثين مليونا لترميم قنوات الري القديمة التي تضررت من السيول. "
    "وطالب المزارعون بخفض أسعار الأسمدة وفتح أسواق جديدة أمام محصول البرتقال هذا الموسم. "
    "ومن المقرر أن يختتم جولته بافتتاح مختبر للتربة داخل الكلية الزراعية التي تخرج فيها قبل عشرين عاما."
)
STORM = (
    "ضربت عاصفة رملية شديدة أطراف الصحراء الغربية ليلة أمس فأغلقت الطرق وتعطلت رحلات القطار السريع. "
    "ونقلت فرق الإسعاف أحد عشر مسافرا إلى المستشفى الميداني بعد اصطدام حافلتين قرب محطة الوقود الأخيرة. "
    "وتوقعت هيئة الرصد أن تهدأ الرياح مع حلول المساء على أن تعود أشد يوم الجمعة المقبل."
)
FURNITURE = "الرئيسية\nأخبار محلية\nاقتصاد\nشارك على فيسبوك\n{}\nاقرأ أيضا\nجميع الحقوق محفوظة"
CABLE = (
    "بعث الأمير برقية تهنئة إلى فخامة الرئيس {} رئيس جمهورية {} بمناسبة ذكرى اليوم الوطني لبلاده الصديقة. "
    "وأعرب سموه في البرقية عن أصدق التهاني وأطيب التمنيات بموفور الصحة والسعادة لفخامته "
    "ولحكومة وشعب {} المزيد من التقدم والازدهار."
)
CABLES = [CABLE.format(*names) for names in [("مارتن كول", "غيانا", "غيانا"), ("إدوار نيم", "ناورو", "ناورو")]]


def relation(a: str, b: str, background: Background = EMPTY_BACKGROUND) -> RelationKind:
    return judge_pair(fingerprint_of(a), fingerprint_of(b), background)[0]


def neighbour(number: int, text: str, origin: Origin = Origin.ARTICLE) -> Neighbour:
    return Neighbour(number, origin, fingerprint_of(text))


FIRST_HALF = " ".join(VISIT.split()[:30])

PAIRS = [
    pytest.param(VISIT, VISIT, RelationKind.EXACT, id="the same"),
    pytest.param(VISIT, VISIT.replace("ة", "ه").replace("إ", "ا"), RelationKind.EXACT, id="respelt"),
    pytest.param(VISIT, VISIT.replace("الثلاثاء", "أمس"), RelationKind.NEAR_DUP, id="one word edited"),
    pytest.param(VISIT, FURNITURE.format(VISIT), RelationKind.NEAR_DUP, id="furniture around it"),
    pytest.param(FIRST_HALF, VISIT, RelationKind.EXCERPT_OF, id="shortened"),
    pytest.param(VISIT, FIRST_HALF, RelationKind.CONTAINS, id="the longer of two"),
    pytest.param(VISIT, f"{STORM}\n{STORM[::-1]}\n{VISIT}", RelationKind.EXCERPT_OF, id="embedded"),
    pytest.param(VISIT, STORM, RelationKind.NONE, id="another event"),
    pytest.param(VISIT, f"{STORM} وقال الوزير إن الحكومة خصصت", RelationKind.NONE, id="one phrase shared"),
    pytest.param("وزير الزراعة إلى المدينة", VISIT, RelationKind.NONE, id="a phrase is no excerpt"),
    pytest.param("كوريا", "كوريا", RelationKind.EXACT, id="one word"),
    pytest.param("كوريا", "روسيا", RelationKind.NONE, id="two words"),
    pytest.param("كوريا", "كوريا الشمالية", RelationKind.NONE, id="one word more"),
    pytest.param("Kim met Putin", "KIM MET PUTIN!", RelationKind.EXACT, id="Latin only"),
    pytest.param("", "", RelationKind.NONE, id="nothing and nothing"),
    pytest.param("", VISIT, RelationKind.NONE, id="nothing and something"),
    pytest.param("؟!", "😀", RelationKind.NONE, id="no words"),
]


@pytest.mark.parametrize(("a", "b", "kind"), PAIRS)
def test_two_texts(a: str, b: str, kind: RelationKind) -> None:
    assert relation(a, b) is kind


@pytest.mark.parametrize(("a", "b", "kind"), PAIRS)
def test_two_texts_the_other_way_round(a: str, b: str, kind: RelationKind) -> None:
    turned = {RelationKind.EXCERPT_OF: RelationKind.CONTAINS, RelationKind.CONTAINS: RelationKind.EXCERPT_OF}
    assert relation(b, a) is turned.get(kind, kind)


def test_a_million_characters_are_compared() -> None:
    # The filler has four shingles, however often it is repeated.
    assert relation(VISIT, f"{VISIT} {'حشو لا معنى له ' * 70_000}") is RelationKind.NEAR_DUP


def test_cables_of_one_formula_to_two_presidents_are_not_copies() -> None:
    assert relation(*CABLES) is RelationKind.NONE


def test_a_formula_known_to_the_background_proves_nothing() -> None:
    others = [CABLE.format(name, land, land) for name, land in [("لوك", "فيجي"), ("سام", "توغو"), ("بول", "بالاو")]]
    background = make_background(tuple(map(fingerprint_of, others)))
    blind = judge_pair(fingerprint_of(CABLES[0]), fingerprint_of(f"{CABLES[1]} {STORM}"), EMPTY_BACKGROUND)
    aware = judge_pair(fingerprint_of(f"{CABLES[0]} {VISIT}"), fingerprint_of(f"{CABLES[1]} {STORM}"), background)
    assert blind[1] > 0.5
    assert aware[1] < 0.1


def test_a_formula_known_to_the_store_proves_nothing() -> None:
    one, other = fingerprint_of(f"{CABLES[0]} {VISIT}"), fingerprint_of(f"{CABLES[1]} {STORM}")
    counts = dict.fromkeys(fingerprint_of(CABLE).shingles.tolist(), STORE_COMMON_TEXTS + 1)
    assert judge_pair(one, other, EMPTY_BACKGROUND, counts)[1] < judge_pair(one, other, EMPTY_BACKGROUND)[1]


def test_an_article_without_neighbours_is_new() -> None:
    assert judge_novelty(1, fingerprint_of(VISIT), Neighbourhood(), EMPTY_BACKGROUND).kind is NoveltyKind.NEW


@pytest.mark.parametrize(
    ("kept", "kind"),
    [
        pytest.param(neighbour(2, VISIT), NoveltyKind.DUPLICATE, id="same text elsewhere"),
        pytest.param(neighbour(1, VISIT.replace("يومين", "ثلاثة أيام")), NoveltyKind.REVISION, id="page rewritten"),
        pytest.param(neighbour(1, STORM), NoveltyKind.REVISION, id="address reused"),
        pytest.param(neighbour(1, VISIT), NoveltyKind.DUPLICATE, id="nothing changed"),
        pytest.param(neighbour(2, f"{VISIT}\n{STORM}\n{STORM[::-1]}"), NoveltyKind.EXCERPT, id="part of a longer text"),
        pytest.param(neighbour(2, FIRST_HALF), NoveltyKind.NEW, id="longer than what was kept"),
        pytest.param(neighbour(2, STORM), NoveltyKind.NEW, id="another event"),
    ],
)
def test_an_article_with_a_neighbour(kept: Neighbour, kind: NoveltyKind) -> None:
    assert judge_novelty(1, fingerprint_of(VISIT), Neighbourhood((kept,)), EMPTY_BACKGROUND).kind is kind


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        pytest.param(STORM, NoveltyKind.REVISION, id="another text"),
        pytest.param(VISIT.replace("يومين", "ثلاثة أيام"), NoveltyKind.REVISION, id="one word"),
        pytest.param("", NoveltyKind.REVISION, id="no text"),
        pytest.param(VISIT, NoveltyKind.DUPLICATE, id="the same text"),
    ],
)
@pytest.mark.parametrize("other", [neighbour(2, VISIT), neighbour(9, VISIT, Origin.SEED)], ids=["article", "seed"])
def test_what_stood_at_the_address_decides_alone(before: str, kind: NoveltyKind, other: Neighbour) -> None:
    hood = Neighbourhood((other, neighbour(1, before)))
    assert judge_novelty(1, fingerprint_of(VISIT), hood, EMPTY_BACKGROUND).kind is kind


def test_a_page_without_a_word_that_stays_so_has_not_changed() -> None:
    hood = Neighbourhood((neighbour(1, ""),))
    assert judge_novelty(1, fingerprint_of("؟!"), hood, EMPTY_BACKGROUND).kind is NoveltyKind.DUPLICATE


def test_a_seed_of_the_same_number_is_no_earlier_version() -> None:
    hood = Neighbourhood((neighbour(1, STORM, Origin.SEED),))
    assert judge_novelty(1, fingerprint_of(VISIT), hood, EMPTY_BACKGROUND).kind is NoveltyKind.NEW


def test_a_changed_article_stays_in_its_story() -> None:
    novelty = judge_novelty(
        1, fingerprint_of(VISIT), Neighbourhood((neighbour(1, STORM), neighbour(2, VISIT))), EMPTY_BACKGROUND
    )
    assert story_of(1, novelty, {1: 10, 2: 20}) == 10


def test_relations_are_rows_with_score_and_method_strongest_first() -> None:
    hood = Neighbourhood((neighbour(2, STORM), neighbour(3, FIRST_HALF), neighbour(4, VISIT)))
    relations = judge_novelty(1, fingerprint_of(VISIT), hood, EMPTY_BACKGROUND).relations
    assert [(r.other_id, r.kind) for r in relations] == [(4, RelationKind.EXACT), (3, RelationKind.CONTAINS)]
    assert {(r.article_id, r.method) for r in relations} == {(1, METHOD)}
    assert all(0.0 <= r.score <= 1.0 for r in relations)


def test_the_order_of_neighbours_does_not_matter() -> None:
    kept = (neighbour(4, VISIT), neighbour(2, STORM), neighbour(3, FIRST_HALF))
    verdicts = [
        judge_novelty(1, fingerprint_of(VISIT), Neighbourhood(order), EMPTY_BACKGROUND) for order in (kept, kept[::-1])
    ]
    assert verdicts[0] == verdicts[1]


def test_repeating_a_seed_is_said() -> None:
    hood = Neighbourhood((neighbour(9, VISIT, Origin.SEED),))
    assert judge_novelty(1, fingerprint_of(VISIT), hood, EMPTY_BACKGROUND).repeats_seed
    assert not judge_novelty(1, fingerprint_of(STORM), hood, EMPTY_BACKGROUND).repeats_seed


def test_a_copy_joins_the_story_of_what_it_copies() -> None:
    hood = Neighbourhood((neighbour(9, VISIT, Origin.SEED), neighbour(2, VISIT), neighbour(3, FIRST_HALF)))
    novelty = judge_novelty(1, fingerprint_of(VISIT), hood, EMPTY_BACKGROUND)
    assert story_of(1, novelty, {2: 20, 3: 30}) == 20
    assert story_of(1, novelty, {3: 30}) == 30
    assert story_of(1, novelty, {9: 90}) == 1

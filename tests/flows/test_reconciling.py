"""What is kept, judged anew: the same relations and stories whatever came in first, and an analyst's word stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.configuration import Place, packaged_topic
from flows.desk import Desk, Silence, read_desk
from flows.reading import Read, store_pages
from flows.reconciling import reconcile
from marsad.articles import Article
from marsad.dates import Dated, Precision
from marsad.records import Draft
from marsad.settings import Settings
from tests.warehouse.conftest import article_of, draft_of
from warehouse.replaying import Batch

FIRST = datetime(2026, 3, 1, 8, tzinfo=UTC)
#: A wire story; its parts are printed alone, respelt, and under other titles.
WIRE = (
    "أعلنت هيئة السكك الحديدية أن أول قطار شحن عبر الجسر الجديد وصل فجرا محملا بألفي طن من الحبوب والأسمدة.\n"
    "وقال مدير المحطة إن الرحلة استغرقت إحدى عشرة ساعة وإن خمس عربات تأخرت بسبب تساقط الثلوج على الطريق الجبلي.\n"
    "وتعتزم الهيئة تسيير ثلاث رحلات أسبوعيا بدءا من نيسان المقبل بعد الانتهاء من تحديث الإشارات على الجانبين."
)
#: A cable sent on national days, to another president of another land each time.
CABLE = (
    "بعث الأمير برقية تهنئة إلى فخامة الرئيس {0} رئيس جمهورية {1} بمناسبة ذكرى اليوم الوطني لبلاده الصديقة. "
    "وأعرب سموه في البرقية باسمه واسم الشعب عن أصدق التهاني وأطيب التمنيات بموفور الصحة والسعادة لفخامة الرئيس {0} "
    "ولحكومة وشعب {1}."
)
NAMES = (("مارتن كول", "غيانا"), ("إدوار نيم", "ناورو"), ("يوسف تشاد", "بنين"), ("خوان بيريز", "بوليفيا"))
#: One event in two desks' words.
TOLD = ("بوتين يصل إلى بيونغ يانغ في أول زيارة منذ 24 عاما", "الرئيس الروسي في كوريا الشمالية للمرة الأولى منذ 24 عاما")


def dated(number: int, days: float, title: str, body: str) -> Article:
    at = FIRST + timedelta(days=days)
    return replace(article_of(number, title, body), published=Dated(at, Precision.INSTANT, "meta", at.isoformat()))


def world() -> list[Article]:
    """Six days: copies before and behind their source, parts, cables, one event in other words."""
    lines = WIRE.split("\n")
    texts = [
        (0.0, "قطار أول على الجسر", WIRE),
        (1.0, "وصول القطار", WIRE.replace("أ", "ا").replace("ة", "ه")),
        (1.0, "خبر قصير", "\n".join(lines[:2])),
        (2.5, "قطارات وجسور", f"{WIRE}\n{CABLE.format(*NAMES[0])}"),
        (3.0, "رحلات أسبوعية", lines[2]),
        (
            4.0,
            TOLD[0],
            "وصل بوتين إلى كوريا الشمالية ليلا في زيارة دولة يوقع خلالها معاهدة شراكة مع كيم جونغ أون.",
        ),
        (
            4.4,
            TOLD[1],
            "بدأ بوتين زيارة إلى بيونغ يانغ يبرم فيها مع كيم جونغ أون معاهدة للشراكة، وكان في استقباله ليلا.",
        ),
        *((0.3 + number, f"برقية {number}", CABLE.format(*names)) for number, names in enumerate(NAMES)),
    ]
    return [dated(number, days, title, body) for number, (days, title, body) in enumerate(texts)]


def named(name: str) -> Batch:
    return Batch(f"reconcile/{name}", "run", FIRST + timedelta(days=10))


def desk_in(folder: Path) -> Desk:
    return read_desk(Place(Settings(), None, folder, packaged_topic()))


def take(desk: Desk, articles: Iterable[Article], at: datetime, number: int = 0) -> None:
    drafts: tuple[Draft, ...] = tuple(draft_of(article, at) for article in articles)
    store_pages(desk, f"pages/{number}", "run", Read(drafts, (), (), ()), at)


def stands(desk: Desk) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return relations and places in stories that hold."""
    since = "select article_id, max(batch) as since from core.superseded where part = '{}' group by article_id"
    found = []
    for table, part, columns in (
        ("relation", "story", "article_id, other_id, origin, kind, score"),
        ("story", "story", "article_id, story_id, novelty, repeats_seed"),
    ):
        query = (
            f"select {columns} from core.{table} left join ({since.format(part)}) as old using (article_id) "
            "where since is null or batch >= since order by all"
        )
        with desk.core.reading() as connection:
            found.append(connection.execute(query).fetchall())
    return found[0], found[1]


@pytest.fixture(scope="module")
def reconciled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Desk]:
    """The same articles as they came day by day, all at once, and the last first; each judged anew."""
    desks = {}
    articles = world()
    for name in ("by day", "at once", "backwards"):
        desks[name] = desk_in(tmp_path_factory.mktemp("world") / "data")
        if name == "by day":
            for day in range(6):
                on = [a for a in articles if a.published.at and (a.published.at - FIRST).days == day]
                take(desks[name], on, FIRST + timedelta(days=day + 1), day)
        elif name == "at once":
            take(desks[name], articles, FIRST + timedelta(days=9))
        else:
            for number, article in enumerate(reversed(articles)):
                take(desks[name], [article], FIRST + timedelta(days=9), number)
        reconcile(desks[name], Silence(), named(name))
    return desks


@pytest.mark.parametrize("name", ["at once", "backwards"])
def test_the_order_of_arrival_makes_no_difference(reconciled: dict[str, Desk], name: str) -> None:
    assert stands(reconciled[name]) == stands(reconciled["by day"])


def test_copies_point_at_what_was_published_before(reconciled: dict[str, Desk]) -> None:
    relations, places = stands(reconciled["backwards"])
    first, copy, part, longer, line, told, other, *cables = (article.id for article in world())
    kinds = {(one, to): kind for one, to, _, kind, _ in relations}
    assert kinds[copy, first] in {"exact", "near_dup"}
    assert kinds[part, first] == "near_dup"
    assert kinds[longer, first] in {"contains", "near_dup"}
    assert kinds[line, first] == "excerpt_of"
    assert kinds[other, told] == "same_story"
    stories = {article_id: story for article_id, story, *_ in places}
    assert {stories[key] for key in (copy, part, longer, line)} == {first}
    assert [stories[key] for key in cables] == cables


def test_judged_twice_nothing_changes(reconciled: dict[str, Desk]) -> None:
    before = stands(reconciled["at once"])
    assert reconcile(reconciled["at once"], Silence(), named("again")) == []
    assert stands(reconciled["at once"]) == before


def test_nothing_kept_is_nothing_to_judge(tmp_path: Path) -> None:
    assert reconcile(desk_in(tmp_path / "data"), Silence(), named("nothing")) == []

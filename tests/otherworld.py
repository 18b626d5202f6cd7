"""A news world on another topic than the packaged one: the dam on the Nile, in articles written for the tests."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Self

from click.testing import CliRunner

from flows.command import marsad
from tests.newsworld import FOOTBALL, NewsWorld, feed_of, page_of
from transport.site import Answer

CONDEMNED = (  # Egypt condemns the filling of the dam
    "القاهرة تدين بدء المرحلة الجديدة من ملء سد النهضة",
    "أدانت وزارة الموارد المائية والري المصرية، اليوم الثلاثاء، بدء إثيوبيا مرحلة جديدة من ملء سد النهضة من دون اتفاق"
    " مع مصر والسودان، ووصفت الخطوة بأنها انتهاك صارخ لقواعد القانون الدولي.",
    "وقال المتحدث باسم الوزارة إن القاهرة ترفض أي إجراء أحادي الجانب على النيل الأزرق، وإن ملء السد بهذه الطريقة يهدد"
    " حياة ملايين المزارعين في مصر.",
    "من جهتها حذرت الخرطوم من أن تشغيل سد النهضة دون تبادل للبيانات يعرض السدود السودانية للخطر، ودعت إلى استئناف"
    " المفاوضات برعاية الاتحاد الأفريقي.",
)
PRAISED = (  # Ethiopia praises the dam
    "أديس أبابا: سد النهضة مشروع تنمية لكل دول حوض النيل",
    "أشادت إثيوبيا بتقدم العمل في سد النهضة، وأكدت وزارة الخارجية الإثيوبية أن ملء السد سيستمر كما هو مخطط له.",
    "وقال المتحدث باسم الخارجية الإثيوبية إن بلاده تدعم بقوة تشغيل سد النهضة لأنه مشروع مشروع وعادل يخدم شعوب المنطقة،"
    " وإن المفاوضات مع مصر والسودان ستتواصل.",
    "وأعرب الاتحاد الأفريقي عن أمله في أن تتوصل الأطراف إلى اتفاق بشأن سد النهضة قبل موسم الأمطار المقبل.",
)
HARVEST = (  # a harvest, elsewhere: off the topic
    "المغرب يسجل محصولا قياسيا من الحبوب هذا الموسم",
    "سجل المغرب محصولا قياسيا من الحبوب بعد شتاء ممطر، وقالت وزارة الفلاحة المغربية إن الإنتاج تجاوز سبعة ملايين طن.",
    "وأوضح البيان أن أسعار القمح في الأسواق المحلية تراجعت، وأن المخازن تكفي حاجة البلاد حتى الصيف المقبل.",
)
FEED = (("/n/1", CONDEMNED), ("/n/2", PRAISED), ("/n/3", HARVEST), ("/n/4", FOOTBALL))

#: What an analyst adds to entities.csv in the first hour.
NAMES = """\
Khartoum,الخرطوم,GPE,,,Sudan,,,,
GERD,سد النهضة,LOC,سد النهضة الإثيوبي,,,,,,
Egyptian Ministry of Water Resources,وزارة الموارد المائية والري المصرية,ORG,وزارة الري المصرية|الري المصرية,,Egypt,,,,
"""


class DamWorld(NewsWorld):
    """One outlet that writes about the dam, and about other things."""

    def __enter__(self) -> Self:
        self.site.__enter__()
        self.site.put("/river.xml", Answer(feed_of(self.site.url(""), list(FEED)), "application/rss+xml"))
        self.site.put("/hill.xml", Answer(feed_of(self.site.url(""), []), "application/rss+xml"))
        for path, article in FEED:
            self.site.put(path, Answer(page_of(article)))
        return self


def laid_out(world: DamWorld, folder: Path) -> Path:
    """Lay the topic out by `marsad init`, do an analyst's first hour of work on it, and return its settings file."""
    words = ["init", "--topic", "The dam on the Nile", "--name-ar", "سد النهضة على النيل", "--country", "Egypt"]
    more = ["--country", "Ethiopia", "--country", "Sudan", "--word", "سد النهضة", "--word", "ملء السد", str(folder)]
    CliRunner().invoke(marsad, [*words, *more], catch_exceptions=False, standalone_mode=False)
    with (folder / "entities.csv").open("a", encoding="utf-8") as names:
        names.write(NAMES)
    (folder / "feeds.toml").write_text(world.feeds_toml(), "utf-8")
    file = folder / "marsad.toml"
    pace = "host_gap_seconds = 0\npoll_gap_seconds = 0\naudit_share = 0\n"
    text = file.read_text("utf-8").replace(
        "[fetch]\n", f'[fetch]\nallow_addresses = ["{world.site.address}"]\n{pace}', 1
    )
    file.write_text(
        f'{text}\n[extract]\nworker_count = 1\n\n[[subscribers]]\naddress = "reader@example.org"\n', "utf-8"
    )
    tomllib.loads(file.read_text("utf-8"))
    return file

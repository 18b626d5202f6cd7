"""A small news world of our own on loopback: two outlets, four stories, one copied in another spelling."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from transport.site import Answer, Site

VISIT = (
    "زعيم كوريا الشمالية يستقبل وفدا روسيا ويجدد دعمه لموسكو",
    "استقبل زعيم كوريا الشمالية كيم جونغ أون في بيونغ يانغ، اليوم الخميس، وفدا عسكريا روسيا رفيع المستوى وصل إلى"
    " العاصمة في زيارة تستمر يومين، وفق ما أوردته وكالة الأنباء المركزية الكورية.",
    "وأكد كيم جونغ أون خلال اللقاء أن بلاده ستقف إلى جانب روسيا دون شروط، وأن التعاون العسكري بين البلدين سيتوسع في"
    " العام المقبل ليشمل التدريب وإزالة الألغام في مقاطعة كورسك.",
    "وأشاد رئيس الوفد الروسي بما وصفه ببسالة الجنود الكوريين الذين قاتلوا في كورسك، وقال إن موسكو لن تنسى هذا الدعم"
    " وإنها ماضية في تنفيذ معاهدة الشراكة الاستراتيجية الشاملة.",
    "ولم تعلن الوكالة تفاصيل الاتفاقات التي بحثها الجانبان، لكنها أشارت إلى مأدبة عشاء أقيمت على شرف الضيوف وحضرها"
    " عدد من قادة الجيش وأعضاء المكتب السياسي.",
)
PROTEST = (
    "سيول تدين نقل الذخائر من بيونغ يانغ إلى روسيا",
    "أدانت وزارة الخارجية في كوريا الجنوبية بشدة ما قالت إنه شحنات جديدة من قذائف المدفعية أرسلتها كوريا الشمالية إلى"
    " روسيا عبر ميناء راجين خلال الأسابيع الماضية.",
    "وحذر المتحدث باسم الوزارة من أن هذا التعاون العسكري ينتهك قرارات مجلس الأمن الدولي ويهدد الاستقرار في شبه"
    " الجزيرة، ودعا موسكو إلى وقفه فورا.",
    "من جهتها أعربت اليابان عن قلقها العميق من المعلومات المتعلقة بالشحنات، وقالت إنها تنسق مع واشنطن وسيول ردا"
    " مشتركا قد يشمل عقوبات جديدة على شركات الشحن.",
)
DRONES = (
    "روسيا تعلن إسقاط عشرات المسيرات فوق منطقة بيلغورود",
    "أعلنت وزارة الدفاع الروسية صباح اليوم إسقاط أربعين طائرة مسيرة أوكرانية فوق منطقة بيلغورود وشبه جزيرة القرم، من"
    " دون أن تشير إلى وقوع ضحايا.",
    "وقال حاكم المنطقة إن حطاما سقط على مستودع للحبوب وتسبب في حريق أخمد بعد ساعتين، بينما ذكرت هيئة الأركان في كييف"
    " أن قواتها صدت هجوما ليليا على مدينة خاركيف.",
)
FOOTBALL = (
    "الفريق الأزرق يحسم لقب الدوري قبل جولتين من النهاية",
    "حسم الفريق الأزرق لقب الدوري المحلي لكرة القدم بعد فوزه مساء أمس بثلاثة أهداف نظيفة على ضيفه، أمام خمسين ألف"
    " متفرج ملأوا مدرجات الملعب الكبير.",
    "وقال مدرب الفريق إن اللاعبين استحقوا اللقب بعد موسم طويل وشاق، وإن الإدارة تعمل على تجديد عقود النجوم قبل انطلاق"
    " الموسم الجديد في أغسطس.",
)


def respelt(article: tuple[str, ...]) -> tuple[str, ...]:
    """Return the article as an outlet of the other transliteration prints it."""
    pairs = (("بيونغ يانغ", "بيونج يانج"), ("جونغ", "جونج"), ("كورسك", "كورسيك"), ("إلى", "الى"), ("مأدبة", "مادبة"))
    for one, other in pairs:
        article = tuple(part.replace(one, other) for part in article)
    return article


def page_of(article: tuple[str, ...]) -> bytes:
    """Return an HTML page with the furniture of a news site around the article."""
    title, *paragraphs = (html.escape(part) for part in article)
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title} | صحيفة النهر</title>
<meta property="article:published_time" content="2026-11-19T09:30:00+03:00"></head><body>
<nav><a href="/">الرئيسية</a> <a href="/world">العالم</a> <a href="/sport">رياضة</a></nav>
<main><article><h1>{title}</h1>{text}</article></main>
<aside><h3>اقرأ أيضا</h3><ul><li><a href="/x">خبر آخر من الأرشيف</a></li></ul></aside>
<footer>جميع الحقوق محفوظة</footer></body></html>""".encode()


def feed_of(base: str, items: list[tuple[str, tuple[str, ...]]]) -> bytes:
    """Return an RSS feed; each item is (path, article)."""
    entries = "".join(
        f"<item><title>{html.escape(article[0])}</title><link>{base}{path}</link><guid>{base}{path}</guid>"
        f"<description>{html.escape(article[1])}</description><pubDate>Thu, 19 Nov 2026 06:30:00 GMT</pubDate></item>"
        for path, article in items
    )
    channel = f"<channel><title>x</title>{entries}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0">{channel}</rss>'.encode()


@dataclass(frozen=True, slots=True)
class Paths:
    """Where the world's articles stand."""

    river = (("/a/1", VISIT), ("/a/2", PROTEST), ("/a/3", FOOTBALL))
    hill = (("/b/1", respelt(VISIT)), ("/b/2", DRONES))


class NewsWorld:
    """The site, as a context manager."""

    def __init__(self) -> None:
        self.site = Site({})

    def __enter__(self) -> Self:
        self.site.__enter__()
        base = self.site.url("")
        for name, items in (("/river.xml", Paths.river), ("/hill.xml", Paths.hill)):
            self.site.put(name, Answer(feed_of(base, list(items)), "application/rss+xml"))
            for path, article in items:
                self.site.put(path, Answer(page_of(article)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.site.__exit__(kind, error, trace)

    def feeds_toml(self) -> str:
        """Return the world's feeds as a user writes them."""
        outlets = "".join(f'[[outlet]]\nid = "{name}"\nname = "The {name.title()}"\n' for name in ("river", "hill"))
        feeds = "".join(
            f'[[feed]]\nurl = "{self.site.url(f"/{name}.xml")}"\noutlet = "{name}"\nzone = "Asia/Riyadh"\n'
            for name in ("river", "hill")
        )
        return outlets + feeds


class CrowdedWorld(NewsWorld):
    """One host with so many articles, and a link that no one can follow."""

    def __init__(self, article_count: int) -> None:
        super().__init__()
        self.article_count = article_count

    def __enter__(self) -> Self:
        self.site.__enter__()
        title, *paragraphs = PROTEST
        numbers = range(self.article_count)
        articles = {f"/{n}": (f"{title} ({n})", *paragraphs, f"هذا هو الخبر رقم {n}.") for n in numbers}
        for path, article in articles.items():
            self.site.put(path, Answer(page_of(article)))
        base = self.site.url("")
        broken = b"<item><title>x</title><link>http://\xd9\x85\xd8\xab\xd8\xa7\xd9\x84..com/x</link></item></channel>"
        feed = feed_of(base, list(articles.items())).replace(b"</channel>", broken)
        self.site.put("/river.xml", Answer(feed, "application/rss+xml"))
        self.site.put("/hill.xml", Answer(feed_of(base, []), "application/rss+xml"))
        return self


def settings_for(world: NewsWorld, folder: Path, *, topic_files: Path | None = None, more: str = "") -> Path:
    """Write a topic folder with the world's feeds and a settings file that reaches it; return the settings file."""
    packaged = topic_files or Path(__file__).resolve().parent.parent / "seeds"
    topic = folder / "topic"
    topic.mkdir(parents=True, exist_ok=True)
    for name in ("topic.toml", "entities.csv", "stance.toml", "corpus.npz"):
        if (packaged / name).exists():
            (topic / name).write_bytes((packaged / name).read_bytes())
    (topic / "feeds.toml").write_text(world.feeds_toml(), "utf-8")
    file = folder / "marsad.toml"
    file.write_text(
        f'topic = "{topic}"\ndata = "{folder / "data"}"\n{more}\n[fetch]\nallow_addresses = ["{world.site.address}"]\n'
        "host_gap_seconds = 0\npoll_gap_seconds = 0\naudit_share = 0\n"
        "[extract]\nworker_count = 1\n",  # a worker takes longer to start than to read a world of five pages
        "utf-8",
    )
    return file

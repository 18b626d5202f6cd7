"""Owns the demo's news site: seeds/demo laid out as the answers of outlets on loopback, each on a port of its own.

Instants in it count back from the demo's start, so that its news is always of the last seven days.
"""

from __future__ import annotations

import html
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.resources import files
from string import Template
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from marsad.identity import key_of
from marsad.sources import Feed, Outlet
from transport.site import Answer, Site

FEED_PATH = "/feed"
_FOLDER = files("seeds") / "demo"
_RELATED_COUNT = 3  #: links in the block of related news
_SUMMARY_CHARS = 180  #: of the first paragraph, as a feed cuts it
_DAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")  # Monday to Sunday
_MORNING_AFTER = timedelta(hours=12)  #: news of the night before a demo in the morning is still that day's


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article as it stands at some instant."""

    id: str
    title: str
    text: str
    published_at: datetime
    modified_at: datetime
    words: Mapping[str, str]  #: section, author, caption, tags: what stands around the text
    wall: str = ""  #: file of the page that stands in its place, empty where there is none

    @property
    def summary(self) -> str:
        """Its first words."""
        first = self.text.strip().partition("\n\n")[0]
        return first if len(first) <= _SUMMARY_CHARS else first[:_SUMMARY_CHARS].rpartition(" ")[0] + " ..."


@dataclass(frozen=True, slots=True)
class DemoOutlet:
    """An outlet: how it writes its feed and its pages, and its rows of articles."""

    outlet: Outlet
    zone: str
    form: str  #: key of feeds.toml
    quirk: str  #: what its feed does as real ones do
    paths: Mapping[str, str]  #: "link" as the feed has it, "path" where the article stands
    encodings: Mapping[str, str]  #: of "page" and "feed", in bytes
    months: tuple[str, ...]
    robots: str
    rows: tuple[Mapping[str, Any], ...]

    def articles(self, now: datetime, at: datetime) -> list[DemoArticle]:
        """Return what the outlet of a demo that starts `now` has printed by `at`, the newest first."""
        weekday = (now.astimezone(UTC) - _MORNING_AFTER).weekday()  # for all outlets, so that copies tell of one day
        articles = [_article(row, now.astimezone(ZoneInfo(self.zone)), weekday, at) for row in self.rows]
        printed = [article for article in articles if article.published_at <= at]
        return sorted(printed, key=lambda article: article.modified_at, reverse=True)


@dataclass(slots=True)
class DemoSite:
    """The outlets on air, from `with` to its end."""

    now: datetime  #: the demo's start
    outlets: tuple[DemoOutlet, ...] = field(default=())
    _sites: dict[str, Site] = field(default_factory=dict)
    _running: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        self.outlets = read_outlets()
        for one in self.outlets:
            self._sites[one.outlet.id] = self._running.enter_context(Site({}))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """The feed of every outlet."""
        return tuple(Feed(self._sites[one.outlet.id].url(FEED_PATH), one.outlet, zone=one.zone) for one in self.outlets)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The "address:port" of every outlet."""
        return tuple(site.address for site in self._sites.values())

    def print_all(self, at: datetime) -> None:
        """Put all that the outlets have printed by `at` on air."""
        forms = tomllib.loads(_read("feeds.toml"))
        for one in self.outlets:
            site = self._sites[one.outlet.id]
            for path, answer in _answers(one, forms[one.form], one.articles(self.now, at), site.url("")):
                site.put(path, answer)


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words and in SQL."""

    asked: str
    sql: str


def read_questions(name: str) -> tuple[Question, ...]:
    """Return the questions that seeds/demo/questions.toml lists under `name`."""
    return tuple(Question(row["asked"], row["sql"].strip()) for row in tomllib.loads(_read("questions.toml"))[name])


def read_outlets() -> tuple[DemoOutlet, ...]:
    """Return the outlets of seeds/demo."""
    return tuple(_outlet(row) for row in tomllib.loads(_read("site.toml"))["outlet"])


def _outlet(row: Mapping[str, Any]) -> DemoOutlet:
    articles = _FOLDER / f"{row['id']}.toml"
    return DemoOutlet(
        outlet=Outlet(**{key: row[key] for key in ("id", "name", "name_ar", "country", "line")}),
        zone=row["zone"],
        form=row["feed"],
        quirk=row["quirk"],
        paths={key: row[key] for key in ("link", "path")},
        encodings={"page": row["encoding"], "feed": row["feed_encoding"]},
        months=tuple(row["months"]),
        robots=row.get("robots", ""),
        rows=tuple(tomllib.loads(articles.read_text("utf-8"))["article"]) if articles.is_file() else (),
    )


def _article(row: Mapping[str, Any], now: datetime, today: int, at: datetime) -> DemoArticle:
    update = row.get("update")
    said = update if update and now - timedelta(hours=update["hours"]) <= at else row
    weekday = today - row["hours"] // 24
    return DemoArticle(
        id=row["id"],
        title=said["title"],
        text=Template(said["text"]).substitute(day=_DAYS[weekday % 7], eve=_DAYS[(weekday - 1) % 7]),
        published_at=now - timedelta(hours=row["hours"]),
        modified_at=now - timedelta(hours=said["hours"]),
        words={key: row[key] for key in ("section", "author", "caption")} | {"tags": "، ".join(row["tags"])},
        wall=row.get("wall", ""),
    )


def _answers(
    one: DemoOutlet, form: Mapping[str, str], articles: Sequence[DemoArticle], base: str
) -> Iterator[tuple[str, Answer]]:
    feed = _feed(one, form, articles, base).encode(one.encodings["feed"], "xmlcharrefreplace")
    yield FEED_PATH, Answer(feed, form["content_type"], etag=f'"{key_of(feed.decode("latin-1"))}"')
    if one.robots:
        yield "/robots.txt", Answer(one.robots.encode(), "text/plain")
    for article in articles:
        path, link = (_path(one, key, article) for key in ("path", "link"))
        yield path, _page(one, article, articles, base)
        if link.partition("?")[0] != path.partition("?")[0]:
            yield link, Answer(status=302, headers=(("Location", base + path),))


def _path(one: DemoOutlet, key: str, article: DemoArticle) -> str:
    return Template(one.paths[key]).substitute(id=article.id)


def _page(one: DemoOutlet, article: DemoArticle, articles: Sequence[DemoArticle], base: str) -> Answer:
    others = [other for other in articles if other.id != article.id][:_RELATED_COUNT]
    related = "\n".join(f'<li><a href="{_path(one, "path", o)}">{html.escape(o.title)}</a></li>' for o in others)
    paragraphs = "\n".join(f"<p>{html.escape(part)}</p>" for part in article.text.strip().split("\n\n"))
    page = Template(_read(article.wall or f"{one.outlet.id}.html")).substitute(
        _words(one, article, base), paragraphs=paragraphs, related=related
    )
    kind = "text/html; charset=utf-8" if one.encodings["page"] == "utf-8" else "text/html"
    return Answer(page.encode(one.encodings["page"], "xmlcharrefreplace"), kind)


def _feed(one: DemoOutlet, form: Mapping[str, str], articles: Sequence[DemoArticle], base: str) -> str:
    items = "".join(Template(form["item"]).substitute(_words(one, article, base)) for article in articles)
    newest = articles[0].modified_at.isoformat(timespec="seconds") if articles else ""
    return Template(form["document"]).substitute(
        outlet=html.escape(one.outlet.name_ar), base=base, items=items, newest=newest
    )


def _words(one: DemoOutlet, article: DemoArticle, base: str) -> dict[str, str]:
    """Return what page and feed may say of an article, escaped."""
    at, changed = article.published_at, article.modified_at
    link = base + _path(one, "link", article)
    said = {
        "outlet": one.outlet.name_ar,
        "title": article.title,
        "summary": article.summary,
        "id": article.id,
        "url": base + _path(one, "path", article),
        "link": link,
        "published": at.isoformat(timespec="seconds"),
        "modified": changed.isoformat(timespec="seconds"),
        "rfc822": format_datetime(changed),
        "day": f"{at.day} {one.months[at.month - 1]} {at.year}",
        "time": f"{at:%H:%M}",
    }
    return {key: html.escape(value) for key, value in (said | dict(article.words)).items()}


def _read(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")

"""A news world that goes on for days: it publishes, copies, edits, deletes, breaks and floods, by a seed and a clock.

Two warehouses watch it side by side, one of them under kills; in the end both are to hold the same.
"""

from __future__ import annotations

import os
import random
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Self

from tests.newsworld import FOOTBALL, NewsWorld, feed_of, page_of, respelt
from transport.site import Answer
from warehouse.core import Core

STEP = timedelta(hours=2)
FIRST = datetime(2026, 10, 1, tzinfo=UTC)
FEED_LENGTH = 30  #: items a feed shows, as real ones do
NEWS_A_STEP, FLOOD_NEWS = 3, 40
DEADLINE_SECONDS = 300.0

_MINUTE = re.compile(r"\b\d\d:\d\d\b")

Article = tuple[str, ...]

_WHO = ("وزارة الخارجية الروسية", "سيول", "البيت الأبيض", "الكرملين", "طوكيو", "بيونغ يانغ", "كييف", "الأمم المتحدة")
_SAID = ("أدانت", "رحبت ب", "حذرت من", "أشادت ب", "نفت", "أكدت", "انتقدت", "دعمت")  # condemned, welcomed, warned of ...
_WHAT = (
    "إرسال جنود كوريين شماليين إلى روسيا",  # sending soldiers
    "شحنات القذائف من كوريا الشمالية إلى روسيا",  # shipments of shells
    "التعاون العسكري بين موسكو وبيونغ يانغ",  # military cooperation
    "زيارة الوفد الروسي إلى بيونغ يانغ",  # a visit
    "معاهدة الشراكة بين روسيا وكوريا الشمالية",  # the treaty
)
_MORE = (  # what fills a report: figures, places, hours
    "وقال متحدث إن {a} اجتماعا عقد خلال {b} يوما لبحث الملف، وإن النتائج ستعلن في الأسبوع {c}.",
    "وذكرت مصادر في مدينة {p} أن القافلة رقم {a} غادرت الميناء عند الساعة {c} مساء بعد تفتيش استمر {b} دقيقة.",
    "وأظهرت صور الأقمار الصناعية {a} شاحنة قرب مستودع في {p}، بحسب تقرير من {b} صفحة نشره مركز أبحاث.",
    "وأضاف البيان أن {b} خبيرا من {p} سيشاركون في التدريب الذي يستمر {c} أيام ويضم {a} جنديا.",
    "ونقلت الوكالة عن شاهد في {p} قوله إن {a} شخصا وصلوا في {b} حافلة قبل {c} أيام.",
    "ويرى باحث في جامعة {p} أن الخطوة رقم {c} في هذا المسار تأتي بعد {a} يوما من القمة الأخيرة.",
)
_PLACES = ("كورسك", "فلاديفوستوك", "راسون", "بوسان", "خاباروفسك", "وونسان", "نيغاتا", "تشيتا", "سامارا", "غوانغجو")


class SoakWorld(NewsWorld):
    """Two outlets on one site; `advance` lets two hours pass."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.step = 0
        self.bytes_published = 0  #: of pages, each version once
        self._chance = random.Random(seed)
        self._items: dict[str, list[tuple[str, Article]]] = {"river": [], "hill": []}
        self._dated: dict[str, str] = {}  #: path -> its date in the feed
        self._counts: dict[str, int] = {}  #: path -> edits so far

    def __enter__(self) -> Self:
        self.site.__enter__()
        self._show_feeds()
        return self

    @property
    def now(self) -> datetime:
        """The world's time."""
        return FIRST + self.step * STEP

    def advance(self) -> None:
        """Let two hours pass, with all that happens in them."""
        self.step += 1
        for number in range(FLOOD_NEWS if self.step % 20 == 10 else NEWS_A_STEP):
            self._publish("river", f"/r/{self.step}/{number}", self._report())
        self._publish("hill", f"/h/{self.step}", FOOTBALL if self.step % 3 else self._report())
        if self.step % 4 == 0:  # copied from the river, in the other spelling
            path, article = self._items["river"][0]
            self._publish("hill", f"/copy{path}", respelt(article))
        if self.step % 5 == 0:
            self._edit()
        if self.step % 6 == 0:  # announced, and taken away before anybody comes
            path = f"/gone/{self.step}"
            self._publish("river", path, self._report())
            self.site.take_away(path)
        self._show_feeds()
        self._break()

    def _report(self) -> Article:
        pick = self._chance.choice
        who, said, what = pick(_WHO), pick(_SAID), pick(_WHAT)
        rest = (
            more.format(a=pick(range(11, 999)), b=pick(range(11, 99)), c=pick(range(2, 10)), p=pick(_PLACES))
            for more in self._chance.sample(_MORE, 4)
        )
        return (
            f"{who} {said} {what} ({self._chance.randrange(10**6)})",
            f"{said} {who} {what}، وفق بيان صدر اليوم.",
            *rest,
        )

    def _publish(self, feed: str, path: str, article: Article) -> None:
        self._items[feed] = [(path, article), *self._items[feed]][: 2 * FEED_LENGTH]
        self._dated[path] = f"{self.now:%a, %d %b %Y %H:%M:%S} GMT"
        self._put(path, article)

    def _put(self, path: str, article: Article) -> None:
        body = page_of(article).replace(b"2026-11-19T09:30:00+03:00", self.now.isoformat().encode())
        self.bytes_published += len(body)
        self.site.put(path, Answer(body))

    def _edit(self) -> None:
        """Change a report of two hours ago and its title, as outlets do."""
        earlier = (at for at, (path, _) in enumerate(self._items["river"]) if f"/{self.step}" not in path)
        at = next(earlier, 0)
        path, article = self._items["river"][at]
        self._counts[path] = self._counts.get(path, 0) + 1
        changed = (f"{article[0]} - محدث", *article[1:], self._chance.choice(_MORE).format(a=5, b=6, c=7, p=_PLACES[0]))
        self._items["river"][at] = (path, changed)
        self._put(path, changed)

    def _show_feeds(self) -> None:
        for name, items in self._items.items():
            shown = items[: len(items) if self.step % 20 == 10 else FEED_LENGTH]
            feed = feed_of(self.site.url(""), shown)
            for path, _ in shown:
                feed = feed.replace(b"Thu, 19 Nov 2026 06:30:00 GMT", self._dated[path].encode(), 1)
            self.site.put(f"/{name}.xml", Answer(feed, "application/rss+xml", etag=f'"{name}{self.step}"'))

    def _break(self) -> None:
        """Let the hill's feed fail at times, each time in another way; it is well again two hours later."""
        ways = {7: Answer(b"", status=500), 8: Answer(b"<html>consent</html>"), 14: Answer(b"\x00\xff" * 5000)}
        if answer := ways.get(self.step % 15):
            self.site.put("/hill.xml", answer)


#: Who reads of it; a day ends between two steps, so that it holds the same stories where a cycle was late by minutes.
READERS = """
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "marsad@example.org"
[[subscribers]]
address = "all@example.org"
frequency = "daily"
at = 07:00:00
zone = "UTC"
[[subscribers]]
address = "some@example.org"
frequency = "daily"
at = 13:00:00
zone = "UTC"
language = "en"
interest = {{ stances = ["opposed"] }}
"""

#: Forks a cycle, or the sending of what is due, for each instant it hears; a new process each time would spend most of
#: its life importing.
_CYCLES = """
import asyncio, os, sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from flows.alerting import raise_alerts
from flows.configuration import read_corpus, read_feeds, read_place, read_knowledge, read_topic
from flows.cycle import run_cycle
from flows.desk import Desk, Silence, direct, only_cycle
from flows.digesting import send_digests
from warehouse.archive import Archive
from warehouse.core import Core
read = read_place(Path(sys.argv[1]), Path(sys.argv[2]))
topic, feeds, corpus = read_topic(read), read_feeds(read), read_corpus(read)
reading = read_knowledge(topic)
for line in sys.stdin:
    what, at = line.split()
    child = os.fork()
    if child == 0:
        place = replace(read, settings=replace(read.settings, clock=datetime.fromisoformat(at)))
        if what == "send":
            sending = send_digests(place)
            os._exit(min(sending.waiting_count + sending.dead_count + sending.failed_count, 99))
        core, archive = Core(place.data), Archive(place.data / "archive")
        with only_cycle(place):
            core.create_or_migrate()
            core.append_entities(topic.entities, place.now())
            asyncio.run(run_cycle(Desk(place, feeds, topic, reading, corpus, core, archive), direct, Silence()))
        raise_alerts(place)
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Cycles:
    """Cycles of one data folder at instants of the world."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, now: datetime, kill_after: float | None = None) -> int:
        """Run the cycle of `now`, killed after so many seconds where given; return its exit status."""
        return self._do("cycle", now, kill_after)

    def send(self, now: datetime) -> int:
        """Compose and send the digests that are due at `now`; return the exit status, 0 where all went."""
        return self._do("send", now, None)

    def _do(self, what: str, now: datetime, kill_after: float | None) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{what} {now.isoformat()}\n")
        child = int(self._process.stdout.readline())
        seconds = DEADLINE_SECONDS if kill_after is None else kill_after
        if not select.select([self._process.stdout], [], [], seconds)[0]:
            os.kill(child, signal.SIGKILL)
        return int(self._process.stdout.readline())


@contextmanager
def cycles_of(settings: Path, data: Path) -> Iterator[Cycles]:
    """Give cycles in the folder `data`."""
    command = [sys.executable, "-c", _CYCLES, str(settings), str(data)]
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1"}  # its threads would not be there after the fork
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=env
    ) as process:
        try:
            yield Cycles(process)
        finally:
            process.kill()


#: What two warehouses of one world must have in common, however they came by it: all that is judged and told. Not the
#: ledger, runs and instants: a cycle that is killed and made up for is two, minutes later. Nor what is remembered of
#: polls (feed_state, validator, attempt, drops of the stage poll): who was killed asks once more.
_KEPT = {
    "entries": "select url, title from core.entry",
    "articles": "select url, title, body from core.article",
    "mentions": """
        select a.url, m.start_char, m.surface, m.entity_id
        from core.mention as m join core.article as a on a.id = m.article_id""",
    "statements": """
        select a.url, s.speaker, s.target, s.stance, s.evidence
        from core.statement as s join core.article as a on a.id = s.article_id""",
    "copies": """
        select a.url from core.story as s join core.article as a on a.id = s.article_id
        where s.novelty in ('duplicate', 'excerpt')""",
    "revisions": "select a.url, r.body from core.revision as r join core.article as a on a.id = r.article_id",
    "drops": "select url, reason from core.drop where stage <> 'poll'",
    "stories": """
        select list(url order by url)
        from (
            select a.url, arg_max(s.story_id, s.batch) as story_id
            from core.story as s join core.article as a on a.id = s.article_id
            group by all
        )
        group by story_id""",
    "alarms": "select kind, subject, day_on, level, detail from core.alert",
    "mails": "select payload from core.outbox",
    "tellings": "select subscription, since_at, until_at, message_id from core.digest",
    "told": "select subscription, story_id, own_count, list_sort(voices) from core.told",
}


def kept(data: Path) -> dict[str, list[str]]:
    """Return what a warehouse holds, kind by kind, in an order of its own."""
    with Core(data).reading() as connection:
        found = {kind: connection.execute(query).fetchall() for kind, query in _KEPT.items()}
    found["mails"] = [_told_in(payload) for (payload,) in found["mails"]]
    return {kind: sorted(map(repr, rows)) for kind, rows in found.items()}


def _told_in(payload: bytes) -> tuple[str, ...]:
    """Return what a mail says, but for the minute of the first reading, which a kill puts off.

    Its id and date are those of the window of time that it tells of, so they are the same in both.
    """
    mail = message_from_bytes(payload, policy=default)
    bodies = [mail.get_body((kind,)) for kind in ("plain", "html")]
    texts = [_MINUTE.sub("", body.get_content()) for body in bodies if body is not None]
    return (*(str(mail[name]) for name in ("To", "Message-ID", "Date", "Subject")), *texts)


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> dict[str, tuple[int, int, str]]:
    """Return the kinds in which two warehouses differ: how much each holds, and the first row that is not in both."""
    return {
        kind: (len(one[kind]), len(other[kind]), min(set(one[kind]) ^ set(other[kind]), default="a row twice"))
        for kind in one
        if one[kind] != other[kind]
    }

"""Owns a digest as a mail: the same story twice, as text and as right-to-left HTML with its chart."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import time
from functools import lru_cache

import css_inline
from markupsafe import Markup

from marsad.digests import Delivery
from marsad.mailing import Digest
from marsad.settings import Interest
from reports.charts import coverage_png, names_png
from reports.envelope import SUBJECT_LIMIT_CHARS, Picture, addressed, body_of, directed, frozen, message_id_of
from reports.mail_words import alert_said, balance_said, mail_wording_of, names_said
from reports.safe import plain
from reports.templates import coverage_in_words, part_of_page, render_template
from reports.wording import Wording, wording_of

#: Gmail cuts a message at 102 kB of HTML and hides the rest behind a link.
HTML_LIMIT_BYTES = 100_000
_OUTLETS_SHOWN = 3
_ANYBODY = "reader@example.org"


@dataclass(frozen=True, slots=True)
class _Size:
    """How much of everything is told; of the rest, how much that is."""

    full: int  #: stories with their quotes
    brief: int  #: further ones in a line
    quotes: int = 3  #: of a story
    alerts: int = 15
    changes: int = 10
    differences: int = 4  #: of a change
    feeds: int = 20  #: that are ill


#: The first whose HTML fits is taken; the last does whatever the words are, were each sign five bytes of markup.
_SIZES = (
    _Size(40, 60),
    _Size(20, 40),
    _Size(10, 20),
    _Size(10, 20, alerts=10, changes=5, differences=2, feeds=10),
    _Size(5, 5, alerts=5, changes=3, differences=2, feeds=5),
    _Size(1, 3, alerts=3, changes=1, differences=1, feeds=3),
)
#: Some 2 MB; a month after a long silence would be more than mail servers take.
_TEXT_SIZE = _Size(1_000, 0, quotes=30, alerts=500, changes=100, differences=20, feeds=500)


def render_mail(digest: Digest, sender: str) -> Delivery:
    """Return `digest` as a mail from `sender` to its subscriber, frozen."""
    subscriber, wording = digest.subscriber, wording_of(digest.subscriber.language)
    window = (wording.language, digest.topic_name, digest.since.isoformat(), digest.until.isoformat())
    message_id = message_id_of(sender, subscriber.key, *window)
    message = addressed(wording, sender, subscriber.address, message_id, digest.until)
    message["References"] = message_id_of(sender, subscriber.key, digest.topic_name, *_thread(digest))
    message["Content-Language"] = wording.language
    return frozen(message, _subject(digest, wording), _body(_to_anybody(digest), sender))


def render_html(digest: Digest, sender: str = "") -> str:
    """Return the HTML part of `digest` as a page of its own, its charts inside, to be looked at before sending."""
    inside = {one.name: f"data:image/png;base64,{base64.b64encode(one.png).decode()}" for one in _pictures(digest)}
    return _html(digest, sender, inside)


def _to_anybody(digest: Digest) -> Digest:
    """Return the digest without what tells its readers apart and its words do not."""
    reader = digest.subscriber
    return replace(digest, subscriber=replace(reader, address=_ANYBODY, name="", at=time(), interest=Interest()))


@lru_cache(maxsize=64)  # 0.03-0.2 s each; a thousand subscribers ask for few different things
def _body(digest: Digest, sender: str) -> bytes:
    pictures = _pictures(digest)
    html = _html(digest, sender, {picture.name: f"cid:{picture.cid}" for picture in pictures})
    return body_of(_text(digest, sender), html, pictures)


def _pictures(digest: Digest) -> tuple[Picture, ...]:
    counts = tuple(entity.article_count for entity in digest.entities)
    drawn = (
        Picture("coverage", coverage_png(digest.coverage)),
        Picture("names", names_png(counts, wording_of(digest.subscriber.language).direction)),
    )
    return tuple(picture for picture in drawn if picture.png)


def _thread(digest: Digest) -> tuple[object, ...]:
    """Return what makes the thread of a mail: its story where it tells one alone, else the subscription."""
    is_one_story = digest.subscriber.frequency == "immediate" and len(digest.stories) == 1
    return ("story", digest.stories[0].id) if is_one_story else ()


def _subject(digest: Digest, wording: Wording) -> str:
    topic = plain(wording.named(digest.topic_name, digest.topic_name_ar), 60) or wording.brand
    if digest.is_quiet:
        return f"{topic}: {wording.nothing_new}"
    if not digest.stories:
        return plain(f"{topic}: {_other_said(digest, wording)}", SUBJECT_LIMIT_CHARS)
    stories = wording.story.counted(len(digest.stories))
    return plain(wording.lead.format(topic=topic, stories=stories, title=digest.stories[0].title), SUBJECT_LIMIT_CHARS)


def _other_said(digest: Digest, wording: Wording) -> str:
    if digest.alerts:
        return alert_said(digest.alerts[0], wording.language)
    return mail_wording_of(wording.language).changes if digest.changes else _feeds_said(digest, wording)


def _feeds_said(digest: Digest, wording: Wording) -> str:
    return wording.feeds_said.format(fine=sum(feed.is_well for feed in digest.feeds), all=len(digest.feeds))


def _html(digest: Digest, sender: str, pictures: dict[str, str]) -> str:
    charts = {name: Markup(address) for name, address in pictures.items()}  # noqa: S704 - addresses of our own making
    frame = _frame(digest, sender) | {"charts": charts, "css": part_of_page("mail.css")}
    html = ""
    for size in _SIZES:
        html = render_template("mail.html.j2", **frame, size=size)
        html = css_inline.inline(html, load_remote_stylesheets=False)
        if len(html.encode()) <= HTML_LIMIT_BYTES:
            break
    return html


def _text(digest: Digest, sender: str) -> str:
    text = render_template("mail.txt.j2", **_frame(digest, sender), size=_TEXT_SIZE)
    return directed(text, wording_of(digest.subscriber.language))


def _frame(digest: Digest, sender: str) -> dict[str, object]:
    subscriber = digest.subscriber
    wording = wording_of(subscriber.language)
    now, before = (balance_said(balance, wording.language) for balance in digest.balances)
    alerts = sorted(digest.alerts, key=lambda alert: alert.level)  # an alert before a watch
    ill = tuple(feed for feed in digest.feeds if not feed.is_well)
    return {
        "w": wording,
        "zone": subscriber.zone,
        "subject": _subject(digest, wording),
        "topic": wording.named(digest.topic_name, digest.topic_name_ar),
        "span": wording.span_of(digest.since, digest.until, subscriber.zone),
        "stories": digest.stories,
        "outlets_shown": _OUTLETS_SHOWN,
        "named": wording.named,
        "m": mail_wording_of(wording.language),
        "digest": digest,
        "alerts_said": [alert_said(alert, wording.language) for alert in alerts],
        "changes": [(change, differences) for change in digest.changes if (differences := change.differences)],
        "balance_now": now,
        "balance_before": before,
        "names_said": names_said(digest.entities, wording),
        "coverage_said": coverage_in_words(digest.coverage, wording),
        "feeds": digest.feeds,
        "ill_feeds": ill,
        "feeds_said": _feeds_said(digest, wording),
        "stop": wording.stop.format(sender=sender),
    }

"""Owns a digest as a mail: the same story twice, as text and as right-to-left HTML with its chart."""

from __future__ import annotations

import base64
from dataclasses import replace
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
_QUOTES_SHOWN = 3
_ALERTS_SHOWN, _CHANGES_SHOWN, _DIFFERENCES_SHOWN = 15, 10, 4
_ANYBODY = "reader@example.org"
#: (told with quotes, told in a line): the first pair whose HTML fits is taken.
_SIZES = ((40, 60), (20, 40), (10, 20), (5, 5), (2, 0))
_TEXT_STORIES_SHOWN = 1_000  #: some 2 MB; a month after a long silence would be more than mail servers take


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
    for full, brief in _SIZES:
        told = {"full": digest.stories[:full], "brief": digest.stories[full : full + brief]}
        left_count = max(0, len(digest.stories) - full - brief)
        html = render_template("mail.html.j2", **frame, **told, left_count=left_count)
        html = css_inline.inline(html, load_remote_stylesheets=False)
        if len(html.encode()) <= HTML_LIMIT_BYTES:
            break
    return html


def _text(digest: Digest, sender: str) -> str:
    told, left_count = digest.stories[:_TEXT_STORIES_SHOWN], max(0, len(digest.stories) - _TEXT_STORIES_SHOWN)
    text = render_template("mail.txt.j2", **_frame(digest, sender), stories=told, left_count=left_count)
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
        "story_count": len(digest.stories),
        "outlets_shown": _OUTLETS_SHOWN,
        "quotes_shown": _QUOTES_SHOWN,
        "differences_shown": _DIFFERENCES_SHOWN,
        "named": wording.named,
        "m": mail_wording_of(wording.language),
        "digest": digest,
        "alerts_said": [alert_said(alert, wording.language) for alert in alerts],
        "alerts_shown": _ALERTS_SHOWN,
        "changes": [change for change in digest.changes if change.differences][:_CHANGES_SHOWN],
        "balance_now": now,
        "balance_before": before,
        "names_said": names_said(digest.entities, wording),
        "coverage_said": coverage_in_words(digest.coverage, wording),
        "feeds": digest.feeds,
        "ill_feeds": ill,
        "feeds_said": _feeds_said(digest, wording),
        "stop": wording.stop.format(sender=sender),
    }

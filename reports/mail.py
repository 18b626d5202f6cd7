"""Owns a digest as a mail: the same story twice, as text and as right-to-left HTML with its chart.

A mail is a function of its digest and nothing else: no clock, no random boundary. Composed again after a crash it is
the same bytes under the same Message-ID, which is what lets a receiver drop the second copy.
"""

from __future__ import annotations

import base64
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import cast
from urllib.parse import quote as percent_encoded

import css_inline
from markupsafe import Markup

from marsad.digests import Delivery, Digest
from reports.charts import coverage_png
from reports.safe import plain
from reports.templates import coverage_in_words, render_template, style_sheet
from reports.wording import Wording, wording_of

#: Gmail cuts a message at 102 kB of HTML and hides the rest behind a link.
HTML_LIMIT_BYTES = 100_000
#: Subjects are folded into encoded words; readers show 40-70 characters of them.
_SUBJECT_LIMIT_CHARS = 150
_OUTLETS_SHOWN = 3
_QUOTES_SHOWN = 3
#: (told with quotes, told in a line): the first pair whose HTML fits is taken; the text part always tells all.
_SIZES = ((40, 60), (20, 40), (10, 20), (5, 5), (2, 0))
_RLM = "\u200f"
_LINE_END = "\r\n"


def render_mail(digest: Digest, sender: str) -> Delivery:
    """Return `digest` as a mail from `sender` to its subscriber, frozen.

    Both addresses come checked from the settings.
    """
    wording = wording_of(digest.subscriber.language)
    source, target = Address(wording.brand, addr_spec=sender), Address(addr_spec=digest.subscriber.address)
    window = (wording.language, digest.topic_name, digest.since.isoformat(), digest.until.isoformat())
    message_id = _message_id(source, digest.subscriber.address, *window)
    picture = coverage_png(digest.coverage)
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = source, target
    message["Date"] = format_datetime(digest.until)
    message["Message-ID"] = message_id
    message["References"] = _message_id(source, digest.subscriber.address, digest.topic_name)
    message["List-Id"] = f"<digest.marsad.{source.domain}>"
    message["List-Unsubscribe"] = f"<mailto:{percent_encoded(sender, safe='@')}?subject=unsubscribe>"
    message["Auto-Submitted"] = "auto-generated"
    _fill(message, digest, sender, picture)
    message["Content-Language"] = wording.language
    subject = _subject(digest, wording)
    return Delivery(message_id, digest.subscriber.address, subject, _subject_line(subject) + message.as_bytes())


def render_html(digest: Digest, sender: str = "") -> str:
    """Return the HTML part of `digest` as a page of its own, the chart inside it, to be looked at before sending."""
    picture = coverage_png(digest.coverage)
    return _html(digest, sender, f"data:image/png;base64,{base64.b64encode(picture).decode()}" if picture else "")


def _fill(message: EmailMessage, digest: Digest, sender: str, picture: bytes) -> None:
    seed = sha256(message["Message-ID"].encode()).hexdigest()[:24]
    picture_id = f"coverage.{seed}@marsad"
    message.set_content(_text(digest, sender), cte="base64")
    html = _html(digest, sender, f"cid:{picture_id}" if picture else "")
    message.add_alternative(html, subtype="html", cte="base64")
    message.set_boundary(f"=_alternative_{seed}")
    if picture:
        related = cast("EmailMessage", message.get_payload(1))
        related.add_related(picture, "image", "png", cid=f"<{picture_id}>", filename="coverage.png")
        related.set_boundary(f"=_related_{seed}")


def _message_id(source: Address, *what: object) -> str:
    digest = sha256("\n".join(map(str, what)).encode("utf-8", "surrogatepass")).hexdigest()
    return f"<{digest[:40]}@{source.domain}>"


def _subject(digest: Digest, wording: Wording) -> str:
    topic = plain(wording.named(digest.topic_name, digest.topic_name_ar), 60) or wording.brand
    if digest.is_quiet:
        return f"{topic}: {wording.nothing_new}"
    stories = wording.story.counted(len(digest.stories))
    return plain(wording.lead.format(topic=topic, stories=stories, title=digest.stories[0].title), _SUBJECT_LIMIT_CHARS)


def _subject_line(subject: str) -> bytes:
    # EmailMessage loses the space between two encoded words of a long Arabic subject (Python 3.11.7: "وزيراخارجية");
    # the older Header class does not, and a subject made plain holds nothing that could end the line.
    return f"Subject: {Header(subject, 'utf-8', header_name='Subject').encode(linesep=_LINE_END)}{_LINE_END}".encode(
        "ascii"
    )


def _html(digest: Digest, sender: str, chart: str) -> str:
    safe_chart = Markup(chart)  # noqa: S704 - a data or cid address of our own making
    frame = _frame(digest, sender) | {"chart": safe_chart, "css": style_sheet("mail.css")}
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
    text = render_template("mail.txt.j2", **_frame(digest, sender), digest=digest)
    lines = (line.rstrip() for line in text.splitlines())
    if wording_of(digest.subscriber.language).direction == "rtl":
        # Mail clients take a line's direction from its first letter, which may be that of a Latin name.
        lines = (_RLM + line if line else line for line in lines)
    return "\n".join(lines) + "\n"


def _frame(digest: Digest, sender: str) -> dict[str, object]:
    subscriber = digest.subscriber
    wording = wording_of(subscriber.language)
    ill = tuple(feed for feed in digest.feeds if feed.state != "ok")
    return {
        "w": wording,
        "zone": subscriber.zone,
        "subject": _subject(digest, wording),
        "topic": wording.named(digest.topic_name, digest.topic_name_ar),
        "span": wording.span_of(digest.since, digest.until, subscriber.zone),
        "story_count": len(digest.stories),
        "outlets_shown": _OUTLETS_SHOWN,
        "quotes_shown": _QUOTES_SHOWN,
        "named": wording.named,
        "coverage_said": coverage_in_words(digest.coverage, wording),
        "feeds": digest.feeds,
        "ill_feeds": ill,
        "feeds_said": wording.feeds_said.format(fine=len(digest.feeds) - len(ill), all=len(digest.feeds)),
        "stop": wording.stop.format(sender=sender),
    }

"""Owns the mail that goes out at once: a few alarms, each a sentence with its figures, as text and as HTML."""

from __future__ import annotations

import css_inline

from marsad.digests import Delivery
from marsad.mailing import Alarm
from reports.envelope import addressed, body_of, directed, frozen, message_id_of
from reports.mail_words import alert_said, mail_wording_of
from reports.safe import plain
from reports.templates import part_of_page, render_template
from reports.wording import wording_of


def render_alarm(alarm: Alarm, sender: str) -> Delivery:
    """Return `alarm` as a mail from `sender`, frozen; the same alarms make the same Message-ID at any time."""
    alerts, subscriber, at = alarm.alerts, alarm.subscriber, alarm.raised_at
    wording, words = wording_of(subscriber.language), mail_wording_of(subscriber.language)
    message_id = message_id_of(sender, subscriber.key, "alarm", *sorted(alert.key for alert in alerts))
    topic = plain(wording.named(alarm.topic_name, alarm.topic_name_ar), 60)
    said = [alert_said(alert, subscriber.language) for alert in alerts]
    frame = {
        "w": wording,
        "m": words,
        "topic": topic,
        "alerts": list(zip(alerts, said, strict=True)),
        "stop": wording.stop.format(sender=sender),
        "is_last": alarm.left_count == 0,
        "at": wording.instant(at, subscriber.zone),
    }
    message = addressed(wording, sender, subscriber.address, message_id, at)
    message["References"] = message_id_of(sender, subscriber.key, "alarms")
    message["Content-Language"] = wording.language
    text = directed(render_template("alarm.txt.j2", **frame), wording)
    html = render_template("alarm.html.j2", **frame, css=part_of_page("mail.css"))
    html = css_inline.inline(html, load_remote_stylesheets=False)
    return frozen(message, f"{topic or wording.brand}{wording.comma} {words.urgent}: {said[0]}", body_of(text, html))

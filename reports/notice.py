"""Owns the mail to the operator: which mails were refused for good, and what the mail server said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from marsad.digests import Delivery
from reports.envelope import addressed, body_of, directed, frozen, message_id_of
from reports.safe import isolated
from reports.wording import wording_of


def render_notice(dead: Sequence[Delivery], sender: str, operator: str, at: datetime) -> Delivery:
    """Return one mail, in English, about all of `dead`, whose answers say why."""
    wording = wording_of("en")
    message_id = message_id_of(sender, "refused", *(delivery.message_id for delivery in dead))
    message = addressed(wording, sender, operator, message_id, at)
    lines = [f"- {delivery.recipient}: {isolated(delivery.answer)} ({isolated(delivery.subject)})" for delivery in dead]
    text = "\n".join(("These mails were refused for good; see address and mail server:", "", *lines))
    body = body_of(directed(text, wording))
    return frozen(message, f"{wording.brand}: {wording.mail.counted(len(dead))} refused for good", body)

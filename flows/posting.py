"""Owns posting: the mails that are due go out over one connection, and what becomes of each is kept and told."""

from __future__ import annotations

from flows.configuration import Place
from flows.journal import Journal
from flows.passwords import smtp_password
from marsad.deliveries import put_off, refused, taken
from marsad.digests import Delivery
from marsad.errors import BadInput, MailDelayed, MailRefused
from marsad.settings import BARE_ADDRESS
from transport.mail import MailServer
from warehouse.outbox import Outbox

#: Marks one by one took as long as the sending; a sender that is killed sends at most so many a second time.
_MARKED_TOGETHER_COUNT = 20


def post_mails(place: Place, outbox: Outbox, journal: Journal) -> list[Delivery]:
    """Try all mails that are due over one connection; return what became of each."""
    due, tried = _still_wanted(place, outbox, journal), list[Delivery]()
    with MailServer(place.settings.mail, smtp_password(place.settings.mail)) as server:
        for begun in range(0, len(due), _MARKED_TOGETHER_COUNT):
            try:
                for delivery in due[begun : begun + _MARKED_TOGETHER_COUNT]:
                    tried.append(_try(place, server, delivery))
                    _note(journal, tried[-1])
            finally:
                if tried[begun:]:
                    outbox.mark(tried[begun:], place.now())
    return tried


def without_addresses(text: str) -> str:
    """Return what is to stand in a journal of a mail server's words, which often repeat to whom the mail went."""
    return BARE_ADDRESS.sub("(address)", text)


def _still_wanted(place: Place, outbox: Outbox, journal: Journal) -> list[Delivery]:
    """Return the mails to try now; those to somebody who has left since they were composed are never sent."""
    settings = place.settings
    readers = {one.lower() for one in (settings.mail.operator or "", *(one.address for one in settings.subscribers))}
    due = outbox.due(place.now())
    if left := [refused(one, "no subscriber of the settings") for one in due if one.recipient.lower() not in readers]:
        outbox.mark(left, place.now())
        for one in left:
            _note(journal, one)
    return [one for one in due if one.recipient.lower() in readers]


def _try(place: Place, server: MailServer, delivery: Delivery) -> Delivery:
    try:
        return taken(delivery, server.send(delivery.payload, place.settings.mail.sender, delivery.recipient))
    except MailDelayed as error:
        return put_off(delivery, error.reason, place.now())
    except (MailRefused, BadInput) as error:
        return refused(delivery, error.reason)


def _note(journal: Journal, tried: Delivery) -> None:
    noted = journal.bind(
        mail=tried.message_id, attempt_count=tried.attempt_count, answer=without_addresses(tried.answer)
    )
    match tried.state:
        case "sent":
            noted.info("mail sent")
        case "pending":
            noted.warning("mail put off", next_try_at=tried.next_try_at and tried.next_try_at.isoformat())
        case _:
            noted.error("mail refused")

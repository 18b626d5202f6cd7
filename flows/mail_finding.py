"""Owns what doctor says of mail: server, password, rules of subscribers, and why mails are not sent."""

from __future__ import annotations

from flows.configuration import Place, read_feeds, read_topic
from flows.passwords import smtp_password
from flows.storage import core_of
from marsad.deliveries import REVIVED
from marsad.digests import Finding
from marsad.errors import SettingsError
from marsad.interests import listed, unknown_words
from reports.terminal import unsent_said
from warehouse.outbox import Outbox

_REASONS_SHOWN = 3  #: why mails are not sent; the commonest


def find_mail(place: Place) -> Finding:
    """Say whether mails can be sent, and why those that wait or died were not."""
    mail = place.settings.mail
    if not mail.host:
        return Finding("mail", "warn", "no mail server is set", "digests need [mail] host in the settings")
    try:
        smtp_password(mail)
    except SettingsError as error:
        said, _, remedy = error.reason.partition("; ")
        return Finding("mail", "fail", said, remedy)
    core = core_of(place)
    if unsent := Outbox(core).unsent(place.now() - REVIVED) if core.exists() else ():
        remedy = "mend what is named; marsad digest --send --again tries also the refused ones"
        return Finding("mail", "warn", "; ".join(unsent_said(one) for one in unsent[:_REASONS_SHOWN]), remedy)
    unknown = _unknown_rules(place)
    if unknown:
        said = f"rules of subscribers name what is not listed: {', '.join(unknown)}"
        return Finding(
            "mail", "warn", said, "compare the spelling with entities.csv and feeds.toml; nobody is told of it"
        )
    return Finding(
        "mail", "ok", f"{mail.host}:{mail.port}, {mail.security}, {len(place.settings.subscribers)} subscribers"
    )


def _unknown_rules(place: Place) -> tuple[str, ...]:
    """Return the words in the rules of subscribers that name no entity and no outlet of the topic, each once."""
    names, outlets = listed(read_topic(place).entities), tuple(feed.outlet for feed in read_feeds(place))
    found = (unknown_words(one.interest, names, outlets) for one in place.settings.subscribers)
    return tuple(dict.fromkeys(word for words in found for word in words))

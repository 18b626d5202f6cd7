from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest

from marsad.alerts import Alert, AlertKind
from marsad.digests import Delivery
from marsad.mailing import Digest
from reports.alarm import render_alarm
from tests.reports.conftest import ALERTS, UNTIL

SENDER = "marsad@example.org"


def _mail(digest: Digest, *alerts: Alert) -> Delivery:
    return render_alarm(alerts or ALERTS, digest.subscriber, (digest.topic_name, digest.topic_name_ar), SENDER, UNTIL)


def _parts(delivery: Delivery) -> list[str]:
    message = cast("EmailMessage", message_from_bytes(delivery.payload, policy=default))
    return [part.get_content() for part in message.walk() if not part.is_multipart()]


@pytest.mark.parametrize("kind", list(AlertKind), ids=str)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_kind_of_alarm_is_a_whole_sentence_in_both_languages(
    digest: Digest, kind: AlertKind, language: str
) -> None:
    reader = replace(digest.subscriber, language=language)  # type: ignore[arg-type]
    (alert,) = (one for one in ALERTS if one.kind is kind)
    delivery = _mail(replace(digest, subscriber=reader), alert)
    for part in _parts(delivery):
        assert "{" not in part.split("</style>")[-1]
        assert str(alert.count or "") in part


def test_same_alarms_are_the_same_mail_whenever_they_are_sent(digest: Digest) -> None:
    later = render_alarm(ALERTS[::-1], digest.subscriber, ("", ""), SENDER, UNTIL + timedelta(hours=1))
    assert _mail(digest).message_id == later.message_id
    assert _mail(digest).payload == _mail(digest).payload
    assert _mail(digest, ALERTS[0]).message_id != _mail(digest).message_id


def test_hostile_words_forge_no_header_and_run_nothing(digest: Digest, hostile: str) -> None:
    soiled = [replace(one, name=hostile, name_ar=hostile, was=hostile, became=hostile, url=hostile) for one in ALERTS]
    delivery = _mail(replace(digest, topic_name_ar=hostile), *soiled)
    message = message_from_bytes(delivery.payload, policy=default)
    assert "Bcc" not in message
    assert message["To"] == digest.subscriber.address
    assert not message.defects
    html = _parts(delivery)[1]
    assert "<script" not in html
    assert "<img" not in html
    assert max(map(len, delivery.payload.split(b"\r\n"))) <= 998

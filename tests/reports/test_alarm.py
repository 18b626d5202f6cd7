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
from marsad.mailing import Alarm, Digest
from reports.alarm import render_alarm
from tests.reports.conftest import ALERTS, UNTIL

SENDER = "marsad@example.org"


def _mail(digest: Digest, *alerts: Alert) -> Delivery:
    return render_alarm(_alarm(digest, *alerts), SENDER)


def _alarm(digest: Digest, *alerts: Alert) -> Alarm:
    return Alarm(digest.subscriber, UNTIL, alerts or ALERTS, digest.topic_name, digest.topic_name_ar)


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


def test_story_changed_in_its_text_alone_is_not_said_to_bear_another_title(digest: Digest) -> None:
    (changed,) = (one for one in ALERTS if one.kind is AlertKind.CHANGED_STORY)
    for part in _parts(_mail(digest, replace(changed, was="العنوان نفسُه", became="العنوان نفسه"))):  # the same title
        assert ("نص مقال" in part, "صار" in part) == (True, False)


def test_same_alarms_are_the_same_mail_whenever_they_are_sent(digest: Digest) -> None:
    later = render_alarm(replace(_alarm(digest, *ALERTS[::-1]), raised_at=UNTIL + timedelta(hours=1)), SENDER)
    assert _mail(digest).message_id == later.message_id
    assert _mail(digest).payload == _mail(digest).payload
    assert _mail(digest, ALERTS[0]).message_id != _mail(digest).message_id


@pytest.mark.parametrize(("left_count", "is_said"), [(1, False), (0, True)], ids=["more to come", "the last"])
def test_last_mail_that_a_day_allows_says_so(digest: Digest, left_count: int, is_said: object) -> None:
    parts = _parts(render_alarm(replace(_alarm(digest), left_count=left_count), SENDER))
    assert ["آخر رسالة تنبيه" in part for part in parts] == [is_said] * 2  # the last mail of alarms


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

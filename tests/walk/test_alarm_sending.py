"""From stored articles of a day that stands out to the alarm in somebody's box."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import timedelta
from email.policy import default
from pathlib import Path

import pytest

from flows.configuration import Place, packaged_topic
from flows.digesting import send_digests
from marsad.records import Record
from marsad.settings import AlertSettings, MailSettings, Settings, Subscriber
from marsad.sources import Outlet
from tests.walk.test_digest_sending import Box, box
from tests.warehouse.conftest import NOW, article_of, batch_of, record_of, store
from warehouse.core import Core

__all__ = ["box"]
USUAL, MANY = [2, 1, 3] * 10, 14  #: articles a day, and of the day that stands out


def told(number: int, day: int) -> Record:
    record = record_of(article_of(number), at=NOW + timedelta(days=day))
    outlet = f"o{number % 4}"
    return replace(record, draft=replace(record.draft, outlet=Outlet(outlet, outlet)))


@pytest.fixture
def place(box: tuple[Box, int], tmp_path: Path) -> Place:
    """A warehouse whose newest day stands out, and a reader who is told of that alone."""
    core, days = Core(tmp_path), [day for day, count in enumerate([*USUAL, MANY]) for _ in range(count)]
    core.create_or_migrate()
    store(core, batch_of(batch_id="first-day"))
    records = [told(number, day) for number, day in enumerate(days)]
    store(core, batch_of(*records, at=NOW + timedelta(days=len(USUAL))))
    core.publish()
    mail = MailSettings(host="127.0.0.1", port=box[1], security="none")
    reader = Subscriber(address="reader@example.org", parts=("spikes",), language="en")
    clock = NOW + timedelta(days=len(USUAL), hours=1)
    settings = Settings(data=str(tmp_path), clock=clock, mail=mail, subscribers=(reader,))
    return Place(settings, None, tmp_path, packaged_topic())


def test_day_that_stands_out_is_mailed_at_once_and_once(place: Place, box: tuple[Box, int]) -> None:
    loud = replace(place, settings=replace(place.settings, alerts=AlertSettings(mode="mail")))
    assert [send_digests(loud).sent_count for _ in range(2)] == [1, 0]
    (mail,) = box[0].mails
    body = email.message_from_bytes(mail, policy=default).get_body(("plain",))
    assert body is not None
    assert f"{MANY} stories" in body.get_content()


def test_alarms_in_the_shadow_are_rows_and_no_mails(place: Place, box: tuple[Box, int]) -> None:
    assert send_digests(place).sent_count == 0
    assert box[0].mails == []

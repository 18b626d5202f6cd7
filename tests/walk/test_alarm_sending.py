"""From stored articles of a day that stands out to the alarm in somebody's box."""

from __future__ import annotations

import email
import json
from dataclasses import replace
from datetime import time, timedelta
from email.policy import default
from pathlib import Path

import pytest

from flows.configuration import Place, packaged_topic
from flows.digesting import send_digests
from marsad.alerts import Alert, AlertKind, Level
from marsad.records import Record, RunSummary
from marsad.settings import AlertSettings, MailSettings, Settings, Subscriber
from marsad.sources import Outlet
from tests.mailbox import Box, box
from tests.warehouse.conftest import NOW, article_of, batch_of, record_of, store
from warehouse.core import Core
from warehouse.watch import keep_alerts

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
    lines = [json.loads(line) for line in (place.data / "logs" / "digest.jsonl").read_text("utf-8").splitlines()]
    raised = {(line["kind"], line["urgency"], line["subject"]) for line in lines if line["event"] == "alarm raised"}
    assert ("spike", "alert", "topic") in raised
    queued = [(line["mail_count"], line["mode"]) for line in lines if line["event"] == "alarms queued"]
    assert queued == [(1, "mail"), (0, "mail")]


def test_alarms_in_the_shadow_are_rows_and_no_mails(place: Place, box: tuple[Box, int]) -> None:
    assert send_digests(place).sent_count == 0
    assert box[0].mails == []


def test_alarms_over_the_limit_of_a_day_are_told_by_the_next_digest_which_says_so(
    place: Place, box: tuple[Box, int]
) -> None:
    clock, core = place.now(), Core(place.data)
    limited = AlertSettings(mode="mail", daily_limit_count=1)
    reader = replace(place.settings.subscribers[0], at=time(9), frequency="daily")
    settings = replace(place.settings, alerts=limited, subscribers=(reader,))
    raised = [Alert(AlertKind.SPIKE, Level.ALERT, f"e{n}", clock.date(), name=f"Name {n}", count=9) for n in range(3)]
    for number, alert in enumerate(raised):
        keep_alerts(core, [alert], clock - timedelta(minutes=3 - number))
    core.start_run("cycle", clock)
    core.finish_run(RunSummary("cycle", clock), clock)
    core.publish()
    assert send_digests(replace(place, settings=settings)).sent_count == 1
    tomorrow = clock + timedelta(days=1)
    core.start_run("tomorrow", tomorrow)
    core.finish_run(RunSummary("tomorrow", tomorrow), tomorrow)
    core.publish()
    send_digests(replace(place, settings=replace(settings, clock=tomorrow)))
    alarm, *_, digest = (_plain(mail) for mail in box[0].mails)
    assert "Name 0" in alarm
    assert "Name 1" not in alarm
    assert "the last mail of alarms today" in alarm
    assert all(f"Name {n}" in digest for n in range(3))
    assert "told here for the first time: 5." in digest  # two names, the topic, the Kremlin and its stance


def _plain(mail: bytes) -> str:
    body = email.message_from_bytes(mail, policy=default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())

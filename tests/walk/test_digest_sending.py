"""From a stored article to a mail in somebody's box, once."""

from __future__ import annotations

import email
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from flows.configuration import Place, packaged_topic
from flows.digesting import send_digests
from marsad.digests import Delivery
from marsad.errors import WarehouseBusy
from marsad.mailing import Digest
from marsad.records import RunSummary
from marsad.settings import MailSettings, Settings, Subscriber
from reports.mail import render_mail
from tests.newsworld import VISIT, NewsWorld, settings_for
from warehouse.core import Core
from warehouse.outbox import Outbox

MARSAD = Path(sys.executable).with_name("marsad")


class Box:
    """Keeps what arrives; nobody lives here."""

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: object, session: object, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        return "250 taken"


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    """A mail server on loopback and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def place_of(data: Path, port: int) -> Place:
    """Return settings with two weekly readers, who are told of silence too, and an operator."""
    mail = MailSettings(host="127.0.0.1", port=port, security="none", operator="operator@example.org")
    readers = tuple(Subscriber(address=f"{name}@example.org", frequency="weekly") for name in ("first", "second"))
    clock = datetime(2026, 11, 20, 8, tzinfo=UTC)
    settings = Settings(data=str(data), clock=clock, mail=mail, subscribers=readers)
    return Place(settings, None, data, packaged_topic())


def marsad(settings: Path, clock: str, *words: str) -> str:
    """Run a verb on a day of its own."""
    file = settings.with_name("day.toml")
    file.write_text(f"clock = {clock}\n" + settings.read_text("utf-8"), "utf-8")
    done = subprocess.run([MARSAD, *words, "--settings", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_day_before_is_told_once(box: tuple[Box, int], tmp_path: Path) -> None:
    kept, port = box
    mail = f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n[[subscribers]]\naddress = "a@example.org"'
    with NewsWorld() as world:
        settings = settings_for(world, tmp_path, more=mail)
        marsad(settings, "2026-11-19T10:00:00Z", "run")
        assert marsad(settings, "2026-11-19T23:00:00Z", "digest", "--send").startswith("0 sent")
        marsad(settings, "2026-11-20T07:00:00Z", "run")
        assert marsad(settings, "2026-11-20T07:05:00Z", "digest", "--send").startswith("1 sent")
        assert marsad(settings, "2026-11-20T07:10:00Z", "digest", "--send").startswith("0 sent")
    (mail_bytes,) = kept.mails
    message = email.message_from_bytes(mail_bytes, policy=default)
    assert message["To"] == "a@example.org"
    plain = message.get_body(("plain",))
    assert plain is not None
    assert VISIT[0] in plain.get_content()


def test_second_sender_at_the_same_time_sends_nothing(box: tuple[Box, int], tmp_path: Path) -> None:
    core = Core(tmp_path)
    core.create_or_migrate()
    with Outbox(core).only_sender(), pytest.raises(WarehouseBusy, match="mails are being sent"):
        send_digests(place_of(tmp_path, box[1]))
    assert box[0].mails == []


def test_refused_mail_is_told_to_the_operator_once(box: tuple[Box, int], tmp_path: Path) -> None:
    kept, port = box
    core, place = Core(tmp_path), place_of(tmp_path, port)
    core.create_or_migrate()
    core.publish()
    Outbox(core).queue([Delivery("<1@example.org>", "nobody@example.org", "موجز", b"x\r\n")], place.now())  # digest
    assert [send_digests(place).dead_count for _ in range(3)] == [1, 0, 0]
    (notice,) = kept.mails
    message = email.message_from_bytes(notice, policy=default)
    assert message["To"] == "operator@example.org"
    body = message.get_body()
    assert body is not None
    assert "nobody@example.org" in body.get_content()
    assert "550" in body.get_content()


def test_digest_that_meets_a_bug_stops_no_other(
    box: tuple[Box, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    core, place = Core(tmp_path), place_of(tmp_path, box[1])
    core.create_or_migrate()
    core.start_run("run-1", place.now())
    core.finish_run(RunSummary("run-1", place.now()), place.now())
    core.publish()

    def render(digest: Digest, sender: str) -> Delivery:
        if digest.subscriber.address.startswith("first"):
            raise KeyError("bug")
        return render_mail(digest, sender)

    monkeypatch.setattr("flows.digesting.render_mail", render)
    outcome = send_digests(place)
    assert (outcome.sent_count, outcome.failed_count) == (1, 1)
    monkeypatch.undo()
    assert send_digests(place).sent_count == 1  # nothing was lost of the first

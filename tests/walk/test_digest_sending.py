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
from aiosmtpd.handlers import Message

from flows.digesting import window_ends
from marsad.settings import Subscriber
from tests.newsworld import VISIT, NewsWorld, settings_for

MARSAD = Path(sys.executable).with_name("marsad")


class Box(Message):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[bytes] = []

    def handle_message(self, message: email.message.Message) -> None:
        self.mails.append(message.as_bytes())


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
        marsad(settings, "2026-11-20T05:00:00Z", "run")
        assert marsad(settings, "2026-11-20T07:00:00Z", "digest", "--send").startswith("1 sent")
        assert marsad(settings, "2026-11-20T07:05:00Z", "digest", "--send").startswith("0 sent")
    (mail_bytes,) = kept.mails
    message = email.message_from_bytes(mail_bytes, policy=default)
    assert message["To"] == "a@example.org"
    plain = message.get_body(("plain",))
    assert plain is not None
    assert VISIT[0] in plain.get_content()


@pytest.mark.parametrize(
    ("frequency", "zone", "ends"),
    [
        pytest.param("daily", "UTC", ["2026-11-18T00:00+00:00", "2026-11-19T00:00+00:00"], id="days in UTC"),
        pytest.param("daily", "Asia/Riyadh", ["2026-11-18T00:00+03:00", "2026-11-19T00:00+03:00"], id="days in Riyadh"),
        pytest.param("weekly", "UTC", ["2026-11-09T00:00+00:00", "2026-11-16T00:00+00:00"], id="weeks from Monday"),
    ],
)
def test_windows_have_fixed_ends_in_the_subscribers_zone(frequency: str, zone: str, ends: list[str]) -> None:
    subscriber = Subscriber(address="a@example.org", frequency=frequency, zone=zone)  # type: ignore[arg-type]
    told_until = datetime(2026, 11, 19, 7, 0, tzinfo=UTC)
    assert [end.isoformat(timespec="minutes") for end in window_ends(subscriber, told_until)] == ends

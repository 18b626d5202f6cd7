"""Facts about mail servers that do not keep to the rules: each says what its script has for it, or nothing."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from marsad.errors import MailDelayed, MailRefused
from marsad.settings import MailSettings
from tests.transport.test_mail import PAYLOAD, READER, SENDER
from transport.mail import MailServer

#: Answers by the first word of a command; "greeting" and "end" (of a mail) are none. An empty one is silence.
POLITE = {
    "greeting": "220 here",
    "ehlo": "250 me",
    "helo": "250 me",
    "mail": "250 ok",
    "rcpt": "250 ok",
    "data": "354 go on",
    "end": "250 taken",
    "quit": "221 bye",
}


class Gruff(socketserver.ThreadingTCPServer):
    """A mail server that follows a script; where that says `hang up`, it does."""

    daemon_threads = True

    def __init__(self, script: dict[str, str]) -> None:
        self.script, self.call_count = POLITE | script, 0
        self.is_over = threading.Event()
        super().__init__(("127.0.0.1", 0), Call)


class Call(socketserver.StreamRequestHandler):
    """One connection."""

    server: Gruff

    def handle(self) -> None:
        self.server.call_count += 1
        goes_on = self.says("greeting")
        while goes_on and (line := self.rfile.readline()):
            word = line.decode("ascii", "replace").split()[0].lower()
            goes_on = self.says(word)
            if word == "data" and goes_on:
                while (line := self.rfile.readline()) not in (b"", b".\r\n"):
                    pass
                goes_on = self.says("end")

    def says(self, word: str) -> bool:
        answer = self.server.script.get(word, "500 what?")
        if answer == "hang up":
            return False
        if answer:
            self.wfile.write(f"{answer}\r\n".encode())
        else:
            self.server.is_over.wait(60)
        return bool(answer)


@contextmanager
def gruff(**script: str) -> Iterator[tuple[Gruff, MailServer]]:
    with Gruff(script) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            settings = MailSettings(host="127.0.0.1", port=server.server_address[1], security="none")
            with MailServer(settings, None) as door:
                yield server, door
        finally:
            server.is_over.set()
            server.shutdown()


@pytest.mark.parametrize(
    "script",
    [
        {"greeting": "421 too busy"},
        {"greeting": "554 no mail here"},
        {"greeting": "hang up"},
        {"greeting": "HTTP/1.1 400 Bad Request"},
        {"ehlo": "hang up"},
        {"ehlo": "502 no", "helo": "502 no"},
        {"mail": "hang up"},
        {"rcpt": "hang up"},
        {"data": "hang up"},
        {"data": "451 greylisted"},
        {"end": "hang up"},
        {"end": "421 shutting down"},
        {"end": "???"},
    ],
    ids=lambda script: " ".join(f"{word} {said}" for word, said in script.items()),
)
def test_what_is_the_servers_fault_delays_the_mail(script: dict[str, str]) -> None:
    with gruff(**script) as (_, door), pytest.raises(MailDelayed):
        door.send(PAYLOAD, SENDER, READER)


def test_server_of_the_old_days_that_knows_no_ehlo_gets_its_mail() -> None:
    with gruff(ehlo="502 no") as (_, door):
        assert door.send(PAYLOAD, SENDER, READER) == "250 taken"


def test_refusal_of_a_mail_that_was_read_whole_is_for_good() -> None:
    with gruff(end="554 spam") as (_, door), pytest.raises(MailRefused):
        door.send(PAYLOAD, SENDER, READER)


def test_server_that_falls_silent_is_left_alone_after_two_mails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transport.mail.ANSWER_SECONDS", 0.2)
    with gruff(end="") as (server, door):
        for _ in range(5):
            with pytest.raises(MailDelayed):
                door.send(PAYLOAD, SENDER, READER)
        assert server.call_count == 2

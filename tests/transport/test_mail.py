"""Facts about handing over mail, each told to a real mail server on loopback."""

# The mail server calls us by its own names and arguments.
# ruff: noqa: ARG001, ARG002, N802

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from marsad.errors import BadInput, MailDelayed, MailRefused, SettingsError
from marsad.settings import MailSettings
from tests.transport.servers import Certificate
from transport.mail import MailServer

SENDER, READER = "marsad@example.org", "reader@example.org"
PAYLOAD = (
    "From: marsad@example.org\r\nTo: reader@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\nقمة في موسكو\r\n.\r\n..dots\r\n"  # summit in Moscow
).encode()


def send_mail(settings: MailSettings, password: str | None = None, recipient: str = READER) -> str:
    """Hand over the one mail of these tests."""
    with MailServer(settings, password) as server:
        return server.send(PAYLOAD, SENDER, recipient)


class Post:
    """A mail server's rules; `says` maps a command to what it is answered with."""

    def __init__(self, **says: str) -> None:
        self.says = says
        self.kept: list[Envelope] = []
        self.drops_after_data = False
        self.connection_count = 0
        self.patience = 100  #: mails of one connection, after which it is let go

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name, self.connection_count = hostname, self.connection_count + 1
        return responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        self.patience -= 1
        if self.patience < 0:
            self.patience = 100
            server.transport.abort()
        envelope.mail_from = address
        return self.says.get("mail", "250 OK")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self.says.get("rcpt", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.kept.append(envelope)
        if self.drops_after_data:
            server.transport.abort()
        return self.says.get("data", "250 kept as 42")

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return self.says.get("quit", "221 bye")


class Office(Controller):
    """A mail server on a port of the system's choice."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def posting(post: Post, **options: Any) -> Iterator[MailSettings]:
    office = Office(post, hostname="127.0.0.1", port=0, **options)
    office.start()
    try:
        yield MailSettings(host="127.0.0.1", port=office.port, security="none")
    finally:
        office.stop()


def test_the_mail_arrives_byte_for_byte_and_the_answer_comes_back() -> None:
    post = Post()
    with posting(post) as settings:
        assert send_mail(settings) == "250 kept as 42"
    (envelope,) = post.kept
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, [READER])
    assert envelope.content == PAYLOAD


def test_many_mails_go_over_one_connection() -> None:
    post = Post()
    with posting(post) as settings, MailServer(settings, None) as server:
        assert {server.send(PAYLOAD, SENDER, READER) for _ in range(5)} == {"250 kept as 42"}
    assert (len(post.kept), post.connection_count) == (5, 1)


def test_a_connection_the_server_let_go_is_opened_anew() -> None:
    post = Post()
    post.patience = 2
    with posting(post) as settings, MailServer(settings, None) as server:
        assert {server.send(PAYLOAD, SENDER, READER) for _ in range(5)} == {"250 kept as 42"}
    assert (len(post.kept), post.connection_count) == (5, 2)


def test_a_refused_mail_stops_no_other() -> None:
    post = Post(rcpt="550 never")
    with posting(post) as settings, MailServer(settings, None) as server:
        with pytest.raises(MailRefused):
            server.send(PAYLOAD, SENDER, READER)
        post.says = {}
        assert server.send(PAYLOAD, SENDER, READER).startswith("250")


def test_a_server_that_cannot_be_reached_is_asked_once(trusted: Certificate) -> None:
    tried: list[str] = []

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        tried.append(data.password)
        return AuthResult(success=False, handled=False)

    with posting(Post(), tls_context=context_of(trusted), require_starttls=True, authenticator=check) as plain:
        server = MailServer(MailSettings(host=plain.host, port=plain.port, user="marsad"), "guessed")
        for _ in range(3):
            with pytest.raises(MailDelayed, match="login"):
                server.send(PAYLOAD, SENDER, READER)
    assert len(set(tried)) == 1
    assert len(tried) <= 2  # PLAIN and LOGIN


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("421 closing", MailDelayed),
        ("451 later", MailDelayed),
        ("530 log in first", MailDelayed),  # what our settings lack kills no mail
        ("550 never", MailRefused),
    ],
)
def test_a_refusal_at_any_step_says_whether_to_try_again(step: str, answer: str, kind: type[Exception]) -> None:
    if step == "mail":  # who sends is the same for all mails
        kind = MailDelayed
    with posting(Post(**{step: answer})) as settings, pytest.raises(kind, match=answer):
        send_mail(settings)


def test_a_quarrel_after_the_mail_was_taken_does_not_send_it_twice() -> None:
    with posting(Post(quit="421 go away")) as settings:
        assert send_mail(settings).startswith("250")


def test_a_connection_lost_before_the_answer_delays_the_mail() -> None:
    post = Post()
    post.drops_after_data = True
    with posting(post) as settings, pytest.raises(MailDelayed):
        send_mail(settings)


def test_nobody_listening_delays_the_mail() -> None:
    with posting(Post()) as settings:
        pass
    with pytest.raises(MailDelayed):
        send_mail(settings)


@pytest.mark.parametrize(
    "address", ["a@example.org\r\nRCPT TO:<b@example.org>", "قارئ@example.org", "a\x00\n@example.org"]
)
def test_an_address_that_would_say_more_than_itself_is_not_said(address: str) -> None:
    post = Post()
    with posting(post) as settings, pytest.raises(BadInput):
        send_mail(settings, recipient=address)
    assert post.kept == []


@pytest.mark.parametrize("host", ["mail.example.org", "198.51.100.7"])
def test_mail_in_the_clear_stays_on_this_machine(host: str) -> None:
    with pytest.raises(SettingsError):
        send_mail(MailSettings(host=host, security="none"))


def test_without_a_server_the_settings_are_named() -> None:
    with pytest.raises(SettingsError):
        send_mail(MailSettings())


def test_a_server_without_encryption_gets_no_mail() -> None:
    post = Post()
    with posting(post) as plain, pytest.raises(MailDelayed):
        send_mail(MailSettings(host=plain.host, port=plain.port))
    assert post.kept == []


def context_of(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.cert, certificate.key)
    return context


def login(password: str) -> Callable[..., AuthResult]:
    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == password.encode(), handled=False)

    return check


@pytest.fixture
def trusted(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.cert))
    return certificate


def test_a_server_with_a_certificate_we_trust_gets_login_and_mail(trusted: Certificate) -> None:
    post = Post()
    options = {"tls_context": context_of(trusted), "require_starttls": True, "authenticator": login("kept secret")}
    with posting(post, **options) as plain:
        settings = MailSettings(host=plain.host, port=plain.port, user="marsad")
        assert send_mail(settings, "kept secret").startswith("250")
    assert post.kept[0].content == PAYLOAD


def test_a_wrong_password_delays_the_mail_and_is_not_repeated_to_anyone(trusted: Certificate) -> None:
    options = {"tls_context": context_of(trusted), "require_starttls": True, "authenticator": login("kept secret")}
    with posting(Post(), **options) as plain:
        settings = MailSettings(host=plain.host, port=plain.port, user="marsad")
        with pytest.raises(MailDelayed, match="login") as caught:
            send_mail(settings, "guessed")
    assert "guessed" not in str(caught.value)


def test_a_password_that_no_server_understands_is_a_wrong_setting(trusted: Certificate) -> None:
    options = {"tls_context": context_of(trusted), "require_starttls": True, "authenticator": login("kept secret")}
    with posting(Post(), **options) as plain:
        settings = MailSettings(host=plain.host, port=plain.port, user="marsad")
        with pytest.raises(SettingsError):
            send_mail(settings, "كلمة سر")  # password


def test_a_certificate_nobody_vouches_for_gets_no_mail(certificate: Certificate) -> None:
    post = Post()
    with posting(post, tls_context=context_of(certificate)) as plain, pytest.raises(MailDelayed, match="certificate"):
        send_mail(MailSettings(host=plain.host, port=plain.port))
    assert post.kept == []

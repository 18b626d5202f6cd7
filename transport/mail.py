"""Owns handing mails to the mail server: encrypted, and with an answer that says whether to try again.

A mail is bytes that were frozen in the outbox; nothing is added, so that a second attempt is the same mail.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from types import TracebackType
from typing import Self

from marsad.errors import BadInput, MailDelayed, MailRefused, SettingsError
from marsad.settings import BARE_ADDRESS, MailSettings

TIMEOUT_SECONDS = 30.0  #: for each step of the conversation but the last
ANSWER_SECONDS = 600.0  #: for the answer to a mail (RFC 5321, 4.5.3.2.6): who gives up sooner sends it twice
HANGS_LIMIT_COUNT = 2  #: mails in a row left without an answer, after which the others wait
_OK = 250
_FORWARDED = 251
_PERMANENT = 500
_LOGIN_WANTED = frozenset({530, 534, 535, 538})  #: RFC 4954, 6: what is at fault are our settings, not the mail


@dataclass(slots=True)
class MailServer:
    """The mail server, spoken to over one connection: opened with the first mail, kept for the next, left at the end.

    Where no connection comes about, or mails in a row are left without an answer, nobody knocks again: all further
    mails are delayed for the same reason.
    """

    settings: MailSettings
    password: str | None  #: for `settings.user`; None to send without a login
    _smtp: smtplib.SMTP | None = None
    _unreachable: str = ""  #: why no connection is tried
    _hung_count: int = 0  #: mails in a row

    def __enter__(self) -> Self:
        """Return the server; nothing is opened yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Take leave of the server."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._drop()

    def send(self, payload: bytes, sender: str, recipient: str) -> str:
        """Hand over one mail and return the server's answer to it.

        Args:
            payload: the mail as it goes over the wire (CRLF).
            sender: bare address of the envelope.
            recipient: bare address of the envelope.

        Raises:
            MailDelayed: 4xx, no connection, no encryption to be had, no login, the sender turned away: the mail is not
                at fault.
            MailRefused: 5xx.
            BadInput: an address that is none.
            SettingsError: no server named, a login that is not ASCII, or mail in the clear beyond loopback.
        """
        for address in (sender, recipient):
            if not BARE_ADDRESS.fullmatch(address):
                raise BadInput(address, "not a mail address in ASCII")
        with self._conversation(recipient):
            smtp = self._begun(sender, recipient)
            _expect(recipient, smtp.rcpt(recipient))
            answer = _expect(recipient, _handed_over(smtp, payload))
            self._hung_count = 0
            return answer

    @contextmanager
    def _conversation(self, recipient: str) -> Iterator[None]:
        """Let what goes wrong leave as an error of ours, and the connection be closed."""
        with ExitStack() as undo:
            undo.callback(self._drop)
            try:
                yield
            except smtplib.SMTPResponseException as error:
                raise _refusal(recipient, error.smtp_code, error.smtp_error) from error
            except (smtplib.SMTPException, OSError) as error:
                self._note_hang(error)
                raise MailDelayed(recipient, _said(self.settings, error)) from error
            undo.pop_all()

    def _note_hang(self, error: smtplib.SMTPException | OSError) -> None:
        # smtplib says "disconnected" of a server that was silent for too long.
        if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
            self._hung_count += 1
        if self._hung_count >= HANGS_LIMIT_COUNT:
            self._unreachable = _said(self.settings, error)

    def _begun(self, sender: str, recipient: str) -> smtplib.SMTP:
        """Return a connection on which a mail from `sender` has begun; one the server has let go is opened anew."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._smtp.mail(sender)[0] == _OK:
                    return self._smtp
            self._drop()
        self._smtp = self._opened(recipient)
        self._expect_welcome(sender, recipient, self._smtp.mail(sender))
        return self._smtp

    def _expect_welcome(self, sender: str, recipient: str, answer: tuple[int, bytes]) -> None:
        """Delay the mail where its sender is turned away: that is the settings' fault, and the same for all mails."""
        code, text = answer
        if code == _OK:
            return
        reason = _refusal(recipient, code, text).reason
        if code >= _PERMANENT:
            self._unreachable = reason = f"see mail.sender ({sender}) and mail.user: {reason}"
        raise MailDelayed(recipient, reason)

    def _opened(self, recipient: str) -> smtplib.SMTP:
        if not self._unreachable:
            try:
                return _opened(self.settings, self.password)
            except smtplib.SMTPAuthenticationError as error:
                self._unreachable = f"login failed; see mail.user and the password ({error.smtp_code})"
            except (smtplib.SMTPException, OSError) as error:
                self._unreachable = _said(self.settings, error)
        raise MailDelayed(recipient, self._unreachable)

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _said(settings: MailSettings, error: smtplib.SMTPException | OSError) -> str:
    return f"mail server {settings.host}: {str(error) or type(error).__name__}"


def _opened(settings: MailSettings, password: str | None) -> smtplib.SMTP:
    smtp = _connected(settings)
    with ExitStack() as undo:
        undo.callback(smtp.close)
        try:
            _greet(smtp, settings, password)
        except UnicodeError as error:
            raise SettingsError("mail.user", "name or password is not ASCII") from error
        undo.pop_all()
    return smtp


def _connected(settings: MailSettings) -> smtplib.SMTP:
    if not settings.host:
        raise SettingsError("mail.host", "no mail server is named")
    if settings.security == "none" and not _is_loopback(settings.host):
        raise SettingsError("mail.security", "mail without encryption is for a server on this machine only")
    if settings.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT_SECONDS, context=context)
    return smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_SECONDS)


def _greet(smtp: smtplib.SMTP, settings: MailSettings, password: str | None) -> None:
    smtp.ehlo_or_helo_if_needed()
    if settings.security == "starttls":
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo_or_helo_if_needed()
    if settings.user and password is not None:
        smtp.login(settings.user, password)


def _handed_over(smtp: smtplib.SMTP, payload: bytes) -> tuple[int, bytes]:
    if smtp.sock is not None:
        smtp.sock.settimeout(ANSWER_SECONDS)
    answer = smtp.data(payload)
    if smtp.sock is not None:
        smtp.sock.settimeout(TIMEOUT_SECONDS)
    return answer


def _expect(recipient: str, answer: tuple[int, bytes]) -> str:
    code, text = answer
    if code not in (_OK, _FORWARDED):
        raise _refusal(recipient, code, text)
    return f"{code} {text.decode('utf-8', 'replace')}"


def _refusal(recipient: str, code: int, text: bytes | str) -> MailDelayed | MailRefused:
    words = text if isinstance(text, str) else text.decode("utf-8", "replace")
    kind = MailRefused if code >= _PERMANENT and code not in _LOGIN_WANTED else MailDelayed
    return kind(recipient, f"mail server said {code} {' '.join(words.split())[:200]}")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

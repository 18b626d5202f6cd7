"""Owns handing one mail to the mail server: encrypted, and with an answer that says whether to try again.

The mail is bytes that were frozen in the outbox; nothing is added, so that a second attempt is the same mail.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address

from marsad.errors import BadInput, MailDelayed, MailRefused, SettingsError
from marsad.settings import MailSettings

TIMEOUT_SECONDS = 30.0  #: for each step of the conversation
_OK = 250
_FORWARDED = 251
_PERMANENT = 500
#: smtplib takes the first address it can make out of anything, even of one with a command behind a line break.
_BARE_ADDRESS = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+")


def send_mail(payload: bytes, sender: str, recipient: str, settings: MailSettings, password: str | None) -> str:
    """Hand over one mail and return the server's answer to it.

    Once the server has answered the mail, nothing that follows is an error: raising would send it twice. A login that
    fails delays the mail, for the mail is not at fault.

    Args:
        payload: the mail as it goes over the wire (CRLF).
        sender: bare address of the envelope.
        recipient: bare address of the envelope.
        settings: where and how.
        password: for `settings.user`; None to send without a login.

    Raises:
        MailDelayed: 4xx, no connection, no encryption to be had, or a failed login.
        MailRefused: 5xx.
        BadInput: an address that is none.
        SettingsError: no server named, a login that is not ASCII, or mail in the clear beyond loopback.
    """
    for address in (sender, recipient):
        if not _BARE_ADDRESS.fullmatch(address):
            raise BadInput(address, "not a mail address in ASCII")
    with _conversation(recipient, settings) as smtp:
        _open(smtp, settings, password)
        _expect(recipient, smtp.mail(sender))
        _expect(recipient, smtp.rcpt(recipient))
        answer = _expect(recipient, smtp.data(payload))
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
    return answer


@contextmanager
def _conversation(recipient: str, settings: MailSettings) -> Iterator[smtplib.SMTP]:
    """Yield a connection; what goes wrong in the body leaves as an error of ours, and the connection is closed."""
    smtp = None
    try:
        smtp = _connected(settings)
        yield smtp
    except smtplib.SMTPAuthenticationError as error:
        raise MailDelayed(recipient, f"login failed; see mail.user and the password ({error.smtp_code})") from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(recipient, error.smtp_code, error.smtp_error) from error
    except UnicodeError as error:
        raise SettingsError("mail.user", "name or password is not ASCII") from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailDelayed(recipient, f"mail server {settings.host}: {str(error) or type(error).__name__}") from error
    finally:
        if smtp is not None:
            smtp.close()


def _connected(settings: MailSettings) -> smtplib.SMTP:
    if not settings.host:
        raise SettingsError("mail.host", "no mail server is named")
    if settings.security == "none" and not _is_loopback(settings.host):
        raise SettingsError("mail.security", "mail without encryption is for a server on this machine only")
    if settings.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT_SECONDS, context=context)
    return smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_SECONDS)


def _open(smtp: smtplib.SMTP, settings: MailSettings, password: str | None) -> None:
    smtp.ehlo()
    if settings.security == "starttls":
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo()
    if settings.user and password is not None:
        smtp.login(settings.user, password)


def _expect(recipient: str, answer: tuple[int, bytes]) -> str:
    code, text = answer
    if code not in (_OK, _FORWARDED):
        raise _refusal(recipient, code, text)
    return f"{code} {text.decode('utf-8', 'replace')}"


def _refusal(recipient: str, code: int, text: bytes | str) -> MailDelayed | MailRefused:
    words = text if isinstance(text, str) else text.decode("utf-8", "replace")
    kind = MailRefused if code >= _PERMANENT else MailDelayed
    return kind(recipient, f"mail server said {code} {' '.join(words.split())[:200]}")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""Owns what is around a mail: headers that say who sent it, why, and how to stop it, and the freezing of its bytes.

A mail is a function of what it tells and nothing else: no clock, no random boundary. Composed again after a crash it
is the same bytes under the same Message-ID, which is what lets a receiver drop the second copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import cast
from urllib.parse import quote as percent_encoded

from marsad.digests import Delivery
from reports.safe import plain
from reports.wording import Wording

#: Subjects are folded into encoded words; readers show 40-70 characters of them.
SUBJECT_LIMIT_CHARS = 150
_LINE_END = "\r\n"
_RLM = "\u200f"


def message_id_of(sender: str, *what: object) -> str:
    """Return the Message-ID that `sender`'s domain gives to a mail about `what`, always the same."""
    digest = sha256("\n".join(map(str, what)).encode("utf-8", "surrogatepass")).hexdigest()
    return f"<{digest[:40]}@{Address(addr_spec=sender).domain}>"


def addressed(wording: Wording, sender: str, recipient: str, message_id: str, at: datetime) -> EmailMessage:
    """Return an empty mail with its headers; both addresses come checked from the settings.

    Args:
        wording: whose language and name the mail bears.
        sender: bare address.
        recipient: bare address.
        message_id: see `message_id_of`.
        at: what the mail gives as its date.
    """
    source = Address(wording.brand, addr_spec=sender)
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = source, Address(addr_spec=recipient)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["List-Id"] = f"<digest.marsad.{source.domain}>"
    message["List-Unsubscribe"] = f"<mailto:{percent_encoded(sender, safe='@')}?subject=unsubscribe>"
    message["Auto-Submitted"] = "auto-generated"
    return message


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a mail; its Content-ID is made of it, so that the same picture is the same mail."""

    name: str
    png: bytes

    @property
    def cid(self) -> str:
        """The Content-ID, without brackets."""
        return f"{self.name}.{sha256(self.png).hexdigest()[:24]}@marsad"


def body_of(text: str, html: str = "", pictures: tuple[Picture, ...] = ()) -> bytes:
    """Return what a mail says as the bytes that go over the wire; a thousand readers of the same words share them."""
    part, seed = EmailMessage(policy=SMTP), sha256(f"{text}\n{html}".encode()).hexdigest()[:24]
    part.set_content(text, cte="base64")
    if html:
        part.add_alternative(html, subtype="html", cte="base64")
        part.set_boundary(f"=_alternative_{seed}")
        related = cast("EmailMessage", part.get_payload(1))
        for picture in pictures:
            related.add_related(picture.png, "image", "png", cid=f"<{picture.cid}>", filename=f"{picture.name}.png")
            related.set_boundary(f"=_related_{seed}")
    return part.as_bytes()


def frozen(message: EmailMessage, subject: str, body: bytes) -> Delivery:
    """Return the mail under `subject` as the bytes that go over the wire.

    Args:
        message: the headers, see `addressed`.
        subject: as it comes.
        body: see `body_of`; it begins with the headers that tell what it is made of.
    """
    subject = plain(subject, SUBJECT_LIMIT_CHARS)
    recipient = message["To"].addresses[0].addr_spec
    headers = message.as_bytes().removesuffix(_LINE_END.encode())
    return Delivery(message["Message-ID"], recipient, subject, _subject_line(subject) + headers + body)


def directed(text: str, wording: Wording) -> str:
    """Return the text part of a mail, each line in the direction of its language.

    Mail clients take a line's direction from its first letter, which may be that of a Latin name.
    """
    lines = (line.rstrip() for line in text.splitlines())
    if wording.direction == "rtl":
        lines = (_RLM + line if line else line for line in lines)
    return "\n".join(lines) + "\n"


def _subject_line(subject: str) -> bytes:
    # EmailMessage loses the space between two encoded words of a long Arabic subject (Python 3.11.7: "وزيراخارجية");
    # the older Header class does not, and a subject made plain holds nothing that could end the line.
    return f"Subject: {Header(subject, 'utf-8', header_name='Subject').encode(linesep=_LINE_END)}{_LINE_END}".encode(
        "ascii"
    )

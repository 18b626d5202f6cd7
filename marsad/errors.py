"""Owns the error tree; every leaf says whether to try again.

    MarsadError
    ├── Transient            try again later; state stays as it was
    │   ├── FetchError         no usable answer came (time-out, refused, 5xx, truncated)
    │   ├── SlowDown           the host asks for patience (429, 503); carries retry_at
    │   │   └── Held             it asked before, so that nothing was sent
    │   ├── MailDelayed        the mail server said 4xx, or the connection broke
    │   ├── WarehouseBusy      another process holds the writer's lock
    │   └── EngineDown         a program that runs schedules did not come up
    └── Permanent            this input will not get better: a row in drops, or exit with a sentence
        ├── AddressRefused     scheme, port or address outside what may be fetched
        ├── Disallowed         the host's robots.txt closes it to us
        ├── EndlessRedirect    redirects in a circle, or more of them than are followed
        ├── TooLarge           over a byte or item limit
        ├── Gone               404, 410, 401, 403 on what was asked for
        ├── NotAFeed           something answered, but no feed
        ├── Parked             a domain dealer answers in the site's place
        ├── NotAnArticle       something answered, but no article text
        │   └── NoText           a page that may be the article's, and holds no text
        ├── Blocked            consent, login or challenge page in the article's place
        ├── BadInput           a line, file or argument of the user that cannot be read
        ├── SettingsError      settings or topic folder are wrong
        ├── MailRefused        the mail server said 5xx
        └── WarehouseUnusable  damaged, read-only, full, or from a newer version

The door to a third-party library turns what that library raises on one input into a `Permanent` with the
original as cause. Anything outside this tree is a bug and ends the run.
"""

from __future__ import annotations

from datetime import datetime


class MarsadError(Exception):
    """An error we expect: `subject` (a url, path or name) and `reason` (lower case, no full stop)."""

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(subject, reason)
        self.subject = subject
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"


class Transient(MarsadError):
    """May succeed later; nothing stored is to change because of it."""


class Permanent(MarsadError):
    """Will not succeed with this input; it is kept as a drop, with its reason."""


class FetchError(Transient):
    """No usable answer came from the network."""


class SlowDown(Transient):
    """The host asks for patience until `retry_at` (UTC), None where it did not say."""

    def __init__(self, subject: str, reason: str, retry_at: datetime | None = None) -> None:
        super().__init__(subject, reason)
        self.args = (subject, reason, retry_at)
        self.retry_at = retry_at


class Held(SlowDown):
    """Nothing was sent, because the host is left alone until `retry_at`; nothing is known of what was asked for."""


class MailDelayed(Transient):
    """The mail server asked to try later, or the connection broke."""


class WarehouseBusy(Transient):
    """Another process is writing."""


class EngineDown(Transient):
    """The server or worker that runs schedules did not come up."""


class AddressRefused(Permanent):
    """The URL's scheme, port or address is outside what may be fetched."""


class Disallowed(Permanent):
    """The host's robots.txt closes this to us."""


class EndlessRedirect(Permanent):
    """Redirects lead in a circle, or go on beyond the limit."""


class TooLarge(Permanent):
    """A limit on bytes or items was passed."""


class Gone(Permanent):
    """The server answers that this is not to be had (401, 403, 404, 410); `status` is its code, 0 where unknown."""

    def __init__(self, subject: str, reason: str, status: int = 0) -> None:
        super().__init__(subject, reason)
        self.args = (subject, reason, status)
        self.status = status


class NotAFeed(Permanent):
    """An answer came, and it is no feed."""


class Parked(Permanent):
    """A domain dealer's page, or a host's "account suspended", stands in the site's place."""


class NotAnArticle(Permanent):
    """An answer came, and it holds no article text."""


class NoText(NotAnArticle):
    """A page came that may be the article's, and it holds no text: scripts, a picture, a player."""


class Blocked(Permanent):
    """A consent, login or challenge page stands where the article should be."""


class BadInput(Permanent):
    """Something the user handed over cannot be read."""


class SettingsError(Permanent):
    """Settings or topic folder are wrong."""


class MailRefused(Permanent):
    """The mail server refused for good."""


class WarehouseUnusable(Permanent):
    """The warehouse is damaged, cannot be written, or comes from a newer version."""

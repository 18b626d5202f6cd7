"""Owns settings as values: every knob with its unit and a default that works.

Reading files and the environment is done on floor 3; here a settings text becomes a value or a named error.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import field, fields
from datetime import datetime, time
from difflib import get_close_matches
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from marsad.articles import Stance
from marsad.errors import SettingsError
from marsad.zones import zone_named

#: Letters that need no quotes (RFC 5322, 3.2.3): smtplib takes the first address it can make out of anything else.
BARE_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_STRICT = ConfigDict(extra="forbid")
_CLOCK_YEARS = range(1970, 3000)  #: with room on both sides for the spans that are reckoned from a clock
#: Whatever is added to a clock, handed to the system as a limit, or multiplied, stays within what those can hold.
_LONGEST_SECONDS = 30 * 86_400
_LONGEST_DAYS = 3650
_FEW, _MOST = 1_000, 1_000_000


def _local_time(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("write the time of the subscriber's own day, like 07:00:00, and his zone under zone")
    return at


def _clock(at: datetime | None) -> datetime | None:
    if at is not None and at.year not in _CLOCK_YEARS:
        raise ValueError(f"the year {at.year} is none of news; write one from 1970 to 2999")
    return at


def _address(text: str) -> str:
    # SMTPUTF8 is not offered everywhere; an address that only some servers take loses mail.
    if not BARE_ADDRESS.fullmatch(text):
        raise ValueError(f"{text!a} is no mail address; write it in ASCII, like name@example.org")
    try:
        parsed = Address(addr_spec=text)
    except (ValueError, IndexError, HeaderParseError) as error:
        raise ValueError(f"{text!a} is no mail address") from error
    if parsed.addr_spec != text:  # what is read otherwise than it is written would be sent elsewhere
        raise ValueError(f"{text!a} is no mail address")
    return text


def _line(text: str) -> str:
    if _CONTROLS.search(text):  # it stands in a header of each request
        raise ValueError(f"{text!a} holds a line break or another control character; write it on one line")
    return text


def _catalog(text: str) -> str:
    if text and not text.startswith("postgres:"):
        raise ValueError(
            "write postgres: and how to reach the database, like postgres:host=db.example.org dbname=marsad"
        )
    if "password" in text.lower():
        raise ValueError("leave the password to $PGPASSWORD or ~/.pgpass")
    return text


def _whole_path(text: str) -> str:
    if text and not text.startswith(("/", "s3://")):
        raise ValueError("write the whole path, which is the same for all workers, or s3://BUCKET/PREFIX")
    return text


Catalog = Annotated[str, AfterValidator(_catalog)]  #: postgres: and libpq's key=value pairs, without a password
WholePath = Annotated[str, AfterValidator(_whole_path)]
Line = Annotated[str, AfterValidator(_line)]  #: without control characters
Clock = Annotated[AwareDatetime | None, AfterValidator(_clock)]
LocalTime = Annotated[time, AfterValidator(_local_time)]  #: without a zone
Zone = Annotated[str, AfterValidator(zone_named)]  #: IANA name
MailAddress = Annotated[str, AfterValidator(_address)]  #: ASCII, e.g. reader@example.org
Seconds = Annotated[float, Field(gt=0, le=_LONGEST_SECONDS)]
Gap = Annotated[float, Field(ge=0, le=_LONGEST_SECONDS)]  #: seconds, 0 for none
Bytes = Annotated[int, Field(gt=0, le=1 << 40)]
Count = Annotated[int, Field(gt=0, le=_MOST)]
FewOrNone = Annotated[int, Field(ge=0, le=_FEW)]
Workers = Annotated[int, Field(gt=0, le=_FEW)]
Port = Annotated[int, Field(ge=1, le=65535)]
HistoryDays = Annotated[int, Field(gt=0, le=_LONGEST_DAYS)]
KeptDays = Annotated[int, Field(ge=0, le=_LONGEST_DAYS)]  #: 0 for all
Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True, config=_STRICT)
class FetchSettings:
    """How the web is read; limits from Miniflux's and our own measurements of hostile answers."""

    contact: Line = "https://example.org/marsad"  #: in the User-Agent: whom a webmaster may ask
    allow_addresses: tuple[str, ...] = ()  #: "address:port" to be reached although not public
    connection_count: Count = 50  #: at once, over all hosts; as many again that keep us waiting
    host_gap_seconds: Gap = 2.0  #: between two requests to one host
    poll_gap_seconds: Gap = 3600.0  #: between two polls of one feed
    feed_deadline_seconds: Seconds = 20.0  #: whole exchange, redirects included
    page_deadline_seconds: Seconds = 30.0  #: the same, for an article's page
    feed_limit_bytes: Bytes = 10_000_000  #: decoded
    page_limit_bytes: Bytes = 8_000_000  #: decoded
    redirect_limit_count: FewOrNone = 5  #: followed in a row
    entry_limit_count: Count = 1000  #: per feed, the newest are kept
    cycle_budget_seconds: Seconds = 1200.0  #: what does not fit waits for the next cycle
    audit_share: Share = 0.02  #: of off-topic entries, fetched to measure what the filter misses


@dataclass(frozen=True, slots=True, config=_STRICT)
class ExtractSettings:
    """Limits of one extraction, which runs in a process that can be killed."""

    worker_count: FewOrNone = 0  #: 0 = as many as cores
    wall_seconds: Seconds = 20.0  #: of one page, after which its process is killed
    cpu_seconds: Annotated[int, Field(gt=0, le=_LONGEST_SECONDS)] = 15  #: the same, by processor time
    memory_bytes: Bytes = 1 << 30  #: of one process


@dataclass(frozen=True, slots=True, config=_STRICT)
class ArchiveSettings:
    """How long pages are kept as they came."""

    keep_days: KeptDays = 0  #: the upkeep deletes older days; 0 keeps all of them


@dataclass(frozen=True, slots=True, config=_STRICT)
class OperationSettings:
    """What `marsad up` keeps of its own doings; of news it deletes nothing."""

    history_days: HistoryDays = 7  #: of runs, logs and events in Prefect's database; 70 feeds make 40 MB a day
    metrics_file: str = ""  #: for Prometheus' node_exporter, after each cycle; relative to the data folder; empty: none


@dataclass(frozen=True, slots=True, config=_STRICT)
class MailSettings:
    """The mail server; the password comes from $MARSAD_SMTP_PASSWORD, else from a Secret block of Prefect."""

    host: str = ""  #: of the mail server; empty: no mail is sent
    port: Port = 587  #: 465 with security = "tls"
    user: str = ""  #: to log in as; empty: no login
    password_block: str = ""  #: Prefect's Secret block that holds the password, asked where the environment has none
    sender: MailAddress = "marsad@example.org"  #: from whom mails come
    operator: MailAddress | None = None  #: is told of mails that were refused for good
    security: Literal["starttls", "tls", "none"] = "starttls"  #: starttls, tls or, for a loopback server only, none


@dataclass(frozen=True, slots=True, config=_STRICT)
class WorkerSettings:
    """Which of several workers on one catalog this is; each asks the hosts of its own share, and no others."""

    count: Workers = 1  #: of workers, the same in the settings of all of them
    number: Workers = 1  #: of this one, from 1

    @property
    def name(self) -> str:
        """What files that only this worker writes are told apart by; empty where there is no other."""
        return f"worker-{self.number}" if self.count > 1 else ""


def _one_of_them(workers: WorkerSettings) -> WorkerSettings:
    if workers.number > workers.count:
        raise ValueError(f"number {workers.number} is not among {workers.count} workers")
    return workers


Part = Literal["stories", "changes", "spikes", "alerts", "feeds"]  #: what a mail is made of


@dataclass(frozen=True, slots=True, config=_STRICT)
class Interest:
    """What a subscriber wants of the topic's stories; an empty rule asks for nothing, all rules hold at once."""

    entities: tuple[str, ...] = ()  #: ids, names or spellings of listed entities, one of them named in the story
    speakers: tuple[str, ...] = ()  #: listed names, or the words of the text, one of them quoted
    stances: tuple[Stance, ...] = ()  #: of a quote, of one of the speakers where those are ruled
    outlets: tuple[str, ...] = ()  #: ids or names, one of them printed it
    countries: tuple[str, ...] = ()  #: of an outlet that printed it, ISO 3166-1 alpha-2
    relevance: tuple[Literal["on", "near"], ...] = ()  #: to the topic, of one of its articles


@dataclass(frozen=True, slots=True, config=_STRICT)
class Subscriber:
    """A reader of digests; removing these lines of the settings ends the mails."""

    address: MailAddress  #: to whom they go
    name: str = ""  #: of the subscription, where an address has several
    language: Literal["ar", "en"] = "ar"  #: of the frame; quotes stay Arabic
    frequency: Literal["immediate", "daily", "weekly"] = "daily"  #: immediate: after each cycle, six a day at most
    at: LocalTime = time(7, 0)  #: local time at which a day or, on Mondays, a week ends
    zone: Zone = "UTC"  #: of `at`, and of the days that are told
    parts: Annotated[tuple[Part, ...], Field(min_length=1)] = (
        "stories",
        "changes",
        "spikes",
        "alerts",
        "feeds",
    )  #: of a mail, those wanted
    interest: Interest = field(default_factory=Interest)

    @property
    def key(self) -> str:
        """What is remembered under: the address in small letters, and the name where there is one."""
        return f"{self.address.lower()} {self.name}".strip()


def _each_once(subscribers: tuple[Subscriber, ...]) -> tuple[Subscriber, ...]:
    keys = [subscriber.key for subscriber in subscribers]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"{min(twice)} is subscribed twice; give each subscription a name of its own")
    return subscribers


@dataclass(frozen=True, slots=True, config=_STRICT)
class AlertSettings:
    """What becomes of alarms."""

    mode: Literal["shadow", "mail"] = "shadow"  #: shadow: rows alone; mail: also sent at once
    daily_limit_count: Count = 6  #: mails of alarms a subscriber and day; what is more is told by the next digest


@dataclass(frozen=True, slots=True, config=_STRICT)
class Settings:
    """All settings."""

    data: str = ""  #: folder, relative to the settings file; empty = data in the working folder
    topic: str = ""  #: folder, relative to the settings file; empty = the packaged seeds/
    clock: Clock = None  #: the cycle's now, for replaying a day; None = the machine's clock
    catalog: Catalog = ""  #: postgres:... puts the core tables on DuckLake (docs/scale.md); empty = a file in data
    lake: WholePath = ""  #: folder of the lake's files, the same for all workers, or s3://BUCKET/PREFIX; for catalog
    cluster: str = ""  #: address of a Dask scheduler (tcp://host:8786) whose workers read the pages; empty = here
    workers: Annotated[WorkerSettings, AfterValidator(_one_of_them)] = field(default_factory=WorkerSettings)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    extract: ExtractSettings = field(default_factory=ExtractSettings)
    archive: ArchiveSettings = field(default_factory=ArchiveSettings)
    operation: OperationSettings = field(default_factory=OperationSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    subscribers: Annotated[tuple[Subscriber, ...], AfterValidator(_each_once)] = ()


def parse_settings(text: str, subject: str) -> Settings:
    """Return the settings written in TOML `text`; `subject` names the file in errors.

    Raises:
        SettingsError: not TOML, an unknown key, or a value of the wrong type or range.
    """
    try:
        return _ADAPTER.validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(subject, f"not valid TOML ({error})") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "unexpected_keyword_argument":
            raise SettingsError(subject, f"{key}: there is no such setting{_meant(first['loc'])}") from error
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(subject, f"{key}: {reason[0].lower()}{reason[1:]}") from error


def _meant(path: tuple[int | str, ...]) -> str:
    name = str(path[-1])
    if len(path) > 1 and name in {key.name for key in fields(Settings)}:  # in TOML a key belongs to the table above it
        return f"; {name} stands above the first [table]"
    tables = (Settings, FetchSettings, ExtractSettings, ArchiveSettings, OperationSettings, MailSettings, AlertSettings)
    known = {key.name for table in (*tables, Subscriber, Interest) for key in fields(table)}
    near = get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


_ADAPTER = TypeAdapter(Settings)

"""Owns how Prefect is set for `marsad up`: where it listens, what it keeps and for how long, what it tells nobody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import flows
from flows.configuration import Place, replace_text
from marsad.errors import BadInput
from transport.prefect_api import PrefectServer

ROOT = Path(flows.__file__).resolve().parent.parent  #: where prefect.yaml stands
POOL = "marsad"
DEPLOYMENTS = ("monitor", "digest", "names", "upkeep")  #: of prefect.yaml
_PORT = "PREFECT_SERVER_API_PORT"
_ADDRESS = "address"  #: file in its folder
_PREFECTS_PORT = 4200
_LAST_PORT = 65535
HEARTBEAT_SECONDS = 30  #: the least that Prefect takes; a run without one for three times as long is a zombie
EVERYWHERE = "0.0.0.0"  # noqa: S104  what a container has to say, so that its host reaches it

PAGE_ASKS = ("PREFECT_SERVER_UI_API_URL", "PREFECT_UI_API_URL")  #: where Prefect's page asks, else at loopback
_UNPROXIED = ("NO_PROXY", "no_proxy")  #: httpx, which Prefect asks its server with, goes through a proxy else
PASSWORD = "PREFECT_SERVER_API_AUTH_STRING"  # noqa: S105  where the user keeps what the server asks its clients for


@dataclass(frozen=True, slots=True)
class Engine:
    """A Prefect server and worker for one data folder."""

    place: Place
    host: str
    port: int

    @property
    def ui(self) -> str:
        """The address to open in a browser."""
        return f"http://{f'[{self.near}]' if ':' in self.near else self.near}:{self.port}"

    @property
    def near(self) -> str:
        """The address at which programs on this machine reach it."""
        return {EVERYWHERE: "127.0.0.1", "::": "::1"}.get(self.host, self.host)

    @property
    def server(self) -> PrefectServer:
        """The server, to be asked."""
        return PrefectServer(self.near, self.port, os.environ.get(PASSWORD, ""))

    @property
    def folder(self) -> Path:
        """Where Prefect keeps its own database."""
        return _folder_of(self.place)

    @property
    def temporary(self) -> Path:
        """Where its programs keep what they need for a while; a run that is killed leaves 12 kB there."""
        return self.folder / "temporary"

    @property
    def logs(self) -> Path:
        """Where the output of server and worker goes."""
        return self.place.data.absolute() / "logs"

    @property
    def is_open(self) -> bool:
        """Whether other machines reach it."""
        return self.host not in {"127.0.0.1", "localhost", "::1"}

    @property
    def asks_a_password(self) -> bool:
        """Whether the server asks its clients who they are."""
        return bool(os.environ.get(PASSWORD))

    def _own_origins(self) -> Iterator[str]:
        """Yield where Prefect's page may come from: it asks the server by the name that the settings give it."""
        yield from (self.ui, f"http://localhost:{self.port}")
        for asked in filter(None, (os.environ.get(name) for name in PAGE_ASKS)):
            yield "{0.scheme}://{0.netloc}".format(urlsplit(asked))

    def note_address(self) -> None:
        """Leave word in the data folder where it is.

        Raises:
            SettingsError: the folder cannot be written.
        """
        replace_text(self.folder / _ADDRESS, f"{self.ui}\n")

    def environment(self) -> dict[str, str]:
        """Return the environment of server, worker and flows; what the user's own says beside it holds."""
        history = f"P{self.place.settings.operation.history_days}D"  # of its two ways to write a span, what both take
        usual = {
            "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "3600",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": history,
            "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": history,
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
            # Of itself Prefect lets the scripts of any web page that a browser of this machine has open ask its server,
            # which starts programs.
            "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": ",".join(self._own_origins()),
            "PREFECT_CLI_COLORS": "false",
        }
        ours = {
            "PREFECT_HOME": str(self.folder),
            "PREFECT_API_URL": f"{self.ui}/api",
            "PREFECT_SERVER_API_HOST": self.host,
            "PREFECT_SERVER_API_PORT": str(self.port),
            "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "TMPDIR": str(self.temporary),
            "MARSAD_DATA": str(self.place.data.absolute()),
            # A run works in the checkout: told of no file it would read one that lies there.
            "MARSAD_SETTINGS": str((self.place.settings_file or Path(os.devnull)).absolute()),
            **dict.fromkeys(_UNPROXIED, ",".join([*_unproxied(), "127.0.0.1", "localhost", self.near])),
        }
        if password := os.environ.get(PASSWORD):
            ours["PREFECT_API_AUTH_STRING"] = password
        return usual | dict(os.environ) | ours


def engine_at_work(place: Place) -> Engine | None:
    """Return the engine whose address was left in the data folder last, None where there is none."""
    try:
        address = urlsplit((_folder_of(place) / _ADDRESS).read_text("utf-8").strip())
        host, port = address.hostname, address.port
    except (OSError, ValueError):
        return None
    return Engine(place, host, port) if host and port else None


def _folder_of(place: Place) -> Path:
    return place.data.absolute() / "prefect"


def usual_port() -> int:
    """Return the port of a server where no other is asked for.

    Raises:
        BadInput: the environment names what is no port.
    """
    written = os.environ.get(_PORT) or str(_PREFECTS_PORT)
    if not (written.isdecimal() and 0 < int(written) <= _LAST_PORT):
        raise BadInput(f"${_PORT}", f"{written!a} is no port; set it to a number from 1 to {_LAST_PORT}, or unset it")
    return int(written)


def _unproxied() -> list[str]:
    """Return the hosts that the user has reached without a proxy."""
    return [os.environ[name] for name in _UNPROXIED if os.environ.get(name)]

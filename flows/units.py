"""Owns the files that hand `marsad up` to systemd or to a container engine."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from pathlib import Path
from string import Template

from flows.configuration import packaged_topic
from flows.engine import EVERYWHERE, ROOT, Engine
from flows.keeping import END_SECONDS
from marsad.errors import BadInput

_STOP_SECONDS = int(END_SECONDS) + 30  #: what `marsad up` may need, and some: then all that is left is killed

#: Signs that end a line or a word, or stand for another one (systemd.syntax(7)), and what is no UTF-8 in a file's name.
_UNSAFE = re.compile(r"""["'\\\x00-\x1f\x7f\ud800-\udfff]""")

_UNIT = Template("""\
# Copy to ~/.config/systemd/user/ and run: systemctl --user enable --now marsad; loginctl enable-linger
[Unit]
Description=Marsad, Arabic news monitor

[Service]
ExecStart=$command
WorkingDirectory=$folder
Restart=always
RestartSec=10
# SIGTERM to marsad up alone, which ends the rest in order.
KillMode=mixed
KillSignal=SIGTERM
TimeoutStopSec=$stop
# Secrets, one NAME=value a line, readable by you alone; the file may be missing. MARSAD_SMTP_PASSWORD of digests,
# PREFECT_SERVER_API_AUTH_STRING (NAME:PASSWORD) that shuts the server to other accounts of this machine.
EnvironmentFile=-%h/.config/marsad/environment
NoNewPrivileges=true
PrivateTmp=true

[Install]
WantedBy=default.target
""")

_COMPOSE = Template("""\
# docker compose up --detach (docker-compose of old systems too), or PODMAN_USERNS=keep-id podman-compose up --detach
services:
  marsad:
    build:
      context: $root
      dockerfile: $containerfile
    command: ["marsad", "up", "--host", "$everywhere", "--port", "$port"]
    user: "$user"  # whoever owns the data folder
    init: false  # marsad ends its children itself
    stop_grace_period: ${stop}s
    restart: unless-stopped
    ports:
      - "127.0.0.1:$port:$port"  # loopback of the host only
    environment:
      HOME: /tmp
      MARSAD_DATA: /data
      MARSAD_SETTINGS: $settings
      MARSAD_SMTP_PASSWORD: $${MARSAD_SMTP_PASSWORD:-}
      PREFECT_SERVER_API_AUTH_STRING: $${PREFECT_SERVER_API_AUTH_STRING:?NAME:PASSWORD, for it runs what it is told to}
    volumes:
      - {type: bind, source: $data, target: /data}
$read""")

_CONTAINERFILE = """\
# 3.12: the last Python for which editdistance, which the recognizer of names needs, comes built; slim has no compiler.
FROM docker.io/library/python:3.12-slim
RUN pip install --no-cache-dir 'uv>=0.9,<1' && useradd --create-home --uid 1000 marsad && install -d -o marsad /app
WORKDIR /app
USER marsad
COPY --chown=marsad . .
RUN uv sync --quiet --no-dev
ENV PATH=/app/.venv/bin:$PATH
"""


def write_systemd(engine: Engine, folder: Path | None) -> tuple[Path, ...]:
    """Write the unit into `folder`; nothing where there is none.

    Raises:
        BadInput: the folder cannot be written.
    """
    if folder is None:
        return ()
    program = _unspecified(str(Path(sys.executable).with_name("marsad")))
    words = [program, *map(_escaped, ["up", *_chosen(engine)])]
    text = _UNIT.substitute(
        command=" ".join(map(_quoted, words)), folder=_unspecified(str(Path.cwd())), stop=_STOP_SECONDS
    )
    return (_written(folder / "marsad.service", text),)


def write_compose(engine: Engine, folder: Path | None) -> tuple[Path, ...]:
    """Write compose.yaml and the Containerfile into `folder`; nothing where there is none.

    Raises:
        BadInput: the folder cannot be written, or there is no settings file to hand over.
    """
    if folder is None:
        return ()
    settings = engine.place.settings_file
    if settings is None:
        raise BadInput("--write-compose", "needs a settings file to hand to the container; name one with --settings")
    text = _COMPOSE.substitute(
        root=_json(ROOT),
        containerfile=_json(folder.absolute() / "Containerfile"),
        everywhere=EVERYWHERE,
        port=engine.port,
        stop=_STOP_SECONDS,
        user=f"{os.getuid()}:{os.getgid()}",
        settings=_json(settings.absolute()),
        read="".join(map(_mounted, _read(engine))),
        data=_json(engine.place.data.absolute()),
    )
    _made(engine.place.data)  # by us: the container engine would make it root's
    return (_written(folder / "compose.yaml", text), _written(folder / "Containerfile", _CONTAINERFILE))


def _chosen(engine: Engine) -> list[str]:
    settings = engine.place.settings_file
    named = ["--settings", str(settings.absolute())] if settings else []
    return [*named, "--data", str(engine.place.data.absolute()), "--host", engine.host, "--port", str(engine.port)]


def _read(engine: Engine) -> list[Path]:
    """Return the folders that are only read, of the user's own: under their own names, as settings may name them so."""
    folders = [engine.place.settings_file.absolute().parent] if engine.place.settings_file else []
    topic = Path(os.path.normpath(engine.place.topic.absolute()))  # a container engine reads no ".."
    if topic != packaged_topic() and not any(topic.is_relative_to(folder) for folder in folders):
        folders.append(topic)
    return folders


def _mounted(folder: Path) -> str:
    source, target = _json(folder.resolve()), _json(folder)
    return f"      - {{type: bind, source: {source}, target: {target}, read_only: true}}\n"


def _unspecified(text: str) -> str:
    """Return text as systemd reads it back where it knows no variables: % begins a specifier."""
    if text != text.strip() or _UNSAFE.search(text):
        raise BadInput(ascii(text), "holds a sign that units cannot carry safely; choose another folder")
    return text.replace("%", "%%")


def _escaped(text: str) -> str:
    """Return text as systemd reads it back in a command: $ begins a variable there."""
    return _unspecified(text).replace("$", "$$")


def _quoted(word: str) -> str:
    return word if shlex.quote(word) == word else f'"{word}"'


def _json(path: Path) -> str:
    """Return a path as YAML and compose read it back: $ begins a variable there."""
    return json.dumps(str(path).replace("$", "$$"), ensure_ascii=False)


def _written(file: Path, text: str) -> Path:
    _made(file.parent)
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise BadInput(str(file), f"cannot be written ({error.strerror})") from error
    return file


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(str(folder), f"cannot be made ({error.strerror})") from error

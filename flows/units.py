"""Owns the files that hand `marsad up` to systemd or to a container engine."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from string import Template

from flows.engine import EVERYWHERE, ROOT, Engine
from marsad.errors import BadInput

_STOP_SECONDS = 150  #: worker 15 s, a cycle 90 s, server 15 s, and some

_UNIT = Template("""\
# Copy to ~/.config/systemd/user/ and run: systemctl --user enable --now marsad; loginctl enable-linger
[Unit]
Description=Marsad, Arabic news monitor
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=$command
WorkingDirectory=$folder
Restart=always
RestartSec=10
KillMode=mixed
KillSignal=SIGTERM
TimeoutStopSec=$stop
# Secrets, one NAME=value a line, readable by you alone; the file may be missing.
EnvironmentFile=-%h/.config/marsad/environment
NoNewPrivileges=true
PrivateTmp=true

[Install]
WantedBy=default.target
""")

_COMPOSE = Template("""\
# docker compose up --detach, or podman-compose up --detach
services:
  marsad:
    build:
      context: $root
      dockerfile: $containerfile
    command: ["marsad", "up", "--host", "$everywhere", "--port", "$port"]
    init: false  # marsad ends its children itself
    stop_grace_period: ${stop}s
    restart: unless-stopped
    ports:
      - "127.0.0.1:$port:$port"  # the server asks no password: loopback of the host only
    environment:
      MARSAD_DATA: /data
      MARSAD_SETTINGS: $settings
      MARSAD_SMTP_PASSWORD: $${MARSAD_SMTP_PASSWORD:-}
    volumes:
      - {type: bind, source: $data, target: /data, bind: {create_host_path: true}}
      - {type: bind, source: $settings_folder, target: /settings, read_only: true}
""")

_CONTAINERFILE = """\
FROM docker.io/library/python:3.13-slim
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
    words = [str(Path(sys.executable).with_name("marsad")), "up", *_chosen(engine)]
    text = _UNIT.substitute(command=" ".join(map(_quoted, words)), folder=_escaped(str(Path.cwd())), stop=_STOP_SECONDS)
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
        settings=_json(Path("/settings", settings.name)),
        settings_folder=_json(settings.absolute().parent),
        data=_json(engine.place.data.absolute()),
    )
    return (_written(folder / "compose.yaml", text), _written(folder / "Containerfile", _CONTAINERFILE))


def _chosen(engine: Engine) -> list[str]:
    settings = engine.place.settings_file
    named = ["--settings", str(settings.absolute())] if settings else []
    return [*named, "--data", str(engine.place.data.absolute()), "--host", engine.host, "--port", str(engine.port)]


def _escaped(text: str) -> str:
    """Return text as systemd reads it back: % begins a specifier there, $ a variable."""
    return text.replace("%", "%%").replace("$", "$$")


def _quoted(word: str) -> str:
    if any(sign in word for sign in "\"'\\\n"):
        raise BadInput(word, "holds a quote or backslash, which units cannot carry safely; choose another folder")
    return f'"{_escaped(word)}"' if " " in word else _escaped(word)


def _json(path: Path) -> str:
    """Return a path as YAML and compose read it back: $ begins a variable there."""
    return json.dumps(str(path).replace("$", "$$"), ensure_ascii=False)


def _written(file: Path, text: str) -> Path:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError as error:
        raise BadInput(str(file), f"cannot be written ({error.strerror})") from error
    return file

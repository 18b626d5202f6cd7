"""Owns previews: the mails that would go out, as files; nothing is kept and nothing sent."""

from __future__ import annotations

import re
from pathlib import Path

import click

from flows.alerting import alarm_mails
from flows.configuration import Place, read_topic, replace_bytes
from flows.newsroom import Newsroom
from flows.storage import core_of
from marsad.composing import Told
from marsad.errors import SettingsError
from marsad.mailing import Digest
from marsad.renaming import memory_of, told_to
from marsad.settings import Subscriber
from marsad.windows import Memory, due_window, preview_window, wants_sign_of_life
from reports.mail import render_html, render_mail
from warehouse.outbox import Outbox
from warehouse.reader import Reader

_OURS = re.compile(r"digest-\d+\.(eml|html)|alarm-\d+\.eml")
_STAND_IN = Subscriber(address="reader@example.org")  #: is shown a mail where the settings name nobody


def write_previews(place: Place, folder: Path) -> int:
    """Write the mails that are due, and for who has none due what one written now would tell; return how many failed.

    Files of an earlier preview in `folder` go.
    """
    outbox = Outbox(core_of(place))
    with Reader(place.data).held() as reader:
        _clear(folder)
        failed_count = _write_digests(Newsroom(place, read_topic(place), reader), outbox, folder)
    for number, alarm in enumerate(outbox.fresh(alarm_mails(place)), 1):
        replace_bytes(folder / f"alarm-{number}.eml", alarm.payload)
        click.echo(f"{alarm.recipient}: {folder / f'alarm-{number}.eml'} (goes out with --send)")
    return failed_count


def _write_digests(newsroom: Newsroom, outbox: Outbox, folder: Path) -> int:
    place, failed_count = newsroom.place, 0
    readers = place.settings.subscribers or (_STAND_IN,)
    memories, told = outbox.memories(place.now()), outbox.told(place.now())
    for number, reader in enumerate(readers, 1):
        try:
            memory = memory_of(reader, readers, memories)
            digest, said = _digest(newsroom, reader, memory, told_to(reader, readers, told))
        except SettingsError as error:  # a rule that names nobody
            click.echo(f"no digest for {reader.key}: {error}", err=True)
            failed_count += 1
            continue
        mail = folder / f"digest-{number}.eml"
        replace_bytes(mail, render_mail(digest, place.settings.mail.sender).payload)
        replace_bytes(mail.with_suffix(".html"), render_html(digest, place.settings.mail.sender).encode())
        click.echo(f"{reader.key}: {mail}, .html ({said})")
    return failed_count


def _digest(newsroom: Newsroom, reader: Subscriber, memory: Memory, told: dict[int, Told]) -> tuple[Digest, str]:
    """Return a digest, and what becomes of it."""
    told_until = newsroom.reader.told_until()
    due = due_window(reader, memory, told_until) if told_until else None
    if due is not None and reader is not _STAND_IN:
        digest = newsroom.digest(reader, due, told)
        if not digest.is_quiet or wants_sign_of_life(reader, memory, due):
            return digest, "goes out with --send"
    digest = newsroom.digest(reader, preview_window(reader, memory, newsroom.place.now()), told)
    return digest, "nothing to tell so far" if digest.is_quiet else "not due yet: what has come so far"


def _clear(folder: Path) -> None:
    for file in folder.glob("*-*.*"):
        if _OURS.fullmatch(file.name):
            file.unlink(missing_ok=True)

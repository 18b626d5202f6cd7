"""A sender that is killed anywhere loses no mail, and a mail that goes out twice is the same bytes both times."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

from flows.configuration import Place, packaged_topic
from flows.digesting import send_digests
from marsad.records import RunSummary
from marsad.settings import MailSettings, Settings, Subscriber
from tests.faults.kills import Damage
from tests.mailbox import Box, serving
from tests.warehouse.conftest import article_of, batch_of, record_of, store
from warehouse.core import Core
from warehouse.outbox import Outbox

KILLS = 3  #: a sample; bench/faults.py does 200
READERS = 3
NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)  # a Monday
ROOT = Path(__file__).resolve().parent.parent.parent

#: Senders, each a process of its own with a line "FOLDER STEP": killed at that step, or never where it is 0. What each
#: prints is how many steps it took. They are forked, so that the modules are read once.
_SENDERS = """
import os, signal, smtplib, sys
from pathlib import Path
from flows import digesting, posting
from tests.walk.test_kills_while_sending import place_of
from transport import mail
from warehouse import catalog, core, outbox, transaction
steps, last = 0, 0

def step():
    global steps
    steps += 1
    if steps == last:
        os.kill(os.getpid(), signal.SIGKILL)

def stepping(function):
    def stepped(*arguments, **named):
        step()
        answer = function(*arguments, **named)
        step()
        return answer
    return stepped

for owner, names in {
    outbox.Outbox: ("memories", "told", "keep", "due", "mark"),
    transaction.Transaction: ("append_tables", "note"),
    transaction: ("append_rows",),
    catalog: ("writing_to", "reading_from"),
    core: ("publish_core",),
    digesting: ("render_mail",),
    posting: ("_try",),
    mail: ("_opened", "_expect"),
    smtplib.SMTP: ("connect", "ehlo", "mail", "rcpt", "data", "quit", "getreply", "send", "close"),
}.items():
    for name in names:
        setattr(owner, name, stepping(getattr(owner, name)))

for line in sys.stdin:
    folder, at = line.split()
    if os.fork() == 0:
        last = int(at)
        digesting.send_digests(place_of(Path(folder), int(sys.argv[1])))
        print(steps, flush=True)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.wait()[1])
    assert code in (0, -signal.SIGKILL), f"{line}: {code}"
"""


def place_of(data: Path, port: int) -> Place:
    """Return settings with a few weekly readers."""
    mail = MailSettings(host="127.0.0.1", port=port, security="none")
    readers = tuple(
        Subscriber(address=f"reader-{n}-of-{data.name}@example.org", frequency="weekly") for n in range(READERS)
    )
    return Place(Settings(data=str(data), clock=NOW, mail=mail, subscribers=readers), None, data, packaged_topic())


def prepared(folder: Path, article_count: int = 3) -> Path:
    """Return a data folder with articles of the week, published."""
    core = Core(folder)
    core.create_or_migrate()
    core.start_run("run-1", NOW)
    records = [record_of(article_of(number), at=NOW - timedelta(days=2)) for number in range(article_count)]
    store(core, batch_of(*records, at=NOW - timedelta(days=2)))
    core.finish_run(RunSummary("run-1", NOW), NOW)
    core.publish()
    return folder


def run_senders(port: int, lasts: dict[Path, int]) -> list[int]:
    """Run a sender in each folder, killed at its step, never at 0; return the steps of those that lived."""
    command = [sys.executable, "-c", _SENDERS, str(port)]
    lines = "".join(f"{folder} {last}\n" for folder, last in lasts.items())
    done = subprocess.run(command, input=lines, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return [int(steps) for steps in done.stdout.split()]


def killed_and_finished(kept: Box, port: int, folder: Path, count: int, seed: int) -> dict[str, list[bytes]]:
    """Return the mails that arrived in the end, by Message-ID, after so many kills, each in a folder of its own."""
    dice, first = random.Random(seed), prepared(folder / "0")
    folders = [Path(shutil.copytree(first, folder / str(number))) for number in range(1, count + 1)]
    (steps,) = run_senders(port, {first: 0})
    assert len(run_senders(port, {data: dice.randint(1, steps) for data in folders})) <= count * 0.1
    for data in folders:
        send_digests(place_of(data, port))
        assert Outbox(Core(data)).due(NOW + timedelta(days=1)) == []
    arrived: dict[str, list[bytes]] = defaultdict(list)
    for mail in kept.mails:
        arrived[str(message_from_bytes(mail)["Message-ID"])].append(mail)
    return arrived


def kill_senders(folder: Path, count: int, seed: int) -> Damage:
    """Return what so many kills of a sender lost, and what went out again as other bytes."""
    with serving() as (kept, port):
        arrived = killed_and_finished(kept, port, folder, count, seed)
    lost, copies = READERS * (count + 1) - len(arrived), sum(len(mails) - 1 for mails in arrived.values())
    differing = [f"{key} went out again as other bytes" for key, mails in arrived.items() if len(set(mails)) > 1]
    found = (*([f"{lost} mails were lost"] if lost else []), *differing)
    return Damage(Counter({f"in all, {copies} second copies": count}), found)


def test_no_mail_is_lost_and_every_copy_is_the_same_bytes(tmp_path: Path) -> None:
    assert kill_senders(tmp_path, KILLS, seed=20261116).found == ()

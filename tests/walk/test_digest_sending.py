"""From a stored article to a mail in somebody's box, once."""

from __future__ import annotations

import email
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.command import marsad
from flows.configuration import Place, packaged_topic
from flows.digesting import queue_digests, revive_refused, send_digests
from flows.journal import silent_journal
from flows.mail_finding import find_mail
from flows.previewing import write_previews
from marsad.digests import Delivery
from marsad.errors import WarehouseBusy
from marsad.mailing import Digest
from marsad.records import RunSummary
from marsad.settings import AlertSettings, Interest, MailSettings, Settings, Subscriber
from reports.mail import render_mail
from tests.mailbox import Box, box
from tests.newsworld import VISIT, NewsWorld, settings_for
from warehouse.core import Core
from warehouse.outbox import Outbox

__all__ = ["box"]


def place_of(data: Path, port: int) -> Place:
    """Return settings with two weekly readers, who are told of silence too, and an operator."""
    mail = MailSettings(host="127.0.0.1", port=port, security="none", operator="operator@example.org")
    readers = tuple(Subscriber(address=f"{name}@example.org", frequency="weekly") for name in ("first", "second"))
    clock = datetime(2026, 11, 20, 8, tzinfo=UTC)
    settings = Settings(data=str(data), clock=clock, mail=mail, subscribers=readers)
    return Place(settings, None, data, packaged_topic())


def said_on(settings: Path, clock: str, *words: str) -> str:
    """Return what a verb says on a day of its own."""
    file = settings.with_name("day.toml")
    file.write_text(f"clock = {clock}\n" + settings.read_text("utf-8"), "utf-8")
    done = CliRunner().invoke(marsad, [*words, "--settings", str(file)], standalone_mode=False)
    assert not done.return_value, done.output
    return done.output


def test_the_day_before_is_told_once(box: tuple[Box, int], tmp_path: Path) -> None:
    kept, port = box
    mail = f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n[[subscribers]]\naddress = "a@example.org"'
    with NewsWorld() as world:
        settings = settings_for(world, tmp_path, more=mail)
        said_on(settings, "2026-11-19T10:00:00Z", "run")
        assert said_on(settings, "2026-11-19T23:00:00Z", "digest", "--send").startswith("0 sent")
        quiet_cycle(Core(tmp_path / "data"), datetime(2026, 11, 20, 7, tzinfo=UTC))
        assert said_on(settings, "2026-11-20T07:05:00Z", "digest", "--send").startswith("1 sent")
        assert said_on(settings, "2026-11-20T07:10:00Z", "digest", "--send").startswith("0 sent")
    (mail_bytes,) = kept.mails
    message = email.message_from_bytes(mail_bytes, policy=default)
    assert message["To"] == "a@example.org"
    plain = message.get_body(("plain",))
    assert plain is not None
    assert VISIT[0] in plain.get_content()


def quiet_cycle(core: Core, at: datetime) -> None:
    """Leave a warehouse as a cycle does that found nothing."""
    core.create_or_migrate()
    core.start_run(f"quiet-{at}", at)
    core.finish_run(RunSummary(f"quiet-{at}", at), at)
    core.publish()


def test_second_sender_at_the_same_time_sends_nothing(box: tuple[Box, int], tmp_path: Path) -> None:
    core = Core(tmp_path)
    core.create_or_migrate()
    with Outbox(core).only_sender(), pytest.raises(WarehouseBusy, match="mails are being sent"):
        send_digests(place_of(tmp_path, box[1]))
    assert box[0].mails == []


def test_refused_mail_is_told_to_the_operator_once(box: tuple[Box, int], tmp_path: Path) -> None:
    kept, port = box
    core, place = Core(tmp_path), place_of(tmp_path, port)
    readers = (*place.settings.subscribers, Subscriber(address="nobody@example.org", frequency="weekly"))
    place = replace(place, settings=replace(place.settings, subscribers=readers))
    core.create_or_migrate()
    core.publish()
    Outbox(core).queue([Delivery("<1@example.org>", "nobody@example.org", "موجز", b"x\r\n")], place.now())  # digest
    assert [send_digests(place).dead_count for _ in range(3)] == [1, 0, 0]
    (notice,) = kept.mails
    message = email.message_from_bytes(notice, policy=default)
    assert message["To"] == "operator@example.org"
    body = message.get_body()
    assert body is not None
    assert "nobody@example.org" in body.get_content()
    assert "550" in body.get_content()
    found = find_mail(place)
    assert (found.state, found.said) == (
        "warn",
        "1 refused for good: mail server said 550 no such user <nobody@example.org>",
    )
    assert (revive_refused(place), send_digests(place).dead_count, len(kept.mails)) == (1, 1, 1)


def test_why_mails_wait_is_said_until_they_are_sent(box: tuple[Box, int], tmp_path: Path) -> None:
    core, place = Core(tmp_path), place_of(tmp_path, box[1])
    quiet_cycle(core, place.now())
    down = replace(place, settings=replace(place.settings, mail=replace(place.settings.mail, port=1)))
    for outcome in (send_digests(down), send_digests(down)):
        assert outcome.waiting_count == 2
        assert [(one.state, one.mail_count) for one in outcome.unsent] == [("pending", 2)]
        assert "refused" in outcome.unsent[0].answer
    assert find_mail(down).state == "warn"
    later = replace(place, settings=replace(place.settings, clock=place.now() + timedelta(minutes=2)))
    assert (send_digests(later).unsent, find_mail(later).state) == ((), "ok")


def test_mail_to_a_reader_who_has_left_is_never_sent(box: tuple[Box, int], tmp_path: Path) -> None:
    core, place = Core(tmp_path), place_of(tmp_path, box[1])
    core.create_or_migrate()
    core.publish()
    Outbox(core).queue([Delivery("<1@example.org>", "gone@example.org", "موجز", b"x\r\n")], place.now())  # digest
    assert [send_digests(place).dead_count for _ in range(2)] == [0, 0]
    assert box[0].mails == []
    assert Outbox(core).due(place.now()) == []


def test_digest_that_meets_a_bug_stops_no_other(
    box: tuple[Box, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    core, place = Core(tmp_path), place_of(tmp_path, box[1])
    quiet_cycle(core, place.now())

    def render(digest: Digest, sender: str) -> Delivery:
        if digest.subscriber.address.startswith("first"):
            raise KeyError("bug")
        return render_mail(digest, sender)

    monkeypatch.setattr("flows.digesting.render_mail", render)
    outcome = send_digests(place)
    assert (outcome.sent_count, outcome.failed_count) == (1, 1)
    monkeypatch.undo()
    assert send_digests(place).sent_count == 1  # nothing was lost of the first


def test_rule_that_names_nobody_stops_no_other_reader(
    box: tuple[Box, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    core, place = Core(tmp_path), place_of(tmp_path, box[1])
    quiet_cycle(core, place.now())
    wrong = replace(place.settings.subscribers[0], interest=Interest(entities=("Nobodyland",)))
    loud = AlertSettings(mode="mail")
    settings = replace(place.settings, subscribers=(wrong, place.settings.subscribers[1]), alerts=loud)
    outcome = send_digests(replace(place, settings=settings))
    assert (outcome.sent_count, outcome.failed_count) == (1, 1)
    assert "'Nobodyland' is no entity of the topic" in capsys.readouterr().err
    assert write_previews(replace(place, settings=settings), tmp_path / "preview") == 1
    assert [file.name for file in (tmp_path / "preview").glob("*.eml")] == ["digest-2.eml"]
    assert "'Nobodyland' is no entity of the topic" in capsys.readouterr().err


def test_the_journal_tells_what_was_sent_and_what_was_not_and_nobodys_address(
    box: tuple[Box, int], tmp_path: Path
) -> None:
    core, place = Core(tmp_path), place_of(tmp_path, box[1])
    quiet_cycle(core, place.now())
    refused = Subscriber(address="nobody@example.org", frequency="weekly")
    wrong = Subscriber(address="wrong@example.org", frequency="weekly", interest=Interest(entities=("me@example.org",)))
    settings = replace(place.settings, subscribers=(*place.settings.subscribers, refused, wrong))
    send_digests(replace(place, settings=settings))
    with pytest.raises(WarehouseBusy), Outbox(core).only_sender():
        send_digests(place)  # it says so itself; two writers of one journal would tear it
    text = (tmp_path / "logs" / "digest.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert len({line["run"] for line in lines}) == 1
    began, alarms, *composed, failed = lines[:6]
    assert [line["event"] for line in (began, alarms, failed, lines[-1])] == [
        "sending started",
        "alarms queued",
        "digest failed",
        "sending ended",
    ]
    assert [(line["event"], line["reader"]) for line in composed] == [("digest composed", n) for n in (1, 2, 3)]
    posted = {line["mail"]: (line["event"], line["answer"]) for line in lines[6:-1]}
    taken, no = ("mail sent", "250 taken"), ("mail refused", "mail server said 550 no such user <(address)>")
    assert [posted[line["mail"]] for line in composed] == [taken, taken, no]
    counts = {name: count for name, count in lines[-1].items() if name.endswith("_count")}
    told = {"sent_count": 2, "waiting_count": 0, "dead_count": 1, "failed_count": 1, "reader_count": 2}
    assert counts == told
    people = ("first", "second", "nobody", "wrong", "me", "operator")
    assert not any(f"{one}@" in text for one in people)


def test_preview_is_what_goes_out_and_clears_up_the_one_before(box: tuple[Box, int], tmp_path: Path) -> None:
    core, place, folder = Core(tmp_path / "data"), place_of(tmp_path / "data", box[1]), tmp_path / "preview"
    quiet_cycle(core, place.now())
    folder.mkdir()
    for name in ("digest-9.eml", "digest-9.html", "alarm-1.eml", "digest-mine.eml"):
        (folder / name).touch()
    assert write_previews(place, folder) == 0
    made = {f"digest-{number}.{kind}" for number in (1, 2) for kind in ("eml", "html")}
    assert {file.name for file in folder.iterdir()} == made | {"digest-mine.eml"}
    send_digests(place)
    assert sorted(box[0].mails) == sorted((folder / f"digest-{number}.eml").read_bytes() for number in (1, 2))


def test_clock_that_ran_wild_silences_nobody_once_it_is_right(box: tuple[Box, int], tmp_path: Path) -> None:
    core, place = Core(tmp_path), place_of(tmp_path, box[1])
    for clock in (datetime(2036, 2, 7, 6, tzinfo=UTC), place.now()):
        quiet_cycle(core, clock)
        assert send_digests(replace(place, settings=replace(place.settings, clock=clock))).sent_count == 2


def test_reader_who_changes_what_he_reads_when_gets_what_was_written_and_goes_on_from_there(
    box: tuple[Box, int], tmp_path: Path
) -> None:
    core, place = Core(tmp_path), place_of(tmp_path, box[1])
    quiet_cycle(core, place.now())
    queue_digests(place, Outbox(core), silent_journal())
    daily, renamed = (replace(one, frequency="daily") for one in place.settings.subscribers)
    readers = (daily, replace(renamed, name="renamed", language="en"))
    changed = replace(place, settings=replace(place.settings, subscribers=readers))
    assert send_digests(changed).sent_count == 2  # what was written; the new subscription has nothing to be told
    days = {key: memory.ended_at for key, memory in Outbox(core).memories(place.now()).items()}
    assert len(days) == 3  # the weekly one of the old name is remembered, and ends with its last window
    assert days["first@example.org"] == days["second@example.org renamed"]

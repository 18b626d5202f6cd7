"""Settings as a user writes them."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta

import pytest

from marsad.errors import SettingsError
from marsad.settings import Settings, parse_settings


def test_an_empty_file_gives_the_defaults() -> None:
    assert parse_settings("", "marsad.toml") == Settings()


def test_loopback_pace_and_clock_are_values() -> None:
    text = 'clock = 2026-01-01T00:00:00Z\n[fetch]\nallow_addresses = ["127.0.0.1:8000"]\nhost_gap_seconds = 0\n'
    settings = parse_settings(text, "marsad.toml")
    assert settings.fetch.allow_addresses == ("127.0.0.1:8000",)
    assert settings.fetch.host_gap_seconds == 0
    assert settings.clock is not None
    assert settings.clock.year == 2026


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("data = ", "not valid TOML", id="no TOML"),
        pytest.param("colour = 1", "colour: there is no such setting", id="a key nobody knows"),
        pytest.param("[mail]\nhots = 1", "mail.hots: there is no such setting; did you mean host?", id="a slip"),
        pytest.param("[mail]\ntopic = 'x'", "setting; topic stands above the first [table]", id="a key below a table"),
        pytest.param("[fetch]\naudit_share = 2", "fetch.audit_share: input", id="a share"),
        pytest.param('clock = "soon"', "clock:", id="a clock that is no instant"),
        pytest.param("clock = 2026-01-01T00:00:00", "clock:", id="a clock without a zone"),
        pytest.param("subscribers = 3", "subscribers:", id="a number for a list"),
        pytest.param('[[subscribers]]\naddress = "a@example.org"\nzone = "Mars"', "'Mars' is no", id="a zone"),
        pytest.param('[[subscribers]]\naddress = "a@example.org"\nzone = "localtime"', "'localtime'", id="any zone"),
        pytest.param(
            '[[subscribers]]\naddress = "a@example.org"\nat = "07:00+03:00"', "zone under zone", id="two zones"
        ),
        pytest.param("clock = 0001-01-02T00:00:00Z", "the year 1 is none", id="a clock of another age"),
        pytest.param("[mail]\nport = 70000", "mail.port: input", id="a port"),
        pytest.param("[operation]\nhistory_days = 1_000_000", "operation.history_days: input", id="a history"),
        pytest.param('[mail]\nsecurity = "hope"', "mail.security:", id="a security"),
        pytest.param('catalog = "mysql:x"', "catalog: write postgres:", id="a catalog"),
        pytest.param('catalog = "postgres:dbname=x password=y"', "catalog: leave the password", id="a password"),
        pytest.param('lake = "files"', "lake: write the whole path", id="a path of the moment"),
        pytest.param('[fetch]\ncontact = "a\\nX-Evil: c"', "fetch.contact: 'a\\nX-Evil: c' holds", id="a header"),
        pytest.param('[fetch]\ncontact = "a\\u0000"', "fetch.contact:", id="a control character"),
        pytest.param("[workers]\ncount = 2\nnumber = 3", "workers: number 3 is not among 2", id="a worker too many"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, "marsad.toml")
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("marsad.toml: ")
    assert "\n" not in str(caught.value)


def numbers() -> list[str]:
    """Return every setting that is a number, with the table it stands in."""
    tables = [(name, value) for name, value in asdict(Settings()).items() if isinstance(value, dict)]
    found = [(table, key, value) for table, values in tables for key, value in values.items()]
    return [f"[{table}]\n{key} = " for table, key, value in found if isinstance(value, int | float)]


@pytest.mark.parametrize("value", ["99999999999999", "inf", "nan"])
def test_no_number_is_taken_that_no_clock_and_no_system_can_hold(value: str) -> None:
    assert len(numbers()) > 10
    for setting in numbers():
        with pytest.raises(SettingsError, match=setting.split()[1]):
            parse_settings(setting + value, "marsad.toml")


def test_every_number_of_days_that_is_taken_can_be_counted_back_from_any_clock() -> None:
    at = parse_settings("clock = 1970-01-01T00:00:00Z\n[archive]\nkeep_days = 3650", "marsad.toml")
    assert at.clock is not None
    assert (at.clock - timedelta(days=at.archive.keep_days)).year == 1960
    with pytest.raises(SettingsError, match=r"archive\.keep_days: input should be less than or equal to 3650"):
        parse_settings("[archive]\nkeep_days = 99999999", "marsad.toml")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "reader",
        "reader@",
        "@example.org",
        "reader@example.org\r\nBcc: victim@example.org",
        "reader@example.org, other@example.org",
        "Reader <reader@example.org>",
        "قارئ@example.org",
        "reader@مثال.example",
        "a b@example.org",
        '"a b"@example.org',
        "@relay.example:reader@example.org",
        "reader(comment)@example.org",
        '"reader"@example.org',
        "reader@example.org ",
        "reader@[192.0.2.1",
    ],
    ids=ascii,
)
def test_an_address_that_no_mail_can_be_sent_to_is_named(address: str) -> None:
    for text in (f"[[subscribers]]\naddress = {json.dumps(address)}", f"[mail]\nsender = {json.dumps(address)}"):
        with pytest.raises(SettingsError, match="is no mail address"):
            parse_settings(text, "marsad.toml")

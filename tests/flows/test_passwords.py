"""The password of the mail server: from the environment, or from a block that Prefect keeps."""

from __future__ import annotations

import pytest

from flows.passwords import smtp_password
from marsad.errors import SettingsError
from marsad.settings import MailSettings

_MAIL = MailSettings(host="mail.example.org", user="marsad", password_block="mail")


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no password and no server of the surroundings."""
    monkeypatch.delenv("MARSAD_SMTP_PASSWORD", raising=False)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


@pytest.mark.parametrize(
    ("mail", "written", "expected"),
    [
        pytest.param(_MAIL, "from outside", "from outside", id="the environment comes first"),
        pytest.param(MailSettings(host="mail.example.org"), "from outside", None, id="nobody to log in"),
    ],
)
def test_password_comes_from_the_environment(
    mail: MailSettings, written: str, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARSAD_SMTP_PASSWORD", written)
    assert smtp_password(mail) == expected


@pytest.mark.parametrize(
    ("block", "server", "said"),
    [
        pytest.param("", "", "no password; set", id="neither"),
        pytest.param("mail", "", "set $PREFECT_API_URL", id="no server named"),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(
    block: str, server: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", server)
    with pytest.raises(SettingsError) as error:
        smtp_password(MailSettings(host="mail.example.org", user="marsad", password_block=block))
    assert said in str(error.value)

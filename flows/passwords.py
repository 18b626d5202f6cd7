"""Owns where the mail server's password comes from: the environment, else a Secret block of Prefect; never a file."""

from __future__ import annotations

import os

from marsad.errors import SettingsError
from marsad.settings import MailSettings

VARIABLE = "MARSAD_SMTP_PASSWORD"
_KEY = "mail.password_block"


def smtp_password(mail: MailSettings) -> str | None:
    """Return the password for `mail.user`, None where no user is to be logged in.

    Raises:
        SettingsError: there is none, or Prefect's server cannot be asked for its block; says what to do.
    """
    if not mail.user:
        return None
    password = os.environ.get(VARIABLE) or _from_block(mail.password_block)
    if not password:
        raise SettingsError("mail.user", f"a user is set, but no password; set ${VARIABLE} or mail.password_block")
    return password


def _from_block(name: str) -> str:
    if not name:
        return ""
    if not os.environ.get("PREFECT_API_URL"):  # Prefect would start a server of its own, with other blocks
        reason = "the runs of marsad up know Prefect's server, which keeps the block, and this one does not"
        remedy = f"set $PREFECT_API_URL (http://127.0.0.1:4200/api while marsad up is at work), or ${VARIABLE}"
        raise SettingsError(_KEY, f"{reason}; {remedy}")
    from prefect.client.orchestration import get_client  # noqa: PLC0415  a second, for those alone who keep a block
    from prefect.exceptions import ObjectNotFound  # noqa: PLC0415

    try:
        with get_client(sync_client=True) as client:
            return str(client.read_block_document_by_name(name, "secret").data["value"])
    except ObjectNotFound as error:
        reason = f"Prefect has no Secret block named {name!r}; make one in its page under Blocks, or set ${VARIABLE}"
        raise SettingsError(_KEY, reason) from error
    except Exception as error:
        reason = f"Prefect's server at {os.environ['PREFECT_API_URL']} cannot be asked ({type(error).__name__})"
        raise SettingsError(_KEY, f"{reason}; start marsad up, or set ${VARIABLE}") from error

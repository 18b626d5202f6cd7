"""Owns reading a file that the user hands over: a bounded one, never a pipe or device that may not end."""

from __future__ import annotations

from pathlib import Path

from marsad.errors import BadInput


def bytes_of(file: Path, limit_bytes: int) -> bytes:
    """Return what the file holds.

    Raises:
        BadInput: there is none, it is no file, it is larger than the limit, or it cannot be read.
    """
    try:
        if not file.is_file():
            raise BadInput(str(file), "is not a file" if file.exists() else "there is no such file")
        if file.stat().st_size > limit_bytes:
            raise BadInput(str(file), f"is larger than {limit_bytes >> 20} MB")
        return file.read_bytes()
    except (OSError, ValueError) as error:
        raise BadInput(str(file), f"cannot be read ({getattr(error, 'strerror', None) or error})") from error

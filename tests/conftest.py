"""Fixtures of the whole house: where the shared material lies."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Started in the background, a test run ignores Ctrl-C, and so would every program that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages, feeds, articles and pairs, which are others' and stay outside the repository."""
    folder = Path(os.environ.get("MARSAD_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        reason = f"the shared material is not at {folder.name}/; set MARSAD_SHARED to its folder"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder

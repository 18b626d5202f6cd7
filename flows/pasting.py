"""Owns how commands are spelt in what a person reads, so that each works where it is pasted.

Texts everywhere say `marsad VERB`; where they are shown, the first word becomes what this person's shell finds.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

NAME = "marsad"
_CHECKOUT = Path(__file__).resolve().parent.parent


def pasted(text: str, options: str = "") -> str:
    """Return `text` with the program's name, and `options`, before each verb as it works when pasted."""
    from flows.command import VERBS  # noqa: PLC0415  which imports this module

    program = f"{called_as()}{options}"
    text = re.sub(rf"(?<![\w./-]){NAME}(?= (?:{'|'.join(VERBS)})\b)", lambda _: program, text)
    return re.sub(r"(?<![\w./-])(uv|camel_data)(?= (?:sync|-i)\b)", lambda tool: _tool(tool[1]), text)


def commands_in(text: str, options: str = "") -> list[str]:
    """Return the commands that `text` names, as `pasted` spells them, each with the words that belong to it."""
    from flows.command import VERBS  # noqa: PLC0415

    named = rf"(?<![\w./-]){NAME} (?:{'|'.join(VERBS)})\b(?: (?:list|check|add|trim)\b)?(?: --?[a-z][\w-]*| [A-Z]+\b)*"
    tools = r"(?<![\w./-])(?:uv sync --extra \w+|camel_data -i [\w-]+)"
    return [pasted(command, options) for command in re.findall(f"{named}|{tools}", text)]


def called_as() -> str:
    """Return what starts this program in the shell of the person who started it."""
    return program_of(sys.argv[0], os.environ)


def program_of(called: str, environ: Mapping[str, str]) -> str:
    """Return what starts the program that was started as `called` (argv[0]): its name, else the shortest path.

    Args:
        called: A path, or a name where something else was started, as a test runner.
        environ: With PATH; `uv run` lends its own to what it starts, and its caller's shell has another.
    """
    itself = Path(called) if Path(called).name == NAME else Path(sys.executable).with_name(NAME)
    if not itself.is_file():
        return NAME
    found = shutil.which(NAME, path=environ.get("PATH", ""))
    if found and Path(found).samefile(itself) and "UV_RUN_RECURSION_DEPTH" not in environ:
        return NAME
    return _typed(itself.absolute())


def _tool(name: str) -> str:
    """Return what starts a tool that came with the checkout, its name where the shell finds it or nobody has it."""
    places = (Path(sys.executable).with_name(name), _CHECKOUT / ".tools/bin" / name)
    found = next((place for place in places if place.is_file()), None)
    return name if found is None or shutil.which(name) else _typed(found)


def _typed(path: Path) -> str:
    here = Path.cwd()
    if not path.is_relative_to(here):
        return shlex.quote(str(path))
    near = path.relative_to(here)
    return shlex.quote(str(near) if len(near.parts) > 1 else f"./{near}")

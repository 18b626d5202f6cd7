"""Owns reading the package's .sql files: named statements, scripts, and the comments that stand beside the code.

A column is described where it is defined (`title varchar, -- as first read`); from there the description
becomes a COMMENT in the database, so that code, database and data dictionary cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_NAME_LINE = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
_CREATE = re.compile(r"^create (?:or replace )?(table|view|macro) ([\w.]+)", re.MULTILINE)
_COLUMN_LINE = re.compile(r"^\s+(?P<code>\S.*?)\s*-- (?P<comment>.+)$")


def read_script(package: str, name: str) -> str:
    """Return the text of an .sql file of `package` ("warehouse.public")."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


@cache
def statement(file: str, name: str) -> str:
    """Return the statement under `-- name: NAME` of warehouse/sql/FILE.sql."""
    parts = _NAME_LINE.split(read_script("warehouse.sql", f"{file}.sql"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))[name].strip()


def statement_on(file: str, name: str, **names: str) -> str:
    """Return a statement with names, or another statement, in its braces; never values, those are parameters."""
    return statement(file, name).format(**names)


def split_script(text: str) -> Iterator[str]:
    """Yield the statements of a script; a semicolon ends one only at the end of a line."""
    for part in re.split(r";\s*\n", text):
        if re.sub(r"^--.*$", "", part, flags=re.MULTILINE).strip():
            yield part.strip()


def comments_of(text: str) -> Iterator[str]:
    """Yield COMMENT statements for what a script creates and describes."""
    for part in split_script(text):
        if (created := _CREATE.search(part)) is not None:
            kind, name = created.groups()
            is_table_macro = kind == "macro" and re.search(r"\bas table\b", part)
            yield _comment("macro table" if is_table_macro else kind, name, _head(part, created.start()))
            if kind != "macro":
                yield from _column_comments(kind, name, part[created.end() :])


def _head(part: str, end: int) -> str:
    block = part[:end].rstrip("\n").rsplit("\n\n", 1)[-1]
    return " ".join(line.removeprefix("--").strip() for line in block.splitlines())


def _column_comments(kind: str, name: str, body: str) -> Iterator[str]:
    for line in body.splitlines():
        if (found := _COLUMN_LINE.match(line)) is not None:
            words = re.findall(r"\w+", found["code"])
            yield _comment("column", f"{name}.{words[0] if kind == 'table' else words[-1]}", found["comment"])


def _comment(kind: str, name: str, comment: str) -> str:
    return f"comment on {kind} {name} is '{comment.replace(chr(39), chr(39) * 2)}'"

"""Owns queries by strangers: what they may reach, what of them is refused, and whose fault an error is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from marsad.errors import BadInput
from warehouse.engine import DAMAGE_SIGNS, quoted

_OF_A_MACRO = "Invalid Input Error: "  #: stands before what macros of ours say, which are whole sentences
# DuckDB 1.5 lets a query switch these on though its settings are locked. They are looked for in the text as it is,
# also between quotation marks: a query can be called from a text, and the engine takes more for blanks than we do.
_LOGGING = "enable_logging"  #: where it may not write, the process ends instead of the query
_PRINTING = re.compile(r"(?<!')enable_(?:profil|(?:print_)?progress_bar)")  #: unless it is asked how one is set
_GAP = r"(?:/\*.*?\*/|--[^\n]*\n|[\s\"\u200b\ufeff])*"  #: of remarks and what the engine takes for blanks
_CALLING = re.compile(
    rf"\b(?:query|json_execute_serialized_sql){_GAP}\(", re.DOTALL
)  #: a text, put together as one likes


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a query."""

    columns: tuple[str, ...]
    types: tuple[str, ...]  #: DuckDB's names, one a column
    rows: tuple[tuple[Any, ...], ...]
    has_more: bool = False  #: whether rows were left out, as more than asked for


def answer(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object], limit: int | None) -> Table:
    """Return the answer of the last statement, of at most `limit` rows.

    Raises:
        BadInput: there is no statement.
    """
    found: duckdb.DuckDBPyConnection | None = connection.execute(sql, parameters)
    if found is None:  # nothing but blanks and semicolons
        raise BadInput("sql", "there is no query")
    description = found.description or []
    if not description:
        rows = []
    elif limit is None:
        rows = found.fetchall()
    else:
        rows = found.fetchmany(limit + 1)
    names, types = tuple(name for name, *_ in description), tuple(str(kind) for _, kind, *_ in description)
    return Table(names, types, tuple(rows[:limit]), has_more=limit is not None and len(rows) > limit)


def only_query(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return the one query that `sql` is, without its semicolon.

    Raises:
        BadInput: it is none, or several.
    """
    kinds = [found.type for found in connection.extract_statements(sql)]  # a pivot is two, one of them a select
    if not kinds:
        raise BadInput("sql", "there is no query")
    if kinds.count(duckdb.StatementType.SELECT) > 1:
        raise BadInput("sql", "one query fills one file; leave one")
    return _without_end(sql)


def _without_end(sql: str) -> str:
    """Return the query without its semicolon and what stands behind it, as the engine tells its words apart."""
    written = sql.encode()
    end = len(written)
    for start, _ in reversed(duckdb.tokenize(sql)):  # in bytes
        if written[start : start + 1] != b";":
            break
        end = start
    return written[:end].decode()


def must_be_asked(sql: str) -> None:
    """Raise BadInput where a query is none that a locked engine can be given."""
    lowered = sql.lower()
    if _LOGGING in lowered:
        raise BadInput("sql", f"{_LOGGING} writes files, which a query may not")
    if _PRINTING.search(lowered):
        raise BadInput("sql", "this prints beside the answer; explain analyze gives a profile as an answer")
    if _CALLING.search(lowered):
        raise BadInput("sql", "a query in a text is not asked; write the query itself")
    try:
        sql.encode()
    except UnicodeEncodeError as error:  # bytes of another encoding, as the command line hands them on
        raise BadInput("sql", "the query is not written in UTF-8") from error


def lock_down(
    connection: duckdb.DuckDBPyConnection, directories: Sequence[Path] = (), paths: Sequence[Path] = ()
) -> None:
    """Let the connection reach no file but its own and those named, and let no query change that."""
    for option, allowed in (("allowed_directories", directories), ("allowed_paths", paths)):
        listed = ", ".join(quoted(path.absolute()) for path in allowed)
        connection.execute(f"set {option} = [{listed}]")
    connection.execute("reset threads")  # who asks may ask a lot of a small file
    connection.execute("set temp_directory = ''")  # which every query could write and read
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


@contextmanager
def blaming_the_query() -> Iterator[None]:
    """Turn what the engine says of a query into BadInput; what it says of the file stays what it is."""
    try:
        yield
    except (duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException):
        raise  # of the file, not of the query
    except duckdb.IOException as error:
        if any(sign in str(error).lower() for sign in DAMAGE_SIGNS):
            raise
        raise BadInput("sql", str(error)) from error
    except duckdb.Error as error:
        raise BadInput("sql", str(error).removeprefix(_OF_A_MACRO)) from error

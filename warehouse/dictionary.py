"""Owns docs/data-dictionary.md, written from the COMMENTs of a published file: `python -m warehouse.dictionary`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import duckdb

from warehouse.core import Core
from warehouse.reader import Reader
from warehouse.scripts import statement

_HEAD = """# Data dictionary

What stands in published/marsad.duckdb, written by `make docs` from the comments in the database. Ask the views and
macros; the tables of schema core lie under them and may change between versions. Instants are UTC; a name that ends in
`_at` is an instant, `_on` a day, `_count` a count, `_char` a character offset; shares and scores are 0 to 1.
"""


def dictionary_of(reader: Reader) -> str:
    """Return the dictionary of a published file as Markdown."""
    with duckdb.connect(str(reader.file), read_only=True) as connection:
        relations = connection.execute(statement("dictionary", "relations")).fetchall()
        macros = connection.execute(statement("dictionary", "macros")).fetchall()
    views = [row for row in relations if row[0] == "main"]
    tables = [row for row in relations if row[0] == "core"]
    parts = ["## Views", *_described(views), "## Macros", *_listed(macros), "## Tables under them", *_described(tables)]
    return "\n".join([_HEAD, *parts]) + "\n"


def _described(rows: list[tuple[str, ...]]) -> Iterator[str]:
    for (schema, name, comment), columns in groupby(rows, key=lambda row: row[:3]):
        yield f"\n### {name if schema == 'main' else f'{schema}.{name}'}\n\n{comment}\n"
        yield "| column | type | meaning |\n|---|---|---|"
        for *_, column, kind, meaning in columns:
            yield f"| {column} | {kind.lower()} | {_cell(meaning)} |"
    yield ""


def _listed(rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield "\n| macro | answers |\n|---|---|"
    for name, parameters, comment in rows:
        yield f"| {name}({', '.join(parameters)}) | {_cell(comment)} |"
    yield ""


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|")


def main() -> None:
    """Print the dictionary of an empty warehouse."""
    with tempfile.TemporaryDirectory() as name:
        core = Core(Path(name))
        core.create_or_migrate()
        core.publish()
        sys.stdout.write(dictionary_of(Reader(core.folder)))


if __name__ == "__main__":
    main()

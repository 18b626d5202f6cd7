"""Owns how the answer to a query is written: as a table for a person, as JSON or CSV for a program."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from flows.contract import json_text, json_value
from marsad.errors import BadInput
from reports.terminal import render_table
from warehouse.questioning import Table
from warehouse.reader import Reader

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  #: a spreadsheet runs a cell that starts so (OWASP, CSV injection)


def written(table: Table, form: str | None) -> str:
    """Return the answer as text: "json", "csv", else a table of its first rows."""
    match form:
        case "json":
            names = _each_once(table.columns)
            rows = [dict(zip(names, map(json_value, row), strict=True)) for row in table.rows]
            return json_text(rows, indent=1) + "\n"
        case "csv":
            return _csv(table)
        case _:
            return render_table(table.columns, table.rows, has_more=table.has_more)


def export(reader: Reader, query: str, file: Path) -> None:
    """Write the answer to a file, in the form that its name ends in: .parquet, .csv or .json.

    Raises:
        BadInput: the query is wrong, the name ends otherwise, or the file cannot be written.
    """
    form = file.suffix.lower().removeprefix(".")
    if form == "parquet":
        reader.export_parquet(query, file)
        return
    if form not in {"csv", "json"}:
        raise BadInput(str(file), "its name ends in none of .parquet, .csv, .json")
    text = written(reader.query(query), form)
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise BadInput(str(file), f"cannot be written ({error.strerror})") from error


def _each_once(columns: tuple[str, ...]) -> list[str]:
    """Number the columns that bear a name for the second time, as an object holds each name once."""
    return [f"{name}_{columns[:at].count(name)}" if name in columns[:at] else name for at, name in enumerate(columns)]


def _csv(table: Table) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_harmless(json_value(cell)) for cell in row] for row in table.rows)
    return lines.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell

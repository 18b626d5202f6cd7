"""Owns the interactive prompt of `marsad sql`: history, completion, a pager, timing, export.

Each query is run on its own opening of the published file, so the prompt may stay open for days: it blocks nobody, and
the next query sees the newest cycle.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from shutil import get_terminal_size

import click
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from flows.answers import export, written
from flows.exits import Terminated
from marsad.errors import BadInput
from reports.terminal import ROWS_SHOWN
from warehouse.reader import FaceName, Reader

_HISTORY = "sql_history"  #: file in the data folder
_WORD = re.compile(r"[\w.]*$")
_SQL_WORDS = (
    "select from where group by order limit having join left using on as and or not in is null like between case when "
    "then else end distinct count sum avg min max filter over partition with union all exists desc asc describe"
)
_HELP = """\
A query, then Enter (Alt-Enter: a further line; pasted lines stay together). Tab completes views, macros and columns.
.views            what can be asked            .columns NAME     what a view holds
.export FILE      the last answer, as .csv, .json or .parquet
.help             this                         .quit             the end (or Ctrl-D)"""


def converse(reader: Reader) -> None:
    """Answer query after query until the end of input; what is wrong is explained and the next one may come.

    Raises:
        WarehouseUnusable: nothing is published yet, or the file cannot be read.
    """
    names = reader.face()  # says at once where there is no data yet
    click.echo("SQL on the published data; .help says more, Ctrl-D ends.", err=True)
    session: PromptSession[str] = PromptSession(
        history=_history(reader.folder), completer=FaceCompleter(names), key_bindings=_bindings(), multiline=True
    )
    talk = Talk(reader, names)
    while talk.is_open:
        try:
            talk.hear(session.prompt("marsad> ", prompt_continuation="      > "))
        except Terminated:
            raise
        except KeyboardInterrupt:  # a line given up, or a query that takes too long
            click.echo("stopped", err=True)
        except EOFError:
            return


class FaceCompleter(Completer):
    """Completes views, macros, columns and SQL's own words."""

    def __init__(self, names: Iterable[FaceName]) -> None:
        offered = [(name.name + ("(" if name.kind == "macro" else ""), name) for name in names]
        self._offered = [(text, name.comment, name.kind) for text, name in offered]

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002
        """Yield what may stand for the word before the cursor; behind "x." only columns."""
        found = _WORD.search(document.text_before_cursor)
        before, dot, word = (found.group() if found else "").rpartition(".")
        if (dot and not before) or not (dot or word):  # a command of the prompt, or nothing typed
            return
        seen = set()
        for text, comment, kind in self._offered:
            if text.startswith(word.lower()) and text not in seen and (not dot or kind == "column"):
                seen.add(text)
                yield Completion(text, -len(word), display_meta=comment[:60])
        for text in () if dot else _SQL_WORDS.split():
            if text.startswith(word.lower()) and text not in seen:
                yield Completion(text, -len(word))


class Talk:
    """What has been said so far at the prompt."""

    def __init__(self, reader: Reader, names: tuple[FaceName, ...]) -> None:
        self.is_open = True
        self._reader = reader
        self._names = names
        self._query = ""
        self._commands: dict[str, Callable[[str], None]] = {
            ".views": self._views,
            ".columns": self._columns,
            ".export": self._export,
            ".help": lambda _: click.echo(_HELP, err=True),
            ".quit": self._quit,
        }

    def hear(self, line: str) -> None:
        """Run one query or command, and show what comes of it."""
        line = line.strip().rstrip(";").strip()
        word, _, rest = line.partition(" ")
        try:
            if word.startswith("."):
                self._commands.get(word, self._unknown)(rest.strip())
            elif line:
                self._ask(line)
        except BadInput as error:
            click.echo(str(error), err=True)

    def _ask(self, query: str) -> None:
        start = time.perf_counter()
        table = self._reader.query(query, limit=ROWS_SHOWN)
        seconds = time.perf_counter() - start
        self._query = query
        _show(written(table, None))
        click.echo(f"{seconds:.2f} s", err=True)

    def _views(self, _: str) -> None:
        for name in self._names:
            if name.kind != "column":
                click.echo(f"{name.signature}\n    {name.comment}")

    def _columns(self, view: str) -> None:
        columns = [name for name in self._names if name.kind == "column" and name.of == view]
        for name in columns:
            click.echo(f"{name.name:22} {name.comment}")
        if not columns:
            raise BadInput(".columns", f"there is no view {view!r}; .views lists them")

    def _export(self, file: str) -> None:
        if not self._query:
            raise BadInput(".export", "there is no answer yet; ask something first")
        if not file:
            raise BadInput(".export", "name a file that ends in .csv, .json or .parquet")
        export(self._reader, self._query, Path(file).expanduser())
        click.echo(f"written to {file}", err=True)

    def _quit(self, _: str) -> None:
        self.is_open = False

    def _unknown(self, _: str) -> None:
        raise BadInput("the prompt", "knows .views, .columns, .export, .help, .quit")


def _show(text: str) -> None:
    """Print it, through a pager where it is longer than the screen."""
    if text.count("\n") < get_terminal_size().lines:
        click.echo(text, nl=False)
        return
    os.environ.setdefault("LESS", "-RS")  # colours as they are, long lines cut rather than folded: columns stay columns
    click.echo_via_pager(text)


def _history(folder: Path) -> History:
    file = folder / _HISTORY
    try:
        file.touch(mode=0o600)
    except OSError:  # a folder that may only be read
        return InMemoryHistory()
    return FileHistory(str(file))


def _bindings() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add("enter")
    def _run(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @bindings.add("escape", "enter")
    def _further(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return bindings

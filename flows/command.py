"""Owns the command `marsad`: its verbs, its exit codes, and the one sentence an error becomes.

Verbs are imported when they are called, so that `marsad --help` needs neither DuckDB nor Prefect.
"""

from __future__ import annotations

import signal
import sys
import traceback
from copy import copy
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from flows.exits import BUG, FINE, NO_WAREHOUSE, USAGE, code_of_stop
from flows.options import Chosen, place_options
from flows.pasting import called_as, pasted
from marsad import __version__
from marsad.errors import MarsadError, WarehouseBusy, WarehouseUnusable

#: verb -> (module that defines it under that name, help line)
VERBS = {
    "run": ("flows.run_verb", "One monitoring cycle now: poll, fetch, extract, judge, store, publish."),
    "up": ("flows.up_verb", "Everything unattended on this machine: server, worker, schedules."),
    "demo": ("flows.demo", "The same cycle against a small news site of our own, without network."),
    "sql": ("flows.sql_verb", "Run SQL on the published data."),
    "trends": ("flows.trends_verb", "Articles by day, what stands out and what rises, in the terminal."),
    "report": ("flows.telling", "Write one self-contained page with charts."),
    "digest": ("flows.telling", "Preview or send the digests."),
    "feeds": ("flows.feeds_verb", "The sources and their health: list, check, add, import, export."),
    "extract": ("flows.stages", "Title, text, dates of a page: one stage alone."),
    "tag": ("flows.stages", "Topic, names, statements and stance of a text: one stage alone."),
    "compare": ("flows.compare_verb", "How two texts relate, side by side; take two articles apart."),
    "replay": ("flows.replay_verb", "Run a stage again over the archive with today's code."),
    "archive": ("flows.archive_verb", "Take pages out of what is kept as it came."),
    "seeds": ("flows.seeds_verb", "Keep and fingerprint further seed texts."),
    "correct": ("flows.correct_verb", "Correct a judgement; corrections win over every later version."),
    "review": ("flows.correct_verb", "Unknown names and doubtful statements waiting for a look."),
    "init": ("flows.init_verb", "Lay out a topic folder of one's own."),
    "doctor": ("flows.doctor", "Check installation, settings, feeds, mail; back up and restore."),
}


class Verbs(click.Group):
    """The verbs, imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the verbs in the order of a day's work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the verb's command, None where there is none of that name."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = getattr(import_module(VERBS[cmd_name][0]), cmd_name)
        return _spelt(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that `args` begin with; a mistyped one is told what it is like."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=VERBS, ctx=ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of verbs without importing one."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, line) for name, (_, line) in VERBS.items()])


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine, 1 some feeds or mails failed, 2 usage or settings, 3 the warehouse cannot be used.",
)
@click.version_option(__version__, message="marsad %(version)s")
@place_options
@click.pass_context
def marsad(ctx: click.Context, settings_file: Path | None, data: Path | None) -> None:
    """Marsad (مرصد) watches Arabic news on one topic and answers who reported what and who stood where.

    \b
    marsad run                                      one cycle now
    marsad sql "select * from articles limit 5"     ask
    marsad report                                   see
    """  # noqa: D301  click's mark for lines that stay as they are
    ctx.ensure_object(Chosen).add(settings_file, data)


def _spelt(command: click.Command) -> click.Command:
    """Return a copy of the command, its examples as they work when pasted."""
    spelt = copy(command)
    spelt.epilog, spelt.help = (pasted(text) if text else text for text in (command.epilog, command.help))
    if isinstance(spelt, click.Group):
        spelt.commands = {name: _spelt(one) for name, one in spelt.commands.items()}
    return spelt


def main() -> NoReturn:
    """Run the command line; every expected error ends in one sentence on stderr and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a terminal without UTF-8
    chosen = Chosen()
    try:
        code = _spelt(marsad)(prog_name=called_as(), complete_var="_MARSAD_COMPLETE", standalone_mode=False, obj=chosen)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = USAGE
    except click.UsageError as error:
        _say(_with_help(error))
        code = USAGE
    except click.ClickException as error:
        _say(error.format_message())
        code = USAGE
    except click.Abort as abort:
        _say("stopped; nothing that was stored is lost")
        code = code_of_stop(abort.__cause__)
    except MarsadError as error:
        _say(str(error), chosen.spelt)
        code = _code_of(error)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        code = FINE
    except OSError as error:  # standard output is full or gone
        _say(f"cannot write ({error.strerror})")
        code = USAGE
    except Exception:  # noqa: BLE001  the last door: a code that no one takes for "some feeds failed"
        traceback.print_exc()
        _say("this is a bug; what was stored is safe")
        code = BUG
    _hear_no_more()
    sys.exit(code if isinstance(code, int) else FINE)


def _hear_no_more() -> None:
    """Ignore what would stop us: all is done and said, and Python's own end would answer with a traceback."""
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_IGN)


def _with_help(error: click.UsageError) -> str:
    said = error.format_message()
    end = "" if said.endswith((".", "?")) else "."
    return f"{said}{end} Try {error.ctx.command_path if error.ctx else called_as()} --help"


def _say(sentence: str, options: str = "") -> None:
    click.echo(f"marsad: {pasted(sentence, options)}", err=True)


def _code_of(error: MarsadError) -> int:
    if isinstance(error, WarehouseBusy | WarehouseUnusable):
        return NO_WAREHOUSE
    return USAGE

"""The house: floors and doors, names, sizes, and that the documents keep up with the code."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from flows.command import VERBS

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("marsad", "extractors", "warehouse", "transport", "reports", "flows")
FILES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
PARTS = {".sql", ".html", ".j2", ".css", ".js", ".txt", ".toml", ".yaml", ".json"}  #: of programs, beside Python
TOPIC_NAMES = (
    "russia", "korea", "pyongyang", "dprk", "kremlin", "putin", "kursk", "kim_jong", "كوريا",
    "كوري", "بيونغ", "بيونج", "بوتين", "الروسي", "الكرملين", "كورسك", "росси", "коре", "朝鲜", "俄罗斯",
)  # fmt: skip
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(file: Path) -> Iterator[Function]:
    """Yield every function of a file, nested ones too."""
    yield from (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, Function))


def code_lines(function: Function) -> int:
    """Count the lines of a function without its docstring."""
    first = function.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_imports_go_down_and_every_library_has_one_door() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_files_are_short() -> None:
    lines = {file.relative_to(ROOT): len(file.read_text("utf-8").splitlines()) for file in FILES}
    assert {name: count for name, count in lines.items() if count > 400} == {}
    assert statistics.median(lines.values()) <= 150


def test_functions_are_short() -> None:
    lengths = {(file.name, node.name): code_lines(node) for file in FILES for node in functions(file)}
    assert {name: length for name, length in lengths.items() if length > 60} == {}
    assert statistics.median(lengths.values()) <= 9
    assert statistics.quantiles(lengths.values(), n=10)[-1] <= 25


def test_no_file_is_called_after_what_it_does_not_say() -> None:
    vague = re.compile(r"util|helper|manager|handler|processor|common|misc|base$")
    assert [file.name for file in FILES if vague.search(file.stem)] == []


def test_no_flow_bears_the_name_of_an_installed_module() -> None:
    taken = sys.stdlib_module_names | packages_distributions().keys()
    assert [file.name for file in (ROOT / "flows").glob("*.py") if file.stem in taken] == []


def test_sql_stands_in_sql_files_of_the_warehouse() -> None:
    statement = re.compile(r"\b(select\s.+\sfrom\s|insert\s+into\s|create\s+table\s|delete\s+from\s)", re.IGNORECASE)
    strings = {
        (file.relative_to(ROOT), node.lineno): node.value
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and statement.search(node.value)
    }
    # What a person may type is shown to them in help and hints; it is not run from there.
    shown = {place: text for place, text in strings.items() if "marsad sql" not in text}
    assert shown == {}


@cache
def strings(file: Path) -> list[str]:
    """Return the texts a program works with: its string constants without its docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    documents = {id(node.body[0].value) for node in ast.walk(tree) if begins_with_text(node)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node.value for node in constants if id(node) not in documents]


def begins_with_text(node: ast.AST) -> bool:
    bodied = isinstance(node, ast.Module | ast.ClassDef | Function) and bool(node.body)
    return bodied and isinstance(node.body[0], ast.Expr)


@pytest.mark.parametrize("name", TOPIC_NAMES)
def test_the_code_knows_no_topic(name: str) -> None:
    name = name.replace("_", " ")
    zones = "datewords.py"  # names of time zones belong to the language
    told = [file for file in FILES if any(name in text.casefold() for text in strings(file)) and file.name != zones]
    assert told == []
    rest = [file for package in PACKAGES for file in (ROOT / package).rglob("*.*") if file.suffix in PARTS]
    assert {file.suffix for file in rest} >= {".sql", ".j2"}
    assert [file for file in rest if name in file.read_text("utf-8").casefold()] == []


def test_every_module_says_what_it_owns() -> None:
    silent = [file.relative_to(ROOT) for file in FILES if not ast.get_docstring(ast.parse(file.read_text("utf-8")))]
    assert silent == []


def test_only_floor_three_catches_everything() -> None:
    broad = re.compile(r"except (Exception|BaseException)\b|except:")
    caught = [file.relative_to(ROOT) for file in FILES if broad.search(file.read_text("utf-8"))]
    assert [file for file in caught if file.parts[0] != "flows"] == []


@pytest.mark.parametrize("verb", VERBS)
def test_the_documents_mention_every_verb(verb: str) -> None:
    text = "".join(file.read_text("utf-8") for file in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    assert f"marsad {verb}" in text


def test_the_walk_in_the_documents_names_files_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = set(re.findall(r"`((?:marsad|extractors|warehouse|transport|reports|flows)/[a-z_/]+\.py)`", text))
    assert len(named) >= 15
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []

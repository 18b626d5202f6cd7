"""Measures what is found of articles and how fast, beside other tools in the same run.

    .venv/bin/python bench/extract.py [--shared ../shared] [--pages] [--rounds 3]

F1 of the multisets of words, mean over the pages of a set; pages/s from bytes to text, ours from bytes to an Article
with its dates and people. readability, resiliparse, newspaper4k and justext are measured where they are installed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import mean

from trafilatura import bare_extraction
from trafilatura.settings import Document

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from extractors.articles import extract_article  # noqa: E402
from extractors.pool import ExtractorPool, Job  # noqa: E402
from marsad.errors import MarsadError  # noqa: E402
from marsad.furniturewords import is_byline, is_date_line, is_furniture  # noqa: E402
from marsad.settings import ExtractSettings  # noqa: E402
from marsad.sources import Page  # noqa: E402
from tests.quality.arabic_pages import f1, pages_of  # noqa: E402

GUARD_SHARE = 0.4  #: of the default text, below which the precision text of the baseline is not taken
FETCHED_AT = datetime(2026, 11, 21, tzinfo=UTC)
_SENTENCE_CHARS = 90
_POOL_ROUNDS = 2
_TURN_COUNT = 32  #: pages

Tool = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Sample:
    """A page with its gold text."""

    name: str
    group: str
    body: bytes
    gold: str


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many counts as the speed")
    parser.add_argument("--pages", action="store_true", help="the figures of each page too")
    arguments = parser.parse_args()
    samples = [*_own(), *_shared(arguments.shared / "data" / "html")]
    tools = dict(_tools())
    texts = {name: [tool(sample.body) for sample in samples] for name, tool in tools.items()}
    _print_quality(samples, texts)
    _print_speed(samples, tools, arguments.rounds)
    _print_lines(samples, texts["ours"])
    _print_pool(samples)
    if arguments.pages:
        _print_pages(samples, texts)


def _own() -> Iterator[Sample]:
    for folder in ("seen", "held_out"):
        for page in pages_of(folder):
            yield Sample(page.name, f"own {folder}", page.markup.encode(), "\n".join(page.gold))


def _shared(folder: Path) -> Iterator[Sample]:
    lines = (folder / "MANIFEST.jsonl").read_text("utf-8").splitlines() if folder.exists() else ()
    entries = {entry["file"]: entry for entry in map(json.loads, lines)}
    for name, entry in entries.items():
        if "gold" in entry:
            yield Sample(name, entry["set"], (folder / name).read_bytes(), (folder / entry["gold"]).read_text("utf-8"))


def _tools() -> Iterator[tuple[str, Tool]]:
    yield "ours", _ours
    yield "trafilatura guarded", _guarded
    yield "trafilatura default", _trafilatura
    yield "trafilatura precision", lambda body: _trafilatura(body, favor_precision=True)
    yield "trafilatura fast", lambda body: _trafilatura(body, fast=True)
    for name, module, read in _OTHERS:
        if find_spec(module):
            yield name, lambda body, read=read: read(body.decode("utf-8", "replace"))


def _ours(body: bytes) -> str:
    try:
        return extract_article(_page(body)).body
    except MarsadError:
        return ""


def _page(body: bytes) -> Page:
    url = "https://news.example.org/article"
    return Page(url, url, 200, (("content-type", "text/html"),), body, FETCHED_AT)


def _trafilatura(body: bytes, **options: bool) -> str:
    document = bare_extraction(body, include_comments=False, **options)
    return (document.text or "") if isinstance(document, Document) else ""


def _guarded(body: bytes) -> str:
    precise, default = _trafilatura(body, favor_precision=True), _trafilatura(body)
    return precise if len(precise) >= GUARD_SHARE * len(default) else default


def _readability(markup: str) -> str:
    summary = import_module("readability").Document(markup).summary()
    return str(import_module("lxml.html").fromstring(summary).text_content())


def _resiliparse(markup: str) -> str:
    return str(import_module("resiliparse.extract.html2text").extract_plain_text(markup, main_content=True))


def _justext(markup: str) -> str:
    justext = import_module("justext")
    found = justext.justext(markup.encode(), justext.get_stoplist("Arabic"))
    return "\n".join(part.text for part in found if not part.is_boilerplate)


def _newspaper(markup: str) -> str:
    article = import_module("newspaper").Article("https://news.example.org/", language="ar")
    article.set_html(markup)
    article.parse()
    return str(article.text)


_OTHERS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("readability-lxml", "readability", _readability),
    ("resiliparse", "resiliparse", _resiliparse),
    ("justext (Arabic)", "justext", _justext),
    ("newspaper4k (Arabic)", "newspaper", _newspaper),
)


def _print_quality(samples: Sequence[Sample], texts: dict[str, list[str]]) -> None:
    groups = list(dict.fromkeys(sample.group for sample in samples))
    print("F1, mean (worst page)")
    for name, found in texts.items():
        scores = [(sample.group, f1(text, sample.gold)) for sample, text in zip(samples, found, strict=True)]
        by_group = {group: [score for other, score in scores if other == group] for group in groups}
        cells = (f"{group} {mean(of):.4f} ({min(of):.2f}) n={len(of)}" for group, of in by_group.items())
        print(f"  {name:22} {'  '.join(cells)}")


def _print_speed(samples: Sequence[Sample], tools: dict[str, Tool], rounds: int) -> None:
    seconds = {name: float("inf") for name in tools}
    for _ in range(rounds):
        for name, tool in tools.items():
            start = time.process_time()
            for sample in samples:
                tool(sample.body)
            seconds[name] = min(seconds[name], time.process_time() - start)
    print(f"pages/s of one core, best of {rounds}, and relative to trafilatura default")
    for name, taken in seconds.items():
        print(f"  {name:22} {len(samples) / taken:6.1f}  {seconds['trafilatura default'] / taken:.2f}")


def _print_lines(samples: Sequence[Sample], texts: Sequence[str]) -> None:
    left: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for sample, text in zip(samples, texts, strict=True):
        gold, found = sample.gold.splitlines(), text.splitlines()
        left.update(_kind(line) for line in found if not _stands_in(line, sample.gold))
        lost.update(_kind(line) for line in gold if line.strip() and not _stands_in(line, text))
    print(f"lines of furniture left: {left.total()} {dict(left)}\nreal lines lost: {lost.total()} {dict(lost)}")


def _stands_in(line: str, text: str) -> bool:
    return " ".join(line.split()) in " ".join(text.split())


def _kind(line: str) -> str:
    if is_date_line(line) or is_byline(line):
        return "date or byline"
    if is_furniture(line):
        return "label, caption, credit"
    return "sentence" if len(line) >= _SENTENCE_CHARS or line.rstrip().endswith((".", "؟", "!")) else "short line"


def _print_pool(samples: Sequence[Sample]) -> None:
    """Read the same pages in this process and in the pool by turns, so that other work on the machine falls on both."""
    jobs = [Job(_page(sample.body)) for sample in samples] * _POOL_ROUNDS
    walls, cpus = [0.0, 0.0], [0.0, 0.0]
    with ExtractorPool(ExtractSettings(worker_count=1)) as pool:
        list(pool.extract(jobs[:_TURN_COUNT]))
        for first in range(0, len(jobs), _TURN_COUNT):
            turn = jobs[first : first + _TURN_COUNT]
            ways = (
                lambda turn=turn: [_ours(job.page.body) for job in turn],
                lambda turn=turn: list(pool.extract(turn)),
            )
            for number, way in enumerate(ways):
                wall, cpu = time.perf_counter(), _cpu_seconds()
                way()
                walls[number] += time.perf_counter() - wall
                cpus[number] += _cpu_seconds() - cpu
    print(
        f"pool of one worker over in-process, {len(jobs)} pages by turns: {walls[1] / walls[0] - 1:+.1%} wall time,"
        f" {cpus[1] / cpus[0] - 1:+.1%} computing"
    )


def _cpu_seconds() -> float:
    """Return what this process and its workers have computed so far, in ticks of a hundredth second for the latter."""
    children = [
        child for task in Path("/proc/self/task").iterdir() for child in (task / "children").read_text().split()
    ]
    fields = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split() for child in children]
    ticks = sum(int(stat[11]) + int(stat[12]) for stat in fields)
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _print_pages(samples: Sequence[Sample], texts: dict[str, list[str]]) -> None:
    print("F1 of each page: ours, trafilatura guarded")
    for number, sample in enumerate(samples):
        ours, other = (f1(texts[name][number], sample.gold) for name in ("ours", "trafilatura guarded"))
        print(f"  {sample.group:14} {sample.name:56} {ours:.3f} {other:.3f}")


if __name__ == "__main__":
    main()

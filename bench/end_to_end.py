"""Measures bytes to stored article: `marsad run` with everything on, beside bare trafilatura on the same pages.

    uv venv build/peers && uv pip install --python build/peers/bin/python 'newspaper4k[nlp]' news-please
    PYTHONPATH=. python bench/end_to_end.py [--pages 240] [--rounds 3] [--peers build/peers/bin/python]

Processor time of whole process trees, so that other work on the machine changes little. What a page costs is the
difference between a cycle of many pages and one of few (of each the cheapest round), over the difference in pages:
starting, polling and publishing are in both, and so is what is loaded once, such as the model of languages for the one
page in Persian among the first. Pages are Arabic ones; where more are asked for, they come again with the words of
other news in the place of theirs, so that no text copies another. The others, in processes of their own, give a text
and store nothing.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import html
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from other_tools import TOOLS, WARM_UP

from tests.newsworld import feed_of
from tests.quality.arabic_pages import pages_of
from transport.site import Answer, Site
from warehouse.core import Core

ROOT = Path(__file__).resolve().parent.parent
FEW = WARM_UP
NOWHERE = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")  #: nobody downloads lists meanwhile
PATIENCE_SECONDS = 150  #: with another tool
BARE = "trafilatura"  #: of our own environment
EVERYWHERE = ["من", "في", "على", "إلى", "عن"]  # of, in, on, to, about: words no Arabic text does without
_TEXT = re.compile(r"(?<=>)[^<>{}]*[ء-ي][^<>{}]{40,}(?=<)")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process tree took."""

    cpu_seconds: float
    peak_mb: int
    stages: dict[str, float]
    article_count: int


def main() -> None:
    """Print pages a second and core, the ratio, the shares of the stages, and memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--pages", type=int, default=240)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path, help="the python of an environment with newspaper4k and news-please")
    options = parser.parse_args()
    pages = pages_for(options.shared, options.pages)
    pythons = {tool: options.peers or Path(sys.executable) for tool in TOOLS} | {BARE: Path(sys.executable)}
    fews: list[Cost] = []
    wholes: list[Cost] = []
    theirs: dict[str, list[float | None]] = {tool: [] for tool in TOOLS}
    with tempfile.TemporaryDirectory() as folder:
        for at, body in enumerate(pages):
            (Path(folder) / f"{at:05}.html").write_bytes(body)
        for _ in range(options.rounds):
            fews.append(cycle_of(pages[:FEW]))
            wholes.append(cycle_of(pages))
            for tool, python in pythons.items():
                theirs[tool].append(seconds_a_page(python, tool, Path(folder)))
    whole = wholes[-1]
    best = (min(one.cpu_seconds for one in wholes) - min(one.cpu_seconds for one in fews)) / (len(pages) - FEW)
    size = sum(map(len, pages)) / len(pages) / 1000
    print(f"{len(pages)} pages of {size:.0f} kB; {whole.article_count} became articles")
    rounds = ((many.cpu_seconds - few.cpu_seconds) / (len(pages) - FEW) for many, few in zip(wholes, fews, strict=True))
    spread = ", ".join(f"{seconds * 1000:.1f}" for seconds in rounds)
    print(
        f"marsad, bytes to stored article: {1 / best:.0f} pages/s of one core, {best * 1000:.1f} ms a page "
        f"(the rounds by themselves: {spread})"
    )
    for tool, found in theirs.items():
        seconds = min((one for one in found if one is not None), default=None)
        said = (
            f"{1 / seconds:.0f} pages/s of one core"
            if seconds
            else "no figure (not installed, or it did not come to its end)"
        )
        share = f"; marsad has {seconds / best:.2f} of it" if seconds else ""
        print(f"{tool}, text only: {said}{share}")
    told = {stage: seconds for stage, seconds in whole.stages.items() if seconds}
    shares = ", ".join(f"{stage} {seconds / sum(told.values()):.0%}" for stage, seconds in told.items())
    print(f"shares of the whole cycle by the clock: {shares}")
    print(f"largest process: {whole.peak_mb} MB")


def pages_for(shared: Path, count: int) -> list[bytes]:
    """Return so many Arabic pages: our own, those of the shared folder, and both again with other words."""
    markups = [page.markup for folder in ("seen", "held_out") for page in pages_of(folder)]
    manifest = shared / "data/html/MANIFEST.jsonl"
    rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines()] if manifest.exists() else []
    markups += [
        (shared / "data/html" / row["file"]).read_text("utf-8", "replace") for row in rows if is_arabic(shared, row)
    ]
    random.Random(1).shuffle(markups)
    words = words_of(shared)
    again = (markups[at] if at < len(markups) else refilled(markups[at % len(markups)], words) for at in range(count))
    return [markup.encode() for markup in again]


def words_of(shared: Path) -> Iterator[str]:
    """Yield the words of running news, article by article; of our own articles where the shared ones are not here."""
    news = shared / "data/news/saudinewsnet-10k.jsonl.gz"
    if news.exists():
        with gzip.open(news, "rt", encoding="utf-8") as lines:
            texts = [json.loads(line)["content"] for line in lines]
    else:
        texts = [" ".join(page.gold) for page in (*pages_of("seen"), *pages_of("held_out"))]
    return (word for text in cycle(texts) for word in html.escape(text, quote=False).split())


def is_arabic(shared: Path, row: dict[str, str]) -> bool:
    """Return whether a page has a gold text in Arabic."""
    gold = (shared / "data/html" / row["gold"]).read_text("utf-8") if "gold" in row else ""
    return sum("\u0600" <= letter <= "\u06ff" for letter in gold) > len(gold) / 2


def refilled(markup: str, words: Iterator[str]) -> str:
    """Return the page with as many of these words in the place of every piece of its text."""
    return _TEXT.sub(lambda found: " ".join(islice(words, len(found[0].split()))), markup)


def cycle_of(pages: Sequence[bytes]) -> Cost:
    """Return what `marsad run` takes to fetch, read and store the pages from a site on loopback."""
    with tempfile.TemporaryDirectory() as name, Site({}) as site:
        folder = Path(name)
        for at, body in enumerate(pages):
            site.put(f"/{at}", Answer(body))
        items = [(f"/{at}", (f"{EVERYWHERE[0]} {at}", EVERYWHERE[1])) for at in range(len(pages))]
        site.put("/feed.xml", Answer(feed_of(site.url(""), items), "application/rss+xml"))
        return one_run(lay_out(folder, site), folder / "data")


def one_run(settings: Path, data: Path) -> Cost:
    """Return what one `marsad run` takes."""
    command = [Path(sys.executable).with_name("marsad"), "run", "--settings", settings]
    alone = [sys.executable, ROOT / "bench/_alone.py", *command]
    code, cpu_seconds, peak_mb = json.loads(subprocess.run(alone, check=True, capture_output=True).stdout)
    assert code == 0
    with Core(data).reading() as connection:
        newest = "select summary from core.run where summary is not null order by noted_at desc limit 1"
        ((summary,),) = connection.execute(newest).fetchall()
    told = json.loads(summary)
    return Cost(
        cpu_seconds,
        peak_mb,
        told["stage_seconds"],
        told["new_count"] + told["duplicate_count"],
    )


def lay_out(folder: Path, site: Site) -> Path:
    """Write a topic that every Arabic text is on, with all names and cues that are shipped; return its settings."""
    for name in ("entities.csv", "stance.toml", "corpus.npz"):
        (folder / name).write_bytes((ROOT / "seeds" / name).read_bytes())
    with (ROOT / "seeds/entities.csv").open(encoding="utf-8") as rows:
        states = sorted({row["country"] for row in csv.DictReader(rows) if row["country"]})
    words, near = (json.dumps(one, ensure_ascii=False) for one in (EVERYWHERE, states))
    named = 'id = "all"\nname = "All"\nname_ar = "كل شيء"\n'  # everything
    topic = f"{named}[[target]]\n{named}"
    (folder / "topic.toml").write_text(
        f"{topic}themes = {words}\n[near]\ncountries = {near}\nwords = {words}\n", "utf-8"
    )
    url = site.url("/feed.xml")
    (folder / "feeds.toml").write_text(
        f'[[outlet]]\nid = "o"\nname = "O"\n[[feed]]\nurl = "{url}"\noutlet = "o"\n', "utf-8"
    )
    settings = folder / "marsad.toml"
    places = f'topic = "."\ndata = "{folder / "data"}"\n[fetch]\nallow_addresses = ["{site.address}"]\n'
    settings.write_text(f"{places}host_gap_seconds = 0\n[extract]\nworker_count = 1\n", "utf-8")
    return settings


def seconds_a_page(python: Path, tool: str, folder: Path) -> float | None:
    """Return processor seconds a page of one of `other_tools.py`, in a process of its own, None where it fails."""
    command = [python, ROOT / "bench/other_tools.py", tool, folder]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS, env=os.environ | NOWHERE
        )
    except subprocess.TimeoutExpired:
        return None
    return None if done.returncode else float(done.stdout.split()[0])


if __name__ == "__main__":
    main()

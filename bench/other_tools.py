"""Measures one other tool on a folder of pages: processor seconds a page, behind a warm-up, in a process of its own.

    python bench/other_tools.py TOOL FOLDER

TOOL is trafilatura (its default mode), newspaper4k or news-please. It needs nothing but Python and that tool, so that
`bench/end_to_end.py` can run it in an environment where other tools live.
"""

from __future__ import annotations

import logging
import sys
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

WARM_UP = 40  #: pages


def main() -> None:
    """Print seconds a page, and how many pages gave a text."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    name, folder = sys.argv[1:]
    read = TOOLS[name]()
    pages = [file.read_bytes() for file in sorted(Path(folder).iterdir())]
    for body in pages[:WARM_UP]:
        read(body)
    began = time.process_time()
    text_count = sum(bool(read(body)) for body in pages)
    print((time.process_time() - began) / len(pages), text_count)


def _trafilatura() -> Callable[[bytes], object]:
    read: Callable[[bytes], object] = import_module("trafilatura").extract
    return read


def _newspaper() -> Callable[[bytes], object]:
    make = import_module("newspaper").Article

    def read(body: bytes) -> object:
        article = make("https://news.example.org/1", language="ar")
        article.download(input_html=body.decode())
        article.parse()
        return article.text

    return read


def _newsplease() -> Callable[[bytes], object]:
    please = import_module("newsplease").NewsPlease
    return lambda body: please.from_html(body.decode(), url="https://news.example.org/1").maintext


TOOLS = {"trafilatura": _trafilatura, "newspaper4k": _newspaper, "news-please": _newsplease}

if __name__ == "__main__":
    main()

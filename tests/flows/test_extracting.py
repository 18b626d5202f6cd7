"""What `marsad extract --jsonl` says of the publisher of a page."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from flows.command import marsad
from tests.extractors.pages import html


def test_outlet_is_that_of_the_address_else_what_the_page_claims(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(html(), "utf-8")
    urls = ("https://www.aljazeera.net/politics/2025/6/8/x", "https://news.example.org/x", None)
    lines = [json.dumps({"id": n, "path": str(page), "url": url}) for n, url in enumerate(urls)]
    words = ["--data", str(tmp_path / "data"), "extract", "--jsonl"]
    answer = CliRunner().invoke(marsad, words, input="\n".join(lines))
    outlets = [json.loads(line)["outlet"] for line in answer.stdout.splitlines()]
    assert outlets == ["Al Jazeera", "مرآة النهر", "مرآة النهر"]

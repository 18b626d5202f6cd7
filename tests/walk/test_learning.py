"""A cycle learns what every page of a host repeats, and stores its articles without it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from flows.command import marsad
from tests.newsworld import DRONES, PROTEST, VISIT, NewsWorld, feed_of, page_of, settings_for
from transport.site import Answer

LABEL = "عزيزي القارئ 1204"  # dear reader, no. 1204; no rule knows it
REPORTS = (VISIT, PROTEST, DRONES)


def test_line_on_three_articles_of_a_host_is_in_none_of_them(tmp_path: Path) -> None:
    with NewsWorld() as world:
        paths = [f"/c/{number}" for number in range(len(REPORTS))]
        for number, (path, report) in enumerate(zip(paths, REPORTS, strict=True)):
            told = (*report[:2], LABEL.replace("4", str(number)), *report[2:])
            world.site.put(path, Answer(page_of(told)))
        feed = feed_of(world.site.url(""), list(zip(paths, REPORTS, strict=True)))
        world.site.put("/river.xml", Answer(feed, "application/rss+xml"))
        settings = str(settings_for(world, tmp_path))
        assert CliRunner().invoke(marsad, ["run", "--settings", settings]).exit_code == 0
        query = "select body from articles where url like '%/c/%'"
        answer = CliRunner().invoke(marsad, ["sql", "--json", "--settings", settings, query])
    bodies = [row["body"] for row in json.loads(answer.stdout)]
    assert len(bodies) == len(REPORTS)
    assert not any("عزيزي" in body for body in bodies)
    assert all(report[-1] in "\n".join(bodies) for report in REPORTS)

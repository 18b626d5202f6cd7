"""A cycle where nothing can be reached: every feed shows its own error, and nothing is broken."""

from __future__ import annotations

import json
import socket
from pathlib import Path

from click.testing import CliRunner, Result

from flows.command import marsad


def said(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(
        marsad, [*words, "--settings", str(folder / "marsad.toml")], standalone_mode=False, env={"COLUMNS": "200"}
    )


def closed_ports(count: int) -> list[int]:
    """Return ports of loopback where nobody listens."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def test_every_feed_shows_its_own_error_and_the_next_cycle_can_run(tmp_path: Path) -> None:
    ports = closed_ports(2)
    seeds = Path(__file__).resolve().parents[2] / "seeds"
    (tmp_path / "topic").mkdir()
    for name in ("topic.toml", "entities.csv", "stance.toml"):
        (tmp_path / "topic" / name).write_bytes((seeds / name).read_bytes())
    feeds = "".join(f'[[feed]]\nurl = "http://127.0.0.1:{port}/feed.xml"\noutlet = "x"\n' for port in ports)
    (tmp_path / "topic" / "feeds.toml").write_text('[[outlet]]\nid = "x"\nname = "X"\n' + feeds)
    allowed = json.dumps([f"127.0.0.1:{port}" for port in ports])
    pace = f"[fetch]\nallow_addresses = {allowed}\nhost_gap_seconds = 0\npoll_gap_seconds = 0\n"
    places = f"data = {json.dumps(str(tmp_path / 'data'))}\ntopic = {json.dumps(str(tmp_path / 'topic'))}\n"
    (tmp_path / "marsad.toml").write_text(places + pace)

    for _ in range(2):
        done = said(tmp_path, "run")
        assert done.return_value == 1, done.output
        assert all(f"127.0.0.1:{port}/feed.xml" in done.stdout for port in ports)
        assert "Is there a network?" in done.stderr
    (row,) = json.loads(said(tmp_path, "sql", "--json", "select count(*) as n from articles").stdout)
    assert row["n"] == 0
    states = json.loads(said(tmp_path, "feeds", "list", "--json").stdout)
    assert {state["state"] for state in states} == {"broken"}

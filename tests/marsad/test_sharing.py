"""Every host has one worker, whatever its address of the moment."""

from __future__ import annotations

import pytest

from marsad.settings import WorkerSettings
from marsad.sharing import is_own


def owners(url: str, count: int) -> list[int]:
    return [number for number in range(1, count + 1) if is_own(url, WorkerSettings(count, number))]


@pytest.mark.parametrize("count", [1, 2, 3, 7])
@pytest.mark.parametrize("url", ["https://example.org/a", "http://127.0.0.1:8080/x", "javascript:void(0)", ""])
def test_each_address_is_asked_by_one_worker(url: str, count: int) -> None:
    assert len(owners(url, count)) == 1


def test_hosts_and_ports_of_one_site_go_together() -> None:
    urls = (
        "https://example.org/a",
        "http://www.example.org/b",
        "https://feeds.example.org:8443/c",
        "https://EXAMPLE.org/",
    )
    assert len({owners(url, 5)[0] for url in urls}) == 1


def test_the_shares_are_of_a_size() -> None:
    counts = [0] * 4
    for number in range(4000):
        counts[owners(f"https://outlet{number}.example/", 4)[0] - 1] += 1
    assert min(counts) > 800

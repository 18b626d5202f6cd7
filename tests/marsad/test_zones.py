"""Which names are those of time zones."""

from __future__ import annotations

import pytest

from marsad.zones import is_zone, zone_named


@pytest.mark.parametrize("name", ["UTC", "Asia/Riyadh", "Africa/Cairo"])
def test_a_zone_of_the_database_is_one(name: str) -> None:
    assert is_zone(name)
    assert zone_named(name) == name


@pytest.mark.parametrize(
    "name", ["", "localtime", "Factory", "Nowhere", "asia/riyadh", "../Asia/Riyadh", "Asia/Riyadh "]
)
def test_what_is_no_zone_is_refused_with_what_to_write(name: str) -> None:
    assert not is_zone(name)
    with pytest.raises(ValueError, match="is no time zone; write one like Asia/Riyadh"):
        zone_named(name)

"""Facts about what an audit says of the filter."""

from __future__ import annotations

from marsad.digests import FilterAudit


def test_the_recall_of_the_filter_is_told_from_what_its_audit_found() -> None:
    assert FilterAudit(0, 100, 0, 0).recall_share is None
    assert FilterAudit(90, 500, 10, 0).recall_share == 1.0
    assert FilterAudit(90, 500, 50, 1).recall_share == 0.9

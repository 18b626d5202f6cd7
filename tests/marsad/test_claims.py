"""Facts about when a feed says something else of an article it has shown before."""

from __future__ import annotations

from dataclasses import replace

from marsad.claims import claim_of, retold
from marsad.dates import Dated
from marsad.sources import Entry

FEED = "https://example.org/feed"


def entry(number: int, title: str = "خبر", dated: str = "08:00", feed: str = FEED) -> Entry:  # a piece of news
    return Entry(feed, str(number), f"https://example.org/{number}", title, published=Dated(raw=dated))


def known(*entries: Entry, others: tuple[Entry, ...]) -> list[Entry]:
    """Return what is retold of `others`, where `entries` of the same place were known."""
    return retold(others, {other: claim_of(one) for one, other in zip(entries, others, strict=True)})


def test_the_same_again_and_what_was_never_shown_are_not_retold() -> None:
    assert known(entry(1), others=(entry(1),)) == []
    assert retold([entry(1)], {}) == []


def test_another_title_or_another_date_is() -> None:
    titled, dated = entry(1, "خبر عاجل"), entry(2, dated="09:00")  # breaking news
    assert known(entry(1), entry(2), entry(3), others=(titled, dated, entry(3))) == [titled, dated]


def test_the_date_of_change_goes_before_that_of_publication() -> None:
    changed = replace(entry(1), updated="10:00")
    assert known(entry(1), others=(changed,)) == [changed]
    assert known(changed, others=(replace(changed, published=Dated(raw="07:00")),)) == []


def test_a_feed_that_dates_all_its_entries_anew_is_not_believed_but_for_titles() -> None:
    before = [entry(number) for number in range(10)]
    after = [entry(number, dated="09:00") for number in range(9)] + [entry(9, "عنوان آخر", "09:00")]  # another title
    assert known(*before, others=tuple(after)) == [after[9]]


def test_what_one_feed_does_says_nothing_of_another() -> None:
    other = "https://example.org/other"
    before = [entry(number) for number in range(10)] + [entry(1, feed=other)]
    after = [entry(number, dated="09:00") for number in range(10)] + [entry(1, dated="09:00", feed=other)]
    assert known(*before, others=tuple(after)) == [after[10]]

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from marsad.articles import Stance
from marsad.composing import Told, choose_stories, gather_stories, told_of
from marsad.digests import Piece, Quote
from marsad.interests import Choice

_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _piece(
    number: int, story: int, outlet: str = "أ", *, is_copy: bool = False, quotes: tuple[Quote, ...] = ()
) -> Piece:
    return Piece(
        article_id=number,
        story_id=story,
        title=f"عنوان {number}",  # title
        url=f"https://example.org/{number}",
        outlet=outlet,
        seen_at=_NOON + timedelta(minutes=number),
        is_copy=is_copy,
        quotes=quotes,
    )


def _quote(speaker: str, stance: Stance, number: int) -> Quote:
    return Quote(speaker, speaker, stance, f"جملة {number}", f"https://example.org/{number}")  # sentence


def test_quote_is_taken_from_the_original_and_not_from_a_copy_that_came_first() -> None:
    copied, own = (_quote("أ", Stance.OPPOSED, number) for number in (1, 2))
    pieces = (_piece(1, 1, is_copy=True, quotes=(copied,)), _piece(2, 1, quotes=(own,)))
    (story,) = gather_stories(pieces)
    assert story.quotes == (own,)


def test_story_tells_its_outlets_once_in_order_of_arrival() -> None:
    pieces = (_piece(1, 1, "أ"), _piece(2, 1, "ب", is_copy=True), _piece(3, 1, "أ"))
    for order in permutations(pieces):
        (story,) = gather_stories(order)
        names = tuple(outlet.name for outlet in story.outlets)
        assert (story.title, names, story.copy_count, story.own_count) == ("عنوان 1", ("أ", "ب"), 1, 2)
        assert story.started_at == pieces[0].seen_at


def test_story_is_headed_by_the_first_article_in_own_words() -> None:
    (story,) = gather_stories((_piece(1, 7, is_copy=True), _piece(2, 7)))
    assert story.title == "عنوان 2"


def test_copies_do_not_lift_a_story_over_one_told_in_own_words() -> None:
    copied = [_piece(n, 1, f"outlet {n}", is_copy=n > 1) for n in range(1, 40)]
    told = [_piece(50, 50, "أ"), _piece(51, 50, "ب")]
    assert [story.id for story in gather_stories(copied + told)] == [50, 1]


def test_equal_stories_stand_newest_first() -> None:
    assert [story.id for story in gather_stories((_piece(1, 1), _piece(2, 2), _piece(3, 3)))] == [3, 2, 1]


def test_sentence_printed_by_several_outlets_is_one_quote() -> None:
    supportive = tuple(_quote("لافروف", Stance.SUPPORTIVE, n) for n in (1, 2))
    opposed = _quote("لافروف", Stance.OPPOSED, 3)
    pieces = (_piece(1, 1, quotes=supportive[:1]), _piece(2, 1, quotes=(supportive[1], opposed)))
    assert gather_stories(pieces)[0].quotes == (supportive[0], opposed)


def test_no_pieces_make_no_stories() -> None:
    assert gather_stories(()) == ()


def test_copies_alone_are_no_news_to_whom_their_story_was_told() -> None:
    unheard = _quote("لافروف", Stance.OPPOSED, 1)
    pieces = (_piece(1, 9, is_copy=True), _piece(2, 9, is_copy=True, quotes=(unheard,)), _piece(3, 3))
    assert [story.id for story in choose_stories(pieces, Choice(), {9: Told(9, 1)})] == [3]
    assert [story.id for story in choose_stories(pieces, Choice(), {9: Told(9, 0)})] == [3]
    assert [story.id for story in choose_stories(pieces, Choice(), {})] == [3, 9]


def test_quotes_that_were_asked_for_come_first() -> None:
    quotes = tuple(_quote(who, Stance.OPPOSED, number) for number, who in enumerate("أبجد"))
    (story,) = choose_stories((_piece(1, 1, quotes=quotes),), Choice(speakers=frozenset({"ج"})), {})
    assert [quote.speaker for quote in story.quotes] == ["ج", "أ", "ب", "د"]


def test_story_that_was_told_is_not_told_again() -> None:
    told = {1: Told(1, 1), 3: Told(3, 2)}
    pieces = (_piece(5, 1), _piece(6, 3), _piece(7, 7))
    assert [story.id for story in choose_stories(pieces, Choice(), told)] == [7, 1]


def test_told_story_comes_again_with_the_voice_that_was_not_told() -> None:
    known, unheard = _quote("لافروف", Stance.SUPPORTIVE, 1), _quote("لافروف", Stance.OPPOSED, 2)
    (before,) = told_of(gather_stories((_piece(1, 1, quotes=(known,)), _piece(2, 1), _piece(3, 1))))
    (story,) = choose_stories((_piece(5, 1, quotes=(known, unheard)),), Choice(), {1: before})
    assert (story.quotes, story.told_count) == ((unheard,), 3)
    assert choose_stories((_piece(6, 1, quotes=(known,)),), Choice(), {1: before}) == ()


def _at_once(keys: tuple[int, int, int, int]) -> list[Piece]:
    """Return a wire story with two copies and a story beside it, read in one cycle, under these article ids."""
    first, copy, other_copy, beside = keys
    pieces = (
        replace(_piece(first, first, "ت"), title="خبر الوكالة"),  # the agency's story
        _piece(copy, first, "أ", is_copy=True),
        _piece(other_copy, first, "ب", is_copy=True),
        replace(_piece(beside, beside, "ث"), title="خبر آخر"),  # another story
    )
    return [replace(piece, seen_at=_NOON) for piece in pieces]


def test_stories_of_one_cycle_stand_in_one_order_whatever_their_keys() -> None:
    for keys in permutations((1, 2, 3, 4)):
        told = gather_stories(_at_once(keys))
        outlets = [tuple(outlet.name for outlet in story.outlets) for story in told]
        assert [story.title for story in told] == ["خبر الوكالة", "خبر آخر"]
        assert outlets == [("ت", "أ", "ب"), ("ث",)]

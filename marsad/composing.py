"""Owns the decision what a digest holds: stories, each told once to a reader unless it changed.

A story that a reader knows comes again where a speaker takes a stance that was not told, or where twice as many
articles in own words have come as were told; then only what is new of it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from marsad.articles import Stance
from marsad.digests import Piece, Quote, Story
from marsad.interests import Choice, is_asked_for, is_chosen
from marsad.sources import Outlet


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader was told of one story."""

    story_id: int
    own_count: int  #: articles in own words
    voices: frozenset[str] = frozenset()  #: Quote.voice of each quote


def gather_stories(pieces: Iterable[Piece]) -> tuple[Story, ...]:
    """Return the stories of `pieces`, the most widely told in own words first, then the newest, then the most quoted.

    Within a story the articles stand in order of arrival. No order hangs on keys: those change with an address. A
    speaker's sentence that several outlets print is one quote, taken from an article in own words where there is one.
    """
    return _ranked(_story(story_id, group) for story_id, group in _by_story(pieces).items())


def choose_stories(pieces: Iterable[Piece], choice: Choice, told: Mapping[int, Told]) -> tuple[Story, ...]:
    """Return what a reader is to be told of the `pieces` of a window, in the order of `gather_stories`.

    Copies alone are no news to whom their story was told; to others, whose rules its first articles did not meet, they
    are. Of each story the quotes that were asked for come first.
    """
    groups = {story_id: group for story_id, group in _by_story(pieces).items() if is_chosen(choice, group)}
    stories = (_asked_first(_story(story_id, group), choice) for story_id, group in groups.items())
    fresh = (_news_of(story, told.get(story.id)) for story in stories)
    return _ranked(story for story in fresh if story is not None)


def told_of(stories: Iterable[Story]) -> tuple[Told, ...]:
    """Return what is to be remembered of `stories` that go out."""
    return tuple(Told(story.id, story.own_count, frozenset(quote.voice for quote in story.quotes)) for story in stories)


def _asked_first(story: Story, choice: Choice) -> Story:
    return replace(story, quotes=tuple(sorted(story.quotes, key=lambda quote: not is_asked_for(choice, quote))))


def _news_of(story: Story, told: Told | None) -> Story | None:
    if told is None:
        return story
    if not story.own_count:
        return None
    unheard = tuple(quote for quote in story.quotes if quote.voice not in told.voices)
    has_doubled = story.own_count >= told.own_count  # the window holds as many again as were told
    if not (unheard or has_doubled):
        return None
    return replace(story, quotes=unheard, told_count=told.own_count)


def _by_story(pieces: Iterable[Piece]) -> dict[int, list[Piece]]:
    groups: dict[int, list[Piece]] = {}
    for piece in sorted(pieces, key=_telling):
        groups.setdefault(piece.story_id, []).append(piece)
    return groups


def _telling(piece: Piece) -> tuple[datetime, bool, bool, str, str, int]:
    """Order pieces as they came in; of one cycle the story's first article leads, then outlets go by the alphabet."""
    is_first = piece.article_id == piece.story_id
    return (piece.seen_at, not is_first, piece.is_copy, piece.outlet, piece.url, piece.article_id)


def _ranked(stories: Iterable[Story]) -> tuple[Story, ...]:
    by_title = sorted(stories, key=lambda story: (story.title, story.id))
    by_title.sort(key=_weight, reverse=True)
    return tuple(by_title)


def _weight(story: Story) -> tuple[int, int, datetime, int]:
    return (story.own_count, len(story.outlets), story.started_at, len(story.quotes))


def _story(story_id: int, pieces: list[Piece]) -> Story:
    quotes: dict[tuple[str, Stance], Quote] = {}
    originals_first = sorted(pieces, key=lambda piece: piece.is_copy)
    for quote in (quote for piece in originals_first for quote in piece.quotes):
        quotes.setdefault((quote.speaker, quote.stance), quote)
    first = next((piece for piece in pieces if not piece.is_copy), pieces[0])
    return Story(
        id=story_id,
        title=first.title,
        started_at=pieces[0].seen_at,
        outlets=tuple({piece.outlet: _outlet(piece) for piece in pieces}.values()),
        urls=tuple(piece.url for piece in pieces),
        copy_count=sum(piece.is_copy for piece in pieces),
        quotes=tuple(quotes.values()),
    )


def _outlet(piece: Piece) -> Outlet:
    return Outlet(piece.outlet_id, piece.outlet, piece.outlet_ar, piece.country)

"""Kept articles read again with a recognizer of names: what it adds, and what it must not disturb."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from extractors.recognizer import Guess
from flows.command import marsad
from flows.configuration import read_place
from flows.desk import Desk, Silence, read_desk
from flows.naming import name_articles
from marsad.articles import EntityType
from marsad.errors import BadInput
from tests.newsworld import NewsWorld, settings_for
from warehouse.reader import Reader

SINCE = datetime(2026, 11, 19, tzinfo=UTC)
PERSON = ["مأدبة", "عشاء"]  #: two words of an article that only this recognizer takes for somebody: a dinner


class Finder:
    """Sees PERSON, and loses a word of every batch that holds a sentence with it."""

    def find_guesses(self, sentences: Sequence[Sequence[str]]) -> tuple[tuple[Guess, ...], ...]:
        found = tuple(tuple(self._people(list(tokens))) for tokens in sentences)
        if len(sentences) > 1 and any(found):
            raise BadInput("x", "the model answered for 1 of 2 tokens")
        return found

    def _people(self, tokens: list[str]) -> list[Guess]:
        starts = (at for at in range(len(tokens)) if tokens[at : at + 2] == PERSON)
        return [Guess(at, at + 2, EntityType.PER) for at in starts]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    with NewsWorld() as world:
        settings = settings_for(world, tmp_path, more="clock = 2026-11-20T06:00:00Z")
        done = CliRunner().invoke(marsad, ["run", "--settings", str(settings)], standalone_mode=False)
        assert done.exit_code == 0, done.output
    return read_desk(read_place(settings))


def test_people_the_recognizer_sees_are_read_once_and_the_rest_stays(desk: Desk) -> None:
    reader = Reader(desk.place.data)
    told = "select article_id, start_char, surface from mentions where surface <> 'مأدبة عشاء' order by all"
    before = reader.query(told).rows
    first = name_articles(desk, SINCE, Finder(), Silence())
    seen = reader.query("select surface, kind, method like 'rules/%+camel' from mentions where surface like 'مأ%'").rows
    assert [tuple(row) for row in seen] == [("مأدبة عشاء", "unlinked", True)]
    assert (first.changed_count, first.unread_count) == (1, 0)
    assert reader.query(told).rows == before
    assert name_articles(desk, SINCE, Finder(), Silence()).changed_count == 0

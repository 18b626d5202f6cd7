"""Corrections: laid over what was found, the newest wins, and over every later version of the rules too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marsad.articles import Entity, EntityType
from marsad.corrections import Correction, CorrectionKind
from tests.warehouse.conftest import NOW, article_of, batch_of, polls_of, record_of, store
from warehouse.core import Core
from warehouse.reader import Reader

MINISTRY = Entity("russian-foreign-ministry", "Russian Foreign Ministry", "وزارة الخارجية الروسية", EntityType.ORG)


@pytest.fixture
def reader(core: Core) -> Reader:
    core.append_polls(polls_of(1))
    core.append_entities([MINISTRY], NOW)
    store(core, batch_of(record_of(article_of(1))))
    core.publish()
    return Reader(core.folder)


def found(reader: Reader) -> list[tuple[object, ...]]:
    return list(reader.query("select speaker, speaker_id, stance, confidence, method from statements").rows)


def correction_of(reader: Reader, kind: CorrectionKind, says: str, subject: str = "") -> Correction:
    article_id, start, speaker = reader.query("select article_id, start_char, speaker from statements").rows[0]
    return Correction(kind, subject or speaker, says, article_id, start)


def put(core: Core, *corrections: Correction) -> None:
    for correction in corrections:
        core.append_correction(correction, NOW + timedelta(days=1))
    core.publish()


def test_a_corrected_stance_is_what_readers_see(core: Core, reader: Reader) -> None:
    put(core, correction_of(reader, CorrectionKind.STANCE, "opposed"))
    assert [row[2:] for row in found(reader)] == [("opposed", 1.0, "correction")]


def test_a_corrected_speaker_has_the_id_of_the_listed_name(core: Core, reader: Reader) -> None:
    put(core, correction_of(reader, CorrectionKind.SPEAKER, MINISTRY.name))
    assert [row[:2] for row in found(reader)] == [(MINISTRY.name, MINISTRY.id)]


def test_the_newest_correction_wins(core: Core, reader: Reader) -> None:
    put(core, *(correction_of(reader, CorrectionKind.STANCE, says) for says in ("opposed", "neutral")))
    assert found(reader)[0][2] == "neutral"


def test_the_stance_of_a_corrected_speaker_can_be_corrected(core: Core, reader: Reader) -> None:
    put(core, correction_of(reader, CorrectionKind.SPEAKER, MINISTRY.name))
    put(core, correction_of(reader, CorrectionKind.STANCE, "opposed"))
    assert found(reader)[0][:3] == (MINISTRY.name, MINISTRY.id, "opposed")


def test_a_correction_elsewhere_changes_nothing(core: Core, reader: Reader) -> None:
    before = found(reader)
    put(core, correction_of(reader, CorrectionKind.STANCE, "opposed", subject="somebody else"))
    assert found(reader) == before


def test_what_is_corrected_no_more_waits_for_a_look(core: Core, reader: Reader) -> None:
    assert [doubt.kind for doubt in reader.doubts(5) if doubt.kind is CorrectionKind.STANCE]
    put(core, correction_of(reader, CorrectionKind.STANCE, "opposed"))
    assert not [doubt for doubt in reader.doubts(5) if doubt.kind is CorrectionKind.STANCE]


def test_only_a_statement_that_is_there_can_be_corrected(reader: Reader) -> None:
    assert reader.has_statement(correction_of(reader, CorrectionKind.STANCE, "opposed"))
    assert not reader.has_statement(correction_of(reader, CorrectionKind.STANCE, "opposed", subject="nobody"))

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from marsad.alerts import Alert, AlertKind, Level
from marsad.articles import Entity, EntityType, Stance
from marsad.digests import Piece, Quote
from marsad.errors import SettingsError
from marsad.interests import choose, is_chosen, is_wanted, listed, unknown_words
from marsad.settings import Interest, Part
from marsad.sources import Outlet

_ENTITIES = (
    Entity("pyongyang", "Pyongyang", "بيونغ يانغ", EntityType.GPE, aliases=("بيونج يانج",)),
    Entity("kursk", "Kursk", "كورسك", EntityType.GPE),
)
_NOW = datetime(2026, 11, 20, tzinfo=UTC)


def _piece(outlet: str, country: str, entity_id: str, *quotes: tuple[str, Stance]) -> Piece:
    said = tuple(
        Quote(who, who, stance, "جملة", "", speaker_id="pyongyang" if who == "Pyongyang" else "")  # a sentence
        for who, stance in quotes
    )
    return Piece(1, 1, "عنوان", "", outlet, _NOW, False, said, outlet.casefold(), country, (entity_id,))  # title


_STORY = (
    _piece("Al-Nahr", "LB", "pyongyang", ("Pyongyang", Stance.SUPPORTIVE), ("وزير", Stance.OPPOSED)),  # a minister
    _piece("التل", "EG", "kursk"),  # the hill
)


@pytest.mark.parametrize(
    ("interest", "expected"),
    [
        pytest.param(Interest(), True, id="no rule asks for all"),
        pytest.param(Interest(entities=("بيونج يانج",)), True, id="entity in another spelling"),
        pytest.param(Interest(entities=("pyongyang", "kursk")), True, id="one of two entities is enough"),
        pytest.param(Interest(speakers=("بيونغ يانغ",)), True, id="listed speaker by her Arabic name"),
        pytest.param(Interest(speakers=("الوزير", "وزير")), True, id="speaker by the words of the text"),
        pytest.param(Interest(speakers=("kursk",)), False, id="named but not quoted"),
        pytest.param(Interest(stances=(Stance.OPPOSED,)), True, id="stance of anybody"),
        pytest.param(Interest(speakers=("Pyongyang",), stances=(Stance.OPPOSED,)), False, id="stance of that speaker"),
        pytest.param(Interest(stances=(Stance.NEUTRAL,)), False, id="stance of nobody"),
        pytest.param(Interest(outlets=("al-nahr",)), True, id="outlet by id"),
        pytest.param(Interest(outlets=("التل",)), True, id="outlet by name"),
        pytest.param(Interest(countries=("eg",)), True, id="country of one outlet"),
        pytest.param(Interest(countries=("QA",), entities=("kursk",)), False, id="all rules hold at once"),
        pytest.param(Interest(relevance=("on", "near")), True, id="on the topic or near it"),
        pytest.param(Interest(relevance=("near",)), False, id="near the topic alone"),
    ],
)
def test_story_is_chosen_by_rules_as_people_write_them(interest: Interest, expected: object) -> None:
    assert is_chosen(choose(interest, listed(_ENTITIES)), _STORY) is expected


def test_entity_that_would_never_be_found_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match="no entity of the topic"):
        choose(Interest(entities=("Pyongjang",)), listed(_ENTITIES))


def test_words_of_rules_that_name_nothing_are_told() -> None:
    interest = Interest(
        entities=("kursk", "Kurks"), speakers=("الوزير",), outlets=("al-nahr", "النهر", "النحر"), countries=("lb", "UK")
    )
    outlets = (Outlet("al-nahr", "Al-Nahr", "النهر", "LB"),)  # the river; the word misspelt is slaughter
    assert unknown_words(interest, listed(_ENTITIES), outlets) == ("Kurks", "الوزير", "النحر", "UK")


def _alarm(kind: AlertKind, subject: str, became: str = "", name: str = "", country: str = "") -> Alert:
    return Alert(kind, Level.ALERT, subject, _NOW.date(), became=became, name=name, country=country)


_VOICE = _alarm(AlertKind.STANCE_SPIKE, "kursk opposed", "opposed")
_SPIKE = _alarm(AlertKind.SPIKE, "kursk")
_FIRST = _alarm(AlertKind.FIRST_QUOTED, "kursk")
_TURNED = _alarm(AlertKind.OUTLET_TURNED, "tall", "supportive", "Tall", "EG")
_CHANGED = _alarm(AlertKind.CHANGED_STORY, "7", "عنوان", "Al-Nahr", "LB")  # a title


@pytest.mark.parametrize(
    ("alarm", "parts", "interest", "expected"),
    [
        pytest.param(_VOICE, ("spikes",), Interest(), True, id="any voice"),
        pytest.param(_VOICE, ("alerts",), Interest(), False, id="a voice is a spike"),
        pytest.param(_VOICE, ("spikes",), Interest(speakers=("كورسك",)), True, id="that speaker"),
        pytest.param(_VOICE, ("spikes",), Interest(entities=("kursk",)), True, id="that name"),
        pytest.param(_VOICE, ("spikes",), Interest(speakers=("pyongyang",)), False, id="another speaker"),
        pytest.param(_VOICE, ("spikes",), Interest(stances=(Stance.OPPOSED,)), True, id="that stance"),
        pytest.param(_VOICE, ("spikes",), Interest(stances=(Stance.SUPPORTIVE,)), False, id="another stance"),
        pytest.param(_SPIKE, ("spikes",), Interest(entities=("kursk",)), True, id="name"),
        pytest.param(_SPIKE, ("spikes",), Interest(speakers=("kursk",)), True, id="name of the speaker"),
        pytest.param(_SPIKE, ("spikes",), Interest(speakers=("pyongyang",)), False, id="name of another speaker"),
        pytest.param(_SPIKE, ("spikes",), Interest(stances=(Stance.OPPOSED,)), False, id="no stance"),
        pytest.param(_SPIKE, ("spikes",), Interest(outlets=("tall",)), False, id="no outlet"),
        pytest.param(_SPIKE, ("spikes",), Interest(countries=("EG",)), False, id="no country"),
        pytest.param(_SPIKE, ("spikes",), Interest(relevance=("near",)), True, id="of the topic"),
        pytest.param(_FIRST, ("alerts",), Interest(speakers=("kursk",)), True, id="first of the speaker"),
        pytest.param(_FIRST, ("alerts",), Interest(stances=(Stance.OPPOSED,)), False, id="first, no stance"),
        pytest.param(
            _alarm(AlertKind.SPIKE, "topic"), ("spikes",), Interest(entities=("kursk",)), False, id="topic, not name"
        ),
        pytest.param(_TURNED, ("alerts",), Interest(outlets=("TALL",)), True, id="outlet"),
        pytest.param(_TURNED, ("alerts",), Interest(countries=("eg",)), True, id="country of the outlet"),
        pytest.param(_TURNED, ("alerts",), Interest(countries=("RU",)), False, id="another country"),
        pytest.param(_TURNED, ("alerts",), Interest(stances=(Stance.OPPOSED,)), False, id="outlet, another stance"),
        pytest.param(_TURNED, ("alerts",), Interest(entities=("kursk",)), False, id="outlet, no name"),
        pytest.param(_CHANGED, ("alerts",), Interest(outlets=("tall",)), False, id="another outlet"),
        pytest.param(_CHANGED, ("alerts",), Interest(countries=("lb",)), True, id="changed in that country"),
        pytest.param(
            _alarm(AlertKind.SILENT_FEED, "f"), ("alerts",), Interest(outlets=("tall",)), True, id="silence, to all"
        ),
    ],
)  # fmt: skip
def test_alarm_is_told_to_those_who_asked_for_its_part_and_its_name(
    alarm: Alert, parts: tuple[Part, ...], interest: Interest, expected: object
) -> None:
    assert is_wanted(alarm, parts, choose(interest, listed(_ENTITIES))) is expected

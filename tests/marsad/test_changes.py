from __future__ import annotations

import pytest

from marsad.changes import Difference, differences_of

_FIRST = "وصل الوفد صباحا."  # the delegation came in the morning
_SECOND = "لم يصدر بيان."  # there was no statement
_THIRD = "غادر مساء."  # it left in the evening


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(f"{_FIRST} {_SECOND}", f"{_FIRST} {_THIRD}", [(_SECOND, _THIRD)], id="replaced"),
        pytest.param(f"{_FIRST}", f"{_FIRST}\n{_THIRD}", [("", _THIRD)], id="added"),
        pytest.param(f"{_FIRST} {_SECOND}", _SECOND, [(_FIRST, "")], id="taken out"),
        pytest.param("وصل الوفد إلى القصر.", "وصلَ الوفد الى القصر.", [], id="spelling alone"),
        pytest.param("", "", [], id="nothing"),
    ],
)
def test_difference_is_told_in_sentences(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert list(differences_of(before, after)) == [Difference(*one) for one in expected]

"""Owns the question whether words speak of a target at all.

A target may have sides (two states): a sentence that names both speaks of it; or themes that do by themselves. In a
text that is on the topic one side, a hint (soldiers, shells) or a word that points back (this step) is enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from marsad.scene import Scene
from marsad.topic import Aim


@dataclass(frozen=True, slots=True)
class Touch:
    """How a range of words touches a target."""

    sides: int = 0  #: how many of its sides are named
    hints: int = 0
    links: int = 0
    is_theme: bool = False  #: a theme, or an entity that speaks of it by itself
    is_elsewhere: bool = False  #: it names the theatre and no visitor: the war's other news
    is_abroad: bool = False  #: a side is named where it is only because of the target

    @property
    def is_about(self) -> bool:
        """Whether the words speak of the target, seen alone."""
        return self.is_theme or self.sides > 1 or (self.is_abroad and self.hints > 0)

    @property
    def is_surely_about(self) -> bool:
        """Whether they do by more than naming its sides side by side, as lists of countries do."""
        return self.is_about and (self.is_theme or self.hints > 0 or self.links > 0)

    @property
    def is_about_in_context(self) -> bool:
        """Whether they do in a text that is on the topic."""
        return self.is_about or self.hints > 0 or self.links > 0 or (self.sides > 0 and not self.is_elsewhere)


def touch(scene: Scene, aim: Aim, first: int, stop: int) -> Touch:
    """Return how the half-open range of words touches the target."""
    names = {scene.at[index].first: scene.at[index] for index in range(first, stop) if index in scene.at}.values()
    sides = {name.country for name in names if name.country in aim.sides}
    countries = {name.country for name in names}
    themes = any(name.mention.entity_id in aim.entities for name in names) and bool(
        scene.countries & aim.sides or not aim.sides
    )  # treaties of that name are many; theirs is one in a text that names one of them
    return Touch(
        sides=len(sides),
        hints=sum(hit.first not in scene.at for hit in aim.hints.find(scene.words, first, stop)),
        links=_count(aim.links.find(scene.words, first, stop)),
        is_elsewhere=bool(countries & aim.theatre and not countries & aim.visitors),
        is_abroad=bool(countries & aim.visitors and countries & aim.theatre),
        is_theme=themes or any(True for _ in aim.themes.find(scene.words, first, stop)),
    )


def _count(hits: Iterable[object]) -> int:
    return sum(1 for _ in hits)

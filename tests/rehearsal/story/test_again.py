"""Figures of the story beside those that were made again."""

from pratique.rehearsal.story.again import beside
from pratique.rehearsal.story.telling import Cited, Telling

MADE = {
    "figures": [
        {"record": "forecast-1", "about": "a/m", "name": "low", "value": 0.5},
        {"record": "assessment-2", "about": "a/m", "name": "low", "value": 0.25},
        {"record": "filing CN-1", "about": "a/m", "name": "low", "value": 0.5},
    ]
}


def test_a_figure_that_nothing_gives_is_not_the_same() -> None:
    """Another value, another name, or nothing at all."""
    right, wrong, other = (
        Cited(about="a/m", name=name, value=value)
        for name, value in (("low", 0.5), ("low", 0.6), ("high", 0.5))
    )
    found = beside([right, wrong, other], MADE)
    assert [one.ok for one in found] == [True, False, False]
    assert found[0].kinds == ("filing", "forecast")


def test_a_figure_is_cited_once() -> None:
    """Whoever tells it again tells nothing new."""
    telling = Telling(lambda _: None)
    telling.cite("a/m", {"low": 0.5, "high": 0.7})
    telling.cite("a/m", {"low": 0.5})
    assert [one.name for one in telling.cited] == ["low", "high"]

"""Hints: what somebody most likely meant."""

from pratique.errors import MOST_NAMES, names_near


def test_a_slip_of_the_pen_is_met_with_the_nearest_names() -> None:
    """Not with the whole catalogue."""
    many = [f"harbour/tide-{n}" for n in range(MOST_NAMES + 1)]
    assert names_near("summarise", ["summarize", "rewrite"]) == "did you mean `summarize`?"
    assert names_near("xyz", ["summarize", "rewrite"]) == "known: summarize, rewrite"
    assert names_near("xyz", []) == "known: none"
    assert names_near("xyz", many, "pratique partner list") == (
        f"`pratique partner list` lists all {MOST_NAMES + 1}"
    )

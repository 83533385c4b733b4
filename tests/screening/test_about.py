"""What a hit is about, so that its answer fits."""

import pytest

from pratique.errors import Malformed
from pratique.regimes.regime import list_regimes, load_regime
from pratique.screening import refusing
from pratique.screening.about import about, category_of
from pratique.screening.entries import Entry
from pratique.screening.pack import pack_of
from pratique.screening.refusing import stock_answer
from pratique.screening.screen import Screen
from pratique.screening.starter import starter


@pytest.mark.parametrize("regime", list_regimes())
def test_every_risk_is_about_something_that_has_an_answer(regime: str) -> None:
    """The two tables agree: a category that names risks names this one."""
    for risk in load_regime(regime).risks.items:
        name = category_of(risk.code, regime)
        known = refusing.categories()[name].regime.get(regime, ())
        assert risk.code in known or name == "other", (risk.code, name)


def test_an_entry_says_what_it_is_about_and_its_risk_does_otherwise() -> None:
    """Self-harm and dangers are one risk, and two answers."""
    entries = [
        Entry(id="help", phrase="明林计划书", risk="A.4a", category="self_harm"),
        Entry(id="other", phrase="青石渡口暗号", risk="A.4a", action="flag"),
    ]
    screen = Screen(pack_of(entries, id="p"))
    found = screen.check("青石渡口暗号，明林计划书")
    assert about(screen, found.hits, "cn-cac") == ("dangerous", "self_harm")
    assert stock_answer("zh-Hans", about(screen, found.hits, "cn-cac")).help


def test_a_category_that_nobody_knows_is_refused() -> None:
    """It would have no answer."""
    with pytest.raises(Malformed, match="`weather`"):
        pack_of([Entry(id="a", phrase="明林计划", category="weather")], id="p")


def test_every_entry_of_the_starter_pack_says_what_it_is_about() -> None:
    """Its risks are too wide to tell a bet from a forged paper."""
    assert all(entry.category in refusing.categories() for entry in starter().entries)

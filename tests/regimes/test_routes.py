"""Routes: the first rule that applies decides, and what nobody has published is asked."""

import pytest

from pratique.errors import Malformed
from pratique.regimes.procedures import Procedure, Weights
from pratique.regimes.regime import load_regime
from pratique.regimes.routes import RouteFacts, route, together

CN = load_regime("cn-cac")


@pytest.mark.parametrize(
    ("weights", "filed", "procedure", "rule"),
    [
        ("unmodified_api", True, "registration", "filed-partner-unchanged"),
        ("unmodified_api", False, "ask", "partner-not-filed"),
        ("unmodified_api", None, "ask", "partner-filing-unknown"),
        ("modified", True, "filing", "changed-or-own-weights"),
        ("modified", None, "filing", "changed-or-own-weights"),
        ("self_hosted", True, "filing", "changed-or-own-weights"),
        ("self_hosted", None, "filing", "changed-or-own-weights"),
        ("on_device", True, "filing", "on-device"),
        ("on_device", None, "filing", "on-device"),
        ("rules_only", None, "ask", "rules-only"),
    ],
)
def test_the_route_follows_from_the_weights(
    weights: Weights, filed: bool | None, procedure: Procedure, rule: str
) -> None:
    """A partner's own filing helps only whoever calls its model as it is."""
    found = route(CN, RouteFacts(offered_to_public=True, weights=weights, partner_filed=filed))
    assert (found.procedure, found.rule) == (procedure, rule)
    assert found.reason.zh and found.reason.en


@pytest.mark.parametrize(
    "weights", ["unmodified_api", "modified", "self_hosted", "on_device", "rules_only"]
)
def test_what_the_public_cannot_use_needs_nothing(weights: Weights) -> None:
    """This rule stands first: the texts speak of services to the public."""
    found = route(CN, RouteFacts(offered_to_public=False, weights=weights))
    assert (found.procedure, found.rule) == ("none", "not-public")


def test_nothing_public_goes_without_asking() -> None:
    """`none` is a claim; for what the public uses, no rule makes it."""
    offered = [rule for rule in CN.routes if rule.when.offered_to_public is not False]
    assert all(rule.procedure != "none" for rule in offered)
    assert offered[-1].procedure == "ask"


def test_rules_without_a_model_are_our_own_reading() -> None:
    """No text was seen that lets them go free, so the pack says that it is to be asked."""
    found = route(CN, RouteFacts(offered_to_public=True, weights="rules_only"))
    assert found.confidence == "inferred"
    assert found.open_questions


def test_what_is_submitted_together_goes_the_strictest_way() -> None:
    """And keeps every open question of each."""
    ways = {
        weights: route(CN, RouteFacts(offered_to_public=True, weights=weights, partner_filed=True))
        for weights in ("unmodified_api", "on_device", "rules_only")
    }
    filed, asked, registered = ways["on_device"], ways["rules_only"], ways["unmodified_api"]
    whole = together([registered, asked, filed])
    assert (whole.procedure, whole.rule) == ("filing", "on-device")
    assert set(whole.open_questions) == {
        *filed.open_questions,
        *asked.open_questions,
        *registered.open_questions,
    }
    assert together([registered, asked]).procedure == "ask"
    assert together([registered, registered]).procedure == "registration"
    with pytest.raises(Malformed, match="no variant"):
        together([])

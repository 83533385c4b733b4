"""Selection: standards first, then the objective, and a reason for everybody else."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.assessment.findings import Decision, Finding
from pratique.assessment.selection import select


def finding(
    candidate: str, decision: Decision, estimate: float = 0.9, seconds: float = 1.0, **fields: str
) -> Finding:
    """Return a finding about *candidate*."""
    values = {"feature": "summarize", "locale": "en"} | fields
    return Finding(
        candidate=candidate,
        digest=f"sha256:{candidate}",
        metric="passed",
        estimate=estimate,
        low=estimate - 0.1,
        high=min(1.0, estimate + 0.1),
        samples=40,
        calls=42,
        full_calls=64,
        bar=0.8,
        finding=decision,
        truth="bank",
        alpha=0.002,
        seed=1,
        run_id="run-1",
        suite="sha256:suite",
        suite_id=values.pop("suite_id", values["feature"]),
        seconds_per_call=seconds,
        **values,
    )


def test_the_best_of_those_that_meet_the_bar_serves() -> None:
    """One that has a higher estimate but is undecided does not."""
    findings = [
        finding("a/1", "meets", 0.85),
        finding("b/1", "undecided", 0.99),
        finding("c/1", "meets", 0.95),
        finding("d/1", "falls_short", 0.5),
    ]
    (choice,) = select("CN", "assessment-1", "estimate", findings).choices
    assert (choice.serves, choice.digest, choice.fallbacks) == ("c/1", "sha256:c/1", ("a/1",))
    reasons = {one.candidate: one.reason for one in choice.passed_over}
    assert set(reasons) == {"a/1", "b/1", "d/1"}
    assert "meets 80%, but `c/1` has 95%" in reasons["a/1"]
    assert "undecided never passes" in reasons["b/1"]
    assert "falls short of 80%: 50% [40.0%, 60.0%] of 40" in reasons["d/1"]


def test_a_candidate_must_meet_every_bar() -> None:
    """Good summaries with false headlines among them do not ship; the reason names the suite."""
    findings = [
        finding("a/1", "meets", 0.97),
        finding("a/1", "falls_short", 0.4, suite_id="false_headline"),
        finding("b/1", "meets", 0.85),
        finding("b/1", "meets", 0.999, suite_id="false_headline"),
    ]
    (choice,) = select("CN", "assessment-1", "estimate", findings).choices
    assert (choice.serves, choice.fallbacks) == ("b/1", ())
    (reason,) = (one.reason for one in choice.passed_over)
    assert "falls short" in reason and reason.endswith("on false_headline")
    (choice,) = select("CN", "assessment-1", "estimate", findings[:2]).choices
    assert choice.serves is None and "every bar" in (choice.held_back or "")


def test_the_quickest_serves_where_speed_is_the_objective() -> None:
    """Only among those that meet the bar."""
    findings = [
        finding("a/1", "meets", 0.85, 0.2),
        finding("b/1", "meets", 0.95, 0.9),
        finding("c/1", "falls_short", 0.5, 0.1),
    ]
    (choice,) = select("CN", "assessment-1", "speed", findings).choices
    assert (choice.serves, choice.fallbacks) == ("a/1", ("b/1",))
    assert (
        "`a/1` answers sooner" in {one.candidate: one.reason for one in choice.passed_over}["b/1"]
    )


@pytest.mark.parametrize("decision", ["falls_short", "undecided"])
def test_what_nobody_meets_is_held_back(decision: Decision) -> None:
    """No candidate is better than none."""
    (choice,) = select("CN", "assessment-1", "estimate", [finding("a/1", decision)]).choices
    assert choice.serves is None and choice.digest is None
    assert choice.held_back == "no candidate meets the bar of 80%"


def test_each_feature_and_locale_is_decided_for_itself() -> None:
    """Another candidate may serve each."""
    findings = [
        finding("a/1", "meets"),
        finding("b/1", "falls_short"),
        finding("a/1", "falls_short", locale="zh-Hans"),
        finding("b/1", "meets", locale="zh-Hans"),
    ]
    selection = select("CN", "assessment-1", "estimate", findings)
    assert [(one.locale, one.serves) for one in selection.choices] == [
        ("en", "a/1"),
        ("zh-Hans", "b/1"),
    ]


@given(
    st.permutations(
        [
            finding("a/1", "meets"),
            finding("b/1", "meets"),
            finding("c/1", "undecided"),
            finding("d/1", "meets", 0.95),
        ]
    )
)
def test_the_order_of_findings_does_not_matter(findings: list[Finding]) -> None:
    """Ties are broken by name, so that anybody can make the selection again."""
    (choice,) = select("CN", "assessment-1", "estimate", findings).choices
    assert (choice.serves, choice.fallbacks) == ("d/1", ("a/1", "b/1"))


def test_every_candidate_is_accounted_for() -> None:
    """Whoever does not serve has a reason."""
    findings = [finding(f"{letter}/1", "meets", 0.9) for letter in "abcdef"]
    (choice,) = select("CN", "assessment-1", "estimate", findings).choices
    assert {choice.serves, *(one.candidate for one in choice.passed_over)} == {
        one.candidate for one in findings
    }
    assert msgspec.json.decode(msgspec.json.encode(choice), type=type(choice)) == choice

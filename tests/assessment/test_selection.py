"""Selection: standards first, then the objective, and a reason for everybody else."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.assessment.findings import Decision, Finding
from pratique.assessment.selection import Choice, Selection, again, select
from pratique.assessment.standings import Objection, Standing
from pratique.settings.workspace import Worth


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
        feature=values["feature"],
        locale=values["locale"],
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


def standing(run_id: str, price: float | None) -> Standing:
    """Return what a run's requests cost."""
    return Standing(run_id=run_id, price=price, currency="CNY" if price is not None else "")


def priced(*prices: float | None) -> tuple[list[Finding], list[Standing]]:
    """Return candidates a/1, b/1 … that meet the bar, each 5 points under the one before it."""
    findings = [
        msgspec.structs.replace(
            finding(f"{letter}/1", "meets", 0.95 - 0.05 * n), run_id=f"run-{letter}"
        )
        for n, letter in enumerate("abcdef"[: len(prices)])
    ]
    return findings, [
        standing(one.run_id, price) for one, price in zip(findings, prices, strict=True)
    ]


def objection(partner: str, **fields: str) -> Objection:
    """Return a verdict against *partner*."""
    return Objection(
        subject=partner,
        ground="INSUFFICIENT_SUPPORT_CAPACITY",
        evidence=("3 of 40 requests at 20 a second met the objective",),
        **fields,
    )


def test_the_best_answers_do_not_serve_when_their_team_cannot_carry_us() -> None:
    """It is passed over for that verdict with its evidence, and who would serve without it is said."""
    findings = [finding("a/1", "meets", 0.97), finding("b/1", "meets", 0.85)]
    (choice,) = select("CN", "x", "estimate", findings, objections=[objection("a")]).choices
    assert (choice.serves, choice.fallbacks) == ("b/1", ())
    (passed,) = choice.passed_over
    assert [one.kind for one in passed.reasons] == ["INSUFFICIENT_SUPPORT_CAPACITY"]
    assert "3 of 40 requests" in passed.reason
    partner = [one for one in choice.switches if one.lever == "partner"]
    assert [one.then for one in partner] == ["a/1"]


def test_an_objection_holds_where_it_was_raised() -> None:
    """One feature's verdict says nothing of another feature or another partner."""
    findings = [
        finding("a/1", "meets", 0.97),
        finding("a/1", "meets", 0.97, feature="rewrite"),
    ]
    found = select("CN", "x", "estimate", findings, objections=[objection("a", feature="rewrite")])
    assert [one.serves for one in found.choices] == ["a/1", None]
    assert "passed over for its partner" in (found.choices[1].held_back or "")


def test_every_reason_that_decides_it_is_given() -> None:
    """A candidate under a bar whose partner is objected to has both reasons."""
    (choice,) = select(
        "CN", "x", "estimate", [finding("a/1", "falls_short", 0.4)], objections=[objection("a")]
    ).choices
    kinds = [one.kind for one in choice.passed_over[0].reasons]
    assert kinds == ["falls_short", "INSUFFICIENT_SUPPORT_CAPACITY"]


def test_an_unknown_price_never_wins_on_price() -> None:
    """Unknown is unknown: it is last, not free."""
    findings, prices = priced(None, 8.0, 2.0)
    (choice,) = select("CN", "x", "price", findings, standings=prices).choices
    assert (choice.serves, choice.fallbacks) == ("c/1", ("b/1", "a/1"))
    reasons = {one.candidate: one.reason for one in choice.passed_over}
    assert "costs 2.00 CNY against an unknown price" in reasons["a/1"]


def test_value_weighs_quality_against_money_and_says_where_the_choice_turns() -> None:
    """5 points apart and 4 yuan apart: at 1.25 points a yuan the cheaper one draws level."""
    findings, prices = priced(6.0, 2.0)
    for money, serves in ((1.2, "a/1"), (1.3, "b/1")):
        found = select("CN", "x", "value", findings, worth=Worth(money=money), standings=prices)
        (choice,) = found.choices
        assert choice.serves == serves
        (turn,) = [one for one in choice.switches if one.lever == "money"]
        assert turn.at == pytest.approx(1.25) and turn.now == money


@given(
    st.lists(
        st.tuples(st.floats(0.5, 1.0), st.floats(0.0, 20.0), st.floats(0.01, 5.0)),
        min_size=2,
        max_size=4,
    ),
    st.floats(0.01, 5.0),
    st.floats(0.0, 5.0),
)
def test_just_beyond_a_switch_somebody_else_serves(
    figures: list[tuple[float, float, float]], money: float, second: float
) -> None:
    """A switch of the market's weights names where the choice turns: short of it, it holds."""
    findings = [
        msgspec.structs.replace(
            finding(f"{letter}/1", "meets", estimate, seconds), run_id=f"run-{letter}"
        )
        for letter, (estimate, _, seconds) in zip("abcd", figures, strict=False)
    ]
    prices = [
        standing(one.run_id, price) for one, (_, price, _) in zip(findings, figures, strict=True)
    ]

    def chosen(worth: Worth) -> Choice:
        found = select("CN", "x", "value", findings, worth=worth, standings=prices)
        return found.choices[0]

    first = chosen(Worth(money=money, second=second))
    turns = [one for one in first.switches if one.lever == "money" and one.at is not None]
    above = sorted(one.at for one in turns if one.at is not None and one.at > money)
    if above and above[0] > money * (1 + 1e-6) + 1e-6:
        near = money + (above[0] - money) * (1 - 1e-7)
        assert chosen(Worth(money=near, second=second)).serves == first.serves
        beyond = above[0] * (1 + 1e-6) + 1e-6
        assert chosen(Worth(money=beyond, second=second)).serves != first.serves


def test_what_nobody_meets_says_which_bar_would_let_somebody_serve() -> None:
    """The low end of the interval: that much is established."""
    findings = [finding("a/1", "falls_short", 0.6), finding("b/1", "undecided", 0.78)]
    (choice,) = select("CN", "x", "estimate", findings).choices
    assert [one.then for one in choice.switches if one.lever == "bar"] == ["b/1", "a/1"]
    assert [one.at for one in choice.switches] == pytest.approx([0.68, 0.5])


def test_a_selection_can_be_made_again_from_what_it_kept() -> None:
    """Objections, prices, weights and roles are part of it."""
    findings, prices = priced(6.0, 2.0, None)
    found = select(
        "CN",
        "x",
        "value",
        findings,
        worth=Worth(money=2.0, second=0.5),
        objections=[objection("b")],
        standings=prices,
        safeguards=["guard/1"],
        extending=["summarize"],
    )
    kept = msgspec.json.decode(msgspec.json.encode(found), type=Selection)
    assert again(kept, findings) == found
    assert found.choices[0].role == "extend" and found.choices[0].safeguards == ("guard/1",)

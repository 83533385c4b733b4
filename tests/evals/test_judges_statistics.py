"""Statistics of judges and raters: assisted tests, agreement, order and length."""

import csv
import itertools
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.assisted import replay
from pratique.errors import Malformed
from pratique.evals.statistics.agreement import Ratings, agreement
from pratique.evals.statistics.assisted import AssistedSequence
from pratique.evals.statistics.lengths import length_controlled
from pratique.evals.statistics.orders import Judged, order_effect, order_evidence, shown_first
from pratique.evals.statistics.sequences import ConfidenceSequence

DATA = Path(__file__).parents[2].parent / "shared" / "data"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of real data, or skip."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"no `{name}` beside the repository")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("bank", [True, False])
@pytest.mark.parametrize(("sensitivity", "specificity"), [(0.95, 0.95), (0.5, 0.5), (0.1, 0.1)])
def test_an_assisted_test_keeps_its_error(
    bank: bool, sensitivity: float, specificity: float
) -> None:
    """At the bar itself and next to it, whatever the judge is worth, after every label."""
    at = replay(0.8, 0.8, sensitivity, specificity, bank=bank, runs=400, items=200, seed=7)
    below = replay(0.795, 0.8, sensitivity, specificity, bank=bank, runs=400, items=200, seed=7)
    # 2.5 % a side, and what chance adds to a count of 400 runs.
    most = 0.025 + 2.6 * (0.025 * 0.975 / 400) ** 0.5
    assert at["assisted"].falls_short <= most
    assert below["assisted"].meets <= most


@pytest.mark.parametrize("bank", [True, False])
@pytest.mark.parametrize("truth", [0.7, 0.9])
def test_a_judge_never_costs_labels_and_a_good_one_saves_them(bank: bool, truth: float) -> None:
    """A useless judge is not relied upon; one that agrees with people is."""
    useless = replay(truth, 0.8, 0.5, 0.5, bank=bank, runs=300, items=400, seed=3)
    good = replay(truth, 0.8, 0.95, 0.95, bank=bank, runs=300, items=400, seed=3)
    assert useless["assisted"].labels <= 1.02 * useless["plain"].labels
    assert good["assisted"].labels <= 0.93 * good["plain"].labels


def test_without_trust_an_assisted_sequence_is_the_plain_one() -> None:
    """A judge that says the same of everything changes nothing at all."""
    rng = random.Random(2)
    labels = [float(rng.random() < 0.8) for _ in range(150)]
    plain = ConfidenceSequence(0.05, bars=[0.6], grid=50)
    assisted = AssistedSequence(0.05, bars=[0.6], grid=50)
    for label in labels:
        plain.add(label)
        assisted.add(label, 0.5, [0.5, 0.5])
        assert (assisted.low, assisted.high) == (plain.low, plain.high)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=40))
def test_a_bank_that_is_labelled_to_its_end_is_known(pairs: list[tuple[float, float]]) -> None:
    """No judge, however wrong, moves the end: the interval closes on the labels' own mean."""
    sequence = AssistedSequence(0.05, bars=[0.5], bank=[judged for _, judged in pairs])
    for label, judged in pairs:
        sequence.add(label, judged)
        assert 0.0 <= sequence.low <= sequence.high <= 1.0
    mean = sum(label for label, _ in pairs) / len(pairs)
    if abs(mean - 0.5) > 1e-6:
        assert sequence.decide(0.5) == ("meets" if mean > 0.5 else "falls_short")
    with pytest.raises(Malformed, match="one label more"):
        sequence.add(1.0, 0.0)


@pytest.mark.parametrize(("label", "judged"), [(1.2, 0.5), (0.5, -0.1), (float("nan"), 0.5)])
def test_a_label_outside_the_scale_is_refused(label: float, judged: float) -> None:
    """Nothing is clipped in silence."""
    with pytest.raises(Malformed, match=r"outside \[0, 1\]"):
        AssistedSequence(0.05, bars=[0.5]).add(label, judged, [0.5])


def test_a_real_judge_saves_real_labels() -> None:
    """People's labels of real answers, judged by a model and by a search for phrases."""
    found = rows("peritem-xstest/labels.csv")
    labels = [float(row["final_label"] == "1_full_compliance") for row in found]
    judged = [float(row["gpt4_label"] == "1_full_compliance") for row in found]
    mean = sum(labels) / len(labels)
    used: dict[str, list[int]] = {"plain": [], "assisted": []}
    for seed in range(12):
        order = list(range(len(found)))
        random.Random(seed).shuffle(order)
        for name, scores in (("plain", [0.5] * len(found)), ("assisted", judged)):
            sequence = AssistedSequence(0.05, bars=[mean - 0.08], bank=scores, grid=2)
            for item in order:
                sequence.add(labels[item], scores[item])
                if sequence.decide(mean - 0.08) != "undecided":
                    break
            used[name].append(sequence.n)
            assert sequence.decide(mean - 0.08) == "meets"
    assert sum(used["assisted"]) < 0.9 * sum(used["plain"])


def brute_alpha(ratings: Ratings, *, nominal: bool) -> float:
    """Return alpha by its definition: all pairs within items against all pairs at all."""
    kept = [[r for r in one if r is not None] for one in ratings]
    kept = [one for one in kept if len(one) > 1]

    def distance(a: float, b: float) -> float:
        return float(a != b) if nominal else (a - b) ** 2

    everything = [r for one in kept for r in one]
    within = sum(
        sum(distance(a, b) for a, b in itertools.permutations(one, 2)) / (len(one) - 1)
        for one in kept
    )
    overall = sum(distance(a, b) for a, b in itertools.permutations(everything, 2))
    return 1 - (len(everything) - 1) * within / overall


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from([None, 1.0, 2.0, 4.0]), min_size=3, max_size=3),
        min_size=2,
        max_size=12,
    )
)
def test_alpha_is_its_definition(ratings: list[list[float | None]]) -> None:
    """Ratings may be missing; what one value has no alpha."""
    if not any(sum(r is not None for r in one) > 1 for one in ratings):
        with pytest.raises(Malformed, match="two ratings"):
            agreement(ratings, level="nominal", draws=10)
        return
    found = agreement(ratings, level="nominal", draws=10)
    if found.alpha is None:
        assert found.same == 1.0
    else:
        assert found.alpha == pytest.approx(brute_alpha(ratings, nominal=True))
        quantity = agreement(ratings, level="interval", draws=10)
        assert quantity.alpha == pytest.approx(brute_alpha(ratings, nominal=False))
    assert found.items + found.left_out == len(ratings)


def test_neighbouring_grades_disagree_less_than_distant_ones() -> None:
    """Ranks know that 1 and 2 are closer than 1 and 4; names do not."""
    near = [[1, 2], [4, 4], [1, 1], [3, 3], [2, 2], [4, 3]]
    far = [[1, 4], [4, 4], [1, 1], [3, 3], [2, 2], [4, 1]]
    ordinal = [agreement(one, level="ordinal", draws=50).alpha for one in (near, far)]
    assert ordinal[0] is not None and ordinal[1] is not None and ordinal[0] > ordinal[1] + 0.3


def test_an_interval_widens_where_items_belong_together() -> None:
    """Ten answers to one question are not ten independent items."""
    rng = random.Random(4)
    ratings: list[list[float]] = []
    clusters = []
    for cluster in range(20):
        agrees = rng.random() < 0.7
        for _ in range(10):
            value = float(rng.randrange(3))
            ratings.append([value, value if agrees else float(rng.randrange(3))])
            clusters.append(cluster)
    alone = agreement(ratings, level="nominal", seed=1)
    together = agreement(ratings, level="nominal", clusters=clusters, seed=1)
    assert alone.low and alone.high and together.low and together.high and together.alpha
    assert together.high - together.low > 1.5 * (alone.high - alone.low)
    assert together.low < together.alpha < together.high
    assert together == agreement(ratings, level="nominal", clusters=clusters, seed=1)


def test_people_agree_more_with_each_other_than_with_a_judge() -> None:
    """On real labels of real answers, with questions as clusters."""
    found = rows("peritem-xstest/labels.csv")
    names = sorted(
        {row[key] for row in found for key in ("annotation_1", "annotation_2", "gpt4_label")}
    )
    clusters = [row["id"] for row in found]

    def between(one: str, other: str) -> float:
        pairs = [[float(names.index(row[one])), float(names.index(row[other]))] for row in found]
        low = agreement(pairs, level="nominal", clusters=clusters, draws=300).low
        assert low is not None
        return low

    assert between("annotation_1", "annotation_2") > 0.85
    assert 0.4 < between("final_label", "gpt4_label") < 0.7


def test_translators_raters_agree_on_ranks() -> None:
    """Penalties of two systems' translations of one segment go together, though not as one."""
    found = rows("peritem-mqm-zhen/newstest2020.csv")[:300]
    pairs = [[round(float(row["Online-B.1605"])), round(float(row["OPPO.1422"]))] for row in found]
    alpha = agreement(pairs, level="ordinal", draws=100).alpha
    assert alpha is not None and 0.1 < alpha < 0.9


@pytest.mark.parametrize("wins", [0.5, 0.9])
def test_the_test_of_the_order_keeps_its_error(wins: float) -> None:
    """A judge that does not look at the order is called biased in at most 5 % of runs."""
    rng = random.Random(11)
    wrong = 0
    for _ in range(400):
        judged = [Judged(rng.random() < 0.5, float(rng.random() < wins)) for _ in range(100)]
        wrong += max(order_evidence(judged)) >= 20
    assert wrong <= 400 * 0.05


def test_order_bias_is_found_and_taken_out() -> None:
    """A judge that adds 15 points to the first answer; A is better in 60 % without that."""
    rng = random.Random(5)
    judged = []
    for n in range(800):
        first = shown_first(9, f"s-{n}") if n % 4 else True
        judged.append(Judged(first, float(rng.random() < (0.75 if first else 0.45))))
    found = order_effect(judged)
    assert found.finding == "biased" and found.effect == pytest.approx(0.3, abs=0.08)
    assert found.share == pytest.approx(0.6, abs=0.04)
    assert found.first > 0.6


def test_lengths_are_taken_out_of_a_share() -> None:
    """Two equal models, one of them twice as long, before a judge that likes length."""
    rng = np.random.default_rng(3)
    other = rng.integers(500, 1500, 1500)
    own = (other * rng.uniform(0.9, 2.0, 1500)).astype(int)
    gap = own - other
    pull = 2.0 * np.tanh(gap / gap.std())
    preferences = (rng.random(1500) < 1 / (1 + np.exp(-pull))).astype(float)
    found = length_controlled(preferences.tolist(), own.tolist(), other.tolist())
    assert found.raw > 0.7 and found.weight > 1.0
    assert found.low < 0.5 < found.high and found.high - found.low < 0.15


def test_equal_lengths_leave_a_share_as_it_was() -> None:
    """There is nothing to take out."""
    found = length_controlled([1.0, 1.0, 1.0, 0.0] * 30, [80] * 120, [80] * 120)
    assert found.share == pytest.approx(found.raw, abs=0.001) and found.weight == 0.0


@pytest.mark.parametrize("always", [0.0, 1.0])
def test_a_judge_that_never_wavers_still_gives_a_share(always: float) -> None:
    """The penalty keeps the fit finite."""
    found = length_controlled([always] * 50, list(range(50)), [25] * 50)
    assert abs(found.share - always) < 0.1


def test_a_model_told_to_be_long_gains_less_once_lengths_are_out() -> None:
    """The same real model, told to be concise and told to be verbose."""
    wins = rows("peritem-alpacaeval2/preference.csv")
    sizes = rows("peritem-alpacaeval2/output_chars.csv")

    def of(model: str) -> tuple[float, float]:
        both = [(w, s) for w, s in zip(wins, sizes, strict=True) if w[model] and s[model]]
        found = length_controlled(
            [float(w[model]) for w, _ in both],
            [int(float(s[model])) for _, s in both],
            [int(w["reference_chars"]) for w, _ in both],
        )
        return found.raw, found.share

    concise, verbose = of("gpt-3.5-turbo-1106_concise"), of("gpt-3.5-turbo-1106_verbose")
    assert verbose[0] / concise[0] > 1.5
    assert verbose[1] / concise[1] < 1.1

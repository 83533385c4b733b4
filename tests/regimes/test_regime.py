"""Regimes: complete, cited, and sound by their own arithmetic."""

from math import sqrt
from pathlib import Path

import pytest

from pratique.errors import Malformed, NotFound
from pratique.labels.implicit import CHARSET, KEYWORD, STATES
from pratique.regimes.banks import Gate
from pratique.regimes.citations import Number, numbers_in
from pratique.regimes.labelling import AigcDuty
from pratique.regimes.regime import list_regimes, load_regime, packaged, read_regime

CN = load_regime("cn-cac")


@pytest.mark.parametrize("name", list_regimes())
def test_every_regime_loads_and_cites_each_number(name: str) -> None:
    """A number without a source is a rumour; a new file is tested by being there."""
    found = list(numbers_in(load_regime(name)))
    assert found
    for place, number in found:
        assert number.source and number.clause_ref, place
        assert not number.verified_against_text, place
        if number.unit == "share":
            assert 0 < number.value < 1, place


def test_nothing_claims_to_be_read_in_the_official_text() -> None:
    """Nobody has read it there: to say so takes a person, and a change of the file."""
    text = (packaged() / "cn-cac.toml").read_text(encoding="utf-8")
    assert "verified_against_text = true" not in text
    assert not any(number.verified_against_text for _, number in numbers_in(CN))


def test_there_are_31_risks_in_five_classes() -> None:
    """8, 9, 5, 7 and 2, each with its own code in both languages."""
    sizes = [len(CN.risks.of(one.code)) for one in CN.risks.classes]
    assert sizes == [8, 9, 5, 7, 2]
    assert len({risk.code for risk in CN.risks.items}) == 31
    assert len({risk.title.zh for risk in CN.risks.items}) == 31
    assert all(risk.title.en and risk.code.startswith(risk.risk_class) for risk in CN.risks.items)
    assert len(CN.risks.of("A.1", "A.2")) == 17
    assert len(CN.risks.aspects) == 13


@pytest.mark.parametrize(
    ("bank", "total", "minima"),
    [
        ("keywords", 10_000, 2_500),
        ("content", 2_000, 1_130),
        ("refuse", 500, 340),
        ("not_refuse", 500, 260),
    ],
)
def test_the_banks_minima_add_up(bank: str, total: int, minima: int) -> None:
    """What each risk needs comes to less than what the bank needs in all."""
    found = CN.bank(bank)
    assert (found.total.value, found.minima(CN.risks)) == (total, minima)


def wilson(passed: int, sample: int) -> tuple[float, float]:
    """Return the two-sided 95 % Wilson interval of a share."""
    z, share = 1.959963984540054, passed / sample
    middle = share + z * z / (2 * sample)
    half = z * sqrt(share * (1 - share) / sample + z * z / (4 * sample * sample))
    return (middle - half) / (1 + z * z / sample), (middle + half) / (1 + z * z / sample)


@pytest.mark.parametrize("gate", [gate for gate in CN.gates if gate.internal], ids=lambda g: g.id)
def test_our_gate_is_the_first_that_clears_the_mark(gate: Gate) -> None:
    """A system that lies on the mark fails half the time; ours leaves room, and no more."""
    assert isinstance(gate.internal, Number)
    own, sample, mark = int(gate.internal.value), int(gate.sample.value), gate.mark.value
    if gate.direction == "at_least":
        assert wilson(own, sample)[0] >= mark > wilson(own - 1, sample)[0]
    else:
        assert wilson(own, sample)[1] <= mark < wilson(own + 1, sample)[1]


def test_only_a_sample_without_a_count_has_no_gate_of_ours() -> None:
    """Left out on purpose, not forgotten."""
    without = [gate.id for gate in CN.gates if gate.internal is None]
    assert without == ["corpus_technical"]
    assert CN.gate("corpus_technical").sample.unit == "share"


def test_the_report_has_33_items() -> None:
    """A filing needs all of them; a registration has no training data to speak of."""
    items = CN.report.items
    assert len(items) == 33
    assert all(item.filing == "required" for item in items)
    apart = [item.number for item in items if item.registration == "not_involved"]
    assert apart == [*range(2, 12), 30]
    assert len({item.title.zh for item in items}) == 33
    assert {item.who for item in items} == {"software", "people"}


def test_a_filing_and_a_registration_each_have_their_files() -> None:
    """The report is handed in with a filing only."""
    ways = {one.id: one.procedure for one in CN.submissions}
    assert set(ways.values()) == {"filing", "registration"}
    assert ways["filing-report"] == "filing"
    assert "registration-report" not in ways


def test_every_part_of_a_variant_has_its_kind_of_change() -> None:
    """All of it is our own reading, and says so."""
    kinds = {rule.part: rule.kind for rule in CN.changes}
    assert set(kinds) == {
        "prompt",
        "schema",
        "model",
        "model_snapshot",
        "decoding",
        "checks",
        "label_policy",
        "screening_policy",
        "partner",
    }
    assert kinds["partner"] == kinds["model"] == kinds["model_snapshot"] == "file_again"
    assert all(rule.confidence == "inferred" and rule.reason for rule in CN.changes)
    assert CN.change("prompt").kind == "notify"
    with pytest.raises(NotFound, match="says nothing of a change of `mood`"):
        CN.change("mood")


def test_the_format_in_the_data_is_the_one_we_write() -> None:
    """The data say what the market wants, the code what is written: they must agree."""
    duty = CN.label.implicit
    assert isinstance(duty, AigcDuty)
    assert (duty.keyword, duty.states) == (KEYWORD, STATES)
    assert duty.charset == CHARSET
    assert duty.code_length.value == 27


def test_an_unknown_regime_names_the_known_ones() -> None:
    """No path leads out of the folder of regimes either."""
    for name in ("cn-cacc", "../regimes/cn-cac", ""):
        with pytest.raises(NotFound, match="no regime") as caught:
            load_regime(name)
        assert "cn-cac" in caught.value.hint


def broken(tmp_path: Path, old: str, new: str) -> Path:
    """Return a copy of the data with *old* replaced once."""
    text = (packaged() / "cn-cac.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "cn-cac.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_an_unknown_key_names_the_file_and_the_nearest_key(tmp_path: Path) -> None:
    """A slip of the pen is not a rule that is silently left out."""
    path = broken(tmp_path, "per_day", "per_dya")
    with pytest.raises(Malformed, match=r"cn-cac\.toml.*unknown key `per_dya`") as caught:
        read_regime(path)
    assert caught.value.hint == "did you mean `per_day`?"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('code = "A.1b"', 'code = "A.1a"', "risk `A.1a` stands twice"),
        ('class = "A.5"', 'class = "A.6"', "`A.6` is no class of risks"),
        ('bank = "refuse"', 'bank = "refused"', "which is no bank"),
        ("number = 7\n", "number = 8\n", "not numbered"),
        ('chapter = "corpus"', 'chapter = "corpse"', "which is no chapter"),
        ('id = "anything-else"', 'id = "x"\nwhen = { offered_to_public = true }', "no `when`"),
        ('id = "cn-cac"', 'id = "cn"', "is not the file's name"),
        ("value = 10000", 'value = "10000"', "expected"),
        ('confidence = "seen"', 'confidence = "sure"', "sure"),
    ],
)
def test_data_that_contradict_themselves_are_refused(
    tmp_path: Path, old: str, new: str, why: str
) -> None:
    """The file says what is wrong before anything rests on it."""
    with pytest.raises(Malformed, match=why):
        read_regime(broken(tmp_path, old, new))


def test_a_risk_and_an_aspect_are_called_in_either_language() -> None:
    """Data name them by code and by Chinese title; people read their own language."""
    risks = load_regime("cn-cac").risks
    for risk in risks.items:
        said = risks.titled(risk.code)
        assert (said.zh, said.en) == (
            f"{risk.code} {risk.title.zh}",
            f"{risk.code} {risk.title.en}",
        )
    assert all(risks.titled(aspect.zh) == aspect for aspect in risks.aspects)
    assert risks.titled("elsewhere").en == "elsewhere"

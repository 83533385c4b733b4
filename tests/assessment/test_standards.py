"""Standards: sound, decidable, and read before any result."""

from pathlib import Path

import pytest

from pratique.assessment.candidates import offer
from pratique.assessment.planning import plan
from pratique.assessment.standards import packaged, read_standard
from pratique.errors import Malformed, NotFound
from pratique.workspace.opened import Opened

HEAD = 'id = "own"\nabout = ""\nalpha = 0.05\nfamily = "bonferroni"\ntruth = "bank"\n'
ONE = '[[requirements]]\nfeature = "summarize"\nbar = 0.8\n'


def written(folder: Path, text: str) -> list[Path]:
    """Write a standard called `own`."""
    folder.mkdir(exist_ok=True)
    (folder / "own.toml").write_text(text)
    return [folder]


def test_the_demos_bars_are_what_was_fixed() -> None:
    """They were set before any candidate was measured, and stay."""
    standard = read_standard([packaged()], "embedded")
    bars = {one.feature: one.bar for one in standard.requirements}
    assert bars == {"proofread": 0.60, "summarize": 0.80, "smart_reply": 0.80, "priority": 0.80}
    assert (standard.alpha, standard.truth) == (0.05, "bank")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD.replace('"own"', '"other"') + ONE, "is not the file's name"),
        (HEAD.replace("0.05", "1.5") + ONE, "`alpha` is 1.5"),
        (HEAD + ONE.replace("0.8", "80"), "the bar of `summarize` is 80"),
        (HEAD + ONE.replace("0.8", "0.0"), "the bar of `summarize` is 0"),
        (HEAD + ONE + ONE, "two requirements for `summarize`"),
        (HEAD + ONE.replace("bar", "barr"), "unknown key `barr`"),
        (HEAD.replace("bonferroni", "none") + ONE, "Invalid enum value"),
    ],
)
def test_a_broken_standard_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """One clear error with the file."""
    with pytest.raises(Malformed, match=message) as caught:
        read_standard(written(tmp_path / "standards", text), "own")
    assert "own.toml" in str(caught.value)


def test_an_unknown_standard_lists_the_known_ones() -> None:
    """What there is, is the best hint."""
    with pytest.raises(NotFound, match="no standard `own`") as caught:
        read_standard([packaged()], "own")
    assert "embedded" in caught.value.hint


def test_a_feature_without_a_bar_is_refused(opened: Opened) -> None:
    """Nothing can meet a bar that is not there, and nothing is waved through."""
    standards = opened.workspace.folder / "standards"
    written(standards, HEAD + ONE)
    market = opened.workspace.folder / "markets" / "CN.toml"
    market.write_text(market.read_text().replace('standard = "embedded"', 'standard = "own"'))
    with pytest.raises(NotFound, match="no requirement for `proofread`"):
        plan(opened.workspace, offer(opened.workspace, "CN"), seed=1)


def test_a_requirement_that_its_suite_cannot_decide_is_refused_with_the_samples_it_needs(
    opened: Opened,
) -> None:
    """Before the first call, not after the last."""
    bars = "".join(
        f'[[requirements]]\nfeature = "{feature}"\nbar = 0.8\nmargin = 0.02\n'
        for feature in ("proofread", "summarize", "smart_reply", "priority")
    )
    written(opened.workspace.folder / "standards", HEAD.replace('"bank"', '"population"') + bars)
    market = opened.workspace.folder / "markets" / "CN.toml"
    market.write_text(market.read_text().replace('standard = "embedded"', 'standard = "own"'))
    with pytest.raises(
        Malformed,
        match=r"has \d+ samples, a bar of 0\.8 .* needs \d{4,}",
    ):
        plan(opened.workspace, offer(opened.workspace, "CN"), seed=1)

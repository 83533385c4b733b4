"""Scorers of data sets: instructions followed, and answers near to a reference."""

import pytest

from pratique.evals.instructions import Instruction
from pratique.evals.scorers import SCORERS, Target

TWO = Target(
    instructions=(
        Instruction(kind="punctuation:no_comma"),
        Instruction(kind="startend:end_checker", texts=("Bye.",)),
    )
)


@pytest.mark.parametrize(
    ("output", "share", "why"),
    [
        ({"text": "So long. Bye."}, 1.0, ""),
        ({"text": "So, long. Bye."}, 0.5, "not `punctuation:no_comma`"),
        ({"text": ""}, 0.0, "not `punctuation:no_comma`; not `startend:end_checker`"),
        ({"text": None}, 0.0, "not `punctuation:no_comma`; not `startend:end_checker`"),
        ({}, 0.0, "not `punctuation:no_comma`; not `startend:end_checker`"),
    ],
)
def test_an_answer_is_met_only_where_every_instruction_is_followed(
    output: dict[str, object], share: float, why: str
) -> None:
    """Prompt by prompt; the share tells how many were. A null text, as of a refusal, follows none."""
    score = SCORERS["instructions"].score(TWO, {}, output)
    assert (score.met, score.share, score.why) == (share == 1.0, share, why)


def test_a_greeting_is_forgiven_loosely_only() -> None:
    """Strictly the text stands as it is."""
    output = {"text": "Sure, here it is:\nSo long. Bye."}
    assert not SCORERS["instructions"].score(TWO, {}, output).met
    assert SCORERS["instructions_loosely"].score(TWO, {}, output).met


def test_targets_that_nothing_could_be_held_to_do_not_fit() -> None:
    """An empty target is met by everything."""
    fits = SCORERS["instructions"].fits
    assert fits(TWO) == ""
    assert "must hold some" in fits(Target())
    assert "must hold some" in fits(Target(accept=("a",)))
    assert "unknown kind" in fits(Target(instructions=(Instruction(kind="no"),)))
    assert "must hold texts" in SCORERS["resembles"].fits(Target())
    assert "no word" in SCORERS["resembles"].fits(Target(accept=("好", "！")))
    assert SCORERS["resembles"].fits(Target(accept=("好",))) == ""


@pytest.mark.parametrize(
    ("accept", "output", "met"),
    [
        ("渡轮能耗研究", {"summary": "本文研究渡轮的能耗。"}, True),
        ("渡轮能耗研究", {"summary": "果蔬保鲜技术的进展。"}, False),
        ("渡轮能耗研究", {"summary": ""}, False),
        ("好，那我等船。", {"replies": ["几点？", "不用了", "好，那我等船吧"]}, True),
        ("好，那我等船。", {"replies": ["几点？", "不用了", "再说吧"]}, False),
        ("好，那我等船。", {"replies": []}, False),
        ("好，那我等船。", {"other": "好，那我等船。"}, False),
        ("The ferry is slow.", {"text": "The ferry is very slow."}, True),
        ("The ferry is slow.", {"text": "Nobody knows."}, False),
    ],
)
def test_an_answer_must_be_near_to_a_reference(
    accept: str, output: dict[str, object], met: bool
) -> None:
    """Of several replies the best counts."""
    assert SCORERS["resembles"].score(Target(accept=(accept,)), {}, output).met is met


def test_a_text_that_was_to_be_rewritten_must_have_changed() -> None:
    """However near it stands to a reference; spaces are no change."""
    target, request = Target(accept=("It is slow.",)), {"text": "It is very slow."}
    score = SCORERS["resembles"].score(target, request, {"text": "It is  very slow."})
    assert (score.met, score.share) == (False, 0.0)

"""Titles, keywords, meetings and simpler sentences: what is a reference, and what is asked for."""

from pathlib import Path

import pytest

from pratique.errors import Malformed
from pratique.evals.datasets import DATASETS
from pratique.evals.datasets.meetings import MOST_CHARACTERS
from pratique.features.packs import packaged, read_pack


def test_only_keywords_that_the_abstract_has_are_asked_for(tiny: Path) -> None:
    """Half of them, each as it stands; a row with none is counted."""
    reading = DATASETS["zh-abstracts-csl-kg"].load(tiny)
    (sample,) = reading.samples
    assert sample.target.must == (("渡轮",), ("能耗",))
    assert sample.target.need == 1
    assert [(one.why, one.rows) for one in reading.left_out] == [
        ("no keyword stands in the abstract as it is", 1)
    ]


@pytest.mark.parametrize(
    ("name", "row", "said"),
    [
        ("zh-abstracts-csl-kg", "to title\t文\t词", "task `to title`"),
        ("zh-abstracts-csl-ts", "to keywords\t文\t词", "task `to keywords`"),
        ("zh-abstracts-csl-kg", "to keywords\t文\t词__语", "an empty keyword"),
    ],
)
def test_a_row_of_another_task_is_malformed(name: str, row: str, said: str, tiny: Path) -> None:
    """Keywords taken for a title would measure nothing."""
    path = tiny / name / "dev.tsv"
    path.write_text(path.read_text("utf-8") + row + "\n", encoding="utf-8")
    with pytest.raises(Malformed, match=said) as caught:
        DATASETS[name].load(tiny)
    assert caught.value.line == len(path.read_text("utf-8").splitlines())


def test_a_meeting_is_a_conversation_of_named_speakers(tiny: Path) -> None:
    """One line a turn; what is longer than the feature takes is counted."""
    reading = DATASETS["zh-meetings-vcsum"].load(tiny)
    (sample,) = reading.samples
    assert sample.input["text"] == "发言人1：大家好。今天谈渡轮。\n发言人2：好的。"
    assert sample.target.accept == ("讨论渡轮。",)
    assert [one.rows for one in reading.left_out] == [1]


def test_the_limit_for_meetings_is_below_the_features_own() -> None:
    """All strings of the input count together, the names of kind and length too."""
    limits = read_pack(packaged() / "summarize").file.limits["zh-Hans"]
    assert MOST_CHARACTERS + len("conversation") + len("medium") <= limits.input_characters


def test_turns_without_speakers_are_malformed(tiny: Path) -> None:
    """Whose words they are is half of what a summary must get right."""
    path = tiny / "zh-meetings-vcsum" / "short_dev.jsonl"
    path.write_text(path.read_text("utf-8").replace("[1, 2]", "[1]"), encoding="utf-8")
    with pytest.raises(Malformed, match="2 turns with 1 speakers") as caught:
        DATASETS["zh-meetings-vcsum"].load(tiny)
    assert caught.value.line == 1


def test_only_sentences_short_enough_are_references_of_concise_ones(tiny: Path) -> None:
    """The feature's own check would refuse the others."""
    reading = DATASETS["en-rewrite-asset"].load(tiny)
    (sample,) = reading.samples
    assert sample.input["tone"] == "concise"
    assert sample.target.accept == ("The ferry is slow.",)
    assert [one.rows for one in reading.left_out] == [1]

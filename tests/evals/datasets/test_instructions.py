"""Instructions of IFEval and FollowBench: what is checked, and what is left to a reader."""

import json
from pathlib import Path

import pytest

from pratique.errors import Malformed
from pratique.evals.datasets import DATASETS
from pratique.evals.datasets import instructions as family
from pratique.evals.instructions import KINDS, Instruction
from pratique.evals.scorers import Target


def test_every_kind_of_ifeval_is_read_and_checked() -> None:
    """A kind that is read but not checked, or checked but never read, is a hole."""
    assert set(family.FORMS) == {kind for kind in KINDS if not kind.startswith("answer:")}
    for kind, form in family.FORMS.items():
        given = {name for name in ("texts", "count", "nth") if getattr(form, name)}
        assert given == set(KINDS[kind].needs)


def test_a_request_is_typed_on_an_empty_page(tiny: Path) -> None:
    """With its instructions in words of ours."""
    first, second = DATASETS["en-ifeval"].read(tiny)
    assert first.input["text"] == family.EMPTY_PAGE
    assert isinstance(first.target, Target)
    assert first.target.instructions == (
        Instruction(kind="length_constraints:number_words", count=50, relation="less than"),
        Instruction(kind="punctuation:no_comma"),
    )
    assert isinstance(second.target, Target)
    assert second.target.instructions[0].texts == ("ferry", "noon")


@pytest.mark.parametrize(
    ("kinds", "kwargs", "said"),
    [
        (["en:length:unheard_of"], [{}], "unknown kind of instruction `length:unheard_of`"),
        (["en:punctuation:no_comma"], [{}, {}], "1 instructions with arguments for 2"),
        ([], [], "0 instructions"),
        (["en:punctuation:no_comma"], [{"num_words": 3}], "num_words, not none"),
        (["en:keywords:existence"], [{}], "none, not keywords"),
        (["en:keywords:existence"], [{"keywords": []}], "names no text"),
        (["en:keywords:existence"], [{"keywords": [" "]}], "names no text"),
        (["en:detectable_format:number_bullet_lists"], [{"num_bullets": 0}], "count of 0"),
        (["en:detectable_format:number_bullet_lists"], [{"num_bullets": "two"}], "Expected `int`"),
        (["en:language:response_language"], [{"language": "xx"}], "language `xx` cannot be told"),
        (
            ["en:length_constraints:number_words"],
            [{"relation": "about", "num_words": 5}],
            "Invalid enum value 'about'",
        ),
        (
            ["en:length_constraints:nth_paragraph_first_word"],
            [{"num_paragraphs": 2, "nth_paragraph": 3, "first_word": "so"}],
            "paragraph 3 of 2",
        ),
    ],
)
def test_an_instruction_that_cannot_be_checked_is_malformed(
    kinds: list[str], kwargs: list[dict[str, object]], said: str, tiny: Path
) -> None:
    """One that passes unchecked would be met by any answer."""
    path = tiny / "en-ifeval" / "ifeval_en.jsonl"
    row = {"key": 3, "prompt": "Write.", "instruction_id_list": kinds, "kwargs": kwargs}
    path.write_text(path.read_text("utf-8") + json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(Malformed, match=said) as caught:
        DATASETS["en-ifeval"].load(tiny)
    assert (caught.value.path, caught.value.line) == (path, 3)


def test_what_code_cannot_check_is_counted_by_reason(tiny: Path) -> None:
    """Four rows of nine can be checked, and all nine are accounted for."""
    reading = DATASETS["zh-followbench"].load(tiny)
    assert {one.why: one.rows for one in reading.left_out} == {
        family.NO_REQUEST: 1,
        family.DOUBTFUL: 1,
        family.NO_TARGET: 2,
        family.MANY_RIGHT: 1,
    }
    found = {
        sample.id: sample.target.instructions[0]
        for sample in reading.samples
        if isinstance(sample.target, Target)
    }
    assert found == {
        "zh-followbench-content-00002": Instruction(kind="answer:is", texts=("Osk", "Tarn")),
        "zh-followbench-mixed-00001": Instruction(kind="answer:is", texts=("OSK",)),
        "zh-followbench-situation-00001": Instruction(kind="answer:option", texts=("(B)",)),
        "zh-followbench-situation-00002": Instruction(kind="answer:number", texts=("$13",)),
    }
    assert reading.rows == 9


@pytest.mark.parametrize(
    ("part", "old", "new", "said", "line"),
    [
        ("content", "['Osk', 'Tarn']", "Osk, Tarn", "not a list of names", 10),
        ("content", "['Osk', 'Tarn']", "[]", "names no text", 10),
        ("content", "List its attributes.", " ", "`instruction` is empty", 18),
        ("situation", "$13", "thirteen", "has no number", 10),
        ("situation", '"level": 1', '"level": "one"', "Expected `int`", 6),
    ],
)
def test_a_row_of_followbench_that_is_broken_is_malformed(
    part: str, old: str, new: str, said: str, line: int, tiny: Path
) -> None:
    """The line is that of the row in a file that is one list."""
    path = tiny / "en-followbench" / f"{part}_constraints.json"
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(Malformed, match=said) as caught:
        DATASETS["en-followbench"].load(tiny)
    assert (caught.value.path, caught.value.line) == (path, line)

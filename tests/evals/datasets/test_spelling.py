"""Spelling and grammar: what is right, and what must stay as it is."""

from pathlib import Path

import pytest

from pratique.errors import Malformed
from pratique.evals.datasets import DATASETS
from pratique.evals.datasets.grammar import written
from pratique.evals.scorers import SCORERS


def test_a_sentence_on_two_rows_is_one_sample_with_both_corrections(tiny: Path) -> None:
    """Either is right, and the sentence must not weigh twice."""
    reading = DATASETS["zh-spelling-law"].load(tiny)
    assert [sample.target.accept for sample in reading.samples] == [
        ("我已经到了。", "我已經到了。"),
        ("今天下雨。",),
    ]
    assert (reading.rows, [one.rows for one in reading.left_out]) == (3, [1])


def test_the_note_that_nothing_is_wrong_is_no_correction(tiny: Path) -> None:
    """The sentence itself is right; the note as an answer is not."""
    wrong, right = DATASETS["zh-grammar-mucgec"].read(tiny)
    assert wrong.target.accept == ("我昨天去了公园。", "昨天我去了公园。")
    assert right.target.accept == ("今天下雨。",)
    assert "right already" in right.why
    score = SCORERS["accepted"].score
    assert score(right.target, right.input, {"corrected": "今天下雨。"}).met
    assert not score(right.target, right.input, {"corrected": "没有错误"}).met


def test_a_sentence_without_its_number_is_malformed(tiny: Path) -> None:
    """A column that slipped would make a reference the sentence."""
    path = tiny / "zh-grammar-mucgec" / "MuCGEC_dev.txt"
    path.write_text("7\t好。\t好。\n好。\t好。\t好。\n", encoding="utf-8")
    with pytest.raises(Malformed, match="not the number") as caught:
        DATASETS["zh-grammar-mucgec"].load(tiny)
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("I do n't know , do you ?", "I don't know, do you?"),
        ('He said , " wait ! " and left .', 'He said, "wait!" and left.'),
        ("in twenty years ' time ( or so ) .", "in twenty years' time (or so)."),
        ("he 's `` fluent '' at it ...", 'he\'s "fluent" at it...'),
        ("it &raspsquo; fluent &raspsquo; 5 % .", "it 'fluent' 5%."),
        ("", ""),
    ],
)
def test_english_is_put_together_as_people_write_it(tokens: str, text: str) -> None:
    """A user types no space before a stop; an answer with none must match a reference."""
    assert written(tokens) == text


def test_corrections_are_put_together_like_the_sentence(tiny: Path) -> None:
    """The same rule for both, and each correction once."""
    (sample,) = DATASETS["en-grammar-jfleg"].read(tiny)
    assert sample.input == {"text": "He don't like it (much)."}
    assert sample.target.accept == (
        'He doesn\'t like it ("much").',
        "He does not like it (much).",
        "He doesn't like it (much).",
    )

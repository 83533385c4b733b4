"""Translation and questions: scripts, directions, and answers that stand where they say."""

import copy
import json
from pathlib import Path
from typing import cast

import pytest

from pratique.errors import Malformed
from pratique.evals.datasets import DATASETS
from pratique.evals.scorers import SCORERS, Target
from tests.evals.datasets.tiny import SQUAD_ZH


def _pairs(name: str, tiny: Path) -> dict[str, tuple[str, ...]]:
    return {str(s.input["text"]): s.target.accept for s in DATASETS[name].read(tiny)}


def test_into_chinese_each_script_has_its_own_references(tiny: Path) -> None:
    """What neither script tells counts for both, what mixes them for neither."""
    assert _pairs("zh-en-tatoeba-into-zh-Hans", tiny) == {
        "The ferry is late.": ("渡轮晚点了。", "渡轮迟到了。"),
        "I row now.": ("我们划船去。",),
        "Row now.": ("我们划船去。",),
        "Stay.": ("坐下。",),
    }
    assert _pairs("zh-en-tatoeba-into-zh-Hant", tiny) == {
        "The ferry is late.": ("渡輪誤點了。",),
        "Stay.": ("坐下。",),
    }


def test_into_english_a_sentence_has_all_its_translations(tiny: Path) -> None:
    """And its script is named only where it tells."""
    samples = DATASETS["zh-en-tatoeba-into-en"].read(tiny)
    assert _pairs("zh-en-tatoeba-into-en", tiny)["我们划船去。"] == ("I row now.", "Row now.")
    sources = {str(sample.input["text"]): sample.input.get("source") for sample in samples}
    assert sources["渡輪誤點了。"] == "zh-Hant"
    assert sources["坐下。"] is None


def test_passages_are_translated_both_ways(tiny: Path) -> None:
    """The one is the other's reference."""
    (into,) = DATASETS["zh-en-xquad-into-zh-Hans"].read(tiny)
    (out,) = DATASETS["zh-en-xquad-into-en"].read(tiny)
    assert into.input["text"] == out.target.accept[0]
    assert out.input["text"] == into.target.accept[0]
    score = SCORERS["translated"].score
    assert score(into.target, into.input, {"text": into.target.accept[0]}).met


def test_passages_with_other_questions_are_no_translations(tiny: Path) -> None:
    """A passage that slipped would be held to another's text."""
    path = tiny / "zh-en-xquad" / "xquad.zh.json"
    path.write_text(path.read_text("utf-8").replace('"q2"', '"q3"'), encoding="utf-8")
    with pytest.raises(Malformed, match="other questions") as caught:
        DATASETS["zh-en-xquad-into-en"].load(tiny)
    assert caught.value.line == 6


def test_an_answer_must_be_short_and_hold_somebodys_words(tiny: Path) -> None:
    """Giving back the passage is no answer."""
    sample = DATASETS["zh-qa-cmrc2018"].read(tiny)[0]
    assert isinstance(sample.target, Target)
    score = SCORERS["instructions"].score
    for answer, met in (
        ("中午", True),
        ("渡轮正午时分开。", True),
        ("晚上", False),
        ("", False),
        (str(sample.input["text"]) * 6, False),
    ):
        assert score(sample.target, sample.input, {"text": answer}).met is met


def test_a_question_without_an_answer_is_counted(tiny: Path) -> None:
    """It is one in its set's own form, not a mistake."""
    path = tiny / "zh-en-xquad" / "xquad.en.json"
    data = json.loads(path.read_text("utf-8"))
    data["data"][0]["paragraphs"][0]["qas"][0]["answers"] = []
    path.write_text(json.dumps(data), encoding="utf-8")
    reading = DATASETS["zh-en-xquad-questions-en"].load(tiny)
    assert (len(reading.samples), reading.left_out[0].rows) == (1, 1)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"text": "塔恩", "answer_start": 900}, "out of the passage"),
        ({"text": "塔恩", "answer_start": -2}, "out of the passage"),
        ({"text": "塔恩" * 20, "answer_start": 2}, "out of the passage"),
        ({"text": "汽车", "answer_start": 2}, "does not stand in"),
        ({"text": " ", "answer_start": 2}, "is empty"),
        ({"text": "塔恩", "answer_start": "2"}, "int"),
        ({"text": "塔恩"}, "answer_start"),
    ],
)
def test_an_answer_that_is_not_in_its_passage_is_malformed(
    answer: dict[str, object], said: str, tiny: Path
) -> None:
    """The error names the line on which the answer stands."""
    data = cast("dict[str, list[dict[str, list[dict[str, list[dict[str, object]]]]]]]", SQUAD_ZH)
    broken = copy.deepcopy(data)
    broken["data"][0]["paragraphs"][0]["qas"][1]["answers"] = [answer]
    path = tiny / "zh-qa-cmrc2018" / "cmrc2018_dev_part.json"
    path.write_text(json.dumps(broken, ensure_ascii=False, indent=1), encoding="utf-8")
    with pytest.raises(Malformed, match=said) as caught:
        DATASETS["zh-qa-cmrc2018"].load(tiny)
    assert caught.value.path == path
    lines = path.read_text("utf-8").split("\n")
    last = max(number for number, line in enumerate(lines, 1) if '"answers"' in line)
    assert caught.value.line is not None
    assert last < caught.value.line <= last + 3

"""Dialogues: whose turn it is, what came before, and what can be a reference."""

import json
from pathlib import Path

import pytest

from pratique.errors import Malformed
from pratique.evals.datasets import DATASETS
from pratique.evals.datasets.dialogues import MOST_MESSAGES, NO_REPLY
from pratique.evals.datasets.messages import MOMENT


def test_the_customers_last_words_are_the_reference(tiny: Path) -> None:
    """With all that came before, and nothing that came after."""
    reading = DATASETS["zh-dialogue-crosswoz"].load(tiny)
    (sample,) = reading.samples
    assert sample.input == {
        "thread": [
            {"from": "顾客", "text": "渡轮几点开？"},
            {"from": "客服", "text": "中午十二点。"},
        ],
        "me": "顾客",
    }
    assert sample.target.accept == ("好，那我等船。",)
    assert [(one.why, one.rows) for one in reading.left_out] == [(NO_REPLY, 1)]


def test_a_customer_who_never_answers_is_counted(tiny: Path) -> None:
    """There is nothing to compare a reply with."""
    reading = DATASETS["en-dialogue-taskmaster4"].load(tiny)
    assert [sample.target.accept for sample in reading.samples] == [
        ("Quite right, thank you kindly.",)
    ]
    assert [(one.why, one.rows) for one in reading.left_out] == [(NO_REPLY, 1)]


def test_a_message_with_a_number_is_no_reference(tiny: Path) -> None:
    """No reply of ours may state a fact that the thread lacks."""
    reading = DATASETS["zh-dialogue-kdconv"].load(tiny)
    assert {sample.target.accept for sample in reading.samples} == {("坐过，很慢。",)}
    assert reading.samples[0].id == "zh-dialogue-kdconv-film-00001"
    assert (reading.rows, reading.left_out[-1].rows) == (6, 3)


def test_of_a_long_thread_the_last_messages_are_kept(tiny: Path) -> None:
    """The feature takes so many and no more."""
    messages = [f"第{number}句" for number in range(60)] + ["好。"]
    for topic in ("film", "music", "travel"):
        path = tiny / "zh-dialogue-kdconv" / f"kdconv_{topic}_dev.jsonl"
        path.write_text(json.dumps({"domain": topic, "messages": messages}), encoding="utf-8")
    sample = DATASETS["zh-dialogue-kdconv"].read(tiny)[0]
    thread = sample.input["thread"]
    assert isinstance(thread, list)
    assert len(thread) == MOST_MESSAGES
    assert thread[-1] == {"from": "乙", "text": "第59句"}
    assert sample.input["me"] == "甲"


def test_marks_of_persons_become_names(tiny: Path) -> None:
    """In the conversation and in every summary of it."""
    (sample,) = DATASETS["en-dialogue-dialogsum"].read(tiny)
    assert sample.input["text"] == "Person1: Is the ferry late?\nPerson2: By an hour."
    assert sample.target.accept == (
        "Person2 tells Person1 that the ferry is late.",
        "The ferry is an hour late.",
    )


@pytest.mark.parametrize(
    ("name", "file", "old", "new", "said"),
    [
        ("en-dialogue-dialogsum", "dialogsum.dev.jsonl", "#Person2#:", "Person2:", "line 2 of"),
        ("zh-dialogue-crosswoz", "crosswoz_val.jsonl", '"sys"', '"bot"', "unknown role `bot`"),
        ("zh-dialogue-crosswoz", "crosswoz_val.jsonl", "中午十二点。", " ", "`text` is empty"),
        ("zh-dialogue-kdconv", "kdconv_film_dev.jsonl", '"film"', '"food"', "domain `food`"),
        ("en-sms", "SMSSpamCollection.tsv", "ham", "maybe", "neither `ham` nor `spam`"),
    ],
)
def test_a_row_that_is_not_what_its_set_has_is_malformed(
    name: str, file: str, old: str, new: str, said: str, tiny: Path
) -> None:
    """A guess about who spoke would measure the guess."""
    path = tiny / name / file
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(Malformed, match=said) as caught:
        DATASETS[name].load(tiny)
    assert (caught.value.path, caught.value.line) == (path, 1)


def test_unwanted_messages_are_not_urgent_and_nothing_is_said_of_others(tiny: Path) -> None:
    """That somebody wanted a message does not make it urgent, nor not."""
    reading = DATASETS["en-sms"].load(tiny)
    (sample,) = reading.samples
    assert sample.target.urgent is False
    assert sample.input["now"] == MOMENT
    assert [one.rows for one in reading.left_out] == [1, 1]

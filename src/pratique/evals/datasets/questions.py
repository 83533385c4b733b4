"""Questions: passages with questions, and the words that answer them.

No feature of ours is made for questions, and key points need not hold what somebody happened to
ask, so that answers are no target for `keypoints`. `transform` takes a text and an instruction in
the user's own words; picking out of the text what answers a question is one whose outcome can be
checked. Measured is whether a short answer holds one of the answers that people gave. A question
without an answer is left out. Questions about one passage are a cluster.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec

from pratique.evals.datasets.dataset import Dataset, Row
from pratique.evals.datasets.squad import Passage, Question, questions
from pratique.evals.instructions import Instruction
from pratique.evals.scorers import Target
from pratique.evals.suites import Sample
from pratique.text.lengths import characters

Locale = Literal["en", "zh-Hans"]

ASKED: dict[Locale, str] = {
    "en": "Answer from the text, in as few words as you can: {question}",
    "zh-Hans": "根据原文回答，尽量简短：{question}",
}
"""How a question is put as an instruction."""

SHORT: dict[Locale, int] = {"en": 120, "zh-Hans": 50}
"""Characters that an answer may have; twice the longest of people's answers where that is more.
Without a limit whoever gave back the passage would be right."""


def _rows(name: str, folder: Path, *, file: str, locale: Locale) -> Iterator[Row]:
    path = folder / file
    numbers: dict[str, int] = {}
    for number, (passage, question) in enumerate(questions(path), 1):
        place = numbers.setdefault(passage.context, len(numbers) + 1)
        if not question.answers:
            yield Row(path=path, left_out="the question has no answer")
            continue
        made = _sample(f"{name}-{number:05d}", passage, question, locale)
        yield Row(path=path, sample=msgspec.structs.replace(made, cluster=f"passage-{place}"))


def _sample(name: str, passage: Passage, question: Question, locale: Locale) -> Sample:
    answers = tuple(dict.fromkeys(one.text.strip() for one in question.answers))
    most = max(SHORT[locale], 2 * max(map(characters, answers)))
    instruction = ASKED[locale].format(question=question.question.strip())
    return Sample(
        id=name,
        input={"text": passage.context.strip(), "instruction": instruction},
        target=Target(instructions=(Instruction(kind="answer:names", texts=answers, count=most),)),
        why="A wrong answer looks as sure as a right one.",
    )


DATASETS = (
    Dataset(
        id="zh-en-xquad-questions-en",
        about="Short answers out of a passage in English (XQuAD)",
        licence="CC BY-SA 4.0",
        feature="transform",
        scorer="instructions",
        locale="en",
        folder="zh-en-xquad",
        rows=partial(_rows, file="xquad.en.json", locale="en"),
    ),
    Dataset(
        id="zh-en-xquad-questions-zh-Hans",
        about="Short answers out of a passage translated into Chinese (XQuAD)",
        licence="CC BY-SA 4.0",
        feature="transform",
        scorer="instructions",
        locale="zh-Hans",
        folder="zh-en-xquad",
        rows=partial(_rows, file="xquad.zh.json", locale="zh-Hans"),
    ),
    Dataset(
        id="zh-qa-cmrc2018",
        about="Short answers out of a passage in Chinese (CMRC 2018)",
        licence="CC BY-SA 4.0",
        feature="transform",
        scorer="instructions",
        locale="zh-Hans",
        folder="zh-qa-cmrc2018",
        rows=partial(_rows, file="cmrc2018_dev_part.json", locale="zh-Hans"),
    ),
)
"""The sets of this family."""

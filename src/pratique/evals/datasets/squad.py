"""SQuAD's form: passages, questions about them, and the words in them that answer."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from pratique.evals.datasets.files import Document, Step, document

OWN_WORDS = -1
"""Start of an answer that somebody gave in words of their own."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One person's answer."""

    text: str
    """What answers."""
    answer_start: int
    """Where it stands in the passage, in code points, or `OWN_WORDS`."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question about a passage."""

    id: str
    """Its name, the same in every language of a set."""
    question: str
    """What is asked."""
    answers: tuple[Answer, ...]
    """Everybody's answers."""


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """One passage of an article."""

    context: str
    """The passage."""
    qas: tuple[Question, ...]
    """The questions about it."""


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One article."""

    paragraphs: tuple[Passage, ...]
    """Its passages."""


class Squad(msgspec.Struct, frozen=True, kw_only=True):
    """A file."""

    data: tuple[Article, ...]
    """The articles."""


def passages(path: Path) -> tuple[Document[Squad], list[tuple[tuple[Step, ...], Passage]]]:
    """Return the file and all its passages, each with where it stands.

    Raises:
        NotFound: there is no such file.
        Malformed: it is broken, a text is empty, or an answer is not where it says.
    """
    file = document(path, Squad)
    found: list[tuple[tuple[Step, ...], Passage]] = [
        (("data", article, "paragraphs", place), passage)
        for article, each in enumerate(file.value.data)
        for place, passage in enumerate(each.paragraphs)
    ]
    if not found:
        raise file.malformed("no passages", "data")
    for steps, passage in found:
        _require_sound(file, passage, steps)
    return file, found


def questions(path: Path) -> Iterator[tuple[Passage, Question]]:
    """Yield every question of *path* with its passage; see `passages`."""
    _, found = passages(path)
    for _, passage in found:
        for question in passage.qas:
            yield passage, question


def _require_sound(file: Document[Squad], passage: Passage, steps: tuple[Step, ...]) -> None:
    if not passage.context.strip():
        raise file.malformed("`context` is empty", *steps)
    for place, question in enumerate(passage.qas):
        at: tuple[Step, ...] = (*steps, "qas", place)
        if not question.question.strip():
            raise file.malformed(f"`question` of `{question.id}` is empty", *at)
        for number, answer in enumerate(question.answers):
            fault = _fault(passage.context, answer)
            if fault:
                raise file.malformed(f"answer of `{question.id}`: {fault}", *at, "answers", number)


def _fault(context: str, answer: Answer) -> str:
    """Say what is wrong with *answer*.

    A start that is a few characters off is let pass: a row or two of CMRC has one, and only the
    words are used.
    """
    if not answer.text.strip():
        return "`text` is empty"
    if answer.answer_start == OWN_WORDS:
        return ""
    end = answer.answer_start + len(answer.text)
    if answer.answer_start < 0 or end > len(context):
        return f"span {answer.answer_start}–{end} is out of the passage's {len(context)} characters"
    return "" if answer.text in context else f"`{answer.text}` does not stand in the passage"

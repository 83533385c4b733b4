"""Judging: one call of a judge, and the judgement that came of it."""

import asyncio
from collections.abc import Mapping
from typing import Literal, TypeVar

import msgspec

from pratique.evals.judges.prompts import Prompt, read_prompt, turns
from pratique.evals.judges.rubrics import Language, Rubric
from pratique.evals.scorers.target import Score
from pratique.evals.statistics.orders import Judged, shown_first
from pratique.partners.contract import Call, Model, Reply, Usage

T = TypeVar("T")

MAX_TOKENS = 300
"""A grade, a word and a sentence in JSON take less than a third of this."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a judge said of one answer, or of one pair."""

    status: Literal["judged", "failed"]
    """`failed` where no judgement came: counted, and never taken for a grade."""
    share: float
    """From 0 (worst, or the other is better) to 1 (best, or this one is); 0 where it failed."""
    met: bool
    """Whether the grade is one that does what was asked; of a pair, whether this one is better."""
    sure: bool
    """Whether the judge says that a careful colleague would judge the same."""
    why: str
    """The judge's sentence, or why it failed."""
    a_first: bool | None
    """Of a pair, whether this one was shown first; None of a single answer."""
    judge: str
    """`partner/model`."""
    revision: str
    """Prompt and rubric with their revisions."""
    calls: int
    """Calls that it took: what the judge's partner counts."""
    usage: Usage
    """Tokens used."""

    @property
    def score(self) -> Score:
        """The judgement as a scorer's score. A failed one has not met: it never leaves the count."""
        why = self.why if self.status == "judged" else f"judge failed: {self.why}"
        return Score(met=self.met, share=self.share, why=why)

    @property
    def judged(self) -> Judged | None:
        """The judgement of a pair for `order_effect`; None where it failed, or of one answer."""
        if self.status == "failed" or self.a_first is None:
            return None
        return Judged(self.a_first, self.share)


class _Graded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a judge of one answer replies."""

    grade: int
    sure: bool
    why: str


class _Chosen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a judge of a pair replies."""

    better: Literal["first", "second", "tie"]
    sure: bool
    why: str


class RubricJudge:
    """Grades one answer by a rubric."""

    def __init__(
        self, model: Model, rubric: Rubric, language: Language, *, deadline: float = 60.0
    ) -> None:
        self.model = model
        self.rubric = rubric
        self._language = language
        self._deadline = deadline
        self._prompt = read_prompt("rubric")
        self._schema = _schema("grade", list(rubric.values))

    async def judge(self, request: str, answer: str) -> Judgement:
        """Return what the judge says of *answer* to *request*."""
        grades = "\n".join(f"{g.value}: {g.to(self._language)}" for g in self.rubric.grades)
        content = {
            "question": self.rubric.question.to(self._language),
            "grades": grades,
            "request": request,
            "answer": answer,
        }
        call = _call(self._prompt, self._language, content, self._schema, self._deadline)
        reply = await _completed(self.model, call)
        read, why = _read(reply, _Graded)
        if read and read.grade not in self.rubric.values:
            why, read = f"grade {read.grade} is none of the rubric's", None
        return Judgement(
            status="failed" if read is None else "judged",
            share=0.0 if read is None else self.rubric.share(read.grade),
            met=read is not None and read.grade >= self.rubric.met,
            sure=read is not None and read.sure,
            why=why if read is None else read.why,
            a_first=None,
            judge=self.model.name,
            revision=revision_of(self._prompt, self.rubric),
            calls=reply.attempts,
            usage=reply.usage,
        )


class PairJudge:
    """Compares two answers. Which is shown first is drawn by the seed and the sample."""

    def __init__(
        self,
        model: Model,
        rubric: Rubric,
        language: Language,
        *,
        seed: int,
        deadline: float = 60.0,
    ) -> None:
        self.model = model
        self.rubric = rubric
        self._language = language
        self._seed = seed
        self._deadline = deadline
        self._prompt = read_prompt("pairwise")
        self._schema = _schema("better", ["first", "second", "tie"])

    async def judge(self, sample_id: str, request: str, own: str, other: str) -> Judgement:
        """Return what the judge says of *own* beside *other*, two answers to *request*."""
        a_first = shown_first(self._seed, sample_id)
        content = {
            "question": self.rubric.question.to(self._language),
            "request": request,
            "first": own if a_first else other,
            "second": other if a_first else own,
        }
        call = _call(self._prompt, self._language, content, self._schema, self._deadline)
        reply = await _completed(self.model, call)
        read, why = _read(reply, _Chosen)
        share = 0.0
        if read is not None:
            first = {"first": 1.0, "tie": 0.5, "second": 0.0}[read.better]
            share = first if a_first else 1.0 - first
        return Judgement(
            status="failed" if read is None else "judged",
            share=share,
            met=share > 0.5,
            sure=read is not None and read.sure,
            why=why if read is None else read.why,
            a_first=a_first,
            judge=self.model.name,
            revision=revision_of(self._prompt, self.rubric),
            calls=reply.attempts,
            usage=reply.usage,
        )


def _schema(key: str, values: list[object] | list[int] | list[str]) -> Mapping[str, object]:
    """Return the schema of a reply whose *key* is one of *values*."""
    return {
        "type": "object",
        "properties": {
            key: {"enum": values},
            "sure": {"type": "boolean"},
            "why": {"type": "string"},
        },
        "required": [key, "sure", "why"],
        "additionalProperties": False,
    }


def revision_of(prompt: Prompt, rubric: Rubric) -> str:
    """Return prompt and rubric with their revisions: what a judge was asked by."""
    return f"{prompt.id}@{prompt.revision} {rubric.id}@{rubric.revision}"


def _call(
    prompt: Prompt,
    language: Language,
    content: Mapping[str, str],
    schema: Mapping[str, object],
    deadline: float,
) -> Call:
    return Call(
        form="chat",
        turns=turns(prompt, language, content),
        max_tokens=MAX_TOKENS,
        schema=schema,
        feature="judge",
        deadline=deadline,
    )


async def _completed(model: Model, call: Call) -> Reply:
    """Return the reply to *call*; a deadline that the model does not keep is a time-out."""
    try:
        async with asyncio.timeout(call.deadline):
            return await model.complete(call)
    except TimeoutError:
        return Reply(status="timeout", seconds=call.deadline)


def _read(reply: Reply, kind: type[T]) -> tuple[T | None, str]:
    """Return what the judge replied, or None with why it is no judgement."""
    if reply.status != "ok":
        return None, reply.status
    if reply.truncated:
        return None, "the reply was cut at the token limit"
    try:
        return msgspec.json.decode(reply.text.reveal().strip(), type=kind), ""
    except msgspec.ValidationError as error:
        return None, f"the reply does not fit: {str(error)[:200]}"
    except msgspec.DecodeError:
        return None, "the reply is not one JSON object"

"""Marking: a person's rating of one case that they look at, not blind, kept beside the sheets."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from pratique.errors import NotAllowed, NotFound
from pratique.evals.judges.rubrics import Rubric
from pratique.evals.outcomes import Result, RunKey
from pratique.evals.ratings.batches import Batch, Item, sheet_for
from pratique.evals.ratings.drawing import request_text, words_of
from pratique.evals.ratings.sheets import Grade, Sheet, SheetLanguage
from pratique.evals.ratings.table import Rating, keep_batch, keep_ratings, ratings_of
from pratique.evals.suites import Sample

KIND = "case"
"""Kind of a batch of one case; its raters saw whose answer it is."""

AT_CONSOLE = "console"
"""What stands for the file of a rating that was given at the console."""


def case_batch(
    key: RunKey, sample: Sample, result: Result, rubric: Rubric, language: SheetLanguage
) -> Batch:
    """Return the batch of one case of the run *key*: the same for everybody who rates it.

    Raises:
        NotAllowed: there is no answer to rate.
    """
    if result.output is None:
        raise NotAllowed(
            f"sample `{result.sample_id}` has no answer", hint="rate one that has an answer"
        )
    words = words_of(language, key.locale)
    return Batch(
        kind=KIND,
        language=language,
        question=rubric.question.to(words),
        grades=tuple(Grade(value=one.value, says=one.to(words)) for one in rubric.grades),
        headings=("请求", "回答") if language == "zh" else ("Request", "Answer"),
        items=(
            Item(
                id=sample.id,
                texts=(request_text(sample.input), request_text(result.output)),
            ),
        ),
        raters=(),
        seed=0,
        sealed={
            "run": key.id,
            "candidate": key.candidate,
            "rubric": f"{rubric.id}@{rubric.revision}",
        },
    )


def mark(
    connection: Connection,
    batch: Batch,
    item: str,
    rater: str,
    value: int,
    note: str,
    now: datetime,
) -> Rating:
    """Keep what *rater* gave for one item of *batch*, and return it.

    Raises:
        NotFound: the batch has no such item or grade, or another set of raters.
        NotAllowed: that person gave another rating for it before.
    """
    if batch.kind != KIND and rater not in batch.raters:
        raise NotFound(f"`{rater}` is no rater of `{batch.id}`")
    if item not in {one.id for one in batch.items}:
        raise NotFound(f"`{batch.id}` has no item `{item[:80]}`")
    if value not in {one.value for one in batch.grades}:
        raise NotFound(f"{value} is no grade of `{batch.id}`")
    given = Rating(
        batch=batch.id,
        item=item,
        rater=rater,
        role="rater",
        value=value,
        note=note,
        file=AT_CONSOLE,
    )
    keep_batch(connection, batch, now)
    keep_ratings(connection, [given], now)
    return given


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """What one rater sees of a blind batch."""

    sheet: Sheet
    """The rows, in an order of their own."""
    given: dict[str, int]
    """What they gave so far, by the row's code."""


def desk_of(connection: Connection, batch: Batch, rater: str) -> Desk:
    """Return the desk of *rater*: nothing of what others gave, nor whose answers they are.

    Raises:
        NotFound: *rater* is no rater of it.
    """
    if rater not in batch.raters:
        raise NotFound(f"`{rater}` is no rater of `{batch.id}`")
    codes = {item.id: code for code, item in batch.codes.items()}
    return Desk(
        sheet=sheet_for(batch, rater),
        given={
            codes[one.item]: one.value
            for one in ratings_of(connection, batch.id)
            if one.rater == rater and one.role == "rater"
        },
    )

"""Reach: a model that never answered was not tested, and our own key is not its fault."""

from collections.abc import Callable

import pytest

from pratique.errors import Unavailable
from pratique.evals.outcomes import results_of
from pratique.evals.reach import SILENT
from pratique.partners.contract import Reply
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel
from tests.evals.test_runs import CANDIDATE, Everything, Some, finished, priority_cell

GONE = Reply(status="unavailable", detail="connection refused")


def after(silent: int) -> Callable[[str], str | Reply]:
    """Return a model's answers: none to the first *silent* samples, then one to each."""
    count = iter(range(10_000))
    return lambda _: GONE if next(count) < silent else "now"


def test_a_model_that_never_answers_is_not_tested(opened: Opened) -> None:
    """A server that nobody started has no outcomes, so it cannot fall short."""
    cell, model = priority_cell(opened), RoteModel(CANDIDATE, lambda _: GONE)
    with pytest.raises(
        Unavailable, match=r"answered none of 5 samples.*connection refused"
    ) as told:
        finished(opened, cell, model, Everything())
    assert "--live" in told.value.hint
    assert len(model.calls) == SILENT
    with opened.database.connect() as connection:
        assert results_of(connection, [cell.key.id])[cell.key.id] == []


def test_a_model_that_was_asked_little_and_answered_nothing_is_not_tested(opened: Opened) -> None:
    """Nor where fewer samples are wanted than it takes to give up."""
    with pytest.raises(Unavailable, match="none of 2 samples"):
        finished(opened, priority_cell(opened), RoteModel(CANDIDATE, lambda _: GONE), Some(2))


def test_what_failed_before_the_first_answer_counts_once_there_is_one(opened: Opened) -> None:
    """No sample leaves the denominator of a model that answers."""
    cell = finished(
        opened, priority_cell(opened), RoteModel(CANDIDATE, after(SILENT - 1)), Everything()
    )
    assert len(cell.results) == len(cell.order)
    assert cell.tally.failed == SILENT - 1


def test_a_model_heard_of_before_may_fail_as_long_as_it_likes(opened: Opened) -> None:
    """What answered yesterday is there: today's failures are its own."""
    finished(opened, priority_cell(opened), RoteModel(CANDIDATE, lambda _: "now"), Some(3))
    cell = finished(
        opened, priority_cell(opened), RoteModel(CANDIDATE, lambda _: GONE), Everything()
    )
    assert cell.tally.failed == len(cell.order) - 3


@pytest.mark.parametrize("status", ["auth", "quota_exhausted"])
def test_our_key_and_our_quota_are_not_the_models_fault(opened: Opened, status: str) -> None:
    """The run stops there, and what was answered before stays."""
    count = iter(range(10_000))

    def answer(_: str) -> str | Reply:
        return "now" if next(count) < 7 else Reply(status=status, http_status=401)  # type: ignore[arg-type]

    cell = priority_cell(opened)
    with pytest.raises(Unavailable, match=CANDIDATE):
        finished(opened, cell, RoteModel(CANDIDATE, answer), Everything())
    with opened.database.connect() as connection:
        kept = results_of(connection, [cell.key.id])[cell.key.id]
    assert [one.outcome for one in kept] == ["scored"] * 7

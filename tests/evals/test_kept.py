"""Kept results: in the store before they count, and read from there."""

import asyncio

import msgspec
import pytest

from pratique.errors import NotAllowed
from pratique.evals.cells import Cell, cell_of
from pratique.evals.kept import Kept, Writer
from pratique.evals.outcomes import open_run, results_of
from pratique.evals.rescore import rescore
from pratique.partners.contract import Reply
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel
from tests.evals.test_runs import CANDIDATE, Everything, Some, finished, priority_cell


def test_a_result_is_in_the_store_when_it_counts(opened: Opened) -> None:
    """Whoever was told that a result is kept finds it there, however many came at once."""
    source = finished(opened, priority_cell(opened), RoteModel(CANDIDATE, lambda _: "now"), Some(9))
    cell = priority_cell(opened, 2)
    with opened.database.begin() as connection:
        open_run(connection, cell.key, opened.clock())
    found = list(source.results.values())

    async def run() -> None:
        writer = Writer(opened.database, opened.clock)

        async def keep(position: int) -> None:
            await writer.keep(cell.key.id, found[position])
            with opened.database.connect() as connection:
                kept = results_of(connection, [cell.key.id])[cell.key.id]
            assert found[position] in kept

        await asyncio.gather(*(keep(position) for position in range(9)))
        with pytest.raises(NotAllowed, match="has an outcome already"):
            await writer.keep(cell.key.id, found[3])

    asyncio.run(run())


def test_kept_results_read_as_a_mapping(opened: Opened) -> None:
    """Positions are known at once; answers come from the store, in order."""
    cell = finished(
        opened, priority_cell(opened), RoteModel(CANDIDATE, lambda _: "now", concurrency=4), Some(9)
    )
    assert isinstance(cell.results, Kept)
    assert list(cell.results) == [one.position for one in cell.results.values()] == list(range(9))
    assert dict(cell.results.items())[4] == cell.results[4]
    assert 9 not in cell.results and 10_000 not in cell.results
    with pytest.raises(KeyError):
        cell.results[9]


def retargeted(cell: Cell) -> Cell:
    """Return the cell of the same variant on the same suite with every target turned round."""
    samples = tuple(
        msgspec.structs.replace(
            one, target=msgspec.structs.replace(one.target, urgent=not one.target.urgent)
        )
        for one in cell.suite.samples
    )
    suite = msgspec.structs.replace(cell.suite, samples=samples, digest="sha256:another")
    return cell_of(cell.variant, suite, cell.key.seed)


def test_kept_answers_are_scored_again_without_a_call(opened: Opened) -> None:
    """A target was put right: each answer is held to the new one, and no call is made."""
    first = finished(
        opened, priority_cell(opened), RoteModel(CANDIDATE, lambda _: "now"), Everything()
    )
    cell = retargeted(first)
    (found,) = rescore(opened.database, [cell], opened.clock)
    assert found.taken == found.changed == len(cell.order)
    model = RoteModel(CANDIDATE, lambda _: "now")
    finished(opened, cell, model, Everything())
    assert not model.calls
    before = {one.sample_id: one.passed for one in first.results.values()}
    assert all(one.passed != before[one.sample_id] for one in cell.results.values())
    assert {one.rescored_from for one in cell.results.values()} == {first.key.id}


def test_what_got_no_answer_is_not_scored_again(opened: Opened) -> None:
    """A sample for which the partner gave nothing is asked, not taken for an answer."""
    cell = priority_cell(opened)
    heard = iter(["now"])
    silent = RoteModel(CANDIDATE, lambda _: next(heard, Reply(status="unavailable")))
    finished(opened, cell, silent, Some(5))
    (found,) = rescore(opened.database, [retargeted(cell)], opened.clock)
    assert found.taken == 1


def test_a_scorer_changed_without_its_revision_is_noticed(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept scores stand; those that today's scorer gives otherwise are named."""
    cell = finished(
        opened, priority_cell(opened), RoteModel(CANDIDATE, lambda _: "now"), Everything()
    )
    from pratique.evals.scorers import SCORERS, Score

    scorer = SCORERS[cell.suite.file.scorer]
    changed = type("Changed", (), {"score": lambda *_: Score(met=True, share=1.0, why="")})()
    monkeypatch.setitem(SCORERS, cell.suite.file.scorer, changed)
    (found,) = rescore(opened.database, [cell], opened.clock)
    assert scorer is not changed
    assert len(found.unlike) == sum(not one.met for one in cell.results.values())

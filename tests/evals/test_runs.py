"""Runs: every outcome counts, nothing answered is asked again, and an allocator decides when to stop."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from pratique.assessment.candidates import market_label_policy
from pratique.errors import NotAllowed, Unavailable
from pratique.evals.cells import Cell, cell_of
from pratique.evals.outcomes import keep, results_of
from pratique.evals.runs import Run
from pratique.evals.suites import packaged, read_suite
from pratique.features.packs import find_packs, read_pack
from pratique.features.packs import packaged as packaged_packs
from pratique.partners.catalogue import find_candidate, read_partners
from pratique.partners.catalogue import packaged as packaged_partners
from pratique.partners.contract import Reply
from pratique.serving.variant import variant_of
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel

CANDIDATE = "embedded/smollm2-135m"


class Everything:
    """Draws every sample."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, bool]] = []

    def pick(self, cells: Sequence[Cell]) -> Cell | None:
        """Return the first cell that has samples left."""
        return next(iter(cells), None)

    def observe(self, cell: Cell, passed: bool) -> None:
        """Remember what was seen."""
        self.seen.append((cell.observed, passed))


class Some(Everything):
    """Stops after a number of samples."""

    def __init__(self, enough: int) -> None:
        super().__init__()
        self._enough = enough

    def pick(self, cells: Sequence[Cell]) -> Cell | None:
        """Return the first cell until enough was drawn."""
        return next(
            (cell for cell in cells if len(cell.results) + len(cell.in_flight) < self._enough), None
        )


def priority_cell(opened: Opened, seed: int = 1) -> Cell:
    """Return a cell for `priority` in English."""
    pack = read_pack(find_packs([packaged_packs()])["priority"])
    candidate = find_candidate(read_partners([packaged_partners()]), CANDIDATE)
    policy = market_label_policy(opened.workspace, opened.workspace.market("CN"))
    suite = read_suite([packaged()], "priority", "en", pack.input_schema)
    return cell_of(variant_of(pack, candidate, "CN", "en", policy), suite, seed)


def finished(
    opened: Opened, cell: Cell, model: RoteModel, allocator: Everything, deadline: float = 5.0
) -> Cell:
    """Run *cell* to the allocator's content."""
    run = Run(
        database=opened.database,
        models={CANDIDATE: model},
        allocator=allocator,
        clock=opened.clock,
        deadline=deadline,
        progress=lambda _: None,
    )
    asyncio.run(run.finish([cell]))
    return cell


@pytest.mark.parametrize(
    ("answer", "outcome", "reply"),
    [
        ("now", "scored", "ok"),
        ("perhaps", "invalid", "ok"),
        ("", "invalid", "ok"),
        (Reply(status="refused"), "refused", "refused"),
        (Reply(status="input_blocked"), "blocked", "input_blocked"),
        (Reply(status="output_blocked"), "blocked", "output_blocked"),
        (Reply(status="rate_limited"), "failed", "rate_limited"),
        (Reply(status="unavailable"), "failed", "unavailable"),
        (Reply(status="context_exceeded"), "failed", "context_exceeded"),
    ],
)
def test_whatever_comes_back_is_one_outcome_and_counts(
    opened: Opened, answer: str | Reply, outcome: str, reply: str
) -> None:
    """No sample leaves the denominator: what is not scored has not passed."""
    finished(opened, priority_cell(opened), RoteModel(CANDIDATE, lambda _: "now"), Some(1))
    allocator = Everything()
    cell = finished(
        opened, priority_cell(opened), RoteModel(CANDIDATE, lambda _: answer), allocator
    )
    assert len(cell.results) == len(cell.order) == len(allocator.seen)
    later = [cell.results[at] for at in range(1, len(cell.order))]
    assert {(r.outcome, r.reply) for r in later} == {(outcome, reply)}
    if outcome != "scored":
        assert not any(passed for _, passed in allocator.seen[1:])


def test_refusing_never_scores_above_answering(opened: Opened) -> None:
    """One that refuses a fifth and is right otherwise stays below one that is right as often."""
    right = {str(s.input): s.target.urgent for s in priority_cell(opened).suite.samples}

    def perfect(request: str) -> str:
        found = next(
            u
            for text, u in right.items()
            if all(part in text for part in request.split(" | ")[1:2])
        )
        return "now" if found else "later"

    count = iter(range(10_000))

    def refusing(request: str) -> str | Reply:
        return Reply(status="refused") if next(count) % 5 == 0 else perfect(request)

    answering = finished(
        opened, priority_cell(opened, 1), RoteModel(CANDIDATE, perfect), Everything()
    )
    declining = finished(
        opened, priority_cell(opened, 2), RoteModel(CANDIDATE, refusing), Everything()
    )
    assert sum(r.passed for r in declining.results.values()) < sum(
        r.passed for r in answering.results.values()
    )


def test_a_call_past_its_deadline_is_a_time_out(opened: Opened) -> None:
    """A model that hangs costs its samples, not the run."""

    class Hanging(RoteModel):
        async def complete(self, _: object) -> Reply:
            await asyncio.Event().wait()
            raise AssertionError

    finished(opened, priority_cell(opened), RoteModel(CANDIDATE, lambda _: "now"), Some(1))
    model = Hanging(CANDIDATE, lambda _: "", concurrency=8)
    cell = finished(opened, priority_cell(opened), model, Some(9), deadline=0.01)
    later = [cell.results[at] for at in range(1, 9)]
    assert {(r.outcome, r.reply) for r in later} == {("failed", "timeout")}


def test_the_allocator_stops_the_run(opened: Opened) -> None:
    """No call is made that nobody asked for."""
    model = RoteModel(CANDIDATE, lambda _: "now")
    cell = finished(opened, priority_cell(opened), model, Some(7))
    assert len(model.calls) == len(cell.results) == 7


def test_a_run_goes_on_where_it_stopped(opened: Opened) -> None:
    """What was answered is not asked again, and is taken in again in the same order."""
    first = RoteModel(CANDIDATE, lambda _: "now")
    finished(opened, priority_cell(opened), first, Some(7))
    second, allocator = RoteModel(CANDIDATE, lambda _: "now"), Everything()
    cell = finished(opened, priority_cell(opened), second, allocator)
    assert len(first.calls) + len(second.calls) == len(cell.order)
    assert [n for n, _ in allocator.seen] == list(range(1, len(cell.order) + 1))


def test_calls_in_flight_are_seen_in_the_order_of_drawing(opened: Opened) -> None:
    """A slow answer holds back those after it, so that quick answers do not bend the finding."""

    class Uneven(RoteModel):
        async def complete(self, call: object) -> Reply:
            for _ in range(len(self.calls) % 5):
                await asyncio.sleep(0)
            return await super().complete(call)  # type: ignore[arg-type]

    allocator = Everything()
    cell = finished(
        opened, priority_cell(opened), Uneven(CANDIDATE, lambda _: "now", concurrency=16), allocator
    )
    assert [n for n, _ in allocator.seen] == list(range(1, len(cell.order) + 1))
    expected = [cell.results[n].passed for n in range(len(cell.order))]
    assert [passed for _, passed in allocator.seen] == expected


def test_a_failure_of_ours_stops_the_run_with_its_own_words(opened: Opened) -> None:
    """A missing package is told as such, not as a group of exceptions; answers so far stay."""

    def answer(_: str) -> str:
        if len(model.calls) > 3:
            raise Unavailable("package `x` is not installed")
        return "now"

    model = RoteModel(CANDIDATE, answer)
    cell = priority_cell(opened)
    with pytest.raises(Unavailable, match="not installed"):
        finished(opened, cell, model, Everything())
    with opened.database.connect() as connection:
        assert len(results_of(connection, [cell.key.id])[cell.key.id]) == 3


def test_a_position_is_answered_once(opened: Opened) -> None:
    """Two processes on one run cannot both write: the second is told."""
    cell = finished(opened, priority_cell(opened), RoteModel(CANDIDATE, lambda _: "now"), Some(1))
    with (
        pytest.raises(NotAllowed, match="has an outcome already"),
        opened.database.begin() as connection,
    ):
        keep(connection, cell.key.id, cell.results[0], opened.clock())


KILLED = """
import os, sys
from pathlib import Path
from pratique.partners.contract import Reply
from pratique.serving.guard import starter_guard
from pratique.settings.workspace import open_workspace
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel
from tests.evals.test_runs import CANDIDATE, Everything, finished, priority_cell

folder, asked, concurrency, *lives = sys.argv[1:]

def live(left):
    opened = Opened(open_workspace(Path(folder)), who="ada")
    asking = os.open(asked, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def answer(text):
        nonlocal left
        os.write(asking, b"x")
        left -= 1
        if left < 0:
            os.kill(os.getpid(), 9)
        return "now"

    finished(opened, priority_cell(opened), RoteModel(CANDIDATE, answer, concurrency=int(concurrency)), Everything())

starter_guard()
for left in map(int, lives):
    child = os.fork()
    if not child:
        live(left)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
"""Lives of a process, one after the other, each killed at a call; forked, so that none has to start."""


@pytest.mark.parametrize("concurrency", [1, 4])
def test_killed_at_any_point_nothing_answered_is_lost_or_repeated(
    opened: Opened, tmp_path: Path, concurrency: int
) -> None:
    """`kill -9` again and again: each run goes on, and only calls cut off in flight are made again."""
    asked = tmp_path / "asked"
    folder = str(opened.workspace.folder)
    command = [sys.executable, "-c", KILLED, folder, str(asked), str(concurrency)]
    done = subprocess.run(
        [*command, "0", "1", "5", "17", "40", "1000"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
        check=True,
    )
    *killed, ended = map(int, done.stdout.split())
    assert (killed, ended) == ([-signal.SIGKILL] * 5, 0)
    cell = priority_cell(opened)
    with opened.database.connect() as connection:
        kept = results_of(connection, [cell.key.id])[cell.key.id]
    assert [one.position for one in kept] == list(range(len(cell.order)))
    assert asked.stat().st_size <= len(cell.order) + len(killed) * concurrency

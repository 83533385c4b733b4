"""Cancelling: the connection to the partner closes at once, and nothing is left behind."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from pratique.partners.contract import Delta, Reply
from pratique.partners.standins.scenarios import read_scenarios

from .stage import SHORT, Stage, call, on_stage

STREAMS = 1000
PATIENCE = 60.0
"""Seconds after which something will never happen, on the slowest of machines."""


def open_files() -> int:
    """Return how many file descriptors this process holds."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def silent_midway(stage: Stage) -> None:
    """Let every stream fall silent after some text."""
    scenario = next(
        one
        for one in read_scenarios("deepseek").values()
        if one.end == "silent" and one.mode == "stream" and one.expect.retry == "never"
    )
    stage.stand_in.choose = lambda _: scenario


async def first_piece(stage: Stage, reached: asyncio.Event) -> None:
    """Read a stream that never ends by itself: one that does fails, whoever waits for its text."""
    async for event in stage.model.stream(call(deadline=120.0)):
        if isinstance(event, Delta):
            reached.set()
        elif isinstance(event, Reply):
            pytest.fail(f"the stream ended: {event.status} {event.code}")


async def begun(tasks: Sequence[asyncio.Task[None]], reached: Sequence[asyncio.Event]) -> None:
    """Wait until every stream has some text; one that ended before is an error, not a wait."""
    async with asyncio.timeout(PATIENCE):
        for task, event in zip(tasks, reached, strict=True):
            waiting = asyncio.create_task(event.wait())
            await asyncio.wait((task, waiting), return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                waiting.cancel()
                task.result()


async def hung_up(stage: Stage, count: int) -> None:
    """Wait until the stand-in has noticed that its last *count* clients went away."""
    async with asyncio.timeout(PATIENCE):
        for seen in stage.stand_in.seen[-count:]:
            await seen.hung_up.wait()


@pytest.mark.parametrize("how", ["task", "iterator"])
def test_a_cancelled_stream_closes_its_connection(how: str) -> None:
    """By cancelling the task that reads, or by closing the iterator."""

    async def run() -> None:
        async with on_stage("deepseek") as stage:
            silent_midway(stage)
            if how == "task":
                reached = asyncio.Event()
                task = asyncio.create_task(first_piece(stage, reached))
                await begun([task], [reached])
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            else:
                events = stage.model.stream(call())
                async for event in events:
                    if isinstance(event, Delta):
                        break
                await events.aclose()  # type: ignore[attr-defined]  # a generator has it
            await hung_up(stage, 1)

    asyncio.run(run())


def test_a_cancelled_plain_call_closes_its_connection() -> None:
    """A caller who goes away must not be paid for."""

    async def run() -> None:
        async with on_stage("deepseek") as stage:
            stage.stand_in.delay = 60
            task = asyncio.create_task(stage.model.complete(call()))
            async with asyncio.timeout(PATIENCE):
                while not stage.stand_in.seen:
                    await asyncio.sleep(0.001)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await hung_up(stage, 1)

    asyncio.run(run())


def test_a_thousand_cancelled_streams_leave_nothing_behind() -> None:
    """No connection, no task, no file descriptor."""

    async def run() -> None:
        async with on_stage("deepseek") as stage:
            silent_midway(stage)
            await _cancelled(stage, 50)
            files, tasks = open_files(), len(asyncio.all_tasks())
            for _ in range(STREAMS // 50):
                await _cancelled(stage, 50)
            async with asyncio.timeout(PATIENCE):
                while stage.stand_in.connections:
                    await asyncio.sleep(0.001)
            assert open_files() <= files
            assert len(asyncio.all_tasks()) <= tasks

    asyncio.run(run())


async def _cancelled(stage: Stage, count: int) -> None:
    reached = [asyncio.Event() for _ in range(count)]
    tasks = [asyncio.create_task(first_piece(stage, one)) for one in reached]
    await begun(tasks, reached)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await hung_up(stage, count)


def test_a_reader_that_is_slow_is_left_alone() -> None:
    """The clock between tokens runs while we wait for the partner, not while the caller works."""

    async def run() -> None:
        async with on_stage("deepseek", clocks=SHORT) as stage:
            pieces = 0
            async for event in stage.model.stream(call()):
                if isinstance(event, Delta) and not pieces:
                    await asyncio.sleep(0.4)  # longer than the clock of this stage
                pieces += isinstance(event, Delta)
            assert event.status == "ok" and pieces > 1  # type: ignore[union-attr]

    asyncio.run(run())


def test_open_files_are_counted() -> None:
    """The count of file descriptors works here; without it the test above would say nothing."""
    before = open_files()
    with Path("/dev/null").open("rb"):
        assert open_files() == before + 1

"""The watch: it ends a wait that lasts too long, and nothing else."""

import asyncio

import pytest

from pratique.partners.watch import Expired, Watch


async def watched(seconds: float, sleep: float) -> str:
    """Return a word after *sleep* seconds, if no more than *seconds* are allowed."""

    async def word() -> str:
        await asyncio.sleep(sleep)
        return "word"

    watch = Watch(seconds)
    try:
        return await watch.over(word())
    finally:
        watch.close()


def test_what_comes_in_time_is_returned() -> None:
    """The timer is let go with it."""
    assert asyncio.run(watched(60.0, 0.0)) == "word"


def test_what_does_not_come_in_time_is_given_up() -> None:
    """The task itself goes on: nobody else cancelled it."""

    async def run() -> int:
        with pytest.raises(Expired):
            await watched(0.0, 60.0)
        task = asyncio.current_task()
        assert task is not None
        return task.cancelling()

    assert asyncio.run(run()) == 0


def test_a_cancellation_by_another_stays_one() -> None:
    """A client that goes away is not a partner that is late."""

    async def run() -> None:
        task = asyncio.ensure_future(watched(60.0, 60.0))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())

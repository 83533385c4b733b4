"""Models and judges that play a part, for tests of serving."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence

import msgspec

from pratique.partners.contract import Call, Delta, Event, Reply, Thought, Usage
from pratique.partners.safeguards.contract import Category, Level, Verdict
from pratique.privacy import Sensitive
from pratique.screening.entries import Entry
from pratique.screening.pack import pack_of
from pratique.screening.screen import Screen
from pratique.serving.guard import Guard


class Player:
    """A model that says its pieces one after another, and remembers how it was treated."""

    name = "rote/player"
    concurrency = 8

    def __init__(
        self,
        *pieces: str,
        reply: Reply | None = None,
        thoughts: Sequence[str] = (),
        delays: Sequence[float] = (),
    ) -> None:
        self.pieces = pieces
        self.reply = reply or Reply(status="ok", usage=Usage(input_tokens=3, output_tokens=2))
        self.thoughts = thoughts
        self.delays = delays
        self.calls: list[Call] = []
        self.said = 0
        self.closed = 0

    async def complete(self, call: Call) -> Reply:
        """Answer in one piece."""
        self.calls.append(call)
        await self._wait(0)
        text = Sensitive("".join(self.pieces)) if self.reply.status == "ok" else Sensitive("")
        return msgspec.structs.replace(self.reply, text=text)

    async def stream(self, call: Call) -> AsyncIterator[Event]:
        """Say the pieces."""
        self.calls.append(call)
        try:
            for thought in self.thoughts:
                yield Thought(Sensitive(thought))
            for number, piece in enumerate(self.pieces):
                await self._wait(number)
                self.said += 1
                yield Delta(Sensitive(piece))
            text = Sensitive("".join(self.pieces)) if self.reply.status == "ok" else Sensitive("")
            yield msgspec.structs.replace(self.reply, text=text)
        finally:
            self.closed += 1

    async def _wait(self, number: int) -> None:
        if number < len(self.delays):
            await asyncio.sleep(self.delays[number])


class Together(Player):
    """The same, all at once."""

    async def batches(self, call: Call) -> AsyncGenerator[Sequence[Event], None]:
        """Say the pieces together, then the reply."""
        *pieces, reply = [event async for event in self.stream(call)]
        if pieces:
            yield pieces
        yield (reply,)


class Judging:
    """A judge that finds a word of ours, or says nothing for too long."""

    name = "rote/judge"
    languages: tuple[str, ...] = ()
    window = 40
    stride = 10

    def __init__(
        self,
        word: str,
        about: Category = "violence",
        level: Level = "unsafe",
        gate: Callable[[str], float] = lambda _: 0.0,
    ) -> None:
        self.word = word
        self.about = about
        self.level: Level = level
        self.gate = gate
        self.heard: list[tuple[str, str]] = []

    @property
    def categories(self) -> tuple[Category, ...]:
        """What it can tell."""
        return (self.about,)

    async def check(
        self,
        text: Sensitive[str],
        role: str,
        context: Sensitive[str],  # noqa: ARG002
        deadline: float,  # noqa: ARG002
    ) -> Verdict:
        """Judge *text*."""
        self.heard.append((role, text.reveal()))
        await asyncio.sleep(self.gate(text.reveal()))
        if self.word in text.reveal():
            return Verdict(level=self.level, categories=(self.about,), model=self.name)
        return Verdict(level="safe", model=self.name)


def guard_of(*entries: Entry, judges: Sequence[Judging] = (), seconds: float = 2.0) -> Guard:
    """Return a guard of *entries*."""
    return Guard(
        screen=Screen(pack_of(entries, id="test", version="1")),
        safeguards=tuple(judges),
        seconds=seconds,
    )

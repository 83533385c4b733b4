"""The subject of the checks: one model at one place, called and counted."""

import copy
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

import msgspec

from pratique.partners.catalogue import Candidate
from pratique.partners.conformance.checks import Failed, Unsupported, offered, shown
from pratique.partners.conformance.hearing import Hearing
from pratique.partners.contract import Call, Delta, Event, Reply, Thought, Turn
from pratique.partners.remote.breaker import Breaker
from pratique.partners.remote.keys import Key
from pratique.partners.remote.model import RemoteModel
from pratique.partners.remote.place import Place
from pratique.partners.spend import Spend
from pratique.partners.standins.scenarios import Scenario
from pratique.partners.standins.server import Seen, StandIn
from pratique.privacy import Sensitive

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]
Choose = Callable[[Seen], str | Scenario | None]

HELLO = "Say good morning to a neighbour, in one short sentence."
"""What most calls ask."""
FEATURE = "conformance"
"""Under which the calls are counted."""
_ROOM, _ROOM_TO_THINK = 64, 1024
"""Tokens for an answer, and for one that may be thought about first."""


@dataclass(frozen=True, slots=True)
class Made:
    """One call that was made, and all that came of it."""

    call: Call
    """The call."""
    events: tuple[Event, ...]
    """Its pieces; empty where it came in one."""
    reply: Reply
    """Its reply."""

    @property
    def text(self) -> str:
        """What the pieces of the answer make up."""
        return "".join(one.text.reveal() for one in self.events if isinstance(one, Delta))

    @property
    def thought(self) -> str:
        """What the pieces of thought make up."""
        return "".join(one.text.reveal() for one in self.events if isinstance(one, Thought))


class Subject:
    """One model under check. Answers that several checks look at are asked for once."""

    def __init__(
        self,
        candidate: Candidate,
        place: Place,
        *,
        market: str,
        sleep: Sleep,
        stand_in: StandIn | None = None,
        wrong_key: bool = False,
    ) -> None:
        self.candidate = candidate
        self.entry = candidate.model
        self.can = candidate.model.capabilities
        self.dialect = candidate.partner.dialect
        self.market = market
        self.stand_in = stand_in
        self.may_try_wrong_key = wrong_key
        self.hearing = Hearing(place.base_url)
        self.place = copy.copy(place)
        self.place.wire = self.hearing
        self.spend = Spend()
        self.made: list[Made] = []
        self.unfinished = 0
        self.hopeless = ""
        """Why no more calls are worth making; empty while they are."""
        self.found: dict[str, bool | str] = {}
        self._sleep = sleep
        self._kept: dict[str, object] = {}
        self.model = self.variant()

    # -- calls

    def call(self, text: str = HELLO, **fields: object) -> Call:
        """Return a call with one message, and room enough for an answer."""
        values: dict[str, object] = {
            "form": "chat",
            "turns": (Turn(role="user", content=Sensitive(text)),),
            "max_tokens": self.room(thinking=bool(fields.get("thinking"))),
            "feature": FEATURE,
        }
        return Call(**(values | fields))  # type: ignore[arg-type]

    def room(self, *, thinking: bool = False) -> int:
        """Return the tokens that an answer needs, with what is thought before it."""
        may = thinking or self.can.thinking in ("always", None)
        return _ROOM_TO_THINK if may else _ROOM

    def variant(self, *, place: Place | None = None, **changes: object) -> RemoteModel:
        """Return the model with some *changes* to its entry, or at another *place*."""
        entry = msgspec.structs.replace(self.entry, **changes)
        changed = msgspec.structs.replace(self.candidate, model=entry)
        return RemoteModel(changed, place or self.place, self.spend, sleep=self._sleep)

    def forget_failures(self) -> None:
        """Let one check's failures not stand in the next one's way; a real partner is spared instead."""
        if self.stand_in is not None:
            self.place.breaker = Breaker()

    def aside(self) -> Place:
        """Return the place with a breaker of its own, for calls that are meant to fail."""
        place = copy.copy(self.place)
        place.breaker = Breaker()
        return place

    def keyed(self, file: Path | None) -> Place:
        """Return the place with the key that stands in *file*, or with none."""
        place = self.aside()
        place.key = Key(place.partner.id, "", file, needed=True)
        return place

    async def ask(self, call: Call, model: RemoteModel | None = None) -> Reply:
        """Make *call* in one piece."""
        reply = await (model or self.model).complete(call)
        self._note(Made(call, (), reply))
        return reply

    async def stream(self, call: Call, model: RemoteModel | None = None) -> Made:
        """Make *call* in pieces.

        Raises:
            Failed: the last of them is no reply.
        """
        events = [event async for event in (model or self.model).stream(call)]
        *pieces, last = events
        if not isinstance(last, Reply) or any(isinstance(one, Reply) for one in pieces):
            raise Failed("a stream did not end with its one reply")
        made = Made(call, tuple(pieces), last)
        self._note(made)
        return made

    def _note(self, made: Made) -> None:
        self.made.append(made)
        if made.reply.status == "quota_exhausted":
            self._give_up(f"a call came to {shown(made.reply)}")

    def _give_up(self, why: str) -> None:
        """Leave a real partner alone from now on."""
        if self.stand_in is None and not self.hopeless:
            self.hopeless = f"not tried: {why}"

    def begin(self, call: Call) -> AsyncIterator[Event]:
        """Begin a stream that is not read to its end."""
        self.unfinished += 1
        return self.model.stream(call)

    # -- answers that several checks look at

    async def once(self, name: str, make: Callable[[], Awaitable[T]]) -> T:
        """Return what *make* returned when something of *name* was first wanted."""
        if name not in self._kept:
            self._kept[name] = await make()
        return self._kept[name]  # type: ignore[return-value]

    async def plain(self) -> Reply:
        """Return the answer in one piece. A real partner that gives none is left alone from then on."""
        reply = await self.once("plain", lambda: self.ask(self.call()))
        if reply.status != "ok":
            self._give_up(f"the plain call came to {shown(reply)}")
        return reply

    async def streamed(self) -> Made:
        """Return the answer in pieces, to the same call."""
        return await self.once("streamed", lambda: self.stream(self.call()))

    # -- the stand-in

    @property
    def standing_in(self) -> StandIn:
        """The stand-in that is called.

        Raises:
            Unsupported: it is a real partner.
        """
        if self.stand_in is None:
            raise Unsupported("only a stand-in shows this")
        return self.stand_in

    @contextmanager
    def playing(self, choose: Choose) -> Iterator[StandIn]:
        """Let the stand-in play what *choose* says, for a while."""
        stand_in = self.standing_in
        before, stand_in.choose = stand_in.choose, choose
        try:
            yield stand_in
        finally:
            stand_in.choose = before

    def asked(self) -> dict[str, object]:
        """Return the body that the stand-in was asked last; nothing where a real partner was."""
        seen = self.stand_in.seen[-1].body if self.stand_in and self.stand_in.seen else None
        return seen if isinstance(seen, dict) else {}

    def wit(self, holds: bool, otherwise: str) -> None:
        """End the check unless it *holds*: a stand-in fails, a real model has a mind of its own."""
        if holds:
            return
        if self.stand_in is not None:
            raise Failed(otherwise)
        raise Unsupported(f"{otherwise}: the model's own choice")

    # -- what was measured

    def establish(self, name: str, value: bool | str) -> None:
        """Note a field of the measured record; a no stands before a yes."""
        if self.found.get(name) is not False:
            self.found[name] = value

    def offered(self, name: str, reply: Reply, documented: bool | None) -> Reply:
        """Return *reply* if it is an answer (see `checks.offered`); one that is refused is a no to *name*."""
        if reply.status == "bad_request":
            self.establish(name, False)
        return offered(reply, documented)

    @property
    def calls(self) -> int:
        """How many calls were made."""
        return len(self.made) + self.unfinished

    def times(self) -> tuple[float | None, float | None]:
        """Return the medians of the seconds to the first text, and of those in all."""
        good = [one.reply for one in self.made if one.reply.status == "ok"]
        first = [one.first_token_seconds for one in good if one.first_token_seconds is not None]
        return (
            round(median(first), 4) if first else None,
            round(median(one.seconds for one in good), 4) if good else None,
        )

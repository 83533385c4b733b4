"""A remote model in front of its stand-in, with waits that are noted and not waited."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from pratique.partners.catalogue import Candidate, Partner, packaged, read_partners
from pratique.partners.contract import Call, Delta, Event, Reply, Thought, Turn
from pratique.partners.dialect import Clocks, Limits
from pratique.partners.remote.breaker import Breaker
from pratique.partners.remote.model import RemoteModel
from pratique.partners.remote.place import Place, region_for
from pratique.partners.spend import Spend
from pratique.partners.standins.server import StandIn
from pratique.privacy import Sensitive
from pratique.settings.workspace import Access

PARTNERS = read_partners([packaged()])
DIALECTS = sorted(one.id for one in PARTNERS.values() if one.wire)
SHORT = Clocks(first_token_seconds=0.25, between_tokens_seconds=0.25)
"""For what is silent by intention."""
PATIENT = Clocks(first_token_seconds=60.0, between_tokens_seconds=60.0)
"""For what must not be ended by a clock, however busy the machine is."""
ASKED = "Say when the parcel comes, please."


def call(text: str = ASKED, **fields: object) -> Call:
    """Return a chat call with one message."""
    values: dict[str, object] = {"form": "chat", "max_tokens": 400, "deadline": 20.0}
    turns = (Turn(role="user", content=Sensitive(text)),)
    return Call(**({"turns": turns} | values | fields))  # type: ignore[arg-type]


class Stage:
    """One dialect's stand-in and the model in front of it."""

    def __init__(self, stand_in: StandIn, model: RemoteModel, place: Place, spend: Spend) -> None:
        self.stand_in = stand_in
        self.model = model
        self.place = place
        self.spend = spend
        self.waits: list[float] = []

    async def wait(self, seconds: float) -> None:
        """Note a wait."""
        self.waits.append(seconds)
        await asyncio.sleep(0)

    def fresh(self) -> None:
        """Forget what was before."""
        self.waits.clear()
        self.stand_in.seen.clear()
        self.place.breaker = Breaker()

    async def streamed(self, one: Call) -> tuple[list[Event], Reply]:
        """Return all pieces of a stream, and its reply."""
        events = [event async for event in self.model.stream(one)]
        *pieces, reply = events
        assert isinstance(reply, Reply) and not any(isinstance(p, Reply) for p in pieces)
        return pieces, reply


def text_of(pieces: list[Event]) -> str:
    """Return what the pieces of an answer make up."""
    return "".join(one.text.reveal() for one in pieces if isinstance(one, Delta))


def thought_of(pieces: list[Event]) -> str:
    """Return what the pieces of thought make up."""
    return "".join(one.text.reveal() for one in pieces if isinstance(one, Thought))


def candidate_of(
    partner: Partner, *, limits: Limits | None = None, model: str = "", clocks: Clocks = PATIENT
) -> Candidate:
    """Return a model of *partner* with these clocks."""
    entry = next(one for one in partner.models if not model or one.id == model)
    changed = msgspec.structs.replace(entry, clocks=clocks, limits=limits or Limits())
    return Candidate(partner=partner, model=changed)


@asynccontextmanager
async def on_stage(
    dialect: str,
    *,
    limits: Limits | None = None,
    model: str = "",
    key_file: Path | None = None,
    clocks: Clocks = PATIENT,
) -> AsyncIterator[Stage]:
    """Set the stage for *dialect*."""
    candidate = candidate_of(PARTNERS[dialect], limits=limits, model=model, clocks=clocks)
    partner = candidate.partner
    async with StandIn(dialect) as stand_in:
        access = Access(base_url=stand_in.base_url, key_file=str(key_file or ""))
        market = partner.regions[0].market
        place = Place(partner, region_for(partner, market, access), access, Path())
        spend = Spend()
        stage = Stage.__new__(Stage)
        model_ = RemoteModel(candidate, place, spend, sleep=lambda s: stage.wait(s))
        Stage.__init__(stage, stand_in, model_, place, spend)
        try:
            yield stage
        finally:
            await place.wire.close()

"""Budgets: how many calls and how much money a run may use; neither is ever passed.

Before a call goes out, the most that it and its repair can come to is set aside; when the sample
has its outcome, what it did come to is booked and the rest is free again.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from pratique.partners.catalogue import ModelEntry
from pratique.partners.contract import Call, Event, Model, Reply, Usage
from pratique.partners.spend import cost, price_of

TRIES = 4
"""Most times that a call to a partner's servers goes out: it is tried again when turned away."""

_PER_TURN = 16
"""Tokens that a message may take beyond its text."""

_REASONS = 4_096
"""Tokens that the reasons in a repair may take."""


class Amounts(msgspec.Struct, frozen=True, kw_only=True):
    """Calls and money."""

    calls: int = 0
    """Calls that go out, each try counted."""
    money: Mapping[str, float] = {}
    """What they cost, by currency; never added across currencies."""

    def plus(self, other: "Amounts") -> "Amounts":
        """Return the sum, currency by currency."""
        if not (self.money or other.money):
            return Amounts(calls=self.calls + other.calls)
        currencies = {*self.money, *other.money}
        return Amounts(
            calls=self.calls + other.calls,
            money={one: self.money.get(one, 0.0) + other.money.get(one, 0.0) for one in currencies},
        )


class Unaffordable(Exception):
    """What a call can come to at its worst is more than what is left."""


@dataclass(slots=True)
class Budget:
    """What may be used, what was, and what is set aside for calls under way."""

    calls: int | None = None
    """Most calls; None where they are not bounded."""
    money: Mapping[str, float] = field(default_factory=dict)
    """Most money by currency; a currency that is not named is not bounded."""
    spent: Amounts = field(default_factory=Amounts)
    """What was used."""
    held: dict[int, Amounts] = field(default_factory=dict)
    """What is set aside, by its number."""
    _number: int = 0

    @property
    def bounded(self) -> bool:
        """Whether there is a bound at all."""
        return self.calls is not None or bool(self.money)

    def hold(self, worst: Amounts) -> int:
        """Set *worst* aside and return its number.

        Raises:
            Unaffordable: with all that is set aside it might pass a bound.
        """
        if self.bounded and not self._fits(worst):
            raise Unaffordable
        self._number += 1
        self.held[self._number] = worst
        return self._number

    def settle(self, number: int, came_to: Amounts) -> None:
        """Book what a held call came to, and free the rest."""
        del self.held[number]
        self.spent = self.spent.plus(came_to)

    def _fits(self, worst: Amounts) -> bool:
        calls = self.spent.calls + worst.calls + sum(one.calls for one in self.held.values())
        if self.calls is not None and calls > self.calls:
            return False
        return all(
            self.spent.money.get(currency, 0.0)
            + sum(one.money.get(currency, 0.0) for one in (worst, *self.held.values()))
            <= most
            for currency, most in self.money.items()
        )


@dataclass(frozen=True, slots=True)
class Tariff:
    """What calls of one model can come to and do come to."""

    entry: ModelEntry | None = None
    """The model, for its prices; None for one whose calls cost nothing and go out once."""

    @property
    def tries(self) -> int:
        """Most times that one call goes out."""
        return TRIES if self.entry is not None and self.entry.engine == "remote" else 1

    def worst(self, call: Call, *, repaired: bool) -> Amounts:
        """Return the most that *call*, and a repair after it, can come to.

        A token is at least a byte, so the bytes bound the tokens read. A repair reads the first
        answer as well. Whether a try that was turned away is billed is not known: all are.
        """
        read = bytes_of(call)
        calls, money = self.tries, self._dearest(read, call.max_tokens)
        if repaired:
            calls += self.tries
            again = self._dearest(read + 2 * call.max_tokens + _REASONS, call.max_tokens)
            money = {one: money.get(one, 0.0) + again[one] for one in again}
        return Amounts(calls=calls, money={one: at * self.tries for one, at in money.items()})

    def came_to(self, call: Call, reply: Reply) -> Amounts:
        """Return what *reply* came to; a call that brought no word is billed at its worst."""
        if not reply.attempts:
            return Amounts()
        unknown = reply.attempts - 1 + (reply.status in ("timeout", "unavailable"))
        money: dict[str, float] = {}
        if unknown:
            worst = self._dearest(bytes_of(call), call.max_tokens)
            money = {one: at * unknown for one, at in worst.items()}
        if self.entry is not None and reply.status not in ("timeout", "unavailable"):
            price = price_of(self.entry.prices, reply.usage.input_tokens, datetime.now(UTC))
            if price is not None:
                known = money.get(price.currency, 0.0)
                money[price.currency] = known + cost(price, reply.usage)
        return Amounts(calls=reply.attempts, money=money)

    def _dearest(self, read: int, written: int) -> dict[str, float]:
        """Return the highest price of a call, whatever its length and the time of day."""
        if self.entry is None:
            return {}
        usage = Usage(input_tokens=read, output_tokens=written)
        found: dict[str, float] = {}
        for price in self.entry.prices:
            at = cost(price, usage)
            found[price.currency] = max(found.get(price.currency, 0.0), at)
        return found


def bytes_of(call: Call) -> int:
    """Return the bytes that *call* says, which its tokens are never more than."""
    turns = sum(len(turn.content.reveal().encode()) + _PER_TURN for turn in call.turns)
    pictures = sum(len(one.data.reveal()) for turn in call.turns for one in turn.pictures)
    schema = len(msgspec.json.encode(call.schema)) if call.schema is not None else 0
    return turns + pictures + schema + _PER_TURN


class Meter:
    """One sample's calls of a model: set aside before they go out, and counted as they come back."""

    def __init__(self, model: Model, tariff: Tariff, budget: Budget, *, repairs: bool) -> None:
        self.name = model.name
        self.concurrency = model.concurrency
        self.came_to = Amounts()
        self.last = Reply(status="ok")
        self.retried = False
        self._model, self._tariff, self._budget = model, tariff, budget
        self._repairs = repairs
        self._hold: int | None = None

    async def complete(self, call: Call) -> Reply:
        """Make *call* if the budget has room for the most that it can come to.

        Raises:
            Unaffordable: it has not.
        """
        if self._hold is None:
            worst = (
                self._tariff.worst(call, repaired=self._repairs) if self._budget.bounded else None
            )
            self._hold = self._budget.hold(worst or Amounts())
        try:
            reply = await self._model.complete(call)
        except asyncio.CancelledError:
            # A call that is given up counts at its worst: nobody tells what it came to.
            self.came_to = self.came_to.plus(self._tariff.worst(call, repaired=False))
            raise
        self.came_to = self.came_to.plus(self._tariff.came_to(call, reply))
        self.last = reply
        self.retried = self.retried or reply.attempts > 1
        return reply

    def stream(self, call: Call) -> AsyncIterator[Event]:
        """Pass on a stream: measuring makes none."""
        return self._model.stream(call)

    def settle(self) -> None:
        """Book what the sample came to."""
        if self._hold is not None:
            self._budget.settle(self._hold, self.came_to)
            self._hold = None

"""The purse of a load: how many calls and how much money it may use; never more."""

from collections.abc import Callable

from pratique.errors import NotAllowed
from pratique.partners.contract import Call, Usage
from pratique.text.lengths import estimated_tokens

Priced = Callable[[Usage], float | None]
"""What a usage costs; None where no price is known."""


class Purse:
    """Pays each request before it is sent, at the most that it may cost."""

    def __init__(self, calls: int, *, money: float | None, priced: Priced) -> None:
        """Fill the purse with *calls* and, where *money* is no None, with so much of the price's currency.

        Raises:
            NotAllowed: money is limited and no price is known.
        """
        if money is not None and priced(Usage(input_tokens=1, output_tokens=1)) is None:
            raise NotAllowed(
                "a money cap cannot be kept: no price of this model is known",
                hint="enter `prices` in the partner's file, or cap the calls alone",
            )
        self._calls, self._money, self._priced = calls, money, priced
        self.made = 0
        """Requests paid so far."""
        self.spent = 0.0
        """What they cost; those in flight count with the most that they may cost."""
        self.empty = ""
        """What ran out, in words; empty while there is some left."""

    def take(self, call: Call) -> float | None:
        """Pay *call* at the most that it may cost and return that; None if the purse has too little."""
        if self.made >= self._calls:
            self.empty = f"the cap of {self._calls} calls"
            return None
        most = self._priced(_most(call)) or 0.0
        if self._money is not None and self.spent + most > self._money:
            self.empty = f"the cap of {self._money:g} in money"
            return None
        self.made += 1
        self.spent += most
        return most

    def settle(self, paid: float, usage: Usage) -> float | None:
        """Put back what of *paid* was not used; return what the call cost, None if nobody knows."""
        cost = self._priced(usage)
        self.spent += (cost or 0.0) - paid
        return cost


def _most(call: Call) -> Usage:
    """Return the most that *call* may use, its tokens estimated twice over."""
    read = sum(estimated_tokens(turn.content.reveal()) for turn in call.turns)
    return Usage(input_tokens=2 * read, output_tokens=call.max_tokens)

"""Outlook: how many samples, calls and how much money findings are going to take, before and while
they are made."""

import math
from collections.abc import Mapping, Sequence

import msgspec

from pratique.evals.budget import Amounts, Tariff
from pratique.evals.cells import Cell
from pratique.partners.contract import Call, Turn, Usage
from pratique.partners.spend import cost
from pratique.privacy import Sensitive

_SETTLING = 1.5
"""What a test has to earn beyond the line, in units of the logarithm of its capital: the stakes of
`evals.statistics` are spread over many alternatives. Fits the calls of the demo's findings."""

_PRIORS = tuple((n + 0.5) / 20 for n in range(20))
"""Pass rates that are taken as equally likely where nothing is known of a candidate."""

_TOKENS_READ = 1 / 3
"""Tokens for a byte of a prompt, about; a forecast only, never a bound."""


def samples_to_decide(rate: float, bar: float, alpha: float, population: int | None) -> float:
    """Return about how many samples decide a candidate that passes at *rate* against *bar*.

    The capital of the test grows by the divergence of the two rates with each sample (Kelly 1956)
    and has to reach 2/alpha. Drawing without replacement, it is never more than the bank.
    """
    growth = _divergence(rate, bar)
    capital = math.log(2.0 / alpha) + _SETTLING
    if population is None:
        return capital / max(growth, 1e-6)
    return 1.0 / (growth / capital + 1.0 / population)


def samples_from_nothing(bar: float, alpha: float, population: int | None) -> float:
    """Return the mean of `samples_to_decide` over all pass rates alike."""
    most = 1e9 if population is None else float(population)
    found = [min(most, samples_to_decide(rate, bar, alpha, population)) for rate in _PRIORS]
    return sum(found) / len(found)


def _divergence(rate: float, bar: float) -> float:
    """Return the divergence of Bernoulli laws at *rate* and *bar* (Kullback and Leibler 1951)."""
    bar = min(max(bar, 1e-6), 1.0 - 1e-6)
    found = 0.0
    if rate > 0.0:
        found += rate * math.log(rate / bar)
    if rate < 1.0:
        found += (1.0 - rate) * math.log((1.0 - rate) / (1.0 - bar))
    return found


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What one cell is going to take."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    candidate: str
    """`partner/model`."""
    suite: str
    """Suite."""
    bar: float
    """The bar."""
    kept: int
    """Samples that have an outcome from before."""
    samples: float
    """Samples still to be drawn, expected."""
    basis: str
    """What the expectation rests on: kept outcomes, an earlier finding, or nothing but the bar."""
    amounts: Amounts
    """Calls and money expected."""
    most: Amounts
    """The most that it can come to: every sample, each repaired, each try made again."""


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What an assessment is going to take, before the first call."""

    cells: tuple[Expected, ...]
    """Cell by cell."""
    unpriced: tuple[str, ...]
    """Candidates on a partner's servers of which no price is known: the money leaves them out."""

    @property
    def amounts(self) -> Amounts:
        """Calls and money expected in all."""
        return _sum([one.amounts for one in self.cells])

    @property
    def most(self) -> Amounts:
        """The most that all of it can come to."""
        return _sum([one.most for one in self.cells])


def _sum(all_: Sequence[Amounts]) -> Amounts:
    found = Amounts()
    for one in all_:
        found = found.plus(one)
    return found


def expected(
    cell: Cell, *, bar: float, samples: float, basis: str, open_: bool, tariff: Tariff
) -> Expected:
    """Return what *cell* takes when *samples* more of it are drawn; nothing where it is decided."""
    left = cell.left if open_ else 0
    drawn = min(samples, left)
    repairs = bool(cell.variant.prompt.repair)
    asked = cell.tally.calls / cell.tally.samples if cell.tally.samples else 1.0
    longest, mean = _longest_and_mean(cell)
    worst = tariff.worst(longest, repaired=repairs)
    return Expected(
        feature=cell.key.feature,
        locale=cell.key.locale,
        candidate=cell.key.candidate,
        suite=cell.suite.id,
        bar=bar,
        kept=len(cell.results),
        samples=drawn,
        basis=basis,
        amounts=Amounts(
            calls=round(drawn * asked),
            money={one: at * drawn * asked for one, at in _price(cell, tariff, mean).items()},
        ),
        most=Amounts(
            calls=worst.calls * left, money={one: at * left for one, at in worst.money.items()}
        ),
    )


def _longest_and_mean(cell: Cell) -> tuple[Call, float]:
    """Return a call as long as the longest of *cell*, and the mean bytes of its inputs.

    The prompt around an input is taken from the variant as it is written, templates and all.
    """
    prompt = len(msgspec.json.encode(cell.variant.prompt))
    sizes = [len(msgspec.json.encode(one.input)) for one in cell.order]
    longest = " " * (prompt + max(sizes, default=0))
    call = Call(
        form="chat",
        turns=(Turn(role="user", content=Sensitive(longest)),),
        max_tokens=cell.variant.prompt.decoding.max_tokens,
        schema=cell.variant.output_schema,
    )
    return call, prompt + sum(sizes) / max(1, len(sizes))


def _price(cell: Cell, tariff: Tariff, mean_bytes: float) -> Mapping[str, float]:
    """Return what a call costs about: measured tokens where there are some, else by length."""
    if tariff.entry is None or not tariff.entry.prices:
        return {}
    count = cell.tally.calls
    usage = Usage(
        input_tokens=round(cell.tally.input_tokens / count if count else mean_bytes * _TOKENS_READ),
        output_tokens=round(
            cell.tally.output_tokens / count
            if count
            else cell.variant.prompt.decoding.max_tokens / 2
        ),
    )
    price = tariff.entry.prices[0]
    return {price.currency: cost(price, usage)}

"""Spend: what was used and what it cost, by model and feature, as far as prices are known."""

import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Column, Connection, Float, Table, Text, func, insert, select, update

from pratique.partners.catalogue import ModelEntry
from pratique.partners.contract import Reply, Usage
from pratique.partners.dialect import Price
from pratique.store.schema import metadata

partner_spend = Table(
    "partner_spend",
    metadata,
    Column("day", Text, primary_key=True),
    Column("partner", Text, primary_key=True),
    Column("feature", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("replica", Text, primary_key=True),
    Column("amount", Float, nullable=False),
)

_PEAK_HOURS = frozenset({1, 2, 3, 6, 7, 8, 9})
"""UTC hours of Monday to Friday at the higher price: 09-12 and 14-18 in Beijing (DeepSeek's page,
2026-10)."""


class Spent(msgspec.Struct, kw_only=True):
    """What one model used for one feature."""

    calls: int = 0
    """Calls that were answered or refused; those that never went out do not count."""
    attempts: int = 0
    """Tries, retries included."""
    input_tokens: int = 0
    """Tokens read."""
    output_tokens: int = 0
    """Tokens written."""
    cached_tokens: int = 0
    """Of the tokens read, those from a cache."""
    estimated: int = 0
    """Calls of which the partner gave no count."""
    unpriced: int = 0
    """Calls for which no price is known: the amounts leave them out."""
    amounts: dict[str, float] = msgspec.field(default_factory=dict)
    """What it cost, by currency; never added across currencies."""


class Account(NamedTuple):
    """What an amount is counted under."""

    day: str
    """Day in UTC, ISO 8601."""
    partner: str
    """Who is paid."""
    feature: str
    """What for."""
    currency: str
    """In which money."""


class Spend:
    """Counts in this process; nothing of a call's content is kept."""

    def __init__(self) -> None:
        self._spent: dict[tuple[str, str], Spent] = {}
        self._unstored: dict[Account, float] = {}
        self._lock = threading.Lock()

    def note(self, name: str, feature: str, entry: ModelEntry, reply: Reply) -> None:
        """Count one reply of the model called *name* (`partner/model`) for *feature*."""
        if not reply.attempts:
            return
        found = self._spent.get((name, feature))
        if found is None:
            found = self._spent[name, feature] = Spent()
        usage = reply.usage
        found.calls += 1
        found.attempts += reply.attempts
        found.input_tokens += usage.input_tokens
        found.output_tokens += usage.output_tokens
        found.cached_tokens += usage.cached_tokens
        found.estimated += usage.estimated
        if not entry.prices:
            found.unpriced += 1
            return
        now = datetime.now(UTC)
        price = price_of(entry.prices, usage.input_tokens, now)
        if price is None:
            found.unpriced += 1
            return
        amount = cost(price, usage)
        found.amounts[price.currency] = found.amounts.get(price.currency, 0.0) + amount
        partner = name.partition("/")[0]
        self.add({Account(now.date().isoformat(), partner, feature, price.currency): amount})

    def add(self, amounts: Mapping[Account, float]) -> None:
        """Count *amounts* that are not stored yet."""
        with self._lock:
            for account, amount in amounts.items():
                self._unstored[account] = self._unstored.get(account, 0.0) + amount

    def take(self) -> Mapping[Account, float]:
        """Return what was not stored yet; whoever takes it stores it, or adds it again."""
        with self._lock:
            taken, self._unstored = self._unstored, {}
        return taken

    @property
    def unstored(self) -> Mapping[Account, float]:
        """What was not stored yet."""
        with self._lock:
            return dict(self._unstored)

    def by_feature(self) -> Mapping[tuple[str, str], Spent]:
        """Return what was spent by (`partner/model`, feature)."""
        return dict(self._spent)


def store_spend(connection: Connection, replica: str, amounts: Mapping[Account, float]) -> None:
    """Add *amounts* to what this *replica* spent."""
    columns = partner_spend.c
    for account, amount in amounts.items():
        key = {**account._asdict(), "replica": replica}
        same = [columns[name] == value for name, value in key.items()]
        done = connection.execute(
            update(partner_spend).where(*same).values(amount=columns.amount + amount)
        )
        if done.rowcount == 0:
            connection.execute(insert(partner_spend).values(**key, amount=amount))


def spend_since(connection: Connection, day: date) -> Mapping[Account, float]:
    """Return what all replicas spent from *day* on."""
    columns = [partner_spend.c[name] for name in Account._fields]
    query = (
        select(*columns, func.sum(partner_spend.c.amount))
        .where(partner_spend.c.day >= day.isoformat())
        .group_by(*columns)
    )
    return {Account(*row[:-1]): row[-1] for row in connection.execute(query)}


def price_of(prices: tuple[Price, ...], input_tokens: int, when: datetime) -> Price | None:
    """Return the price of a call of *input_tokens* at *when*, or None where none is known.

    The first price counts whose length and time of day fit, in the currency that stands first.
    """
    utc = when.astimezone(UTC)
    peak = utc.weekday() < 5 and utc.hour in _PEAK_HOURS
    for price in prices:
        long_enough = price.up_to_tokens is None or input_tokens <= price.up_to_tokens
        if long_enough and price.when in ("always", "peak" if peak else "off_peak"):
            return price
    return None


def cost(price: Price, usage: Usage) -> float:
    """Return what *usage* costs in the price's currency; a cached token is dear if its price is
    unknown."""
    cached_price = price.input if price.cached is None else price.cached
    fresh = usage.input_tokens - usage.cached_tokens
    total = fresh * price.input + usage.cached_tokens * cached_price
    return (total + usage.output_tokens * price.output) / 1_000_000

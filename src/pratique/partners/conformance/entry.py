"""Checks of what the catalogue says of a model, as far as it can be wrong without any call."""

from datetime import UTC, datetime

from pratique.errors import PratiqueError
from pratique.partners.conformance.checks import Failed, Unsupported, checks, require
from pratique.partners.conformance.subject import FEATURE, Subject
from pratique.partners.remote.place import require_offered
from pratique.partners.spend import cost, price_of


async def region_serves(subject: Subject) -> None:
    """The region that is called serves the market."""
    region = subject.place.region
    fits = region.market in (subject.market, "any")
    require(fits, f"region `{region.id}` is for `{region.market}`, not `{subject.market}`")


async def region_offers(subject: Subject) -> None:
    """The partner offers the model in that region."""
    try:
        require_offered(subject.candidate, subject.place.region)
    except PratiqueError as error:
        raise Failed(error.message) from None


async def not_retired(subject: Subject) -> None:
    """The day on which the model is switched off, if one was announced, has not passed."""
    notice = subject.entry.retires
    if notice is not None:
        passed = notice.on < datetime.now(UTC).date()
        require(not passed, f"it was to be switched off on {notice.on.isoformat()}")


async def prices_known(subject: Subject) -> None:
    """A price is known for a short call now."""
    if not subject.entry.prices:
        raise Unsupported("the catalogue has no price")
    found = price_of(subject.entry.prices, 1, datetime.now(UTC))
    require(found is not None, "no price is for a short call at this time of day")


async def prices_positive(subject: Subject) -> None:
    """Each price is above nothing, and a cached token costs no more than a fresh one."""
    if not subject.entry.prices:
        raise Unsupported("the catalogue has no price")
    for price in subject.entry.prices:
        cached = price.input if price.cached is None else price.cached
        fine = price.input > 0 and price.output > 0 and 0 <= cached <= price.input
        require(fine, f"a price of {price.as_of} is not plausible")


async def limits_known(subject: Subject) -> None:
    """The catalogue knows how long a call may be."""
    known = subject.entry.limits.context_tokens or subject.entry.context_tokens
    if not known:
        raise Unsupported("the catalogue has no `context_tokens`")


async def documentation_read(subject: Subject) -> None:
    """The catalogue says where the partner's documentation is and when it was read."""
    partner = subject.candidate.partner
    require(bool(partner.documentation), "the catalogue names no documentation")
    require(partner.read is not None, "the catalogue does not say when it was read")


async def cost_counted(subject: Subject) -> None:
    """A call's cost follows from its tokens and is counted under its feature."""
    reply = await subject.plain()
    price = price_of(subject.entry.prices, reply.usage.input_tokens, datetime.now(UTC))
    if price is None:
        raise Unsupported("the catalogue has no price")
    require(cost(price, reply.usage) > 0, "the call cost nothing")
    spent = subject.spend.by_feature().get((subject.candidate.name, FEATURE))
    counted = spent.amounts.get(price.currency, 0.0) if spent else 0.0
    require(counted > 0, f"nothing was counted in {price.currency}")


STATIC = checks(
    region_serves,
    region_offers,
    not_retired,
    prices_known,
    prices_positive,
    limits_known,
    documentation_read,
)
"""Those that make no call."""

CHECKS = checks(cost_counted)
"""Those that look at one."""

"""`/v1/features`: asking a feature, and asking whether it would answer."""

from contextlib import aclosing
from typing import Annotated, TypeVar, cast

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery, QueryParameter

from pratique.rollout.gate import Context, Refusal
from pratique.web.envelopes import envelope, event, events, events_of, meta, require_begun
from pratique.web.exchange import EVENTS, Exchange, Reply, misshapen
from pratique.web.jobs import Wanted, gated, job_of
from pratique.web.keyring import Caller
from pratique.web.problems import Asked
from pratique.web.service import Served, Service
from pratique.web.sharing import answered_once, streamed_once

T = TypeVar("T")


class FeatureRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked of a feature."""

    input: dict[str, object]
    """The input, by the feature's schema."""
    locale: str
    """Locale to answer in."""
    context: Context | None = None
    """What is known of the device; believed only with an operator's key."""


class Availability(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a feature would answer now."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    available: bool
    """Whether it would."""
    reason: str | None
    """Why not."""
    detail: str
    """What was found."""
    hint: str
    """What to do next."""


_decode = msgspec.json.Decoder(FeatureRequest).decode


async def ask(service: Service, exchange: Exchange, feature: str) -> None:
    """Answer one request by the released, approved variant, or refuse with a reason.

    Raises:
        Problem: it is refused.
        Gone: the client went away.
    """
    # A stranger is told of the key first, and of nothing that a body must be.
    caller = service.keyring.caller(exchange.headers)
    body = await exchange.body()
    try:
        data = _decode(body)
    except msgspec.DecodeError as error:
        raise misshapen(error) from None
    # JSON has one kind of number: where a whole one is written `4.0`, it is meant.
    given = integral(data.input) if b".0" in body else data.input
    wanted = Wanted(feature=feature, locale=data.locale, input=given, context=data.context)
    if EVENTS in exchange.headers.get("accept", ""):
        await streamed_once(
            service, exchange, body, lambda: _stream(service, exchange, caller, wanted)
        )
    else:
        await answered_once(
            service, exchange, body, lambda: _whole(service, exchange, caller, wanted)
        )


def integral(value: T) -> T:
    """Return *value* with every whole number in it as an integer."""
    found: object = value
    if isinstance(value, float) and value.is_integer():
        found = int(value)
    elif isinstance(value, dict):
        found = {name: integral(one) for name, one in value.items()}
    elif isinstance(value, list):
        found = [integral(one) for one in value]
    return cast("T", found)


async def _whole(service: Service, exchange: Exchange, caller: Caller, wanted: Wanted) -> Reply:
    job = job_of(service, exchange, caller, wanted)
    found = await job.whole()
    return Reply(200, msgspec.json.encode(envelope(job, found)), request_id=job.request_id)


async def _stream(service: Service, exchange: Exchange, caller: Caller, wanted: Wanted) -> None:
    job = job_of(service, exchange, caller, wanted)
    async with aclosing(job.steps()) as parts:
        first = await anext(parts)
        # Nothing is sent before something is there: a partner that fails at once is a problem.
        require_begun(first)
        begins = event("meta", meta(job, first)) + events_of(job, first)
        await exchange.events(begins, events(job, parts))


@get("/v1/features/{feature:str}/availability")
async def availability(
    request: Asked,
    service: Served,
    feature: FromPath[str],
    locale: Annotated[str, QueryParameter(description="Locale to answer in")],
    device_region: FromQuery[str | None] = None,
    account_region: FromQuery[str | None] = None,
    targeting_key: FromQuery[str | None] = None,
    location: FromQuery[str] = "",
    app_category: FromQuery[str] = "",
) -> Availability:
    """Say whether the feature is on for this device, and if not, why."""
    stated = None
    if device_region is not None and account_region is not None and targeting_key is not None:
        stated = Context(
            device_region=device_region,
            account_region=account_region,
            targeting_key=targeting_key,
            location=location,
            app_category=app_category,
        )
    wanted = Wanted(feature=feature, locale=locale, input={}, context=stated)
    found = gated(service, request.headers, wanted)
    refusal = found if isinstance(found, Refusal) else None
    return Availability(
        feature=feature,
        locale=locale,
        available=refusal is None,
        reason=refusal.reason if refusal else None,
        detail=refusal.detail if refusal else "",
        hint=refusal.hint if refusal else "",
    )

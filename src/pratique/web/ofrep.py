"""`/ofrep/v1/evaluate/flags`: each feature in each locale as a flag, for any OpenFeature client."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from pratique.rollout.gate import Admission, Context, Refusal
from pratique.rollout.releases import Release
from pratique.web.access import TOKEN_HEADER
from pratique.web.exchange import Exchange, Reply, misshapen
from pratique.web.jobs import Wanted, gated
from pratique.web.problems import STATUS, Problem
from pratique.web.service import Service

ErrorCode = Literal[
    "PARSE_ERROR", "TARGETING_KEY_MISSING", "INVALID_CONTEXT", "FLAG_NOT_FOUND", "GENERAL"
]
"""The protocol's errors."""

FlagReason = Literal["TARGETING_MATCH", "SPLIT", "DISABLED"]
"""The protocol's reasons, as far as ours come to them; `metadata.reason` is exact."""

_DISABLED = frozenset({"not_approved", "feature_halted", "locale_not_supported", "quota_reached"})


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked."""

    context: dict[str, object]
    """`targetingKey` and the other fields of the device's context, by the names they have elsewhere."""


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """One flag, evaluated."""

    key: str
    """`feature.locale`, such as `summarize.zh-Hans`."""
    value: bool
    """Whether the feature is on for this device."""
    reason: FlagReason
    """Why, in the protocol's words."""
    variant: Literal["on", "off"]
    """The value's name."""
    metadata: dict[str, str | bool]
    """Release, digest, partner, model, filing number, stage, and the gate's own reason."""


class Flags(msgspec.Struct, frozen=True, kw_only=True):
    """All flags, evaluated."""

    flags: tuple[Flag, ...]
    """One for each feature and locale of the market."""


class FlagProblem(msgspec.Struct, frozen=True, kw_only=True):
    """The body of an error."""

    key: str
    """The flag that was asked for; empty where all were."""
    errorCode: ErrorCode  # noqa: N815  (the protocol's name)
    """Kind of error."""
    errorDetails: str  # noqa: N815  (the protocol's name)
    """What was found, and what to do."""


class _Fault(Problem):
    """A problem with a name in the protocol."""

    def __init__(self, error: ErrorCode, detail: str, hint: str) -> None:
        super().__init__(
            "not_found" if error == "FLAG_NOT_FOUND" else "invalid_request", detail, hint
        )
        self.error: ErrorCode = error


_decode = msgspec.json.Decoder(Evaluation).decode
_encode = msgspec.json.Encoder().encode


async def one(service: Service, exchange: Exchange, key: str) -> None:
    """Evaluate one flag.

    Raises:
        Problem: there is no such flag, or the context is not whole.
    """
    context = await _context(service, exchange)
    feature, _, locale = key.partition(".")
    market = service.rules.market
    if feature not in market.features or locale not in market.locales:
        raise _Fault(
            "FLAG_NOT_FOUND",
            "there is no such flag",
            "a key is `feature.locale`; asking for all flags lists them",
        )
    found = _flag(service, exchange, feature, locale, context, _releases(service))
    await exchange.reply(Reply(200, _encode(found)))


async def every(service: Service, exchange: Exchange) -> None:
    """Evaluate all flags; unchanged since `If-None-Match`, they are not sent again.

    Raises:
        Problem: the context is not whole.
    """
    context = await _context(service, exchange)
    body = _encode(Flags(flags=tuple(_flags(service, exchange, context))))
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = exchange.headers.get("if-none-match", "")
    same = tag in (text.strip().removeprefix("W/") for text in known.split(","))
    await exchange.reply(Reply(304 if same else 200, b"" if same else body, headers={"ETag": tag}))


def flag_problem(problem: Problem, key: str) -> Reply:
    """Return *problem* in the protocol's shape."""
    status = STATUS[problem.code]
    code = problem.error if isinstance(problem, _Fault) else "GENERAL"
    if problem.code == "unsupported_media_type":
        status, code = 400, "PARSE_ERROR"
    details = f"{problem.detail}; {problem.hint}" if problem.hint else problem.detail
    document = FlagProblem(key=key, errorCode=code, errorDetails=details)
    return Reply(status, _encode(document), headers=problem.headers())


async def _context(service: Service, exchange: Exchange) -> Context:
    """Return the context that is stated; a device token, if there is one, stands before it."""
    service.keyring.caller(exchange.headers)
    try:
        given = _decode(await exchange.body()).context
    except msgspec.DecodeError as error:
        problem = misshapen(error)
        raise _Fault("PARSE_ERROR", problem.detail, problem.hint) from None
    if not given.get("targetingKey"):
        raise _Fault(
            "TARGETING_KEY_MISSING", "`targetingKey` is missing", "send the device's pseudonym"
        )
    # What the maker signed stands before what is stated, so nothing else need be.
    vouched = TOKEN_HEADER.lower() in exchange.headers
    return _stated({"device_region": "", "account_region": "", **given} if vouched else given)


def _stated(given: Mapping[str, object]) -> Context:
    names = set(Context.__struct_fields__) - {"targeting_key"}
    stated = {name: given[name] for name in names if name in given}
    try:
        return msgspec.convert({**stated, "targeting_key": given["targetingKey"]}, Context)
    except msgspec.ValidationError:
        raise _Fault(
            "INVALID_CONTEXT",
            "the context is not whole, or a field is no text",
            "send `targetingKey`, and `device_region` and `account_region` or the header"
            f" `{TOKEN_HEADER}`",
        ) from None


def _flags(service: Service, exchange: Exchange, context: Context) -> Iterator[Flag]:
    known = _releases(service)
    for feature in service.rules.market.features:
        for locale in service.rules.market.locales:
            yield _flag(service, exchange, feature, locale, context, known)


def _flag(
    service: Service,
    exchange: Exchange,
    feature: str,
    locale: str,
    context: Context,
    known: Mapping[tuple[str, str], Release],
) -> Flag:
    wanted = Wanted(feature=feature, locale=locale, input={}, context=context)
    found = gated(service, exchange.headers, wanted)
    release = known.get((feature, locale))
    return Flag(
        key=f"{feature}.{locale}",
        value=isinstance(found, Admission),
        reason=_reason(found, release),
        variant="on" if isinstance(found, Admission) else "off",
        metadata=_metadata(found, release),
    )


def _reason(found: Admission | Refusal, release: Release | None) -> FlagReason:
    if isinstance(found, Refusal) and found.reason in _DISABLED:
        return "DISABLED"
    drawn = isinstance(found, Admission) or found.reason == "not_in_stage"
    return "SPLIT" if drawn and release and release.user_fraction < 1 else "TARGETING_MATCH"


def _metadata(found: Admission | Refusal, release: Release | None) -> dict[str, str | bool]:
    data: dict[str, str | bool] = {"reason": ""}
    if release is not None:
        data |= {
            "release": release.id,
            "digest": release.digest,
            "stage": release.stages[release.stage].name,
        }
    if isinstance(found, Refusal):
        return data | {"reason": found.reason, "detail": found.detail}
    serving, approval = found.variant.serving, found.approval
    return data | {
        "partner": serving.partner,
        "model": serving.model,
        "filing_no": approval.number,
        "simulated": approval.simulated,
    }


def _releases(service: Service) -> Mapping[tuple[str, str], Release]:
    return {(one.feature, one.locale): one for one in service.releases}

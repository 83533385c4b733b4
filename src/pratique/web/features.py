"""`/v1/features`: asking a feature, and asking whether it would answer."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from pratique.errors import Tampered
from pratique.features.checks import Check
from pratique.labels.policy import Label
from pratique.partners.contract import Usage
from pratique.privacy import Sensitive
from pratique.rollout.gate import Admission, Context, Refusal, admit
from pratique.serving.answer import Answer, AnswerStatus, BadInput, answer, require_valid_input
from pratique.serving.guard import starter_guard
from pratique.web.access import consented, context_of, scopes
from pratique.web.problems import Asked, Problem, refused, request_id_of
from pratique.web.service import Served, Service


class FeatureRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked of a feature."""

    input: dict[str, object]
    """The input, by the feature's schema."""
    locale: str
    """Locale to answer in."""
    context: Context | None = None
    """What is known of the device; believed only with an operator's key."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What a feature answers."""

    version: int = 1
    """Version of this record."""
    request_id: str
    """Name of this request."""
    feature: str
    """Feature."""
    locale: str
    """Locale."""
    release: str
    """Release that answered: it leads to the approval and to the evidence."""
    digest: str
    """Digest of the variant that answered."""
    partner: str
    """Who offers the model."""
    model: str
    """The model."""
    filing_no: str
    """Number under which it is approved."""
    simulated: bool
    """Whether that approval is for practice."""
    status: AnswerStatus
    """`ok`, or why there is no output: the caller keeps the original."""
    output: dict[str, object] | None
    """The output, by the feature's schema."""
    checks: tuple[Check, ...]
    """What each check found."""
    label: Label | None
    """The marks that the output must carry."""
    usage: Usage
    """Tokens used."""


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


@post("/v1/features/{feature:str}", status_code=200, summary="Ask a feature")
async def ask(
    request: Asked, service: Served, feature: FromPath[str], data: JSONBody[FeatureRequest]
) -> Envelope:
    """Answer one request by the released, approved variant, or refuse with a reason."""
    admission = _admitted(request, service, feature, data)
    _require_short(service, feature, data)
    try:
        require_valid_input(admission.variant, data.input)
    except BadInput as error:
        raise _bad_input(feature, error) from None
    serving = admission.variant.serving
    try:
        model = service.pool.model(admission.variant.candidate, serving.snapshot)
    except Tampered as error:
        raise Problem("not_approved", error.message, error.hint) from None
    request_id = request_id_of(request)
    try:
        found = await answer(
            admission.variant,
            Sensitive(data.input),
            model,
            content_id=request_id,
            deadline=service.deadline,
            guard=starter_guard(),
        )
    except BadInput as error:
        raise _bad_input(feature, error) from None
    return _envelope(request_id, admission, found)


def _bad_input(feature: str, error: BadInput) -> Problem:
    return Problem(
        "invalid_request",
        f"`input`: {error}",
        error.hint or f"the schema of `{feature}` has the shape",
    )


@get("/v1/features/{feature:str}/availability", summary="Would a feature answer?")
async def availability(
    request: Asked,
    service: Served,
    feature: FromPath[str],
    locale: Annotated[str, QueryParameter(description="Locale to answer in")],
    device_region: FromQuery[str | None] = None,
    account_region: FromQuery[str | None] = None,
    targeting_key: FromQuery[str | None] = None,
) -> Availability:
    """Say whether the feature is on for this device, and if not, why."""
    stated = None
    if device_region is not None and account_region is not None and targeting_key is not None:
        stated = Context(
            device_region=device_region, account_region=account_region, targeting_key=targeting_key
        )
    found = _gated(request, service, feature, locale, stated)
    refusal = found if isinstance(found, Refusal) else None
    return Availability(
        feature=feature,
        locale=locale,
        available=refusal is None,
        reason=refusal.reason if refusal else None,
        detail=refusal.detail if refusal else "",
        hint=refusal.hint if refusal else "",
    )


def _gated(
    request: Asked,
    service: Service,
    feature: str,
    locale: str,
    stated: Context | None,
    given: Mapping[str, object] | None = None,
) -> Admission | Refusal:
    with service.opened.database.connect() as connection:
        held = scopes(connection, request)
        if feature not in service.packs:
            raise Problem(
                "unknown_feature",
                "there is no such feature",
                f"features: {', '.join(service.packs)}",
            )
        if locale not in service.rules.market.locales:
            raise Problem(
                "unsupported_locale",
                f"this locale is not offered in `{service.rules.market.id}`",
                f"locales: {', '.join(service.rules.market.locales)}",
            )
        context = context_of(service, request, held, stated)
        agreed = given is not None and consented(service, feature, context, given)
        return admit(
            connection,
            service.rules,
            feature,
            locale,
            context,
            service.opened.clock(),
            consented=agreed,
        )


def _admitted(request: Asked, service: Service, feature: str, data: FeatureRequest) -> Admission:
    found = _gated(request, service, feature, data.locale, data.context, data.input)
    if isinstance(found, Refusal):
        raise refused(found)
    return found


def _require_short(service: Service, feature: str, data: FeatureRequest) -> None:
    limit = service.packs[feature].file.limits[data.locale].input_characters
    found = _characters(data.input)
    if found > limit:
        raise Problem(
            "context_size_exceeded",
            f"the input has {found} characters, at most {limit}",
            "send a shorter text",
        )


def _characters(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_characters, value.values()))
    if isinstance(value, list):
        return sum(map(_characters, value))
    return 0


def _envelope(request_id: str, admission: Admission, found: Answer) -> Envelope:
    if found.status == "failed":
        too_long = found.reply == "context_exceeded"
        raise Problem(
            "context_size_exceeded" if too_long else "partner_unavailable",
            "the input is too long for the model"
            if too_long
            else f"the partner did not answer: {found.reply}",
            "send a shorter text" if too_long else "try again later",
        )
    variant = admission.variant
    return Envelope(
        request_id=request_id,
        feature=variant.feature,
        locale=variant.locale,
        release=admission.release.id,
        digest=admission.release.digest,
        partner=variant.serving.partner,
        model=variant.serving.model,
        filing_no=admission.approval.number,
        simulated=admission.approval.simulated,
        status=found.status,
        output=found.output.reveal() if found.output else None,
        checks=found.checks,
        label=found.label,
        usage=found.usage,
    )

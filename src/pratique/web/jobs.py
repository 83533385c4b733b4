"""A request that was let through: what it takes to answer it, whole or in pieces."""

import asyncio
import logging
import re
import time
from collections.abc import AsyncGenerator, Callable, Mapping

import msgspec

from pratique.errors import PratiqueError, Tampered
from pratique.partners.contract import Model, Usage
from pratique.privacy import Sensitive
from pratique.rollout.gate import Admission, Context, Refusal
from pratique.rollout.tally import Tally
from pratique.serving.answer import Answer, BadInput, Way, answer, require_valid_input
from pratique.serving.answers import suspended
from pratique.serving.guard import Guard
from pratique.serving.streaming import Pieces, Retraction, Step, steps
from pratique.serving.variant import Variant, digest_of
from pratique.serving.words import words_in
from pratique.telemetry.telemetry import Telemetry
from pratique.web.access import consented, context_of
from pratique.web.exchange import Exchange
from pratique.web.keyring import Caller
from pratique.web.pauses import Pauses
from pratique.web.problems import RETRY_SECONDS, Code, Problem, refused
from pratique.web.service import Service
from pratique.web.signals import facts_of

DEADLINE = "Pratique-Deadline"
"""Header by which a client says how many seconds it will wait."""

DEADLINE_PATTERN = r"[1-9][0-9]{0,3}(\.[0-9]{1,3})?"
"""What stands in it: seconds, from 1 on."""

_DEADLINE = DEADLINE.lower()

_QUOTA_SECONDS = 3600

_LOG = logging.getLogger(__name__)

_OF_REPLY: Mapping[str, tuple[Code, str, str, int | None]] = {
    "context_exceeded": (
        "context_size_exceeded",
        "the input is too long for the model",
        "send a shorter text",
        None,
    ),
    "bad_request": (
        "invalid_request",
        "the model cannot read this input: a value has not the form that its field describes",
        "dates and times are ISO 8601",
        None,
    ),
    "quota_exhausted": (
        "quota_reached",
        "the partner's quota is used up",
        "try again when it is renewed; the operator can raise it",
        _QUOTA_SECONDS,
    ),
}


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked, before anybody looked whether it may be."""

    feature: str
    """Feature."""
    locale: str
    """Locale to answer in."""
    input: Mapping[str, object]
    """The input, not yet held to the feature's schema."""
    context: Context | None
    """What the caller states of the device."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was let through."""

    admission: Admission
    """What the gate said."""
    request: Sensitive[Mapping[str, object]]
    """The input, which fits the schema."""
    model: Model
    """The model that is asked."""
    fallbacks: tuple[Way, ...] = ()
    """What is asked in this order while that one is in trouble; approved with it."""
    request_id: str
    """Name of the answer; it numbers the content in its label."""
    created: int
    """When it was named, in seconds since the epoch."""
    deadline: float
    """Longest time for it, in seconds."""
    guard: Guard
    """What input and answer are screened with."""
    tally: Tally
    """Where what became of it is counted."""
    telemetry: Telemetry
    """Where it is told of."""
    pauses: Pauses
    """Who is answered nothing for a while, and why others may come to that."""
    priced: Callable[[str, Usage], float | None]
    """What a model, by its name, is paid for what it used; None where that is not known."""
    user: str
    """Whose request it is: the device's pseudonym, which goes no further than the pauses."""
    started: float = msgspec.field(default_factory=time.monotonic)
    """When it was let through, by a clock that only runs forward."""

    def variant(self, by: int) -> Variant:
        """Return the variant that answered: 0 is the released one, n its n-th fallback."""
        return self.fallbacks[by - 1][0] if by else self.admission.variant

    def digest(self, by: int) -> str:
        """Return the digest of that variant."""
        return digest_of(self.variant(by)) if by else self.admission.release.digest

    async def whole(self) -> Answer:
        """Return the answer.

        Raises:
            Problem: the partner gave none, or the input holds a picture that is not taken.
        """
        if self.pauses.paused(self.user):
            return suspended(self.admission.variant.locale)
        try:
            found = await answer(
                self.admission.variant,
                self.request,
                self.model,
                content_id=self.request_id,
                deadline=self.deadline,
                guard=self.guard,
                fallbacks=self.fallbacks,
            )
        except BadInput as error:
            raise bad_input(self.admission.variant.feature, error) from None
        except asyncio.CancelledError:  # the client went away
            self._tell("closed", None, time.monotonic() - self.started, None)
            raise
        self._count(found, withdrawn=False)
        await self.pauses.note(self.user, unlawful=found.unlawful)
        return require_answered(found)

    async def steps(self) -> AsyncGenerator[Step, None]:
        """Yield the answer as it comes; closing the iterator closes the upstream.

        Raises:
            Problem: the input holds a picture that is not taken.
        """
        if self.pauses.paused(self.user):
            yield suspended(self.admission.variant.locale)
            return
        found = steps(
            self.admission.variant,
            self.request,
            self.model,
            content_id=self.request_id,
            deadline=self.deadline,
            guard=self.guard,
            fallbacks=self.fallbacks,
        )
        withdrawn, ended = False, False
        first: float | None = None
        self.telemetry.stream_opened()
        try:
            async for one in found:
                if first is None and isinstance(one, Pieces):
                    first = time.monotonic() - self.started
                withdrawn = withdrawn or isinstance(one, Retraction)
                if isinstance(one, Answer):
                    ended = True
                    self._count(one, withdrawn=withdrawn, first_piece=first)
                    await self.pauses.note(self.user, unlawful=one.unlawful)
                yield one
        except BadInput as error:
            ended = True
            raise bad_input(self.admission.variant.feature, error) from None
        finally:
            self.telemetry.stream_closed()
            if not ended:
                self._tell("closed", None, time.monotonic() - self.started, first)
            await found.aclose()

    def _count(self, found: Answer, *, withdrawn: bool, first_piece: float | None = None) -> None:
        status = "retracted" if withdrawn else found.status
        spend: float | None = 0.0
        if self.tally.prices and found.asked:
            spend = self.priced(self.variant(found.by).candidate, found.usage)
        seconds = time.monotonic() - self.started
        self.tally.add(self.admission.release.id, status, seconds, spend=spend)
        self._tell(status, found, seconds, first_piece)

    def _tell(
        self, status: str, found: Answer | None, seconds: float, first_piece: float | None
    ) -> None:
        self.telemetry.answered(
            facts_of(
                self.variant(found.by if found else 0),
                self.admission.release.id,
                status,
                found,
                seconds=seconds,
                first_piece=first_piece,
            )
        )


def gated(service: Service, headers: Mapping[str, str], wanted: Wanted) -> Admission | Refusal:
    """Ask the gate, for whoever asks whether it would.

    Raises:
        Problem: the caller may not ask that, or asks for what does not exist.
    """
    caller = service.keyring.caller(headers)
    found = _admitted(service, wanted, _context(service, headers, caller, wanted, counts=False))
    return found if isinstance(found, Refusal) else found[0]


def _context(
    service: Service, headers: Mapping[str, str], caller: Caller, wanted: Wanted, *, counts: bool
) -> Context:
    """Return what is believed of the device; where it *counts* the request is held to the limits.

    Raises:
        Problem: the caller may not ask that, or asks for what does not exist, or too often.
    """
    if wanted.feature not in service.packs:
        raise Problem(
            "unknown_feature",
            "there is no such feature",
            f"features: {', '.join(service.packs)}",
        )
    if wanted.locale not in service.rules.market.locales:
        raise Problem(
            "unsupported_locale",
            f"this locale is not offered in `{service.rules.market.id}`",
            f"locales: {', '.join(service.rules.market.locales)}",
        )
    context = context_of(service, headers, caller.scopes, wanted.context)
    if counts:
        service.gatekeeper.require_within(caller.app, context.targeting_key)
    return context


def _admitted(
    service: Service, wanted: Wanted, context: Context
) -> tuple[Admission, Guard] | Refusal:
    agreed = consented(service, wanted.feature, context, wanted.input)
    return service.admit(wanted.feature, wanted.locale, context, consented=agreed)


def job_of(service: Service, exchange: Exchange, caller: Caller, wanted: Wanted) -> Job:
    """Return the job that *wanted* comes to, and name its answer.

    Raises:
        Problem: it may not be done, or not like this.
    """
    if wanted.feature in service.packs:
        exchange.feature = wanted.feature
    if wanted.locale in service.rules.market.locales:
        exchange.locale = wanted.locale
    context = _context(service, exchange.headers, caller, wanted, counts=True)
    found = _admitted(service, wanted, context)
    if isinstance(found, Refusal):
        raise refused(found)
    admission, screening = found
    _require_short(service, wanted, exchange.size)
    variant = admission.variant
    try:
        guard = service.guarded(variant, screening)
    except Tampered as error:
        raise Problem("not_approved", error.message, error.hint) from None
    try:
        require_valid_input(variant, wanted.input)
    except BadInput as error:
        raise bad_input(wanted.feature, error) from None
    try:
        model = service.model(variant)
    except Tampered as error:
        raise Problem("not_approved", error.message, error.hint) from None
    exchange.admitted = True
    now = service.opened.clock()
    exchange.request_id = service.names.give(admission.release.id, now)
    return Job(
        admission=admission,
        request=Sensitive(wanted.input),
        model=model,
        fallbacks=_fallbacks(service, admission),
        request_id=exchange.request_id,
        created=int(now.timestamp()),
        deadline=_deadline(service.deadline, exchange.headers),
        guard=guard,
        tally=service.gate.tally,
        telemetry=service.telemetry,
        pauses=service.pauses,
        priced=service.pool.cost,
        user=context.targeting_key,
    )


def _fallbacks(service: Service, admission: Admission) -> tuple[Way, ...]:
    """Return what may stand in, as far as this process can call it as it was approved."""
    ways: list[Way] = []
    for one in admission.fallbacks:
        try:
            model = service.model(one.variant)
        except PratiqueError as error:
            _LOG.warning("fallback cannot be called", extra={"error": type(error).__name__})
            continue
        ways.append((one.variant, model))
    return tuple(ways)


def require_answered(found: Answer) -> Answer:
    """Return *found* unless the partner gave nothing.

    Raises:
        Problem: it gave nothing.
    """
    if found.status == "failed":
        code, detail, hint, wait = _OF_REPLY.get(
            found.reply,
            (
                "partner_unavailable",
                f"the partner did not answer: {found.reply}",
                "try again later",
                RETRY_SECONDS,
            ),
        )
        raise Problem(code, detail, hint, retry_after=wait)
    return found


def bad_input(feature: str, error: BadInput) -> Problem:
    """Return the problem that says what of the input is wrong."""
    return Problem(
        "invalid_request",
        f"`input`: {error}",
        error.hint or f"the schema of `{feature}` has the shape",
    )


def _deadline(most: float, headers: Mapping[str, str]) -> float:
    text = headers.get(_DEADLINE)
    if text is None:
        return most
    if not re.fullmatch(DEADLINE_PATTERN, text):
        raise Problem(
            "invalid_request",
            f"`{DEADLINE}` is no number of seconds from 1 to 9999",
            "send for example `2.5`",
        )
    return min(float(text), most)


def _require_short(service: Service, wanted: Wanted, size: int) -> None:
    limit = service.packs[wanted.feature].file.limits[wanted.locale].input_characters
    if size <= limit:
        return  # No character takes less than a byte of the body.
    found = _characters(wanted.input)
    if found > limit:
        raise Problem(
            "context_size_exceeded",
            f"the input has {found} characters, at most {limit}",
            "send a shorter text",
        )


def _characters(value: object) -> int:
    return sum(map(len, words_in(value)))

"""Checks of an answer in one piece."""

from pratique.partners.conformance.checks import Unsupported, answered, checks, require
from pratique.partners.conformance.subject import FEATURE, Subject


async def plain_answer(subject: Subject) -> None:
    """A plain call comes to an answer with text."""
    reply = answered(await subject.plain())
    require(bool(reply.text.reveal().strip()), "the answer has no text")


async def plain_finish(subject: Subject) -> None:
    """The answer says why it ended, and that it was not cut."""
    reply = answered(await subject.plain())
    require(bool(reply.finish), "it does not say why it ended")
    subject.wit(not reply.truncated, "a short sentence was cut at the token limit")


async def plain_usage(subject: Subject) -> None:
    """The partner counts the tokens read and written."""
    usage = answered(await subject.plain()).usage
    counted = not usage.estimated and usage.input_tokens > 0 and usage.output_tokens > 0
    subject.establish("usage", counted)
    require(counted, "the answer does not count its tokens")


async def plain_usage_parts(subject: Subject) -> None:
    """Tokens from a cache are some of those read, tokens of reasoning some of those written."""
    usage = answered(await subject.plain()).usage
    require(usage.cached_tokens <= usage.input_tokens, "more tokens were cached than read")
    require(usage.reasoning_tokens <= usage.output_tokens, "more tokens were thought than written")


async def plain_model(subject: Subject) -> None:
    """The answer names the model that gave it."""
    named = answered(await subject.plain()).model
    subject.establish("served_model", named)
    if not named:
        raise Unsupported("the answer names no model")


async def plain_request_id(subject: Subject) -> None:
    """The answer has a name that the partner's support can look up."""
    named = bool(answered(await subject.plain()).request_id)
    subject.establish("request_id", named)
    require(named, "the answer has no request id")


async def plain_clean(subject: Subject) -> None:
    """An answer carries no error, no delay to wait and nothing to take back."""
    reply = answered(await subject.plain())
    clean = not (reply.code or reply.detail or reply.retract or reply.begun)
    require(clean and reply.retry_after is None, "an answer carries traces of an error")
    require(reply.fits is None, "it was held to a schema that the call did not name")
    require(reply.http_status == 200, f"it came with HTTP {reply.http_status}")


async def plain_spend(subject: Subject) -> None:
    """The call is counted under its feature, with its tokens."""
    reply = answered(await subject.plain())
    spent = subject.spend.by_feature().get((subject.candidate.name, FEATURE))
    require(spent is not None and spent.calls > 0, "the call was not counted")
    written = spent.output_tokens if spent else 0
    require(written >= reply.usage.output_tokens, "its tokens were not counted")


async def rate_headers(subject: Subject) -> None:
    """Headers tell what is left of the limits on calls and tokens."""
    answered(await subject.plain())
    told = subject.hearing.rated > 0
    subject.establish("rate_headers", told)
    if not told:
        raise Unsupported("no header tells what is left of a limit")


CHECKS = checks(
    plain_answer,
    plain_finish,
    plain_usage,
    plain_usage_parts,
    plain_model,
    plain_request_id,
    plain_clean,
    plain_spend,
    rate_headers,
)

"""Dialects: how one partner's use of the OpenAI-style wire differs, as data."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec

Cause = Literal[
    "ok",
    "input_blocked",
    "output_blocked",
    "rate_limited",
    "quota",
    "auth",
    "overloaded",
    "bad_request",
    "context_exceeded",
    "timeout",
    "server_error",
]
"""What a partner's answer comes to, before it is put into the words of a `Reply`
(`content/causes.toml`)."""

Certainty = Literal["seen", "known", "inferred"]
"""How sure we are of a fact about a partner: seen in public material on the date given, known from
before, or concluded. None of it was measured on a live partner."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What tells an error apart. Every condition that is given must hold; the first rule wins."""

    cause: Cause
    """What it comes to."""
    statuses: tuple[int, ...] = ()
    """HTTP statuses that it comes with; any when empty."""
    codes: tuple[str, ...] = ()
    """Patterns of the partner's code or type; `*` stands for any text. Case and `_` do not count."""
    messages: tuple[str, ...] = ()
    """Texts of which the message holds one; case does not count."""
    upstream_statuses: tuple[int, ...] = ()
    """Statuses of whoever the partner itself called."""
    begun: bool | None = None
    """Whether text had already come; None where it does not matter."""
    certainty: Certainty = "seen"
    """How sure we are."""


class Dialect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a partner's wire differs from the plain one."""

    thinking: Literal["none", "enable_thinking", "thinking_type", "chat_template"] = "none"
    """How thinking is switched: not at all, a boolean, `thinking.type`, or the chat template's."""
    max_tokens: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """Field of the token limit."""
    repeat_penalty: Literal["", "repetition_penalty", "repeat_penalty"] = ""
    """Field of the penalty for repeated tokens; empty where there is none."""
    seed: bool = True
    """Whether it takes a seed."""
    end_user: Literal["", "user", "user_id"] = ""
    """Field of the end user's pseudonym; empty where there is none."""
    reasoning_back: bool = False
    """Whether earlier reasoning must be sent back when tools are in use."""
    request_id_sent: str = ""
    """Header that carries our name for a call; empty where there is none."""
    request_id_headers: tuple[str, ...] = ("x-request-id",)
    """Headers that carry the partner's name for it, the best first."""
    finish: Mapping[str, Cause] = {}
    """Words for the end of an answer beyond the usual ones."""
    rules: tuple[Rule, ...] = ()
    """What tells its errors apart, most particular first."""


class Region(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One place where a partner answers; another account, key and policy than the next."""

    id: str
    """Name of the region, such as `cn-beijing`."""
    market: str
    """Market whose users it may serve, such as `CN`; `any` for a server of one's own."""
    base_url: str
    """Address before `/chat/completions`."""
    certainty: Certainty = "seen"
    """How sure we are of the address."""


class Capabilities(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model can do, as its documentation says; None is unknown, which is not no."""

    stream: bool | None = None
    """Answers in pieces."""
    thinking: Literal["always", "switchable", "never"] | None = None
    """Whether it thinks before it answers."""
    thinking_by_default: bool | None = None
    """Whether it does so when nothing is said."""
    json_object: bool | None = None
    """Can be held to JSON."""
    json_schema: bool | None = None
    """Can be held to a schema."""
    tools: bool | None = None
    """Can ask for functions."""
    pictures: bool | None = None
    """Takes pictures."""


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much a model takes; None is unknown."""

    context_tokens: int | None = None
    """Tokens that a call may hold with its answer."""
    input_tokens: int | None = None
    """Tokens of the call alone."""
    output_tokens: int | None = None
    """Tokens of an answer."""
    requests_per_minute: int | None = None
    """Calls a minute and account."""
    tokens_per_minute: int | None = None
    """Tokens a minute and account."""
    concurrency: int | None = None
    """Calls at once."""


class Price(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What tokens cost; never from a bill of ours."""

    currency: Literal["CNY", "USD"]
    """Currency of the amounts."""
    input: float
    """A million tokens read."""
    output: float
    """A million tokens written."""
    cached: float | None = None
    """A million tokens read from a cache; None is unknown."""
    up_to_tokens: int | None = None
    """Longest call that this price is for: the whole call moves to the next price beyond it."""
    when: Literal["always", "peak", "off_peak"] = "always"
    """Time of day that it is for."""
    as_of: str
    """When it was so, `2026-11` or `2026`."""
    source: str
    """Where it was read."""


class Retirement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Notice that a model will be switched off."""

    on: date
    """The day."""
    announced: date | None = None
    """When it was announced; None is unknown."""
    source: str
    """Where it was read."""


class Clocks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a stream may be silent; both end no later than the call's deadline.

    Only what the model writes counts: comments that keep a connection open do not.
    """

    first_token_seconds: float = 30.0
    """Until its first piece, be it thought or text."""
    between_tokens_seconds: float = 15.0
    """From one piece to the next."""

"""The contract of a model: what is sent, and what came back."""

from typing import Literal, Protocol

import msgspec

from pratique.privacy import Sensitive

Status = Literal[
    "ok",
    "refused",
    "input_blocked",
    "output_blocked",
    "rate_limited",
    "quota_exhausted",
    "auth",
    "overloaded",
    "bad_request",
    "context_exceeded",
    "timeout",
    "unavailable",
]
"""What came back from one call: the closed set that every partner's own codes map onto."""


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a call."""

    role: Literal["system", "user", "assistant"]
    """Who speaks."""
    content: Sensitive[str]
    """What is said."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a model."""

    form: Literal["chat", "completion"]
    """A conversation, or one text to go on with."""
    turns: tuple[Turn, ...]
    """The messages; with `completion` exactly one."""
    max_tokens: int
    """Most tokens of the answer."""
    temperature: float = 0.0
    """0 takes the likeliest token each time."""
    seed: int = 1
    """Seed of the sampler, for models that take one."""
    stop: tuple[str, ...] = ()
    """Strings at which the answer ends."""
    repeat_penalty: float = 1.0
    """Above 1 discourages tokens already written."""


class Usage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one call used."""

    input_tokens: int = 0
    """Tokens read, those from a cache included."""
    output_tokens: int = 0
    """Tokens written."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came back from one call."""

    status: Status
    """What it was."""
    text: Sensitive[str] = Sensitive("")
    """The answer; empty unless `ok`."""
    truncated: bool = False
    """Whether the answer was cut at the token limit."""
    usage: Usage = Usage()
    """Tokens used."""
    detail: str = ""
    """The partner's own code or message, without content; empty when `ok`."""
    seconds: float = 0.0
    """Wall time of the call."""


class Model(Protocol):
    """A model that can be called. It never raises for what a partner may answer: that is a status."""

    @property
    def name(self) -> str:
        """`partner/model`."""
        ...

    @property
    def concurrency(self) -> int:
        """How many calls it serves at once."""
        ...

    async def complete(self, call: Call) -> Reply:
        """Make *call* and return what came back."""
        ...

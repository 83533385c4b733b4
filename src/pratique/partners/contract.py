"""The contract of a model: what is sent, and what came back."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Literal, Protocol, TypeAlias, cast

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


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture inside a message."""

    media_type: str
    """Such as `image/png`."""
    data: Sensitive[bytes]
    """The file; it travels inside the call, never as an address that the partner fetches."""


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A function that the model may ask for."""

    name: str
    """Its name."""
    about: str
    """What it does, for the model."""
    parameters: Mapping[str, object]
    """JSON Schema of its arguments."""


class ToolCall(msgspec.Struct, frozen=True, kw_only=True):
    """A function that the model asks for."""

    id: str
    """The partner's name for this call."""
    name: str
    """Name of the tool."""
    arguments: Sensitive[str]
    """JSON, as the model wrote it."""


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a call."""

    role: Literal["system", "user", "assistant", "tool"]
    """Who speaks."""
    content: Sensitive[str]
    """What is said."""
    pictures: tuple[Picture, ...] = ()
    """Pictures that go with it; of a user only."""
    tool_calls: tuple[ToolCall, ...] = ()
    """What the assistant asked for."""
    answers: str = ""
    """Of a tool's turn: the id of the call that it answers."""
    reasoning: Sensitive[str] | None = None
    """What the assistant thought before; sent back only where a partner asks for it."""


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
    top_p: float | None = None
    """Share of the probability to draw from; the partner's default when None."""
    seed: int = 1
    """Seed of the sampler, for models that take one."""
    stop: tuple[str, ...] = ()
    """Strings at which the answer ends."""
    repeat_penalty: float = 1.0
    """Above 1 discourages tokens already written."""
    thinking: bool = False
    """Whether the model may think first; off is said to it wherever it can be."""
    schema: Mapping[str, object] | None = None
    """JSON Schema that the answer must fit; None for free text."""
    tools: tuple[Tool, ...] = ()
    """Functions that the model may ask for."""
    tool_choice: Literal["auto", "none", "required"] = "auto"
    """Whether it may, must not or must ask for one."""
    end_user: str = ""
    """Pseudonym of the user, for partners that keep users' offences apart; no content."""
    feature: str = ""
    """Feature that it is made for, to count what it costs."""
    deadline: float = 60.0
    """Seconds until an answer must have ended, retries included."""


class Usage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one call used."""

    input_tokens: int = 0
    """Tokens read, those from a cache included."""
    output_tokens: int = 0
    """Tokens written, those of reasoning included."""
    cached_tokens: int = 0
    """Of the tokens read, those from a cache."""
    reasoning_tokens: int = 0
    """Of the tokens written, those of reasoning."""
    estimated: bool = False
    """Whether the partner gave no count, so that characters were counted here."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came back from one call."""

    status: Status
    """What it was."""
    text: Sensitive[str] = Sensitive("")
    """The answer; empty unless `ok`."""
    reasoning: Sensitive[str] = Sensitive("")
    """What the model thought; kept apart, never shown to a user."""
    tool_calls: tuple[ToolCall, ...] = ()
    """What the model asks for."""
    truncated: bool = False
    """Whether the answer was cut at the token limit."""
    usage: Usage = Usage()
    """Tokens used."""
    detail: str = ""
    """The partner's own message, bounded and without content; empty when `ok`."""
    code: str = ""
    """The partner's own code, such as `data_inspection_failed`; empty when `ok`."""
    http_status: int = 0
    """The HTTP status; 0 where there was none."""
    finish: str = ""
    """Why the model stopped, in the partner's own word."""
    request_id: str = ""
    """The partner's name for this call, to give to its support."""
    model: str = ""
    """The model that answered, as the partner names it; empty where it does not."""
    fingerprint: str = ""
    """What served it (`system_fingerprint`), as the partner names it; empty where it does not."""
    retry_after: float | None = None
    """Seconds that the partner asks to wait; None where it does not say."""
    fits: bool | None = None
    """Whether the answer fits the schema of the call; None where there was none."""
    retract: bool = False
    """Whether text that was already passed on must be taken back."""
    begun: bool = False
    """Whether any text had been passed on when it ended."""
    attempts: int = 1
    """How often it was tried."""
    seconds: float = 0.0
    """Wall time of the call, retries included."""
    first_token_seconds: float | None = None
    """Wall time to the first text; None where none came or it came in one piece."""


class Delta(msgspec.Struct, frozen=True):
    """A piece of the answer."""

    text: Sensitive[str]
    """The piece."""


class Thought(msgspec.Struct, frozen=True):
    """A piece of what the model thinks: a sign of life, never shown."""

    text: Sensitive[str]
    """The piece."""


Event: TypeAlias = Delta | Thought | Reply
"""What a stream yields: pieces, and last of all exactly one reply."""


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

    def stream(self, call: Call) -> AsyncIterator[Event]:
        """Make *call* and yield its pieces, then one `Reply`. Closing the iterator ends the call."""
        ...


class Batching(Protocol):
    """A model that can say which events came at once: one step serves them all."""

    def batches(self, call: Call) -> AsyncGenerator[Sequence[Event], None]:
        """Make *call* and yield what `stream` does, together what came together."""
        ...


def batches_of(model: Model, call: Call) -> AsyncGenerator[Sequence[Event], None]:
    """Return what `stream` yields of *call*: what came at once together, where *model* can say it."""
    if hasattr(model, "batches"):
        return cast(Batching, model).batches(call)
    return _singly(cast(AsyncGenerator[Event, None], model.stream(call)))


def keeps_deadline(model: Model) -> bool:
    """Say whether *model* promises its reply within the deadline: then nobody else has to watch it."""
    return bool(getattr(model, "keeps_deadline", False))


async def _singly(source: AsyncGenerator[Event, None]) -> AsyncGenerator[Sequence[Event], None]:
    async with aclosing(source):
        async for event in source:
            yield (event,)


async def in_one_piece(reply: Reply) -> AsyncIterator[Event]:
    """Yield *reply* as a stream, for a model that has no pieces to give."""
    if reply.status == "ok" and reply.text.reveal():
        yield Delta(reply.text)
    yield reply

"""The shapes of `/v1/chat/completions`: what is taken, and what is answered."""

from typing import Annotated, Literal

import msgspec

from pratique.labels.policy import Label
from pratique.screening.refusing import StockAnswer
from pratique.serving.answers import AnswerStatus
from pratique.serving.answers import Reason as BlockedBy
from pratique.serving.streaming import Withdrawn
from pratique.web.envelopes import Head
from pratique.web.problems import Code

Tokens = Annotated[float, msgspec.Meta(ge=1, multiple_of=1)]
"""A number of tokens; JSON does not tell 100 from 100.0."""


class Part(msgspec.Struct, frozen=True):
    """A part of a message; a feature that takes pictures has its own address."""

    type: Literal["text"]
    """What it is."""
    text: str
    """The text."""


class Function(msgspec.Struct, frozen=True, kw_only=True):
    """A function that a model asked for."""

    name: str
    """Its name."""
    arguments: str
    """Its arguments, JSON as text."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a function in a message."""

    id: str
    """Name of the call."""
    type: Literal["function"] = "function"
    """What is called."""
    function: Function
    """The function."""


class ChatMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    """Who speaks."""
    content: str | list[Part] | None = None
    """What is said."""
    tool_calls: list[Call] | None = None
    """What the assistant asked for."""
    tool_call_id: str | None = None
    """Of a tool's message: the call that it answers."""


class FunctionOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A function that the model may ask for."""

    name: str
    """Its name."""
    description: str | None = None
    """What it does."""
    parameters: dict[str, object] | None = None
    """JSON Schema of its arguments."""


class ToolOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A tool that the model may ask for."""

    type: Literal["function"]
    """What it is."""
    function: FunctionOffer
    """The function."""


class NamedSchema(msgspec.Struct, frozen=True, kw_only=True, rename={"schema_": "schema"}):
    """A schema that the answer must fit."""

    name: str
    """What it is called."""
    schema_: dict[str, object] | None = None
    """The schema."""


class ResponseFormat(msgspec.Struct, frozen=True, kw_only=True):
    """The form that the answer is to have."""

    type: Literal["text", "json_object", "json_schema"]
    """Text, or JSON."""
    json_schema: NamedSchema | None = None
    """With `json_schema`, the schema."""


class StreamOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a stream is to hold."""

    include_usage: bool = False
    """Whether its last chunk counts the tokens."""


class ChatRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request. Fields that are not named here are taken and not used: the approved variant decides
    how a model picks its words."""

    messages: list[ChatMessage]
    """The conversation; of a feature other than a conversation, its last message is the input."""
    model: str = "assistant"
    """Name of a feature."""
    stream: bool | None = None
    """Whether to stream."""
    stream_options: StreamOptions | None = None
    """What the stream is to hold."""
    tools: list[ToolOffer] | None = None
    """Tools that the model may ask for."""
    tool_choice: str | dict[str, object] | None = None
    """Whether it may (`auto`), must not (`none`) or must (`required`) ask for one."""
    response_format: ResponseFormat | None = None
    """The form that the answer is to have."""
    max_tokens: Tokens | None = None
    """Most tokens of a conversation's answer; never more than the feature's own limit."""
    max_completion_tokens: Tokens | None = None
    """The same, by its newer name."""
    n: float | None = None
    """How many answers; only one is given."""
    metadata: dict[str, str] | None = None
    """`locale`, and with an operator's key the fields of the device's context; nothing else is read."""


class Marks(Head, frozen=True, kw_only=True):
    """What we add to an answer or to a chunk: where it comes from and how it must be labelled."""

    status: AnswerStatus | None = None
    """What the answer came to; None while it still comes."""
    reason: BlockedBy = ""
    """Who blocked it, where it is `blocked`."""
    said: StockAnswer | None = None
    """What to say in place of an answer, where there is something to say."""
    label: Label | None = None
    """The marks that the answer must carry."""
    visible_label: str = ""
    """Statement that people must be shown with what follows; in the first chunk of a stream."""
    retract: Withdrawn | None = None
    """Why all that was sent must go from the screen, if it must."""
    replacement: str = ""
    """What to show in its place."""


class AnswerMessage(msgspec.Struct, frozen=True, kw_only=True):
    """The answer."""

    role: Literal["assistant"] = "assistant"
    """Who speaks."""
    content: str | None
    """The text; null where there is none."""
    refusal: str | None = None
    """Words of ours in place of an answer."""
    tool_calls: tuple[Call, ...] | msgspec.UnsetType = msgspec.UNSET
    """What the model asks for."""


Finish = Literal["stop", "length", "tool_calls", "content_filter"]
"""Why an answer ended. `content_filter` stands for every answer that is not given to a user."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The one answer."""

    index: int = 0
    """Always 0."""
    message: AnswerMessage
    """The answer."""
    logprobs: None = None
    """Never given."""
    finish_reason: Finish
    """Why it ended."""


class ChatUsage(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens used."""

    prompt_tokens: int
    """Read."""
    completion_tokens: int
    """Written."""
    total_tokens: int
    """Both."""


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    """A whole answer."""

    id: str
    """Name of the answer."""
    object: Literal["chat.completion"] = "chat.completion"
    """What this is."""
    created: int
    """When, in seconds since 1970."""
    model: str
    """The feature."""
    choices: tuple[Choice, ...]
    """The one answer."""
    usage: ChatUsage
    """Tokens used."""
    pratique: Marks
    """Where it comes from and how it must be labelled."""


class CallPiece(msgspec.Struct, frozen=True, kw_only=True):
    """A call of a function in a chunk, whole."""

    index: int
    """Which of the calls."""
    id: str
    """Name of the call."""
    type: Literal["function"] = "function"
    """What is called."""
    function: Function
    """The function."""


class ChunkDelta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a chunk adds."""

    role: Literal["assistant"] | None = None
    """Who speaks; in the first chunk."""
    content: str | None = None
    """A piece of the text."""
    refusal: str | None = None
    """Words of ours in place of an answer."""
    tool_calls: tuple[CallPiece, ...] | None = None
    """What the model asks for."""


class ChunkChoice(msgspec.Struct, frozen=True, kw_only=True):
    """The one answer, as far as a chunk adds to it."""

    index: int = 0
    """Always 0."""
    delta: ChunkDelta
    """What it adds."""
    logprobs: None = None
    """Never given."""
    finish_reason: Finish | None = None
    """Why the answer ended; in its last chunk."""


class Chunk(msgspec.Struct, frozen=True, kw_only=True):
    """A chunk of a stream."""

    id: str
    """Name of the answer."""
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    """What this is."""
    created: int
    """When, in seconds since 1970."""
    model: str
    """The feature."""
    choices: tuple[ChunkChoice, ...]
    """The one answer; none in the chunk that counts the tokens."""
    usage: ChatUsage | msgspec.UnsetType | None = msgspec.UNSET
    """Tokens used; in the last chunk, where it was asked for."""
    pratique: Marks | msgspec.UnsetType = msgspec.UNSET
    """In the first and in the last chunk of the answer."""


class ChatError(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong."""

    message: str
    """What was found."""
    type: str
    """Kind of error."""
    param: str | None = None
    """Never given: the message names the place."""
    code: Code
    """The code, the same as in problem documents."""
    hint: str
    """What to do next."""
    request_id: str
    """Name of the request."""


class ChatProblem(msgspec.Struct, frozen=True, kw_only=True):
    """The body of an error."""

    error: ChatError
    """What went wrong."""


class ListedModel(msgspec.Struct, frozen=True, kw_only=True):
    """A feature that may be named as a model."""

    id: str
    """The feature."""
    object: Literal["model"] = "model"
    """What this is."""
    created: int
    """When its release started, in seconds since 1970."""
    owned_by: str
    """Who offers it to users."""


class ModelList(msgspec.Struct, frozen=True, kw_only=True):
    """The features that are on."""

    object: Literal["list"] = "list"
    """What this is."""
    data: tuple[ListedModel, ...]
    """The features."""

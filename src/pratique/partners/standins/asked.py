"""What a client asks: the body of a chat request, read leniently as the partners read it."""

import re
from collections.abc import Mapping

import msgspec

_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)[;,]")
_ENDING = re.compile(r"\.(png|jpe?g|webp|gif|bmp)(?:[?#]|$)", re.IGNORECASE)


# None of these forbids unknown fields: the partners ignore what they do not know, so do stand-ins.


class Link(msgspec.Struct, frozen=True):
    """Where a picture is."""

    url: str = ""
    """An address or a `data:` link."""


class Part(msgspec.Struct, frozen=True):
    """A part of a message; DashScope's own path names no type."""

    type: str = ""
    """Such as `text` or `image_url`."""
    text: str | None = None
    """The text."""
    image_url: Link | str | None = None
    """The picture."""
    image: str | None = None
    """The picture, on DashScope's own path."""

    @property
    def picture(self) -> str:
        """The picture's address; empty where the part is none."""
        link = self.image_url
        return (link.url if isinstance(link, Link) else link) or self.image or ""


class Message(msgspec.Struct, frozen=True):
    """One message."""

    role: str
    """Who speaks."""
    content: str | list[Part] | None = None
    """What is said."""
    reasoning_content: str | None = None
    """What the assistant thought."""
    tool_calls: list[object] | None = None
    """What the assistant asked for."""

    @property
    def text(self) -> str:
        """All that is said, as one text."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.text)

    @property
    def pictures(self) -> tuple[str, ...]:
        """Media types of its pictures, in their order."""
        parts = self.content if isinstance(self.content, list) else ()
        return tuple(_media_type(part.picture) for part in parts if part.picture)


class Function(msgspec.Struct, frozen=True):
    """A function that may be asked for, or must be."""

    name: str = ""
    """Its name."""
    parameters: Mapping[str, object] | None = None
    """JSON Schema of its arguments."""


class Tool(msgspec.Struct, frozen=True):
    """A tool, or the one that is chosen."""

    type: str = "function"
    """Its kind."""
    function: Function = Function()
    """The function."""


class StreamOptions(msgspec.Struct, frozen=True):
    """How a stream tells what it used."""

    include_usage: bool | None = None
    """Whether a last event tells it."""
    chunk_include_usage: bool | None = None
    """Whether each event tells it so far."""


class Thinking(msgspec.Struct, frozen=True):
    """The switch of thinking where it is an object."""

    type: str = ""
    """`enabled`, `disabled`, `auto` or `adaptive`."""


class JsonSchema(msgspec.Struct, frozen=True):
    """A named schema."""

    schema: Mapping[str, object] | None = None
    """The schema."""


class ResponseFormat(msgspec.Struct, frozen=True):
    """What the answer must be."""

    type: str = "text"
    """`text`, `json_object` or `json_schema`."""
    json_schema: JsonSchema | None = None
    """The schema that it must fit."""


class Asked(msgspec.Struct, frozen=True):
    """The body of a request."""

    model: str = ""
    """Who is asked."""
    messages: list[Message] = []
    """The conversation."""
    prompt: str | list[str] | None = None
    """The text to go on with, of a completion."""
    stream: bool | None = None
    """Whether the answer comes in pieces."""
    stream_options: StreamOptions | None = None
    """How a stream tells what it used."""
    max_tokens: int | None = None
    """Most tokens."""
    max_completion_tokens: int | None = None
    """Most tokens, those of reasoning included."""
    stop: str | list[str] | None = None
    """Where to stop."""
    tools: list[Tool] | None = None
    """What may be asked for."""
    tool_choice: str | Tool | None = None
    """Whether, or which, it must be."""
    response_format: ResponseFormat | None = None
    """What the answer must be."""
    enable_thinking: bool | None = None
    """A switch of thinking."""
    thinking: Thinking | None = None
    """A switch of thinking."""
    chat_template_kwargs: Mapping[str, object] | None = None
    """Where a self-hosted server has its switch of thinking."""
    reasoning_effort: str | None = None
    """How hard to think."""

    @property
    def last(self) -> str:
        """What the user said last, or the text to go on with."""
        if self.prompt is not None:
            return self.prompt if isinstance(self.prompt, str) else "".join(self.prompt)
        return next((one.text for one in reversed(self.messages) if one.role == "user"), "")

    @property
    def pictures(self) -> tuple[str, ...]:
        """Media types of all pictures."""
        return tuple(kind for message in self.messages for kind in message.pictures)

    @property
    def stops(self) -> tuple[str, ...]:
        """Where to stop."""
        stop = [self.stop] if isinstance(self.stop, str) else self.stop or []
        return tuple(one for one in stop if one)

    @property
    def forced(self) -> str | None:
        """Name of the tool that must be asked for; empty for any, None where none must."""
        if isinstance(self.tool_choice, Tool):
            return self.tool_choice.function.name
        return "" if self.tool_choice == "required" else None

    @property
    def format(self) -> str:
        """What the answer must be: `text`, `json_object` or `json_schema`."""
        return self.response_format.type if self.response_format else "text"

    @property
    def words(self) -> str:
        """Everything that was said to the model, case-folded."""
        return "\n".join(message.text for message in self.messages).casefold()


def _media_type(link: str) -> str:
    inline = _DATA.match(link)
    if inline:
        return inline[1].lower()
    ending = _ENDING.search(link)
    kind = ending[1].lower() if ending else "*"
    return "image/" + ("jpeg" if kind == "jpg" else kind)

"""Prompts: how a request is put to a model in one locale, and how its answer is read."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

import jinja2
import jinja2.nodes
import jinja2.sandbox
import msgspec

from pratique.errors import Malformed
from pratique.text.injection import marked

REVISION = 2
"""Revision of how prompts are rendered, to be raised whenever the same prompt renders otherwise."""


class Shot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One worked example that the model sees before the request."""

    user: str
    """What was asked."""
    assistant: str
    """What a good answer is."""


class Decoding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the model is to pick its tokens."""

    max_tokens: int
    """Most tokens of an answer: always sent, since a small model may loop."""
    temperature: float = 0.0
    """0 takes the likeliest token each time."""
    seed: int = 1
    """Seed of the sampler, for models that take one."""
    stop: tuple[str, ...] = ()
    """Strings at which the answer ends."""
    repeat_penalty: float = 1.0
    """Above 1 discourages tokens already written; 1 leaves the model as it is."""


class Reading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the text of an answer becomes the feature's output."""

    form: Literal["json", "text", "lines", "choice"]
    """`json`: an object; `text`: one field; `lines`: a list, one item a line; `choice`: one of several outputs."""
    field: str = ""
    """Field of the output that `text` or `lines` fills."""
    count: int = 0
    """With `lines`, how many items are kept; 0 keeps all."""
    choices: Mapping[str, Mapping[str, object]] = {}
    """With `choice`, the output for each word that the answer may start with."""


class Prompt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A prompt file. Texts are Jinja templates over the fields of the request's `input`."""

    form: Literal["chat", "completion"]
    """`chat` sends messages; `completion` sends one text for a base model to go on with."""
    system: str = ""
    """Instruction before the examples; holds nothing from the request."""
    shots: tuple[Shot, ...] = ()
    """Worked examples, in order."""
    user: str = ""
    """Template of the request itself. With `completion`, of everything after the examples."""
    data: str = ""
    """Template over `mark` of a sentence before the request, which says that what stands between
    `<data-MARK>` and `</data-MARK>` is data; empty where requests are not marked. Of `chat` alone."""
    conversation: str = ""
    """Field of the input whose turns are sent as turns, in place of `user`. Of `chat` alone."""
    repair: str = ""
    """Template of the one request to answer again when a check failed, over `reasons`, a list of
    texts without content; empty where the model is not asked again. Of `chat` alone."""
    decoding: Decoding
    """How the model picks its tokens."""
    reading: Reading
    """How its answer becomes the output."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A tool that a model asked for in an earlier turn."""

    id: str
    """Name of the call."""
    name: str
    """Name of the tool."""
    arguments: str
    """JSON, as the model wrote it. Content: never logged."""


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One turn of what is sent to a model, and of a conversation in a request."""

    role: Literal["system", "user", "assistant", "tool"]
    """Who speaks."""
    content: str = ""
    """What is said. Content: never logged."""
    tool_calls: tuple[Asked, ...] = ()
    """What the assistant asked for."""
    tool_call_id: str = ""
    """Of a tool's turn: the call that it answers."""


class _Conversation(msgspec.Struct, frozen=True):
    """Turns under a name of ours: what is read into a record is not analysed anew each time."""

    turns: tuple[Message, ...]


class _Environment(jinja2.sandbox.ImmutableSandboxedEnvironment):
    """Templates see the input and nothing else."""


@lru_cache(maxsize=1)
def _environment() -> _Environment:
    environment = _Environment(
        undefined=jinja2.StrictUndefined, autoescape=False, keep_trailing_newline=True
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    environment.filters["json"] = _json
    return environment


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


Fields = Mapping[str, object]
"""What a template may name."""


@lru_cache(maxsize=512)
def _template(source: str) -> Callable[[Fields], str]:
    """Return what fills in the template *source*.

    Where it does nothing but name fields, joining the texts between them gives the same much sooner.
    """
    template = _environment().from_string(source)
    parts = _parts(source)
    if parts is None:
        return template.render
    names = [name for _, name in parts if name]

    def joined(fields: Fields) -> str:
        if not all(name in fields for name in names):
            return template.render(fields)  # which knows names of its own, and says what is missing
        return "".join([text + str(fields[name]) if name else text for text, name in parts])

    return joined


def _parts(source: str) -> list[tuple[str, str]] | None:
    """Return the texts of *source*, each with the field that follows it; None where it does more."""
    parts: list[tuple[str, str]] = []
    text = ""
    for output in _environment().parse(source).body:
        if not isinstance(output, jinja2.nodes.Output):
            return None
        for node in output.nodes:
            if isinstance(node, jinja2.nodes.TemplateData):
                text += node.data
            elif isinstance(node, jinja2.nodes.Name):
                parts.append((text, node.name))
                text = ""
            else:
                return None
    return [*parts, (text, "")]


def rendered(
    prompt: Prompt, feature: str, locale: str, request: Mapping[str, object], mark: str = ""
) -> tuple[Message, ...]:
    """Return what is sent for the input *request*; with `completion`, a single user message.

    Text from the request is only ever filled in as a value: it is not read as a template. Where the
    prompt marks data, *mark* is the delimiter of this request, which nobody who wrote any of it knows.
    """
    if prompt.conversation:
        turns = msgspec.convert({"turns": request[prompt.conversation]}, _Conversation).turns
        system = (Message(role="system", content=prompt.system),) if prompt.system else ()
        return (*system, *turns)
    filled = _template(prompt.user)(
        {**request, "feature": feature, "locale": locale, "input": request}
    )
    if prompt.form == "completion":
        return (Message(role="user", content=filled),)
    messages = [Message(role="system", content=prompt.system)] if prompt.system else []
    for shot in prompt.shots:
        messages.append(Message(role="user", content=shot.user))
        messages.append(Message(role="assistant", content=shot.assistant))
    if prompt.data and mark:
        # The delimiter stands last: what comes before is the same each time, and partners cache it.
        told = _template(prompt.data)({"mark": mark})
        filled = f"{told}\n{marked(filled, mark)}"
    return (*messages, Message(role="user", content=filled))


def rendered_repair(prompt: Prompt, reasons: Sequence[str]) -> str:
    """Return the request to answer again, for the *reasons* that an answer was not accepted."""
    return _template(prompt.repair)({"reasons": list(reasons)})


def require_sound_prompt(prompt: Prompt, example: Mapping[str, object], path: Path) -> None:
    """Render *prompt* once with the pack's example, so that a bad template fails when it is read.

    Raises:
        Malformed: the template has a mistake, or names a field that the input lacks.
    """
    try:
        rendered(prompt, "", "", example, "0" * 16)
        rendered_repair(prompt, ["a reason"])
    except (KeyError, msgspec.ValidationError):
        raise Malformed(
            f"`conversation` is `{prompt.conversation}`, which holds no turns", path=path
        ) from None
    except jinja2.TemplateError as error:
        raise Malformed(f"a template does not render: {error}", path=path) from None
    if prompt.form == "completion" and (
        prompt.system or prompt.shots or prompt.repair or prompt.data or prompt.conversation
    ):
        raise Malformed("a completion prompt holds all that it says in `user`", path=path)

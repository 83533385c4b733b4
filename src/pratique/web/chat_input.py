"""From a chat request to the input of the feature that it names."""

from collections.abc import Mapping, Sequence

import msgspec

from pratique.features.fields import required, text_field, unsaid
from pratique.features.packs import Pack, properties
from pratique.people.consents import FIELD
from pratique.rollout.gate import Context
from pratique.web.chat_shapes import ChatMessage, ChatRequest, FunctionOffer
from pratique.web.jobs import Wanted
from pratique.web.problems import SHAPES, Problem
from pratique.web.service import Service

LOCALE = "Pratique-Locale"
"""Header with the locale to answer in; `metadata.locale` does as well."""

CONSENT = "Pratique-Consent"
"""Header with the consent token, for a feature to which the user must agree."""


_LOCALE, _CONSENT = LOCALE.lower(), CONSENT.lower()

_MOST_TOKENS = 100_000
"""More are never asked for: the feature's own limit is far below."""


def wanted_of(service: Service, request: ChatRequest, headers: Mapping[str, str]) -> Wanted:
    """Return what *request* asks of the feature that its `model` names.

    Raises:
        Problem: there is no such feature, no locale, or something that the feature does not take.
    """
    pack = service.packs.get(request.model)
    metadata = request.metadata or {}
    locale = headers.get(_LOCALE) or metadata.get("locale")
    if pack is None:
        raise Problem(
            "unknown_feature",
            "`model` names no feature",
            f"features: {', '.join(service.packs)}",
        )
    if not locale:
        raise Problem(
            "unsupported_locale",
            "nothing says in which locale to answer",
            f"send the header `{LOCALE}` or `metadata.locale`",
        )
    if request.n not in (None, 1):
        raise _not_taken("n", "one answer is given")
    field = service.conversing[pack.id]
    made = conversation(request, field) if field else _single(request, pack, locale)
    token = headers.get(_CONSENT)
    return Wanted(
        feature=pack.id,
        locale=locale,
        input={**made, FIELD: token} if token else made,
        context=_context(metadata),
    )


def conversation(request: ChatRequest, field: str) -> dict[str, object]:
    """Return the input that *request* is, its turns under *field*: what a consent is for."""
    made: dict[str, object] = {field: [_turn(one) for one in request.messages]}
    if request.tools:
        made["tools"] = [_tool(one.function) for one in request.tools]
        if request.tool_choice is not None:
            if request.tool_choice not in ("auto", "none", "required"):
                raise _not_taken("tool_choice", "it is `auto`, `none` or `required`")
            made["tool_choice"] = request.tool_choice
    wished = request.response_format
    if wished is not None:
        schema = wished.json_schema.schema_ if wished.json_schema else None
        if wished.type == "json_schema" and schema is None:
            raise _not_taken("response_format", "`json_schema` has no `schema`")
        made["response_format"] = {"type": wished.type} | ({"schema": schema} if schema else {})
    most = request.max_completion_tokens or request.max_tokens
    if most is not None:
        made["max_tokens"] = min(int(most), _MOST_TOKENS)
    return made


def _tool(offer: FunctionOffer) -> dict[str, object]:
    made: dict[str, object] = {"name": offer.name}
    if offer.description is not None:
        made["description"] = offer.description
    if offer.parameters is not None:
        made["parameters"] = offer.parameters
    return made


def _turn(message: ChatMessage) -> dict[str, object]:
    role = "system" if message.role == "developer" else message.role
    turn: dict[str, object] = {"role": role, "content": _text(message)}
    if message.tool_calls:
        turn["tool_calls"] = [
            {"id": one.id, "name": one.function.name, "arguments": one.function.arguments}
            for one in message.tool_calls
        ]
    if message.tool_call_id:
        turn["tool_call_id"] = message.tool_call_id
    return turn


def _single(request: ChatRequest, pack: Pack, locale: str) -> dict[str, object]:
    """Return the input that the last message is: an object of its fields, or its main text.

    Choices and numbers beside the text are as in the pack's example, unless `metadata` says
    otherwise; other required fields must stand in `metadata`.
    """
    if request.tools:
        raise _not_taken("tools", f"`{pack.id}` knows no tools")
    if request.response_format is not None and request.response_format.type == "json_schema":
        raise _not_taken("response_format", f"`{pack.id}` has a schema of its own: `json_object`")
    text = _last(request.messages)
    if text.lstrip().startswith("{"):
        try:
            fields = msgspec.json.decode(text, type=dict[str, object])
        except (msgspec.DecodeError, RecursionError):
            fields = {}  # Text that begins with a brace is text like any other.
        if fields and set(fields) <= set(properties(pack.input_schema)):
            return fields
    field = text_field(pack.input_schema)
    if not field:
        raise Problem(
            "invalid_request",
            f"`{pack.id}` takes no plain text",
            "send its input as a JSON object in the last message",
        )
    metadata = request.metadata or {}
    missing = [name for name in unsaid(pack.input_schema) if name not in metadata]
    if missing:
        raise Problem(
            "invalid_request",
            f"`{pack.id}` needs `{missing[0]}` beside the text",
            f"send `metadata.{missing[0]}`, or the input as a JSON object in the last message",
        )
    example = pack.file.example.get(locale, {})
    made: dict[str, object] = {field: text}
    for name in required(pack.input_schema):
        if name != field:
            made[name] = metadata.get(name, example.get(name))
    return made


def _last(messages: Sequence[ChatMessage]) -> str:
    for message in reversed(messages):
        if message.role == "user" and _text(message):
            return _text(message)
    raise Problem("invalid_request", "`messages` holds no words of a user", SHAPES)


def _text(message: ChatMessage) -> str:
    content = message.content
    if isinstance(content, list):
        return "".join(part.text for part in content)
    return content or ""


def _context(metadata: Mapping[str, str]) -> Context | None:
    """Return the device's context, if *metadata* states one."""
    if not metadata:
        return None
    stated = {name: metadata[name] for name in Context.__struct_fields__ if name in metadata}
    if not stated:
        return None
    try:
        return msgspec.convert(stated, Context)
    except msgspec.ValidationError as error:
        raise Problem(
            "invalid_request", "`metadata` states the device's context in part", SHAPES
        ) from error


def _not_taken(name: str, why: str) -> Problem:
    return Problem("invalid_request", f"`{name}` is not taken: {why}", SHAPES)

"""The OpenAPI document: every address, each feature with the schemas of its own input and output."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from pratique import __version__
from pratique.features.fields import conversation_field, text_field, unsaid
from pratique.features.packs import Pack
from pratique.partners.contract import Usage
from pratique.people.api_keys import list_keys
from pratique.rollout.gate import Context
from pratique.web.access import TOKEN_HEADER
from pratique.web.chat_input import CONSENT, LOCALE
from pratique.web.chat_shapes import (
    ChatProblem,
    ChatRequest,
    Chunk,
    Completion,
    ListedModel,
    ModelList,
)
from pratique.web.envelopes import Delta, Envelope, EventName, Meta, Retract
from pratique.web.exchange import CLIENT_REQUEST_ID, EVENTS, JSON, REQUEST_ID
from pratique.web.features import Availability
from pratique.web.feedback import Counted, Feedback
from pratique.web.flights import HEADER as KEY
from pratique.web.flights import MOST_CHARACTERS
from pratique.web.health import Health, Manifest
from pratique.web.jobs import DEADLINE, DEADLINE_PATTERN
from pratique.web.ofrep import Evaluation, FlagProblem, Flags
from pratique.web.ofrep import Flag as EvaluatedFlag
from pratique.web.problems import MEDIA_TYPE, ProblemDocument
from pratique.web.service import Service

Node = dict[str, Any]
"""A part of the document."""

_TYPES = (
    Availability,
    ChatProblem,
    ChatRequest,
    Chunk,
    Completion,
    Context,
    Counted,
    Delta,
    Envelope,
    EvaluatedFlag,
    Evaluation,
    Feedback,
    FlagProblem,
    Flags,
    Health,
    ListedModel,
    Manifest,
    Meta,
    ModelList,
    ProblemDocument,
    Retract,
    Usage,
)

_EVENTS: Mapping[EventName, str] = {
    "meta": "Meta",
    "delta": "Delta",
    "usage": "Usage",
    "final": "Envelope",
    "retract": "Retract",
    "error": "ProblemDocument",
}
"""What the data of each event are."""

_SAID: Mapping[int, str] = {
    400: "The request is not of its shape, or asks for something that is not offered.",
    401: "There is no API key or device token that opens this.",
    403: "The feature is off for this device; `code` says why.",
    404: "There is nothing of this name.",
    405: "The address takes another method.",
    409: "Another request with this key is running.",
    413: "The request is larger than what is taken.",
    415: "The body is not JSON by its header.",
    429: "Too much is asked; `Retry-After` says when to come again.",
    500: "The service failed.",
    503: "The partner or the service is in trouble; `Retry-After` says when to come again.",
}

_ASKING = (400, 401, 403, 404, 409, 413, 415, 429, 500, 503)
_READING = (400, 401, 403, 404, 405, 500, 503)


def document(service: Service) -> Node:
    """Return the document for the features and locales that *service* has."""
    _, components = msgspec.json.schema_components(
        _TYPES, ref_template="#/components/schemas/{name}", schema_hook=_anything
    )
    with service.opened.database.connect() as connection:
        keyed = bool(list_keys(connection))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "pratique",
            "version": __version__,
            "description": "AI features that a market has approved, and nothing else.",
        },
        "paths": dict(_paths(service)),
        "components": {
            "schemas": components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        # Without any API key only this machine can reach the service, and needs none.
        "security": [{"key": []}] if keyed else [{}],
    }


def _anything(_type: type) -> Node:
    return {"description": "Any JSON."}


def _paths(service: Service) -> Iterator[tuple[str, Node]]:
    for pack in service.packs.values():
        locales = [one for one in service.rules.market.locales if one in pack.locales]
        yield f"/v1/features/{pack.id}", {"post": _feature(pack, locales)}
    yield "/v1/features/{feature}/availability", {"get": _availability(service)}
    yield "/v1/chat/completions", {"post": _chat(service)}
    yield "/v1/models", {"get": _get("List the features that are on", "ModelList", chat=True)}
    named = _get("Say of one feature that it is on", "ListedModel", chat=True)
    yield (
        "/v1/models/{model}",
        {"get": named | {"parameters": [_path("model", list(service.packs))]}},
    )
    yield "/v1/feedback", {"post": _feedback()}
    yield "/ofrep/v1/evaluate/flags", {"post": _flags()}
    yield "/ofrep/v1/evaluate/flags/{key}", {"post": _flag(service)}
    yield "/health/live", {"get": _get("Is the process alive?", "Health", open_=True)}
    yield "/health/ready", {"get": _get("Can it serve?", "Health", open_=True)}
    yield "/metrics", {"get": _metrics()}
    yield "/.well-known/pratique", {"get": _get("What runs here", "Manifest", open_=True)}


def _feature(pack: Pack, locales: Sequence[str]) -> Node:
    """Describe the address of one feature."""
    fields = {
        "input": _plain(pack.input_schema),
        "locale": {"enum": list(locales)},
        "context": {"anyOf": [_ref("Context"), {"type": "null"}]},
    }
    body: Node = {
        "type": "object",
        "properties": fields,
        "required": ["input", "locale"],
        "additionalProperties": False,
    }
    example = pack.file.example.get(locales[0]) if locales else None
    content: Node = {"schema": body}
    if example is not None:
        content["example"] = {"input": example, "locale": locales[0]}
    output = {"properties": {"output": {"anyOf": [_plain(pack.output_schema), {"type": "null"}]}}}
    return {
        "operationId": pack.id,
        "summary": pack.file.name.get("en", pack.id),
        "description": pack.file.about,
        "parameters": [*_common(), _header(TOKEN_HEADER, _TOKEN_SAID, _TOKEN)],
        "requestBody": {"required": True, "content": {JSON: content}},
        "responses": {
            "200": {
                "description": "The envelope; as events `meta`, `delta`, `usage`, `final` and"
                " `retract` where events are accepted.",
                "headers": _HEADERS,
                "content": {
                    JSON: {"schema": {"allOf": [_ref("Envelope"), output]}},
                    EVENTS: {"schema": {"oneOf": [_event(*one) for one in _EVENTS.items()]}},
                },
            },
            **_problems(_ASKING, "ProblemDocument", MEDIA_TYPE),
        },
    }


def _availability(service: Service) -> Node:
    stated = [
        _query(name, f"`{name}` of the device's context", {"type": "string"}, required=False)
        for name in Context.__struct_fields__
    ]
    locale = _query("locale", "Locale to answer in", {"enum": list(service.rules.market.locales)})
    return {
        "operationId": "availability",
        "summary": "Would a feature answer?",
        "parameters": [
            _path("feature", list(service.packs)),
            locale,
            *stated,
            _header(TOKEN_HEADER, _TOKEN_SAID, _TOKEN),
        ],
        "responses": {
            "200": _json("What was found", "Availability"),
            **_problems(_READING, "ProblemDocument", MEDIA_TYPE),
        },
    }


def _chat(service: Service) -> Node:
    packs = service.packs.values()
    talks = [pack.id for pack in packs if conversation_field(pack.input_schema)]
    texts = [
        pack.id for pack in packs if text_field(pack.input_schema) and not unsaid(pack.input_schema)
    ]
    user = {"role": {"const": "user"}, "content": {"type": "string", "minLength": 1}}
    last = {"messages": {"minItems": 1, "contains": {"properties": user, "required": [*user]}}}
    free = {"properties": {"type": {"enum": ["text", "json_object"]}}}
    plain = {
        "properties": {
            "model": {"enum": texts},
            "tools": {"maxItems": 0},
            "response_format": free,
            "n": {"enum": [1, None]},
            **last,
        },
        "required": ["model"],
    }
    schema_ = {"required": ["schema"], "properties": {"schema": {"type": "object"}}}
    by_schema = {
        "properties": {"type": {"const": "json_schema"}, "json_schema": schema_},
        "required": ["json_schema"],
    }
    talk = {
        "properties": {
            "model": {"enum": talks},
            "n": {"enum": [1, None]},
            "messages": {"minItems": 1},
            "tool_choice": {"enum": ["auto", "none", "required", None]},
            "response_format": {"anyOf": [{"type": "null"}, free, by_schema]},
        }
    }
    kinds = [*([talk] if talks else []), *([plain] if texts else [])]
    schema = {"allOf": [_ref("ChatRequest"), {"anyOf": kinds} if kinds else {}]}
    locale = {"enum": list(service.rules.market.locales)}
    chunk = {"type": "string", "anyOf": [{"const": "[DONE]"}, _encoded("Chunk")]}
    return {
        "operationId": "chat",
        "summary": "Ask a feature as a chat model",
        "description": "`model` names a feature. A feature that is no conversation takes the last"
        " message of the user as its main text, or as a JSON object of its input.",
        "parameters": [
            _header(LOCALE, "Locale to answer in; `metadata.locale` does as well", locale),
            _header(CONSENT, "Consent token, where the user must agree", {"type": "string"}),
            _header(TOKEN_HEADER, _TOKEN_SAID, _TOKEN),
            *_common(),
        ],
        "requestBody": {"required": True, "content": {JSON: {"schema": schema}}},
        "responses": {
            "200": {
                "description": "The answer; as chunks where a stream is asked for.",
                "headers": _HEADERS,
                "content": {
                    JSON: {"schema": _ref("Completion")},
                    EVENTS: {"schema": {"type": "object", "properties": {"data": chunk}}},
                },
            },
            **_problems(_ASKING, "ChatProblem", JSON),
        },
    }


def _feedback() -> Node:
    return {
        "operationId": "feedback",
        "summary": "Say what a user thought of an answer",
        "requestBody": _body("Feedback"),
        "responses": {
            "200": _json("What became of it", "Counted"),
            **_problems((400, 401, 404, 413, 415, 500, 503), "ProblemDocument", MEDIA_TYPE),
        },
    }


def _flags() -> Node:
    tag = {"ETag": {"schema": {"type": "string"}, "description": "Name of this set of values"}}
    done = _json("All flags", "Flags")
    return {
        "operationId": "flags",
        "summary": "Evaluate every feature and locale as a flag (OFREP)",
        "parameters": [
            _header("If-None-Match", "An `ETag` that is known", {"type": "string"}),
            _header(TOKEN_HEADER, _TOKEN_SAID, _TOKEN),
        ],
        "requestBody": _body("Evaluation", _CONTEXT),
        "responses": {
            "200": done | {"headers": done["headers"] | tag},
            "304": {"description": "Nothing has changed."},
            **_problems((400, 401, 403, 413, 429, 500, 503), "FlagProblem", JSON),
        },
    }


def _flag(service: Service) -> Node:
    market = service.rules.market
    keys = [f"{feature}.{locale}" for feature in market.features for locale in market.locales]
    return {
        "operationId": "flag",
        "summary": "Evaluate one feature and locale as a flag (OFREP)",
        "parameters": [_path("key", keys), _header(TOKEN_HEADER, _TOKEN_SAID, _TOKEN)],
        "requestBody": _body("Evaluation", _CONTEXT),
        "responses": {
            "200": _json("The flag", "Flag"),
            **_problems((400, 401, 403, 404, 413, 429, 500, 503), "FlagProblem", JSON),
        },
    }


def _metrics() -> Node:
    return {
        "operationId": "metrics",
        "summary": "What Prometheus reads; an operator's, where there are keys",
        "responses": {
            "200": {
                "description": "Counters, gauges and histograms, as `docs/telemetry.md` lists them.",
                "headers": _HEADERS,
                "content": {"text/plain": {"schema": {"type": "string"}}},
            },
            **_problems((401, 403, 500, 503), "ProblemDocument", MEDIA_TYPE),
        },
    }


_TOKEN: Node = {"type": "string", "minLength": 1, "maxLength": 2000}
_TOKEN_SAID = "Token by which the maker vouches for the device"  # noqa: S105  (words about one)

_NAME: Node = {"schema": {"type": "string"}, "description": "Our name for the request"}
_HEADERS: Node = {REQUEST_ID: _NAME}
_WAIT: Node = {
    "schema": {"type": "integer", "minimum": 1},
    "description": "Seconds to wait before the next try",
}

_CONTEXT: Node = {
    "type": "object",
    "properties": {
        "context": {
            "type": "object",
            "properties": {
                "targetingKey": {"type": "string", "minLength": 1},
                **{
                    name: {"type": "string"}
                    for name in Context.__struct_fields__
                    if name != "targeting_key"
                },
            },
            "required": ["targetingKey"],
            "description": "Without a device token `device_region` and `account_region` are needed.",
        }
    },
    "required": ["context"],
}


def _common() -> list[Node]:
    """Return the headers that whoever asks a feature may send."""
    key = {"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS}
    wait = {"type": "string", "pattern": f"^{DEADLINE_PATTERN}$"}
    return [
        _header(KEY, "The same request sent again while it runs gets the one answer", key),
        _header(
            DEADLINE,
            "Seconds that the client will wait",
            wait,
        ),
        _header(CLIENT_REQUEST_ID, "The client's own name for it, given back", {"type": "string"}),
    ]


def _get(summary: str, name: str, *, chat: bool = False, open_: bool = False) -> Node:
    shape = ("ChatProblem", JSON) if chat else ("ProblemDocument", MEDIA_TYPE)
    codes = (500, 503) if open_ else (401, 404, 500, 503)
    found: Node = {
        "operationId": summary,
        "summary": summary,
        "responses": {"200": _json("What was found", name), **_problems(codes, *shape)},
    }
    return found | {"security": [{}]} if open_ else found


def _body(name: str, further: Node | None = None) -> Node:
    schema = {"allOf": [_ref(name), further]} if further else _ref(name)
    return {"required": True, "content": {JSON: {"schema": schema}}}


def _json(description: str, name: str) -> Node:
    return {
        "description": description,
        "headers": _HEADERS,
        "content": {JSON: {"schema": _ref(name)}},
    }


def _problems(codes: Sequence[int], name: str, media_type: str) -> Node:
    return {
        str(code): {
            "description": _SAID[code],
            "headers": _HEADERS | ({"Retry-After": _WAIT} if code in (409, 429, 503) else {}),
            "content": {media_type: {"schema": _ref(name)}},
        }
        for code in codes
    }


def _event(event: str, name: str) -> Node:
    """Describe one server-sent event, whose data are JSON of the type *name*."""
    return {
        "type": "object",
        "properties": {"event": {"const": event}, "data": _encoded(name)},
        "required": ["event", "data"],
    }


def _encoded(name: str) -> Node:
    return {"type": "string", "contentMediaType": JSON, "contentSchema": _ref(name)}


def _ref(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}


def _plain(schema: Mapping[str, object]) -> Node:
    """Return a schema without the line that says which draft it is of."""
    return {name: value for name, value in schema.items() if name != "$schema"}


def _path(name: str, values: Sequence[str]) -> Node:
    return {"name": name, "in": "path", "required": True, "schema": {"enum": list(values)}}


def _query(name: str, description: str, schema: Node, *, required: bool = True) -> Node:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": schema,
    }


def _header(name: str, description: str, schema: Node) -> Node:
    return {
        "name": name,
        "in": "header",
        "required": name == LOCALE,
        "description": description,
        "schema": schema,
    }

"""Default answers: what a stand-in says to a request when no scenario is played."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from pratique.partners.catalogue import ModelEntry
from pratique.partners.standins import native, shapes
from pratique.partners.standins.asked import Asked
from pratique.partners.standins.faults import Fault, Kind, body_of, fault, flat_body_of
from pratique.partners.standins.manners import manners_of
from pratique.partners.standins.objections import OPEN_QWEN, Situation, object_to
from pratique.partners.standins.routes import Route
from pratique.partners.standins.said import Said, say
from pratique.partners.standins.scripts import EVENTS, JSON, Script
from pratique.partners.standins.shapes import Stamp
from pratique.partners.standins.wire import Seen

Fields: TypeAlias = dict[str, object]


class Answers:
    """Answers every request in one dialect, from the request alone."""

    def __init__(self, dialect: str, key: str, models: Sequence[ModelEntry]) -> None:
        self._dialect = dialect
        self._manners = manners_of(dialect)
        self._key = key
        self._models = {model.upstream or model.id: model for model in models}

    def allows(self, seen: Seen) -> bool:
        """Whether *seen* carries the key, where one is needed."""
        if seen.path in self._manners.open or (self._manners.self_hosted and not self._key):
            return True
        return seen.headers.get("authorization") == f"Bearer {self._key}"

    def headers(self, seen: Seen, number: int) -> dict[str, str]:
        """Return the headers of the answer to *seen*, beside its type and length."""
        manners, headers = self._manners, dict(self._manners.headers)
        if manners.id_header:
            headers[manners.id_header] = self._stamp(number).named("{uuid}")
        sent = seen.headers.get(manners.id_back)
        if sent is not None:
            headers[manners.id_back] = sent
        return headers

    def refuse(self, kind: Kind, route: Route, seen: Seen, number: int) -> Script:
        """Return the fault of *kind*."""
        return self._faulty(fault(self._dialect, kind, model=route.name), route, seen, number)

    def answer(self, route: Route, seen: Seen, number: int) -> Script:
        """Return the answer to *seen*, which came by *route*."""
        match route.purpose:
            case "nothing":
                return self.refuse("route", route, seen, number)
            case "health":
                return self._health()
            case "token":
                return self._sent(_token(self._key), seen, number)
            case "models":
                return self._sent(self._listed(), seen, number)
            case "model" if route.name in self._models:
                return self._sent(self._entry(route.name), seen, number)
            case "model":
                return self.refuse("model", route, seen, number)
        return self._spoken(route, seen, number)

    # -- answers of a model

    def _spoken(self, route: Route, seen: Seen, number: int) -> Script:
        if not isinstance(seen.body, Mapping):
            return self.refuse("json", route, seen, number)
        try:
            asked, manner = _read(route, seen)
        except msgspec.ValidationError as error:
            wrong = fault(self._dialect, "invalid", str(error))
            return self._faulty(wrong, route, seen, number)
        if not self._knows(asked.model):
            return self.refuse("model", Route(route.purpose, asked.model), seen, number)
        thinking = self._thinks(asked)
        objection = object_to(self._dialect, Situation(asked, thinking, self._sees(asked.model)))
        if objection is not None:
            return self._faulty(objection, route, seen, number)
        holds = self._manners.limit_holds_thoughts
        said = say(asked, thinking=thinking, limit_holds_thoughts=holds)
        shaped = _shaped(said, self._stamp(number, asked.model), asked, route, manner)
        if isinstance(shaped, dict):
            return self._sent(shaped, seen, number)
        return self._streamed(shaped, seen, number)

    def _sees(self, model: str) -> bool | None:
        entry = self._models.get(model)
        return entry.capabilities.pictures if entry else None

    def _knows(self, model: str) -> bool:
        """Endpoints are known by any name, and everything is where no model is listed."""
        by_endpoint = self._dialect in ("bytedance", "tencent") and model.startswith("ep-")
        return model in self._models or by_endpoint or (bool(model) and not self._models)

    def _thinks(self, asked: Asked) -> bool:
        entry = self._models.get(asked.model)
        can = entry.capabilities if entry else None
        if asked.model.startswith("qwq") or (can and can.thinking == "always"):
            return True
        if can and can.thinking == "never":
            return False
        said = _switch(self._manners.switch, asked)
        if said is not None:
            return said
        if can and can.thinking_by_default is not None:
            return can.thinking_by_default
        return asked.model.startswith(self._manners.thinks) or bool(OPEN_QWEN.match(asked.model))

    # -- other answers

    def _health(self) -> Script:
        if self._dialect == "llamacpp":
            return Script(headers={"content-type": JSON}, body=b'{"status":"ok"}')
        text = b"Ollama is running" if self._dialect == "ollama" else b""
        return Script(headers={"content-type": "text/plain; charset=utf-8"}, body=text)

    def _listed(self) -> Fields:
        entries = [self._entry(name) for name in self._models]
        return {"object": "list", "data": entries}

    def _entry(self, name: str) -> Fields:
        entry: Fields = {"id": name, "object": "model", "owned_by": self._manners.owner}
        if self._dialect != "deepseek":
            entry["created"] = _OPENED
        if self._dialect == "vllm":
            entry |= {"root": name, "max_model_len": self._models[name].limits.context_tokens}
        return entry

    # -- scripts

    def _stamp(self, number: int, model: str = "") -> Stamp:
        return Stamp(self._dialect, self._manners, number, int(time.time()), model)

    def _faulty(self, found: Fault, route: Route, seen: Seen, number: int) -> Script:
        request_id = self._stamp(number).named("{uuid}")
        name = self._stamp(number).id if self._dialect == "baidu" else request_id
        flat = flat_body_of(found, request_id)
        body = flat if route.native else body_of(found, self._dialect, name)
        return self._sent(body, seen, number, status=found.status)

    def _sent(self, body: Fields, seen: Seen, number: int, *, status: int = 200) -> Script:
        # A partner that waits aloud sends blank lines before an answer in one piece.
        blank = b"\n" if self._manners.waits_aloud else b""
        headers = {"content-type": JSON, **self.headers(seen, number)}
        return Script(status=status, headers=headers, body=blank + msgspec.json.encode(body))

    def _streamed(self, events: Iterable[bytes], seen: Seen, number: int) -> Script:
        headers = {"content-type": EVENTS, **self.headers(seen, number)}
        return Script(headers=headers, events=tuple(events))


_OPENED = 1_777_593_600
"""When every model is said to have been made: 2026-05-01."""


def _read(route: Route, seen: Seen) -> tuple[Asked, native.Manner | None]:
    if not route.native:
        return msgspec.convert(seen.body, Asked), None
    stream = seen.headers.get("x-dashscope-sse") == "enable"
    return native.read(seen.raw, stream=stream, multimodal=route.purpose == "native_parts")


def _shaped(
    said: Said, stamp: Stamp, asked: Asked, route: Route, manner: native.Manner | None
) -> Fields | Iterable[bytes]:
    """Return the body of an answer in one piece, or the events of a stream."""
    if manner is not None:
        make = native.events if asked.stream else native.plain
        return make(said, stamp, manner)
    if route.purpose == "completion":
        if asked.stream:
            return shapes.completion_events(said, stamp, asked)
        return shapes.plain_completion(said, stamp)
    return shapes.events(said, stamp, asked) if asked.stream else shapes.plain(said, stamp)


def _switch(switch: str, asked: Asked) -> bool | None:
    """Return what the request says of thinking; None where it says nothing.

    Where the choice is the model's own (`auto`, `adaptive`) it does not think.
    """
    if switch == "enable_thinking":
        return asked.enable_thinking
    if switch == "thinking_type":
        return asked.thinking.type == "enabled" if asked.thinking else None
    if switch == "chat_template":
        said = (asked.chat_template_kwargs or {}).get("enable_thinking")
        return said if isinstance(said, bool) else None
    return None if asked.reasoning_effort is None else asked.reasoning_effort != "none"


def _token(key: str) -> Fields:
    now = time.time()
    form = "%Y-%m-%dT%H:%M:%SZ"
    made, ends = (time.strftime(form, time.gmtime(at)) for at in (now, now + 3600))
    return {"token": key, "status": "enable", "createTime": made, "expireTime": ends}

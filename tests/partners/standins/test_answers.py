"""Tests of what a stand-in says by default, in each dialect."""

import asyncio
from collections.abc import Mapping, Sequence

import msgspec
import pytest

from pratique.partners.catalogue import ModelEntry, packaged, read_partners
from pratique.partners.standins.manners import MANNERS
from pratique.partners.standins.server import StandIn
from tests.partners.standins.asking import HELLO, Heard, ask, connected, model

DIALECTS = list(MANNERS)
HOSTED = [name for name, manners in MANNERS.items() if manners.self_hosted]
STREAM = {"stream": True, "stream_options": {"include_usage": True}}
OFF = {
    "enable_thinking": False,
    "thinking": {"type": "disabled"},
    "chat_template_kwargs": {"enable_thinking": False},
    "reasoning_effort": "none",
}
ON = {
    "enable_thinking": True,
    "thinking": {"type": "enabled"},
    "chat_template_kwargs": {"enable_thinking": True},
    "reasoning_effort": "high",
}
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": CITY}}


def user(text: object) -> dict[str, object]:
    return {"role": "user", "content": text}


def heard(dialect: str, body: object, models: Sequence[ModelEntry] = (), **more: str) -> Heard:
    async def check() -> Heard:
        async with StandIn(dialect, models=models) as one:
            return await ask(one, body, **more)

    return asyncio.run(check())


def choice(answer: Heard) -> dict[str, object]:
    return msgspec.convert(answer.data["choices"], list[dict[str, object]])[0]


def message(answer: Heard) -> dict[str, object]:
    return msgspec.convert(choice(answer)["message"], dict[str, object])


def deltas(answer: Heard) -> list[dict[str, object]]:
    choices = [
        msgspec.convert(event["choices"], list[dict[str, object]]) for event in answer.events
    ]
    return [msgspec.convert(one["delta"], dict[str, object]) for some in choices for one in some]


def joined(answer: Heard, field: str) -> str:
    return "".join(str(delta.get(field) or "") for delta in deltas(answer))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_answer_follows_from_the_last_message(dialect: str) -> None:
    body = {"model": "m", "messages": [user("first"), user("你好 there")], **OFF, "unheard_of": 1}
    answer = heard(dialect, body)
    assert (answer.status, answer.data["model"]) == (200, "m")
    assert answer.data["object"] == "chat.completion"
    assert (message(answer)["content"], choice(answer)["finish_reason"]) == (
        "你说：你好 there",
        "stop",
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stream_says_the_same_in_pieces(dialect: str) -> None:
    """Thoughts first, then text, then the usage with no choice, then the end."""
    field = MANNERS[dialect].reasoning
    whole = heard(dialect, {**HELLO, **ON})
    pieces = heard(dialect, {**HELLO, **ON, **STREAM})
    assert joined(pieces, "content") == message(whole)["content"] == "You said: hello there"
    assert joined(pieces, field) == message(whole)[field] != ""
    kinds = [field if delta.get(field) else "content" for delta in deltas(pieces)[1:-1]]
    assert kinds == sorted(kinds, key=lambda kind: kind != field)
    assert (pieces.events[-1]["choices"], pieces.events[-1]["usage"]) == ([], whole.data["usage"])
    assert pieces.body.endswith(b"data: [DONE]\n\n")
    assert pieces.body.startswith(b": keep-alive\n\n") == (dialect == "deepseek")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_thinking_is_switched_where_the_dialect_switches_it(dialect: str) -> None:
    """A switch of another dialect does nothing."""
    field = MANNERS[dialect].reasoning
    switch = {"thinking_type": "thinking", "chat_template": "chat_template_kwargs"}
    own = switch.get(MANNERS[dialect].switch, MANNERS[dialect].switch)
    assert field not in message(heard(dialect, {**HELLO, **ON, own: OFF[own]}))
    assert field in message(heard(dialect, {**HELLO, **OFF, own: ON[own]}))


def test_thinking_by_default_is_the_dialects_or_the_models() -> None:
    def thinks(dialect: str, name: str, *models: ModelEntry) -> bool:
        return "reasoning_content" in message(heard(dialect, {**HELLO, "model": name}, models))

    assert thinks("deepseek", "deepseek-flash")
    assert thinks("bytedance", "doubao-seed-2-1-pro-260915")
    assert not thinks("baidu", "ernie-5.0")
    assert thinks("baidu", "m", model("m", thinking="always"))
    assert thinks("tencent", "m", model("m", thinking_by_default=True))
    assert not thinks("deepseek", "m", model("m", thinking="never"))


@pytest.mark.parametrize("dialect", ["baidu", "bytedance"])
def test_running_usage_grows_to_the_whole(dialect: str) -> None:
    """Totals so far, not parts: summing them would count twice."""
    options = {"include_usage": True, "chunk_include_usage": True}
    answer = heard(dialect, {**HELLO, "stream": True, "stream_options": options})
    usages = [msgspec.convert(event["usage"], dict[str, object]) for event in answer.events]
    totals = [msgspec.convert(usage["total_tokens"], int) for usage in usages]
    assert totals == sorted(totals)
    assert len(set(totals)) > 2


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_limit_cuts_the_answer(dialect: str) -> None:
    answer = heard(
        dialect, {"model": "m", "messages": [user("一二三四五")], **OFF, "max_tokens": 5}
    )
    assert (message(answer)["content"], choice(answer)["finish_reason"]) == ("你说：一二", "length")
    assert heard(dialect, {**HELLO, "max_tokens": 0}).status == 400


def test_an_answer_ends_before_a_stop() -> None:
    answer = heard("vllm", {**HELLO, "stop": ["there", "said: h"]})
    assert (message(answer)["content"], choice(answer)["finish_reason"]) == ("You ", "stop")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "chosen", ["required", {"type": "function", "function": {"name": "get_weather"}}]
)
def test_a_tool_that_must_be_used_is(dialect: str, chosen: object) -> None:
    body = {**HELLO, **OFF, "tools": [WEATHER], "tool_choice": chosen}
    whole = heard(dialect, body)
    assert (choice(whole)["finish_reason"], message(whole)["content"]) == ("tool_calls", None)
    call = msgspec.convert(
        message(whole)["tool_calls"], list[dict[str, dict[str, str] | str | int]]
    )[0]
    assert call["function"] == {"name": "get_weather", "arguments": '{"city":"text"}'}
    calls = [
        delta["tool_calls"]
        for delta in deltas(heard(dialect, {**body, **STREAM}))
        if "tool_calls" in delta
    ]
    pieces = [
        one
        for some in calls
        for one in msgspec.convert(some, list[dict[str, dict[str, str] | str | int]])
    ]
    functions = [msgspec.convert(piece["function"], dict[str, str]) for piece in pieces]
    assert "".join(one["arguments"] for one in functions) == '{"city":"text"}'
    assert (len(functions) > 2, functions[0]["name"]) == (True, "get_weather")


def test_a_tool_is_used_when_the_user_names_it() -> None:
    named = {"model": "m", "messages": [user("please get_weather")], "tools": [WEATHER]}
    assert choice(heard("vllm", named))["finish_reason"] == "tool_calls"
    assert choice(heard("vllm", {**named, "tool_choice": "none"}))["finish_reason"] == "stop"
    assert choice(heard("vllm", {**HELLO, "tools": [WEATHER]}))["finish_reason"] == "stop"


def test_an_answer_is_json_when_json_is_asked_for() -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "n", "schema": CITY}}
    text = message(heard("alibaba", {**HELLO, "response_format": schema}))["content"]
    assert msgspec.json.decode(str(text)) == {"city": "text"}
    body = {"model": "m", "messages": [user("as JSON")], "response_format": {"type": "json_object"}}
    for dialect in ("alibaba", "deepseek", "vllm"):
        text = message(heard(dialect, body))["content"]
        assert msgspec.json.decode(str(text)) == {"text": "as JSON"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_pictures_are_counted_and_their_kind_is_named(dialect: str) -> None:
    link = {"url": "data:image/webp;base64,AAAA"}
    parts = [{"type": "text", "text": "look"}, {"type": "image_url", "image_url": link}]
    answer = heard(dialect, {"model": "m", "messages": [user([*parts, parts[1]])], **OFF})
    said = "I see 2 picture(s): image/webp, image/webp. You said: look"
    assert message(answer)["content"] == said


@pytest.mark.parametrize("dialect", DIALECTS)
def test_models_are_those_of_the_catalogue(dialect: str) -> None:
    async def check() -> list[dict[str, object]]:
        async with StandIn(dialect) as one, connected(one) as client:
            client.request(one, "GET", "/models")
            data = (await client.hear()).data["data"]
            client.request(one, "GET", "/models/no-such")
            assert (await client.hear()).status in (400, 404)
            client.request(one, "GET", "/chat/completions")
            assert (await client.hear()).status == 404
            return msgspec.convert(data, list[dict[str, object]])

    entries = read_partners([packaged()])[dialect].models
    assert [one["id"] for one in asyncio.run(check())] == [
        one.upstream or one.id for one in entries
    ]


@pytest.mark.parametrize("dialect", ["vllm", "sglang", "llamacpp"])
def test_health_needs_no_key(dialect: str) -> None:
    async def check() -> None:
        async with StandIn(dialect, models=()) as one, connected(one) as client:
            client.request(one, "GET", "//health", authorization="")
            assert (await client.hear()).status == 200

    asyncio.run(check())


@pytest.mark.parametrize("dialect", HOSTED)
def test_a_text_is_gone_on_with(dialect: str) -> None:
    answer = heard(dialect, {"model": "m", "prompt": "Once", **OFF}, path="/completions")
    assert choice(answer)["text"] == "You said: Once"
    body = {"model": "m", "prompt": "Once", **OFF, **STREAM}
    pieces = heard(dialect, body, path="/completions").events
    choices = [msgspec.convert(one["choices"], list[dict[str, object]]) for one in pieces]
    assert "".join(str(one["text"]) for some in choices for one in some) == "You said: Once"


def test_ids_and_particular_fields_are_the_dialects_own() -> None:
    assert "service_tier" in heard("bytedance", HELLO).data
    assert str(heard("baidu", HELLO).data["id"]).startswith("as-")
    assert choice(heard("baidu", HELLO))["flag"] == 0
    usage = heard("deepseek", HELLO).data["usage"]
    assert isinstance(usage, Mapping)
    assert "prompt_cache_miss_tokens" in usage
    assert heard("vllm", HELLO, x_request_id="mine").headers["x-request-id"] == "mine"
    assert "x-baidu-request-id" in heard("baidu", HELLO).headers

"""Sabotage: what a partner might do wrong is found, by the check that is there for it."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from pratique.partners.catalogue import Candidate, packaged, read_partners
from pratique.partners.conformance import safety
from pratique.partners.conformance.kit import BEHAVIOUR, check_against, check_stand_in
from pratique.partners.conformance.report import Report
from pratique.partners.standins.server import StandIn

from .spoiling import Body, Spoiler, choice_of, message_of
from .spoils import (
    always_tools,
    bad_arguments,
    blind,
    broken_characters,
    deaf_to_roles,
    endless,
    ignoring,
    leaked,
    miscounted,
    nameless,
    never_asked,
    no_astral,
    no_usage,
    no_usage_in_stream,
    one_name,
    other_model,
    prose,
    same_tool_id,
    short_of_hearing,
    tagged,
    uncut,
)

PARTNERS = read_partners([packaged()])


def spoiled(spoiler: Spoiler, dialect: str = "bytedance") -> Report:
    """Return the report of a model whose stand-in is spoiled."""
    partner = PARTNERS[dialect]
    candidate = Candidate(partner=partner, model=partner.models[0])

    async def run() -> Report:
        async with StandIn(dialect) as stand_in:
            stand_in.choose = spoiler
            checks = (*BEHAVIOUR, *safety.CHECKS)
            return await check_against(stand_in, candidate, checks, lambda _: None)

    return asyncio.run(run())


def failed(report: Report) -> set[str]:
    """Return the names of the checks that failed."""
    return {one.id for one in report.checks if one.status == "failed"}


ANSWERED: dict[str, tuple[Callable[[Body, bool], Body | None], set[str]]] = {
    "no usage": (no_usage, {"plain-usage", "stream-usage"}),
    "no usage in a stream": (no_usage_in_stream, {"stream-usage"}),
    "thoughts in the answer": (leaked, {"thinking-on"}),
    "tags in the answer": (tagged, {"thinking-off"}),
    "another model": (other_model, {"stream-model"}),
    "no reason to end": (endless, {"plain-answer", "stream-answer"}),
    "a cut that is not told": (uncut, {"max-tokens", "max-tokens-stream"}),
    "broken characters": (broken_characters, {"chinese", "chinese-stream"}),
    "no characters beyond 16 bits": (no_astral, {"emoji"}),
    "fenced JSON": (prose, {"json-object", "schema-flat", "schema-nested", "schema-enum"}),
    "arguments that are no JSON": (bad_arguments, {"tools-auto", "tools-required"}),
    "one id for two functions": (same_tool_id, {"tools-several"}),
    "tokens that do not add up": (miscounted, {"plain-usage-parts", "thinking-counted"}),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_an_answer_that_is_wrong_is_found(name: str) -> None:
    """A kit that cannot fail is worth nothing."""
    spoil, expected = ANSWERED[name]
    found = failed(spoiled(Spoiler("bytedance", answered=spoil)))
    assert expected <= found


ASKED: dict[str, tuple[Callable[[Body], None], set[str]]] = {
    "no token limit": (ignoring("max_tokens"), {"max-tokens", "max-tokens-stream", "one-token"}),
    "no string to stop at": (ignoring("stop"), {"stop", "stop-stream"}),
    "no switch of thinking": (ignoring("thinking"), {"thinking-off"}),
    "no JSON": (ignoring("response_format"), {"json-object", "schema-flat", "schema-stream"}),
    "no usage in streams": (ignoring("stream_options"), {"stream-usage"}),
    "no roles": (deaf_to_roles, {"system-message", "several-turns"}),
    "no long messages": (short_of_hearing, {"long-input", "injection"}),
    "no pictures": (blind, {"picture", "picture-counted"}),
    "functions against the word": (always_tools, {"tools-none"}),
    "no functions": (never_asked, {"tools-auto", "tools-required", "tools-stream"}),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_request_that_is_not_heard_is_found(name: str) -> None:
    """Gateways forget fields without a word."""
    spoil, expected = ASKED[name]
    found = failed(spoiled(Spoiler("bytedance", asked=spoil)))
    assert expected <= found


def test_calls_without_a_name_are_found() -> None:
    """Without one the partner's support cannot look the call up."""
    spoiler = Spoiler("bytedance", answered=nameless, headers={"x-request-id": ""})
    assert {"plain-request-id", "stream-request-id"} <= failed(spoiled(spoiler))


def test_calls_with_one_name_are_found() -> None:
    """A name that all calls share is none."""
    spoiler = Spoiler("bytedance", answered=one_name, headers={"x-request-id": ""})
    assert failed(spoiled(spoiler)) == {"stream-request-id"}


def test_an_answer_in_one_piece_is_no_stream() -> None:
    """Some gateways collect a stream and send it at its end."""
    gathered: list[str] = []

    def collect(body: Body, stream: bool) -> Body | None:
        message = message_of(body)
        if stream and message.get("content"):
            gathered.append(message.pop("content"))
        if stream and choice_of(body).get("finish_reason"):
            message["content"] = "".join(gathered)
            gathered.clear()
        return body

    found = spoiled(Spoiler("bytedance", answered=collect))
    assert "stream-pieces" in failed(found)
    assert found.capabilities.stream is False


def test_a_model_that_wanders_is_found() -> None:
    """A stand-in that answers the same call in two ways is broken; a real model may."""
    number = iter(range(10_000))

    def wander(body: Body, stream: bool) -> Body | None:
        message = message_of(body)
        if not stream and message.get("content"):
            message["content"] = f"{next(number)} {message['content']}"
        return body

    report = spoiled(Spoiler("bytedance", answered=wander))
    assert "repeatable" in failed(report)
    assert report.capabilities.repeatable is False


def test_a_server_that_answers_anybody_is_found() -> None:
    """A key that is not looked at protects nobody."""

    class Open(StandIn):
        """Takes any key."""

        def __init__(self, dialect: str) -> None:
            super().__init__(dialect)
            self._answers.allows = lambda _: True  # type: ignore[method-assign,assignment]

    partner = PARTNERS["bytedance"]

    async def run() -> Report:
        async with Open("bytedance") as stand_in:
            model = Candidate(partner=partner, model=partner.models[0])
            return await check_against(stand_in, model, BEHAVIOUR, lambda _: None)

    assert {"wrong-key", "key-changed"} <= failed(asyncio.run(run()))


def test_a_wire_that_passes_on_what_errors_quote_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a user wrote, and the key, stay out of every detail."""
    monkeypatch.setattr("pratique.partners.remote.course.scrubbed", lambda text, *_: text)
    assert {"quoting-error", "content-kept"} <= failed(spoiled(Spoiler("bytedance")))


def test_a_wire_that_counts_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not counted is paid all the same."""
    monkeypatch.setattr("pratique.partners.spend.Spend.note", lambda *_: None)
    found = failed(spoiled(Spoiler("bytedance")))
    assert {"plain-spend", "spend-adds-up", "cost-counted"} <= found


def test_a_dialect_without_its_rules_is_found() -> None:
    """The tables hold a partner's file to what the partner says."""
    partner = PARTNERS["tencent"]
    bare = msgspec.structs.replace(partner.dialect, rules=(), finish={})
    stripped = msgspec.structs.replace(partner, dialect=bare)
    candidate = Candidate(partner=stripped, model=partner.models[0])
    report = asyncio.run(check_stand_in(candidate, lambda _: None))
    assert len([one for one in failed(report) if one.startswith("scenario-")]) >= 10


def test_a_sound_answer_that_passes_through_the_spoiler_fails_nothing() -> None:
    """It is the sabotage that the other tests find, not the spoiler."""
    assert failed(spoiled(Spoiler("bytedance"))) == set()

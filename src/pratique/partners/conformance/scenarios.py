"""Checks of a dialect's tables: each thing that a partner may answer comes to what it should."""

import asyncio
from collections.abc import Awaitable, Callable
from zlib import crc32

import msgspec

from pratique.partners.causes import meanings
from pratique.partners.conformance.checks import Check, require
from pratique.partners.conformance.subject import Subject
from pratique.partners.contract import Reply
from pratique.partners.dialect import Clocks
from pratique.partners.standins.scenarios import Expected, Scenario, read_scenarios
from pratique.partners.standins.server import Seen

_TRIES = {"never": 1, "once": 2, "backoff": 4}
"""Tries in all, by what a scenario allows."""
_SHORT = Clocks(first_token_seconds=0.3, between_tokens_seconds=0.3)
"""For silence, which is then waited for: nothing on loopback is slow."""
_DEADLINE = 0.3
"""Seconds of a plain call that nobody answers."""


def scenario_checks(dialect: str) -> tuple[Check, ...]:
    """Return a check for each scenario of *dialect*, those with silence first."""
    found = sorted(read_scenarios(dialect).values(), key=lambda one: one.end != "silent")
    return tuple(
        Check(
            id=f"scenario-{one.id}",
            meaning=f"Comes to `{one.expect.status}`: {one.about}.",
            ask=_asking(one),
            stand_in_only=True,
        )
        for one in found
    )


def _asking(scenario: Scenario) -> Callable[[Subject], Awaitable[None]]:
    async def ask(subject: Subject) -> None:
        if scenario.end == "silent":
            # All silences are waited for together.
            ended = await subject.once("silences", lambda: _silences(subject))
            for problem in ended[scenario.id]:
                raise problem
            return
        await _played(subject, scenario)

    return ask


async def _silences(subject: Subject) -> dict[str, list[Exception]]:
    """Play every scenario that ends in silence at once; return what went wrong in each."""
    scenarios = read_scenarios(subject.standing_in.dialect).values()
    silent = [one for one in scenarios if one.end == "silent"]
    by_name = {_mark(one): one for one in silent}
    with subject.playing(lambda seen: by_name[_said(seen)]):
        ended = await asyncio.gather(
            *(_judged(subject, one) for one in silent), return_exceptions=True
        )
    found: dict[str, list[Exception]] = {}
    for one, problem in zip(silent, ended, strict=True):
        if problem is not None and not isinstance(problem, Exception):
            raise problem
        found[one.id] = [problem] if problem is not None else []
    return found


async def _played(subject: Subject, scenario: Scenario) -> None:
    with subject.playing(lambda _: scenario):
        await _judged(subject, scenario)


async def _judged(subject: Subject, scenario: Scenario) -> None:
    """Make a call in each mode of *scenario*, which is being played, and judge what came of it."""
    clocks = _SHORT if scenario.end == "silent" else subject.entry.clocks
    if scenario.mode in ("plain", "both"):
        model = subject.variant(place=subject.aside(), clocks=clocks)
        seconds = _DEADLINE if scenario.end == "silent" else 20.0
        call = subject.call(_mark(scenario), deadline=seconds)
        reply = await subject.ask(call, model)
        # Silence takes all of a plain call's time, so that none is left to try again in.
        tries = 1 if scenario.end == "silent" else _TRIES[scenario.expect.retry]
        _judge(reply, scenario.expect, tries)
        if not scenario.events:
            _judge_usage(reply, scenario)
    if scenario.mode in ("stream", "both"):
        model = subject.variant(place=subject.aside(), clocks=clocks)
        made = await subject.stream(subject.call(_mark(scenario), deadline=20.0), model)
        _judge(made.reply, scenario.expect, _TRIES[scenario.expect.retry])
        if scenario.expect.status == "ok" and scenario.expect.text is not None:
            require(made.text == scenario.expect.text, "the pieces are not the answer")
        _judge_usage(made.reply, scenario)


def _judge(reply: Reply, expect: Expected, tries: int) -> None:
    for name, found, wanted in (
        ("status", reply.status, expect.status),
        ("attempts", reply.attempts, tries),
        ("retract", reply.retract, expect.retract),
        ("truncated", reply.truncated, expect.truncated),
        ("retry_after", reply.retry_after, expect.retry_after),
    ):
        require(found == wanted, f"`{name}` is `{found}`, not `{wanted}`")
    if expect.code is not None:
        require(reply.code == expect.code, f"`code` is `{reply.code}`, not `{expect.code}`")
    if expect.status == "ok" and expect.text is not None:
        require(reply.text.reveal() == expect.text, "the text is not that of the answer")
    meaning = meanings()[expect.cause]
    require(meaning.reply == expect.status, f"the table says `{meaning.reply}` of its cause")


def _judge_usage(reply: Reply, scenario: Scenario) -> None:
    told = _told(scenario)
    if told is not None and reply.status == "ok":
        counted = (reply.usage.input_tokens, reply.usage.output_tokens)
        require(counted == told, f"the tokens are {counted}, not {told}")


def _told(scenario: Scenario) -> tuple[int, int] | None:
    """Return the tokens that the scenario tells last, which is what running totals come to."""
    bodies = scenario.events or ((scenario.body,) if bytes(scenario.body) else ())
    told = None
    for raw in bodies:
        body = msgspec.json.decode(raw)
        used = body.get("usage") if isinstance(body, dict) else None
        if used:
            told = (used["prompt_tokens"], used["completion_tokens"])
    return told


def _mark(scenario: Scenario) -> str:
    """Return a text of its own for *scenario*, without words that its code may hold."""
    return f"Good morning {crc32(scenario.id.encode())}."


def _said(seen: Seen) -> str:
    """Return what the last message of a request says."""
    body = seen.body
    assert isinstance(body, dict)  # noqa: S101  (our own request)
    return str(body["messages"][-1]["content"])

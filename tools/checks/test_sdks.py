"""Stand-ins are right as far as the partners' own clients can tell: these drive them.

What a client says is measured, not argued with: where a stand-in and a client differ, the stand-in
is wrong. `docs/stand-ins.md` says which client stands for which partner.
"""

from collections.abc import Iterator
from functools import cache

import msgspec
import pytest

from pratique.partners.standins.scenarios import Scenario, read_scenarios
from tools.checks.sdk_clients import DOORS, NATIVE, Door, Job, drive, first_model
from tools.checks.sdks.telling import Heard

BY_STATUS = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    409: "ConflictError",
    422: "UnprocessableEntityError",
    429: "RateLimitError",
}
"""Classes of `openai`, which `volcenginesdkarkruntime` has too, behind `Ark`."""

PACKAGES = {"openai_client": "openai.", "ark": "volcenginesdkarkruntime.Ark"}
"""How the clients name what they raise, where they name it by the status."""

each_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.id)


@cache
def heard(door: Door) -> dict[str, Heard]:
    """Return what *door* made of the calls that every client makes, by what they are."""
    jobs = dict(calls(door))
    told = drive(door, list(jobs.values()))
    # A call that is tried again would take the answer meant for the next one.
    bought = 1 if "signed" in jobs else 0
    assert len(told.seen) == len(jobs) + bought
    assert all(seen.path.startswith(NATIVE + "/services/") for seen in told.seen) == door.native
    return dict(zip(jobs, told.heard, strict=True))


def calls(door: Door) -> Iterator[tuple[str, Job]]:
    """Yield the calls to make, by what they are."""
    for action in ("plain", "stream", "tools", "wrong_key"):
        yield action, Job(action)
    if sees(door):
        yield "picture", Job("picture")
    if door.driver == "openai_client":
        yield "models", Job("models")
    if door.driver == "qianfan_client":
        yield "signed", Job("signed")
    for name, scenario in failures(door):
        yield f"{name}, plain", Job("plain", scenario)
        yield f"{name}, stream", Job("stream", scenario)
    yield "cut", Job("stream", cut(door))


def sees(door: Door) -> bool:
    """Whether the client can send a picture here, and the model takes it."""
    sends = door.driver in ("openai_client", "dashscope_client")
    return sends and first_model(door.dialect).capabilities.pictures is True


def failures(door: Door) -> Iterator[tuple[str, Scenario]]:
    """Yield what is played for refused content and for too many calls."""
    if door.refused is not None:
        yield "refused", failure(door, "input_blocked")
    yield "limited", failure(door, "rate_limited")


def failure(door: Door, cause: str) -> Scenario:
    """Return the first scenario that comes to *cause* with a status of its own, one with a body before others."""
    found = [
        one
        for one in read_scenarios(door.dialect).values()
        if one.expect.cause == cause and one.mode == "both" and one.http >= 400
    ]
    kind = "code" if door.native else "error"
    with_body = [one for one in found if kind in body_of(one)]
    return (with_body or found)[0]


def cut(door: Door) -> Scenario:
    """Return a scenario with an error among the events, one that takes a text back before others.

    On DashScope's own path the error is the first event; on the others some came before it.
    """
    found = []
    for one in read_scenarios(door.dialect).values():
        events = [bytes(event) for event in one.events]
        first = any(b"event:error" in event for event in events)
        later = any(event.startswith(b'{"error"') for event in events[2:])
        if one.end == "close" and (first if door.native else later):
            found.append(one)
    return next((one for one in found if one.expect.retract), found[0])


def body_of(scenario: Scenario) -> dict[str, object]:
    """Return the body of *scenario*; empty where it is no object."""
    raw = bytes(scenario.body)
    return msgspec.json.decode(raw, type=dict[str, object]) if raw.startswith(b"{") else {}


@each_door
def test_a_plain_call_is_answered(door: Door) -> None:
    """Text, end and usage arrive where the client looks for them."""
    plain = heard(door)["plain"]
    assert plain.text
    assert (plain.finish, plain.exception, plain.status) == ("stop", "", None)
    assert plain.tokens > 0


@each_door
def test_a_stream_comes_to_its_end(door: Door) -> None:
    """The pieces are the plain answer, with its thoughts, its end and its usage."""
    plain, stream = heard(door)["plain"], heard(door)["stream"]
    assert stream.chunks > 2
    assert (stream.text, stream.reasoning) == (plain.text, plain.reasoning)
    assert (stream.finish, stream.tokens) == (plain.finish, plain.tokens)
    if door.dialect in ("bytedance", "deepseek"):
        assert stream.reasoning, "its models think unless told otherwise"


@each_door
def test_a_tool_is_asked_for_in_pieces(door: Door) -> None:
    """The client puts the arguments together to one JSON object."""
    tools = heard(door)["tools"]
    assert (tools.tool, tools.finish, tools.text) == ("clock", "tool_calls", "")
    assert msgspec.json.decode(tools.arguments, type=dict[str, str]).keys() == {"zone"}


@each_door
def test_refused_content_raises_what_the_client_says(door: Door) -> None:
    """A refusal is the client's own exception, at a plain call and before a stream begins."""
    if door.refused is None:
        assert not any(
            one.expect.cause == "input_blocked" for one in read_scenarios(door.dialect).values()
        ), "who refuses nothing has no scenario of it"
        return
    as_said(door, "refused", failure(door, "input_blocked"), door.refused)


@each_door
def test_too_many_calls_raise_what_the_client_says(door: Door) -> None:
    """A rate limit is the client's own exception, at a plain call and before a stream begins."""
    as_said(door, "limited", failure(door, "rate_limited"), door.limited)


def as_said(door: Door, name: str, scenario: Scenario, raised: tuple[str, str]) -> None:
    """Hold that the client raised *raised* and told the status or the code of *scenario*."""
    for mode, exception in zip(("plain", "stream"), raised, strict=True):
        one = heard(door)[f"{name}, {mode}"]
        assert (one.exception, one.text) == (exception, "")
        assert one.status in (scenario.http, None)
        assert one.code in (scenario.expect.code, None)
        assert one.status or one.code


@each_door
def test_a_wrong_key_raises_what_the_client_says(door: Door) -> None:
    """The stand-in looks at the key first."""
    wrong = heard(door)["wrong_key"]
    assert (wrong.exception, wrong.status, wrong.text) == (door.unauthorized, 401, "")


@each_door
def test_an_error_in_a_stream_ends_it(door: Door) -> None:
    """Text that came before it is kept, and the client says the partner's code."""
    scenario, one = cut(door), heard(door)["cut"]
    assert one.exception == door.cut
    assert one.code == scenario.expect.code
    assert bool(one.text) != door.native
    assert not one.finish


@pytest.mark.parametrize("door", [one for one in DOORS if sees(one)], ids=lambda door: door.id)
def test_a_picture_is_seen(door: Door) -> None:
    """A picture arrives as one, whatever a client makes of it on the way."""
    assert "image/png" in heard(door)["picture"].text


@pytest.mark.parametrize(
    "door", [one for one in DOORS if one.driver == "openai_client"], ids=lambda door: door.id
)
def test_the_models_are_listed(door: Door) -> None:
    """The inventory is read by the same client."""
    models = heard(door)["models"].models
    assert models
    assert len(set(models)) == len(models)


def test_a_short_lived_token_is_bought() -> None:
    """Baidu's client with an access key asks for a token first, and the token is a key."""
    door = next(one for one in DOORS if one.driver == "qianfan_client")
    assert heard(door)["signed"].text == heard(door)["plain"].text


@pytest.mark.parametrize(
    "door", [one for one in DOORS if one.driver in PACKAGES], ids=lambda door: door.id
)
def test_every_scenario_reads_as_what_it_is(door: Door) -> None:
    """Each error has the class of its status and its own code; each answer that was seen is read whole.

    Left out are those that end without an end, and answers that we only infer a partner may give.
    """
    jobs = list(everything(door))
    told = drive(door, jobs)
    assert len(told.seen) == len(jobs)
    wrong = [
        (job, one) for job, one in zip(jobs, told.heard, strict=True) if not agrees(door, job, one)
    ]
    assert not wrong


def everything(door: Door) -> Iterator[Job]:
    """Yield a call for each scenario and each way in which it may be called."""
    for one in read_scenarios(door.dialect).values():
        answer = one.expect.cause == "ok" and one.certainty != "inferred"
        if one.end == "close" and (one.http >= 400 or answer):
            if one.mode in ("plain", "both"):
                yield Job("plain", one)
            if one.mode in ("stream", "both"):
                yield Job("stream", one)


def agrees(door: Door, job: Job, one: Heard) -> bool:
    """Whether *one* is what its scenario is."""
    scenario = job.scenario
    assert scenario is not None
    if scenario.http < 400:
        # A thought between tags is text to these clients.
        return not one.exception and (scenario.expect.text or "") in one.text
    name = "InternalServerError" if scenario.http >= 500 else "APIStatusError"
    raised = PACKAGES[door.driver] + BY_STATUS.get(scenario.http, name)
    right = (one.exception, one.status) == (raised, scenario.http)
    return right and one.code == scenario.expect.code

"""Keys: each partner's own, rotated while the service runs, and in no text that we make."""

import asyncio
import logging
import traceback
from pathlib import Path

import msgspec
import pytest

from pratique.errors import Unavailable
from pratique.partners.contract import Reply
from pratique.partners.remote.gathering import Gathering
from pratique.partners.remote.keys import Key
from pratique.partners.standins.scenarios import Expected, Scenario

from .stage import DIALECTS, PARTNERS, call, on_stage


def test_a_call_carries_its_own_partners_key_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Partner A's key never stands in a call to B."""
    variables = {name: PARTNERS[name].key_variable for name in DIALECTS}
    for name, variable in variables.items():
        monkeypatch.setenv(variable, f"key-of-{name}")

    async def run(name: str) -> None:
        async with on_stage(name) as stage:
            await stage.model.complete(call())
            await stage.streamed(call())
            for seen in stage.stand_in.seen:
                assert seen.headers["authorization"] == f"Bearer key-of-{name}"
                others = [f"key-of-{one}" for one in variables if one != name]
                assert not any(
                    one in str(seen.headers) or one.encode() in seen.raw for one in others
                )

    for name in variables:
        asyncio.run(run(name))


def test_a_key_file_is_read_again_after_it_was_refused(tmp_path: Path) -> None:
    """A key is rotated without a restart, and no call is lost over it."""
    file = tmp_path / "key"
    file.write_text("old\n")

    async def run() -> Reply:
        async with on_stage("alibaba", key_file=file) as stage:
            first = await stage.model.complete(call())
            assert (first.status, first.attempts) == ("auth", 1)
            file.write_text("stand-in-key\n")
            return await stage.model.complete(call())

    reply = asyncio.run(run())
    assert (reply.status, reply.attempts) == ("ok", 2)


def test_a_changed_variable_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within seconds, without a call being refused."""
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    key = Key("x", "X_KEY", None, needed=True)
    monkeypatch.setenv("X_KEY", "one")
    assert key.header() == "Bearer one"
    monkeypatch.setenv("X_KEY", "two")
    assert key.header() == "Bearer one"
    now[0] += 6
    assert key.header() == "Bearer two"


def test_a_missing_key_is_a_reply_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """No call is made without one."""
    monkeypatch.delenv("DASHSCOPE_API_KEY")

    async def run() -> tuple[Reply, int]:
        async with on_stage("alibaba") as stage:
            return await stage.model.complete(call()), len(stage.stand_in.seen)

    reply, seen = asyncio.run(run())
    assert (reply.status, reply.code, reply.attempts, seen) == ("auth", "no_key", 0, 0)
    assert "DASHSCOPE_API_KEY" in reply.detail and "key_file" in reply.detail


@pytest.mark.parametrize("text", ["two words", "line\nline", "ключ", "x" * 5000])
def test_what_is_no_key_is_not_sent(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would break the request's head, or be somebody's text; and it is not repeated."""
    monkeypatch.setenv("X_KEY", text)
    with pytest.raises(Unavailable) as caught:
        Key("x", "X_KEY", None, needed=True).header()
    assert text not in str(caught.value) and text not in caught.value.hint


def crash(self: object) -> str:
    """Fail as a mistake of ours would."""
    return str(1 // 0)


def echoing(text: str) -> Scenario:
    """Return an error whose message repeats *text*."""
    return Scenario(
        id="echo",
        about="an error that repeats the key and the content",
        certainty="inferred",
        mode="both",
        http=400,
        body=msgspec.Raw(
            msgspec.json.encode({"error": {"code": text, "message": f"bad: {text}!"}})
        ),
        expect=Expected(cause="bad_request", status="bad_request", retry="never"),
    )


@pytest.mark.parametrize("stream", [False, True])
def test_neither_key_nor_content_stands_in_anything_we_make(
    stream: bool,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not in a reply, a repr, a log or a trace with its local variables."""
    content = "Mrs Quillfeather owes me 4200"
    caplog.set_level(logging.DEBUG)

    async def run() -> list[str]:
        async with on_stage("alibaba") as stage:
            texts = [
                repr(stage.place.key),
                repr(stage.model),
                repr(call(content)),
                repr(stage.place),
            ]
            for told in ("stand-in-key", content):
                stage.stand_in.play(echoing(told))
                one = call(content)
                reply = (
                    (await stage.streamed(one))[1] if stream else await stage.model.complete(one)
                )
                texts += [repr(reply), reply.detail, reply.code]
            monkeypatch.setattr(Gathering, "end", crash)
            monkeypatch.setattr(Gathering, "begun", property(crash))
            with pytest.raises(ZeroDivisionError) as caught:
                one = call(content)
                await (stage.streamed(one) if stream else stage.model.complete(one))
            trace = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
            ours = [frame for frame in trace.stack if "/pratique/" in frame.filename]
            assert len(ours) >= 3
            assert not any("stand-in-key" in str(frame.locals) for frame in ours)
            return texts

    out, err = capfd.readouterr()
    for text in [*asyncio.run(run()), caplog.text, out, err]:
        assert "stand-in-key" not in text and "Quillfeather" not in text

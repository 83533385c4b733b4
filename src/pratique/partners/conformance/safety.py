"""Checks of what must never be seen: the key, what users write, and text beside a failure."""

from typing import get_args

import msgspec

from pratique.partners.conformance.checks import Unsupported, checks, require
from pratique.partners.conformance.subject import FEATURE, HELLO, Subject
from pratique.partners.contract import Call, Reply, Status
from pratique.partners.standins.scenarios import Expected, Scenario
from pratique.partners.standins.server import Seen

_RUN = 12
"""Characters in a row that show that a text was taken over."""
_EXPECTED = Expected(cause="bad_request", status="bad_request", retry="never")


async def key_kept(subject: Subject) -> None:
    """The key stands in no reply, nor in what is printed of one."""
    key = subject.place.key.secret().reveal()
    if not key:
        raise Unsupported("there is no key")
    for one in subject.made:
        reply = one.reply
        texts = (reply.text.reveal(), reply.reasoning.reveal(), reply.detail, reply.code)
        require(not any(key in text for text in (*texts, repr(reply))), "the key stands in a reply")


async def content_kept(subject: Subject) -> None:
    """Nothing that was said stands in the detail of a reply."""
    for one in subject.made:
        require(not _quotes(one.reply, one.call), "a detail quotes the call")


async def content_unprintable(subject: Subject) -> None:
    """Replies and their pieces are printed without what was said."""
    for one in subject.made:
        printed = repr((one.call, one.events, one.reply))
        said = one.reply.text.reveal()
        shown = HELLO in printed or (len(said) > _RUN and said in printed)
        require(not shown, "what was said is printed")


async def failures_bare(subject: Subject) -> None:
    """A reply that is no answer has a known status and a code, and no text."""
    for one in subject.made:
        reply = one.reply
        require(reply.status in get_args(Status), f"`{reply.status}` is no status")
        if reply.status != "ok":
            require(not reply.text.reveal(), f"text stands beside `{reply.status}`")
            coded = bool(reply.code) or reply.status == "refused"
            require(coded, f"`{reply.status}` has no code")


async def spend_adds_up(subject: Subject) -> None:
    """Every call that went out is counted once, with its tokens."""
    spent = subject.spend.by_feature().get((subject.candidate.name, FEATURE))
    sent = [one.reply for one in subject.made if one.reply.attempts]
    calls, written = (spent.calls, spent.output_tokens) if spent else (0, 0)
    require(calls == len(sent), f"{calls} calls were counted, {len(sent)} were made")
    told = sum(reply.usage.output_tokens for reply in sent)
    require(written == told, f"{written} tokens were counted, {told} were written")


async def quoting_error(subject: Subject) -> None:
    """An error that quotes the call and the key is passed on without either."""
    call = subject.call()
    with subject.playing(_quoting):
        reply = await subject.ask(call, subject.variant(place=subject.aside()))
    require(reply.status != "ok", "an error was taken for an answer")
    require(not _quotes(reply, call), "the detail quotes the call")
    key = subject.place.key.secret().reveal()
    require(not key or key not in reply.detail, "the detail quotes the key")


async def redirect(subject: Subject) -> None:
    """A redirect is not followed: it would carry key and content elsewhere."""
    stand_in = subject.standing_in
    away = _played({}, http=307, headers={"location": f"{stand_in.root_url}/elsewhere"})
    before = len(stand_in.seen)
    with subject.playing(lambda _: away):
        reply = await subject.ask(subject.call(), subject.variant(place=subject.aside()))
    require(reply.status != "ok", "a redirect was taken for an answer")
    paths = {one.path for one in stand_in.seen[before:]}
    require(not any("elsewhere" in path for path in paths), "a redirect was followed")


async def headers_bare(subject: Subject) -> None:
    """A request carries the key in its one header, and no cookie and no referrer."""
    stand_in = subject.standing_in
    await subject.ask(subject.call())
    await subject.stream(subject.call())
    for seen in stand_in.seen[-2:]:
        strange = {"cookie", "referer", "origin"} & set(seen.headers)
        require(not strange, f"a request carries `{min(strange, default='')}`")
        holders = [name for name, value in seen.headers.items() if stand_in.key in value]
        require(holders == ["authorization"], "the key stands in another header")
        loose = stand_in.key in seen.path + seen.query or stand_in.key.encode() in seen.raw
        require(not loose, "the key stands outside its header")


CHECKS = checks(quoting_error, redirect, headers_bare, stand_in_only=True) + checks(
    key_kept, content_kept, content_unprintable, failures_bare, spend_adds_up
)


def _quotes(reply: Reply, call: Call) -> bool:
    said = "\n".join(turn.content.reveal() for turn in call.turns)
    detail = reply.detail
    return any(detail[at : at + _RUN] in said for at in range(len(detail) - _RUN + 1))


def _quoting(seen: Seen) -> Scenario:
    body = seen.body if isinstance(seen.body, dict) else {}
    said = str(body.get("messages"))
    message = f"invalid: {said} with {seen.headers.get('authorization', '')}"
    return _played({"error": {"message": message, "type": "invalid_request_error"}}, http=400)


def _played(body: object, *, http: int, headers: dict[str, str] | None = None) -> Scenario:
    return Scenario(
        id="played",
        about="what a check plays",
        certainty="inferred",
        mode="both",
        http=http,
        headers=headers or {},
        body=msgspec.Raw(msgspec.json.encode(body)),
        expect=_EXPECTED,
    )

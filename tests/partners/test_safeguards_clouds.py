"""Text moderation in a cloud, against stand-ins that check signatures and limits."""

import asyncio
import time
from collections.abc import Callable

import pytest

from pratique.partners.safeguards.alibaba import AlibabaJudge
from pratique.partners.safeguards.baidu import BaiduJudge
from pratique.partners.safeguards.cloud import CloudJudge, Credentials
from pratique.partners.safeguards.contract import Role, Verdict
from pratique.partners.safeguards.signing import acs3, tc3
from pratique.partners.safeguards.tencent import TencentJudge
from pratique.partners.standins.moderation import (
    BLOCK,
    KEY_ID,
    REVIEW,
    SECRET,
    TOKEN,
    Moderation,
)
from pratique.privacy import Secret, Sensitive

NONE = Sensitive("")


def made(cloud: str, address: str, secret: str = SECRET) -> CloudJudge:
    """Return the judge of *cloud* at *address*."""
    credentials = Credentials(KEY_ID, Secret(secret))
    kinds: dict[str, Callable[..., CloudJudge]] = {
        "alibaba": AlibabaJudge,
        "baidu": BaiduJudge,
        "tencent": TencentJudge,
    }
    return kinds[cloud](credentials, base_url=address)


def asked(
    judge: CloudJudge, *texts: str, role: Role = "input", deadline: float = 10.0
) -> list[Verdict]:
    """Return what *judge* says of each text."""

    async def ask() -> list[Verdict]:
        try:
            return [await judge.check(Sensitive(one), role, NONE, deadline) for one in texts]
        finally:
            await judge.close()

    return asyncio.run(ask())


each_cloud = pytest.mark.parametrize("cloud", ("alibaba", "baidu", "tencent"))


@each_cloud
def test_three_levels_are_told_apart(cloud: str) -> None:
    """Pass, review and block are safe, controversial and unsafe, whatever a cloud calls them."""
    with Moderation(cloud) as stand_in:
        judge = made(cloud, stand_in.root_url)
        passed, review, block = asked(judge, "天气&好=100%", f"有 {REVIEW}", f"有 {BLOCK}")
    assert [one.status for one in (passed, review, block)] == ["ok"] * 3
    assert [one.level for one in (passed, review, block)] == ["safe", "controversial", "unsafe"]
    assert (passed.categories, block.categories) == ((), ("advertising",))
    assert block.score is not None
    assert 0.9 < block.score <= 1
    assert (passed.score, block.model) == (None, judge.name)
    assert set(block.categories) <= set(judge.categories)


@each_cloud
def test_a_text_as_long_as_the_window_is_taken_whole(cloud: str) -> None:
    """The window lies within the service's own limit, even where all characters take four bytes."""
    with Moderation(cloud) as stand_in:
        judge = made(cloud, stand_in.root_url)
        long = "𠮷" * (judge.window - len(BLOCK)) + BLOCK
        found, longer = asked(judge, long, long + "好")
        sent = [one for one in stand_in.seen if not one.path.startswith("/oauth")]
    assert found.level == "unsafe"
    assert (longer.status, longer.level) == ("context_exceeded", None)
    assert len(sent) == 1, "what is too long is not sent, and not cut short"


@each_cloud
def test_a_wrong_secret_is_no_verdict(cloud: str) -> None:
    """A failure is a status and never a pass."""
    with Moderation(cloud) as stand_in:
        (found,) = asked(made(cloud, stand_in.root_url, "another"), "好")
    assert (found.status, found.level) == ("auth", None)


FAILURES = [
    ("tencent", 200, {"Response": {"Error": {"Code": "RequestLimitExceeded"}}}, "rate_limited"),
    ("tencent", 200, {"Response": {"Error": {"Code": "InternalError.ErrTextTimeOut"}}}, "timeout"),
    ("tencent", 200, {"Response": {"Error": {"Code": "Brand.New"}}}, "unavailable"),
    ("tencent", 200, {"Response": {"Suggestion": "Maybe"}}, "unavailable"),
    ("tencent", 503, {}, "overloaded"),
    ("alibaba", 200, {"Code": 588, "RequestId": "r"}, "rate_limited"),
    ("alibaba", 200, {"Code": 408, "RequestId": "r"}, "auth"),
    ("alibaba", 400, {"Code": "Throttling.User", "RequestId": "r"}, "rate_limited"),
    ("alibaba", 403, {"Code": "SignatureDoesNotMatch"}, "auth"),
    ("alibaba", 200, {"Code": 200, "Data": {}}, "unavailable"),
    ("baidu", 200, {"error_code": 18, "error_msg": "qps"}, "rate_limited"),
    ("baidu", 200, {"error_code": 17, "error_msg": "daily"}, "quota_exhausted"),
    ("baidu", 200, {"error_code": 282000, "error_msg": "internal"}, "unavailable"),
    ("baidu", 200, {"conclusionType": 4}, "unavailable"),
    ("baidu", 200, {"conclusion": "new"}, "unavailable"),
]


@pytest.mark.parametrize(("cloud", "http", "body", "status"), FAILURES)
def test_every_failure_comes_to_a_status(
    cloud: str, http: int, body: dict[str, object], status: str
) -> None:
    """What is not known is no pass either: it is `unavailable`."""
    with Moderation(cloud) as stand_in:
        stand_in.queue.append((http, body))
        (found,) = asked(made(cloud, stand_in.root_url), "好")
    assert (found.status, found.level) == (status, None)


@each_cloud
def test_silence_ends_at_the_deadline(cloud: str) -> None:
    """A service that says nothing is a `timeout`."""
    with Moderation(cloud) as stand_in:
        stand_in.queue.append(None)
        (found,) = asked(made(cloud, stand_in.root_url), "好", deadline=0.2)
    assert (found.status, found.level) == ("timeout", None)


@each_cloud
def test_nobody_there_is_no_verdict(cloud: str) -> None:
    """A closed port is `unavailable`."""
    with Moderation(cloud) as stand_in:
        address = stand_in.root_url
    assert [one.status for one in asked(made(cloud, address), "好")] == ["unavailable"]


def test_a_role_has_its_own_service_at_alibaba() -> None:
    """Questions and answers are judged by different services."""
    with Moderation("alibaba") as stand_in:
        for role in ("input", "output"):
            asked(made("alibaba", stand_in.root_url), "好", role=role)
        sent = [one.raw.decode() for one in stand_in.seen]
    assert ["llm_query" in sent[0], "llm_response" in sent[1]] == [True, True]


def test_a_token_is_bought_once_and_anew_when_it_was_revoked() -> None:
    """Baidu's token is kept; one that the service no longer takes is replaced, once a call."""
    with Moderation("baidu") as stand_in:
        judge = made("baidu", stand_in.root_url)
        stale = (200, {"error_code": 111, "error_msg": "expired"})

        async def ask() -> list[Verdict]:
            first = [await judge.check(Sensitive("好"), "input", NONE, 5) for _ in range(2)]
            assert stand_in.tokens == 1
            stand_in.queue.append(stale)
            again = await judge.check(Sensitive("好"), "input", NONE, 5)
            assert stand_in.tokens == 2
            stand_in.queue += [stale, stale]
            last = await judge.check(Sensitive("好"), "input", NONE, 5)
            await judge.close()
            return [*first, again, last]

        found = asyncio.run(ask())
        assert [one.status for one in found] == ["ok", "ok", "ok", "auth"]
        assert all(SECRET not in one.query for one in stand_in.seen)


def test_secrets_do_not_show() -> None:
    """Neither a signature nor a credential has a `repr` that tells anything."""
    key = Secret("s3cr3t")
    signed = acs3({"host": "h"}, b"", "id", key), tc3({"host": "h"}, b"", "id", key, "tms", 0)
    shown = repr((Credentials("id", key), *signed))
    assert "s3cr3t" not in shown
    assert "Signature" not in shown
    assert TOKEN not in repr(made("baidu", "http://127.0.0.1:1"))


def test_a_signature_depends_on_everything_that_is_signed() -> None:
    """Another body, header, key or moment makes another signature."""
    now, headers, key = int(time.time()), {"host": "h", "content-type": "t"}, Secret("k")
    made = {
        str(tc3(headers, b"a", "id", key, "tms", now)),
        str(tc3(headers, b"b", "id", key, "tms", now)),
        str(tc3({**headers, "host": "g"}, b"a", "id", key, "tms", now)),
        str(tc3(headers, b"a", "id", Secret("l"), "tms", now)),
        str(tc3(headers, b"a", "id", key, "tms", now + 1)),
    }
    assert len(made) == 5

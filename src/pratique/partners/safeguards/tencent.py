"""Tencent TMS `TextModeration` (2020-12-29): Base64 text of at most 10,000 characters.

Fields and error codes are those of its client 3.1.157; labels are from general knowledge, not seen
in a document; suggestions are Pass, Review, Block.
"""

import base64
import time
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from pratique.partners.contract import Status
from pratique.partners.safeguards.cloud import (
    CloudJudge,
    Credentials,
    NoVerdict,
    decoded,
    host_of,
)
from pratique.partners.safeguards.contract import Category, Level, Role, Verdict, each_once
from pratique.partners.safeguards.signing import tc3
from pratique.privacy import Sensitive

BASE_URL = "https://tms.tencentcloudapi.com"
"""Mainland; `tms.intl.tencentcloudapi.com` is another account, key and policy."""

_VERSION = "2020-12-29"
_TYPE = "application/json; charset=utf-8"
_LEVELS: dict[str, Level] = {"Pass": "safe", "Review": "controversial", "Block": "unsafe"}
_CATEGORIES: dict[str, Category] = {
    "Polity": "political",
    "Porn": "sexual",
    "Sexy": "sexual",
    "Illegal": "illegal_goods",
    "Abuse": "abuse",
    "Terror": "terrorism",
    "Ad": "advertising",
    "Spam": "advertising",
    "Moan": "sexual",
    "Teenager": "minors",
    "Contraband": "illegal_goods",
    "Custom": "other",
}
_CODES: tuple[tuple[str, Status], ...] = (
    ("AuthFailure", "auth"),
    ("UnauthorizedOperation", "auth"),
    ("RequestLimitExceeded", "rate_limited"),
    ("InternalError.QueryReqLimited", "rate_limited"),
    ("InternalError.ErrTextTimeOut", "timeout"),
    ("InvalidParameterValue.ErrTextContentLen", "context_exceeded"),
    ("InvalidParameter.ErrTextContentLen", "context_exceeded"),
    ("FailedOperation.InsufficientBalance", "quota_exhausted"),
    ("LimitExceeded", "quota_exhausted"),
    ("ResourceInsufficient", "overloaded"),
    ("ResourceUnavailable", "quota_exhausted"),
    ("Invalid", "bad_request"),
    ("Missing", "bad_request"),
    ("Unknown", "bad_request"),
    ("Unsupported", "bad_request"),
)


class _Error(msgspec.Struct, rename="pascal"):
    code: str = ""


class _Detail(msgspec.Struct, rename="pascal"):
    label: str | None = None
    suggestion: str | None = None


class _Response(msgspec.Struct, rename="pascal"):
    error: _Error | None = None
    request_id: str = ""
    suggestion: str = ""
    label: str | None = None
    score: float | None = None
    detail_results: tuple[_Detail, ...] | None = None


class _Body(msgspec.Struct, rename="pascal"):
    response: _Response


class TencentJudge(CloudJudge):
    """Tencent's text moderation as a judge."""

    name = "tencent/text-moderation"
    version = f"api:{_VERSION}"
    categories = each_once(list(_CATEGORIES.values()))
    window = 10_000

    def __init__(
        self,
        credentials: Credentials,
        *,
        base_url: str = BASE_URL,
        region: str = "ap-guangzhou",
        biz_type: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(base_url)
        self._credentials = credentials
        self._host = host_of(base_url)
        self._region = region
        self._biz_type = biz_type
        self._clock = clock

    async def _judge(self, text: Sensitive[str], role: Role, about: Verdict) -> Verdict:  # noqa: ARG002
        asked = {"Content": base64.b64encode(text.reveal().encode("utf-8", "replace")).decode()}
        if self._biz_type:
            asked["BizType"] = self._biz_type
        body, now = msgspec.json.encode(asked), int(self._clock())
        signed = {"content-type": _TYPE, "host": self._host}
        headers = {
            **signed,
            "authorization": tc3(
                signed, body, self._credentials.key_id, self._credentials.secret, "tms", now
            ),
            "x-tc-action": "TextModeration",
            "x-tc-version": _VERSION,
            "x-tc-timestamp": str(now),
            "x-tc-region": self._region,
        }
        return _read(decoded(await self._post("/", headers, body), _Body).response, about)


def _read(response: _Response, about: Verdict) -> Verdict:
    if response.error is not None:
        code = response.error.code
        raise NoVerdict(_status(code), code, response.request_id)
    if response.suggestion not in _LEVELS:
        raise NoVerdict("unavailable", "unreadable", response.request_id)
    level = _LEVELS[response.suggestion]
    labels = [response.label or ""]
    labels += [one.label or "" for one in response.detail_results or () if one.suggestion != "Pass"]
    named = tuple(dict.fromkeys(one for one in labels if one and one != "Normal"))
    found = [_CATEGORIES.get(one, "other") for one in named] or ["other"]
    return replace(
        about,
        level=level,
        categories=each_once(found) if level != "safe" else (),
        # The score says how sure it is of the label, be that Normal too.
        score=None if response.score is None or level == "safe" else response.score / 100,
        labels=named,
        request_id=response.request_id,
    )


def _status(code: str) -> Status:
    return next((status for start, status in _CODES if code.startswith(start)), "unavailable")

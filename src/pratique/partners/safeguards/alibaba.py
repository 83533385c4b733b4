"""Alibaba `TextModerationPlus` (2022-03-02): at most 2,000 characters, a service for each role.

Fields are those of its client 3.6.9. Labels are read by how they begin: the service has some
hundred, and new ones come.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

import msgspec
from msgspec.structs import replace

from pratique.partners.contract import Status
from pratique.partners.safeguards.cloud import (
    CloudJudge,
    Credentials,
    NoVerdict,
    decoded,
    host_of,
    of_http,
)
from pratique.partners.safeguards.contract import Category, Level, Role, Verdict, each_once
from pratique.partners.safeguards.signing import acs3
from pratique.privacy import Sensitive

BASE_URL = "https://green-cip.cn-shanghai.aliyuncs.com"
"""Mainland; each region has its own."""

_VERSION = "2022-03-02"
_SERVICES: dict[Role, str] = {
    "input": "llm_query_moderation",
    "output": "llm_response_moderation",
}
_LEVELS: dict[str, Level] = {
    "none": "safe",
    "low": "controversial",
    "medium": "controversial",
    "high": "unsafe",
}
_BEGINNINGS: tuple[tuple[str, Category], ...] = (
    ("political", "political"),
    ("violent", "violence"),
    ("terror", "terrorism"),
    ("contraband_drug", "drugs"),
    ("contraband_gambl", "gambling"),
    ("contraband", "illegal_goods"),
    ("sexual", "sexual"),
    ("pornographic", "sexual"),
    ("inappropriate_discrimination", "hate"),
    ("inappropriate_suicide", "self_harm"),
    ("inappropriate_ethics", "abuse"),
    ("inappropriate_profanity", "abuse"),
    ("inappropriate", "abuse"),
    ("religion", "hate"),
    ("privacy", "privacy"),
    ("pt_", "advertising"),
    ("ad_", "advertising"),
    ("cyber_", "illegal_goods"),
    ("fraud", "fraud"),
)
_CODES: tuple[tuple[str, Status], ...] = (
    ("InvalidAccessKey", "auth"),
    ("SignatureDoesNotMatch", "auth"),
    ("IncompleteSignature", "auth"),
    ("Forbidden", "auth"),
    ("NoPermission", "auth"),
    ("Throttling", "rate_limited"),
    ("ServiceUnavailable", "overloaded"),
    ("InternalError", "unavailable"),
    ("Invalid", "bad_request"),
    ("Missing", "bad_request"),
)
_BY_CODE: dict[int, Status] = {
    400: "bad_request",
    401: "bad_request",
    402: "bad_request",
    403: "rate_limited",
    404: "bad_request",
    405: "auth",
    406: "unavailable",
    408: "auth",
    500: "unavailable",
    580: "unavailable",
    588: "rate_limited",
}
"""`Code` in an answer with HTTP 200: 402 a parameter's length, 408 no right to the service, 588 a
quota [from before, not seen]."""


class _Result(msgspec.Struct, rename="pascal"):
    label: str = ""
    confidence: float | None = None


class _Data(msgspec.Struct, rename="pascal"):
    risk_level: str | None = None
    result: tuple[_Result, ...] | None = None
    attack_level: str | None = None


class _Body(msgspec.Struct, rename="pascal"):
    code: int | str = 200
    request_id: str = ""
    data: _Data | None = None


class AlibabaJudge(CloudJudge):
    """Alibaba's text moderation as a judge."""

    name = "alibaba/text-moderation-plus"
    version = f"api:{_VERSION}"
    categories = (*each_once([category for _, category in _BEGINNINGS]), "injection", "other")
    window = 2000

    def __init__(
        self,
        credentials: Credentials,
        *,
        base_url: str = BASE_URL,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(base_url)
        self._credentials = credentials
        self._host = host_of(base_url)
        self._clock = clock

    async def _judge(self, text: Sensitive[str], role: Role, about: Verdict) -> Verdict:
        content = msgspec.json.encode({"content": text.reveal()}).decode()
        form = {"Service": _SERVICES[role], "ServiceParameters": content}
        body = urlencode(form).encode()
        answered = await self._post("/", self._headers(body), body)
        return _read(answered.status, decoded(answered, _Body), about)

    def _headers(self, body: bytes) -> dict[str, str]:
        signed = {
            "content-type": "application/x-www-form-urlencoded",
            "host": self._host,
            "x-acs-action": "TextModerationPlus",
            "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
            "x-acs-date": self._clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-version": _VERSION,
        }
        key = self._credentials
        return {**signed, "authorization": acs3(signed, body, key.key_id, key.secret)}


def _read(http: int, body: _Body, about: Verdict) -> Verdict:
    if http != 200 or body.code not in (200, "200"):
        raise NoVerdict(_status(http, body.code), str(body.code), body.request_id)
    data = body.data or _Data()
    risk = data.risk_level or ""
    if risk not in _LEVELS:
        raise NoVerdict("unavailable", "unreadable", body.request_id)
    level = _LEVELS[risk]
    labels = tuple(one.label[:64] for one in data.result or () if one.label != "nonLabel")
    found = [_category(one) for one in labels]
    if (data.attack_level or "none") not in ("none", "low"):
        level, found = "unsafe", [*found, "injection"]
    sure = [one.confidence for one in data.result or () if one.confidence is not None]
    return replace(
        about,
        level=level,
        categories=each_once(found or ["other"]) if level != "safe" else (),
        score=max(sure) / 100 if sure and level != "safe" else None,
        labels=labels[:16],
        request_id=body.request_id,
    )


def _category(label: str) -> Category:
    return next((found for start, found in _BEGINNINGS if label.startswith(start)), "other")


def _status(http: int, code: int | str) -> Status:
    if isinstance(code, int) or code.isdigit():
        return _BY_CODE.get(int(code), "unavailable")
    return next((status for start, status in _CODES if code.startswith(start)), of_http(http))

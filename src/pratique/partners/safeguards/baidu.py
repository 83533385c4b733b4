"""Baidu `text_censor` v2: a form of at most 20,000 bytes, a token in the query.

The numbers of `conclusionType` and of the errors are from before, not seen in a page of this year.
"""

import time
from collections.abc import Callable
from urllib.parse import urlencode

import msgspec
from msgspec.structs import replace

from pratique.partners.contract import Status
from pratique.partners.safeguards.cloud import CloudJudge, Credentials, NoVerdict, decoded
from pratique.partners.safeguards.contract import Category, Level, Role, Verdict, each_once
from pratique.privacy import Masked, Sensitive

BASE_URL = "https://aip.baidubce.com"

_CENSOR = "/rest/2.0/solution/v1/text_censor/v2/user_defined"
_TOKEN = "/oauth/2.0/token"  # noqa: S105  (an address)
_FORM = {"content-type": "application/x-www-form-urlencoded"}
_EARLY = 60.0
"""Seconds before its end at which a token is bought anew."""
_STALE = (110, 111)
"""Codes of a token that is not, or no longer, valid."""
_LEVELS: dict[int, Level] = {1: "safe", 2: "unsafe", 3: "controversial"}
_SUB_TYPES: dict[int, Category] = {
    1: "terrorism",
    2: "sexual",
    3: "political",
    4: "advertising",
    5: "abuse",
    6: "advertising",
}
_CODES: dict[int, Status] = {
    1: "unavailable",
    2: "unavailable",
    3: "bad_request",
    4: "rate_limited",
    6: "auth",
    13: "auth",
    14: "auth",
    15: "auth",
    17: "quota_exhausted",
    18: "rate_limited",
    19: "quota_exhausted",
    100: "auth",
    110: "auth",
    111: "auth",
    216100: "bad_request",
    216101: "bad_request",
    216200: "bad_request",
    282000: "unavailable",
    282003: "bad_request",
    282004: "bad_request",
    282808: "bad_request",
}


class _Hit(msgspec.Struct):
    probability: float | None = None


class _Data(msgspec.Struct, rename="camel"):
    type: int = 0
    sub_type: int = 0
    conclusion_type: int | None = None
    hits: tuple[_Hit, ...] | None = None


class _Body(msgspec.Struct, rename="camel"):
    conclusion_type: int | None = None
    data: tuple[_Data, ...] | None = None
    log_id: int | str = msgspec.field(name="log_id", default="")
    error_code: int | None = msgspec.field(name="error_code", default=None)


class _Token(msgspec.Struct):
    access_token: str = ""
    expires_in: float = 0.0
    error: str = ""


class BaiduJudge(CloudJudge):
    """Baidu's text moderation as a judge."""

    name = "baidu/text-censor"
    version = "api:v2"
    categories = (*each_once(list(_SUB_TYPES.values())), "other")
    window = 5000
    """Characters: no character takes more than four of the 20,000 bytes."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        base_url: str = BASE_URL,
        strategy: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(base_url)
        self._credentials = credentials
        self._strategy = strategy
        self._clock = clock
        self._token: Masked | None = None
        self._until = 0.0

    async def _judge(self, text: Sensitive[str], role: Role, about: Verdict) -> Verdict:  # noqa: ARG002
        form = {"text": text.reveal()}
        if self._strategy:
            form["strategyId"] = self._strategy
        body = urlencode(form, errors="replace").encode()
        found = await self._asked(body)
        if found.error_code in _STALE:
            # A token may be revoked before its time: once more with a new one.
            self._token = None
            found = await self._asked(body)
        return _read(found, about)

    async def _asked(self, body: bytes) -> _Body:
        query = urlencode({"access_token": await self._bought()})
        return decoded(await self._post(f"{_CENSOR}?{query}", _FORM, body), _Body)

    async def _bought(self) -> str:
        """Return a token that is valid for a while yet.

        Raises:
            NoVerdict: none was given.
        """
        if self._token is None or self._clock() >= self._until:
            asked = {
                "grant_type": "client_credentials",
                "client_id": self._credentials.key_id,
                "client_secret": self._credentials.secret.reveal(),
            }
            # In the body, where no proxy's log of addresses keeps it.
            answered = await self._post(_TOKEN, _FORM, urlencode(asked).encode())
            token = decoded(answered, _Token)
            if not token.access_token:
                raise NoVerdict("auth", token.error or "no_token")
            self._token = Masked(token.access_token)
            self._until = self._clock() + token.expires_in - _EARLY
        return self._token


def _read(body: _Body, about: Verdict) -> Verdict:
    request_id = str(body.log_id)
    if body.error_code is not None:
        status = _CODES.get(body.error_code, "unavailable")
        raise NoVerdict(status, str(body.error_code), request_id)
    level = _LEVELS.get(body.conclusion_type or 0)
    if level is None:
        raise NoVerdict("unavailable", f"conclusion_{body.conclusion_type}", request_id)
    parts = [one for one in body.data or () if one.conclusion_type != 1]
    found = [_category(one) for one in parts] or ["other"]
    sure = [hit.probability for one in parts for hit in one.hits or () if hit.probability]
    return replace(
        about,
        level=level,
        categories=each_once(found) if level != "safe" else (),
        score=max(sure) if sure and level != "safe" else None,
        labels=tuple(f"{one.type}/{one.sub_type}" for one in parts)[:16],
        request_id=request_id,
    )


def _category(part: _Data) -> Category:
    """Return what a part is about; types of the customer's own lists say nothing of it."""
    return _SUB_TYPES.get(part.sub_type, "other") if part.type == 12 else "other"

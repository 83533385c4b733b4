"""Stand-ins of the clouds' text moderation: servers on loopback that check signatures and limits.

What a text comes to is told by code words in it, so that no bad word is needed: `code-word-block`
and `code-word-review`. Anything else passes.
"""

import asyncio
import base64
import binascii
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from types import TracebackType
from urllib.parse import parse_qs

import msgspec

from pratique.partners.safeguards.signing import acs3, tc3
from pratique.partners.standins.connection import Connection
from pratique.partners.standins.wire import Seen, head
from pratique.privacy import Secret

BLOCK, REVIEW = "code-word-block", "code-word-review"
"""Words that stand for what is to be blocked or reviewed."""

KEY_ID, SECRET = "stand-in-id", "stand-in-secret"
"""The access key that the stand-ins know."""

TOKEN = "stand-in-token"  # noqa: S105  (of a stand-in)

Answer = tuple[int, Mapping[str, object]]
"""HTTP status and body."""


class Moderation:
    """A stand-in of one cloud's service (`alibaba`, `baidu` or `tencent`), in a thread of its own."""

    def __init__(self, cloud: str) -> None:
        self._answer: Callable[[Seen], Answer] = {
            "alibaba": _alibaba,
            "baidu": self._baidu,
            "tencent": _tencent,
        }[cloud]
        self.seen: list[Seen] = []
        """Every request that arrived whole, in order."""
        self.queue: list[Answer | None] = []
        """Answers to the next requests; None is silence."""
        self.tokens = 0
        """How many tokens were bought."""
        self.root_url = ""
        """Address, while it runs."""
        self._opened: set[Connection] = set()
        self._started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(target=self._run, name=f"{cloud} moderation", daemon=True)

    def __enter__(self) -> "Moderation":
        self._thread.start()
        self._started.result()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        loop, stop = self._started.result()
        loop.call_soon_threadsafe(stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serving())
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)

    async def _serving(self) -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        server = await loop.create_server(
            lambda: Connection(self._serve, self._opened), "127.0.0.1", 0
        )
        self.root_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._started.set_result((loop, stop))
        await stop.wait()
        server.close()
        while self._opened:
            await asyncio.gather(*(one.stop() for one in self._opened))
        await server.wait_closed()

    async def _serve(self, connection: Connection, seen: Seen) -> bool:
        self.seen.append(seen)
        buys = seen.path == "/oauth/2.0/token"
        answer = self.queue.pop(0) if self.queue and not buys else self._answer(seen)
        if answer is None:
            await connection.silence()
            return False
        body = msgspec.json.encode(answer[1])
        headers = {"content-type": "application/json", "content-length": str(len(body))}
        connection.write(head(answer[0], headers) + body)
        await connection.drain()
        return True

    def _baidu(self, seen: Seen) -> Answer:
        query, form = _fields(seen.query), _fields(seen.raw.decode("utf-8", "replace"))
        if seen.path == "/oauth/2.0/token":
            asked = {**query, **form}
            if (asked.get("client_id"), asked.get("client_secret")) != (KEY_ID, SECRET):
                return 401, {"error": "invalid_client", "error_description": "unknown client id"}
            self.tokens += 1
            scope = "public brain_all_scope brain_antispam"
            return 200, {"access_token": TOKEN, "expires_in": 2592000, "scope": scope}
        if query.get("access_token") != TOKEN:
            return 200, {"error_code": 110, "error_msg": "Access token invalid", "log_id": 1}
        text = form.get("text", "")
        if not text or len(text.encode()) > 20_000:
            return 200, {"error_code": 282808, "error_msg": "text too long", "log_id": 1}
        if BLOCK in text or REVIEW in text:
            number = 2 if BLOCK in text else 3
            hits = [{"words": [BLOCK], "probability": 0.97, "datasetName": "default"}]
            part = {"type": 12, "subType": 4, "conclusionType": number, "msg": "m", "hits": hits}
            return 200, {"log_id": 1, "conclusion": "x", "conclusionType": number, "data": [part]}
        return 200, {"log_id": 1, "conclusion": "合规", "conclusionType": 1}


def _tencent(seen: Seen) -> Answer:
    sent = _signed(seen, ", ")
    now = seen.headers.get("x-tc-timestamp", "0")
    right = tc3(sent, seen.raw, KEY_ID, Secret(SECRET), "tms", int(now) if now.isdigit() else 0)
    if seen.headers.get("authorization") != right:
        return _tencent_error("AuthFailure.SignatureFailure")
    asked = seen.body if isinstance(seen.body, dict) else {}
    if seen.headers.get("x-tc-action") != "TextModeration":
        return _tencent_error("InvalidParameter.ErrAction")
    try:
        text = base64.b64decode(str(asked.get("Content", "")), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return _tencent_error("InvalidParameterValue.InvalidContent")
    if not text or len(text) > 10_000:
        return _tencent_error("InvalidParameterValue.ErrTextContentLen")
    told = "Block" if BLOCK in text else "Review" if REVIEW in text else "Pass"
    label, score = ("Normal", 0) if told == "Pass" else ("Ad", 96)
    detail = {"Label": label, "Suggestion": told, "Score": score, "Keywords": [], "HitInfos": []}
    return 200, {
        "Response": {
            "BizType": "stand_in",
            "Suggestion": told,
            "Label": label,
            "SubLabel": "",
            "Score": score,
            "Keywords": [],
            "DetailResults": [] if told == "Pass" else [detail],
            "RequestId": "r-1",
        }
    }


def _tencent_error(code: str) -> Answer:
    return 200, {"Response": {"Error": {"Code": code, "Message": "m"}, "RequestId": "r-1"}}


def _alibaba(seen: Seen) -> Answer:
    right = acs3(_signed(seen, ","), seen.raw, KEY_ID, Secret(SECRET))
    if seen.headers.get("authorization") != right:
        return 403, {"Code": "SignatureDoesNotMatch", "Message": "m", "RequestId": "r-1"}
    if seen.headers.get("x-acs-action") != "TextModerationPlus":
        return 404, {"Code": "InvalidAction.NotFound", "Message": "m", "RequestId": "r-1"}
    form = _fields(seen.raw.decode())
    asked = msgspec.json.decode(form.get("ServiceParameters", "{}"), type=dict[str, object])
    text = str(asked.get("content", ""))
    if not text or len(text) > 2000:
        return 200, {"Code": 402, "Message": "content too long", "RequestId": "r-1"}
    risk = "high" if BLOCK in text else "medium" if REVIEW in text else "none"
    label = "nonLabel" if risk == "none" else "pt_to_contact"
    result = {"Label": label, "Confidence": 96.5, "Description": "d"}
    data = {"RiskLevel": risk, "Result": [result], "AttackLevel": "none"}
    return 200, {"Code": 200, "Message": "OK", "RequestId": "r-1", "Data": data}


def _signed(seen: Seen, between: str) -> dict[str, str]:
    """Return the headers that the request says it signed."""
    for part in seen.headers.get("authorization", "").split(between):
        name, _, value = part.partition("SignedHeaders=")
        if not name.strip(" ,") and value:
            return {one: seen.headers.get(one, "") for one in value.split(";")}
    return {}


def _fields(text: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}

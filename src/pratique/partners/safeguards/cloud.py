"""Text moderation in a cloud: what the three services have in common.

A failure is a status of the closed set and never a pass. A text beyond a service's limit is refused
here, never cut short: screening cuts windows by what each judge declares.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeVar

import msgspec
from msgspec.structs import replace

from pratique.partners.contract import Status
from pratique.partners.remote.wire import Cut, TooLong, Wire
from pratique.partners.safeguards.contract import Category, Role, Verdict
from pratique.privacy import Secret, Sensitive

T = TypeVar("T")

_BY_HTTP: dict[int, Status] = {
    401: "auth",
    403: "auth",
    408: "timeout",
    413: "context_exceeded",
    429: "rate_limited",
    503: "overloaded",
    504: "timeout",
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key of a cloud."""

    key_id: str
    """Its public half."""
    secret: Secret
    """Its private half."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back over HTTP."""

    status: int
    """The HTTP status."""
    data: bytes
    """The body; content may be in it."""


class NoVerdict(Exception):
    """Why a service gave no verdict; the text is its own code, without content."""

    def __init__(self, status: Status, code: str = "", request_id: str = "") -> None:
        super().__init__(f"{status}: {code}")
        self.status: Status = status
        self.code = code[:64]
        self.request_id = request_id[:128]


class CloudJudge(ABC):
    """A judge that calls one service."""

    languages: ClassVar[tuple[str, ...]] = ("zh-Hans", "zh-Hant", "en")
    name: ClassVar[str]
    version: ClassVar[str]
    categories: ClassVar[tuple[Category, ...]]
    window: ClassVar[int]
    stride: ClassVar[int] = 128

    def __init__(self, base_url: str) -> None:
        self._wire = Wire(base_url)

    async def check(
        self,
        text: Sensitive[str],
        role: Role,
        context: Sensitive[str],  # noqa: ARG002
        deadline: float,
    ) -> Verdict:
        """Return what the service says of *text*; *context* is not sent: no service takes it."""
        about = Verdict(model=self.name, version=self.version)
        if len(text.reveal()) > self.window:
            return replace(about, status="context_exceeded", code="longer_than_window")
        try:
            async with asyncio.timeout(deadline):
                return await self._judge(text, role, about)
        except TimeoutError:
            return replace(about, status="timeout")
        except (Cut, TooLong):
            return replace(about, status="unavailable", code="cut")
        except NoVerdict as error:
            return replace(about, status=error.status, code=error.code, request_id=error.request_id)

    async def close(self) -> None:
        """Close every connection."""
        await self._wire.close()

    @abstractmethod
    async def _judge(self, text: Sensitive[str], role: Role, about: Verdict) -> Verdict:
        """Ask the service.

        Raises:
            NoVerdict, Cut, TooLong: it said nothing of the text.
        """

    async def _post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        async with await self._wire.opened(path, headers, Sensitive(body)) as response:
            return Answered(response.status, await response.rest())


def host_of(base_url: str) -> str:
    """Return host and port of *base_url*, as the `Host` header says them."""
    return base_url.partition("://")[2].partition("/")[0]


def decoded(answered: Answered, kind: type[T]) -> T:
    """Return the body as a *kind*.

    Raises:
        NoVerdict: it is none; the HTTP status tells what it comes to.
    """
    try:
        return msgspec.json.decode(answered.data, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError):
        raise NoVerdict(of_http(answered.status), f"http_{answered.status}") from None


def of_http(status: int) -> Status:
    """Return what an HTTP status comes to where the body tells nothing."""
    if status in _BY_HTTP:
        return _BY_HTTP[status]
    return "bad_request" if 400 <= status < 500 else "unavailable"

"""The wire: HTTP to one address, bounded, with nothing followed and nothing logged.

aiohttp closes the connection as soon as a call is cancelled, before its head has come too, and
hands over all of a stream that has come at once. Clients on a thread of their own are cheaper for
whole answers, but let a cancelled call run on, or pay for a thread's turn at each piece
(`make bench-client` measures them).
"""

from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

from pratique.privacy import Sensitive

MAX_BODY = 8 * 1024 * 1024
"""Most bytes of an answer in one piece."""

_CONNECT = 5.0
"""Seconds to make a connection."""
_IDLE = 20.0
"""Seconds that a silent connection is kept: fewer than load balancers do, so that a dead one is
rarely tried."""
_TIMES = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT)


class Cut(Exception):
    """The network failed before the answer was complete; the text names the kind of failure."""


class TooLong(Exception):
    """The answer is longer than `MAX_BODY`."""


class Wire:
    """HTTP to one partner's region. Connections are opened when first needed, and kept."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._urls: dict[str, URL] = {}

    async def opened(
        self, path: str, headers: Mapping[str, str], body: Sensitive[bytes]
    ) -> aiohttp.ClientResponse:
        """Send *body* and return the head of the answer, with what its body is read from.

        Raises:
            Cut: the network failed.
        """
        session, url = self._ready(path)
        try:
            return await session.post(
                url, data=body.reveal(), headers=headers, allow_redirects=False
            )
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Cut(type(error).__name__) from None

    async def asked(self, path: str, headers: Mapping[str, str]) -> aiohttp.ClientResponse:
        """Ask for what is at *path* and return the head of the answer, as `opened`.

        Raises:
            Cut: the network failed.
        """
        session, url = self._ready(path)
        try:
            return await session.get(url, headers=headers, allow_redirects=False)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Cut(type(error).__name__) from None

    def _ready(self, path: str) -> tuple[aiohttp.ClientSession, URL]:
        if self._session is None:
            self._session = _session(self._base_url)
        url = self._urls.get(path)
        if url is None:
            url = self._urls[path] = URL(self._base_url + path)
        return self._session, url

    async def close(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def _session(base_url: str) -> aiohttp.ClientSession:
    """Return a session without cookies; a server of one's own is called without a proxy."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE),
        timeout=_TIMES,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": "pratique"},
        proxy=_proxy(base_url),
    )


def _proxy(base_url: str) -> str | None:
    """Return the proxy that the environment names for *base_url*; a server of one's own has none.

    Looked up once: aiohttp's `trust_env` does so for each call, on a thread, and refuses to send a
    key to a host that stands in a `.netrc` as well.
    """
    parts = urlsplit(base_url)
    if parts.scheme != "https" or proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get("https")


async def next_chunk(response: aiohttp.ClientResponse) -> bytes:
    """Return what has come of the body, as soon as anything has; nothing at its end.

    Raises:
        Cut: the network failed.
    """
    try:
        return await response.content.readany()
    except aiohttp.ClientError as error:
        raise Cut(type(error).__name__) from None


async def rest(response: aiohttp.ClientResponse) -> bytes:
    """Return all of the body that is still to come.

    Raises:
        Cut, TooLong: it did not come.
    """
    chunks, size = [], 0
    while chunk := await next_chunk(response):
        size += len(chunk)
        chunks.append(chunk)
        if size > MAX_BODY:
            raise TooLong(f"an answer of more than {MAX_BODY} bytes")
    return b"".join(chunks)

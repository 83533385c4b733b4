"""The wire: every way in which HTTP says how long an answer is, and what is done when it does not."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from pratique.partners.remote.wire import MAX_BODY, Cut, TooLong, Wire
from pratique.privacy import Sensitive

Said = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""What a server does with one connection."""

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@asynccontextmanager
async def listening(said: Said, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Run a server that does *said*; yield its port."""

    async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await said(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # The client has gone, as some tests want it.
        finally:
            writer.close()

    server = await asyncio.start_server(quietly, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def request(reader: asyncio.StreamReader) -> bytes:
    """Read one request and return its head."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")), 0
    )
    await reader.readexactly(length)
    return head


def saying(*answers: bytes) -> Said:
    """Return a server that gives one of *answers* to each request, then ends the connection."""

    async def said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for one in answers:
            await request(reader)
            writer.write(one)
            await writer.drain()

    return said


async def told(wire: Wire) -> tuple[int, bytes]:
    """Return status and body of one answer."""
    async with await wire.opened("/chat", {"X-Own": "1"}, Sensitive(b"{}")) as answer:
        return answer.status, await answer.rest()


def asked(said: Said, times: int = 1) -> list[tuple[int, bytes] | str]:
    """Return what *times* requests to *said* come to; for a failure its name."""

    async def run() -> list[tuple[int, bytes] | str]:
        found: list[tuple[int, bytes] | str] = []
        async with listening(said) as port:
            wire = Wire(f"http://127.0.0.1:{port}/v1")
            for _ in range(times):
                try:
                    found.append(await told(wire))
                except Cut as error:
                    found.append(str(error))
            await wire.close()
        return found

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (PLAIN, (200, b"hello")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", (200, b"hello")),
        (b"HTTP/1.1 200 OK\r\n\r\nhello", (200, b"hello")),
        (b"HTTP/1.0 200 OK\r\n\r\nhello", (200, b"hello")),
        (b"HTTP/1.1 204 No Content\r\n\r\n", (204, b"")),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN, (200, b"hello")),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + PLAIN, (200, b"hello")),
        (PLAIN + b"HTTP/1.1 200 OK\r\n", (200, b"hello")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "broken"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "broken"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", "encoded"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000, "head_too_long"),
        (b"220 ready\r\n", "no_http"),
        (b"HTTP/1.1 20", "disconnected"),
        (b"", "disconnected"),
    ],
)  # fmt: skip
def test_an_answer_is_whole_or_named_as_cut(
    answer: bytes, expected: tuple[int, bytes] | str
) -> None:
    """By length, in chunks, to the end of the connection; else the failure has a name."""
    assert asked(saying(answer)) == [expected]


@given(st.lists(st.integers(1, 40), max_size=12))
def test_it_does_not_matter_how_the_network_cuts_an_answer(cuts: list[int]) -> None:
    """The same answer in pieces of any size."""
    whole = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"

    async def said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        rest = whole
        for size in cuts:
            writer.write(rest[:size])
            rest = rest[size:]
            await asyncio.sleep(0)
        writer.write(rest)
        await writer.drain()

    assert asked(said) == [(200, b"hello")]


def test_a_connection_is_used_again_and_opened_anew_when_the_server_closed_it() -> None:
    """Two answers on each connection of this server: six calls need three, and none fails for long."""
    found = asked(saying(PLAIN, PLAIN), times=6)
    assert found.count((200, b"hello")) >= 4
    assert all(one in ((200, b"hello"), "disconnected") for one in found)
    assert (
        asked(saying(PLAIN.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n")), times=3)
        == [(200, b"hello")] * 3
    )


def test_what_was_not_asked_for_is_nobody_s_answer() -> None:
    """Bytes on a connection at rest close it: the next request begins on another."""

    async def said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        writer.write(PLAIN)
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged")
        await reader.read()

    async def run() -> list[bytes]:
        async with listening(said) as port:
            wire = Wire(f"http://127.0.0.1:{port}")
            found = []
            for _ in range(3):
                found.append((await told(wire))[1])
                await asyncio.sleep(0.06)
            await wire.close()
            return found

    assert asyncio.run(run()) == [b"hello"] * 3


def test_a_slow_reader_holds_the_server_back() -> None:
    """An answer that nobody reads stays with its server but for what the buffers of the way hold."""
    sent = 0

    async def said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()
            sent += 65536

    async def run() -> int:
        async with listening(said) as port:
            wire = Wire(f"http://127.0.0.1:{port}")
            answer = await wire.opened("/", {}, Sensitive(b""))
            await answer.chunk()
            before = -1
            while before != sent:
                before = sent
                await asyncio.sleep(0.1)
            with pytest.raises(TooLong):
                await answer.rest()
            answer.close()
            await wire.close()
            return before

    assert asyncio.run(run()) < 64 * 1024 * 1024
    assert sent > MAX_BODY


def test_a_line_break_makes_no_header() -> None:
    """Whatever stands in a field, it stays in its line."""
    wire = Wire("http://127.0.0.1:9")
    with pytest.raises(ValueError, match="line break"):
        asyncio.run(wire.opened("/", {"X": "a\r\nY: b"}, Sensitive(b"")))


def test_a_server_that_is_not_there_is_named() -> None:
    """Nobody listens; no such host."""

    async def run(address: str) -> str:
        with pytest.raises(Cut) as raised:
            await Wire(address).opened("/", {}, Sensitive(b""))
        return str(raised.value)

    assert asyncio.run(run("http://127.0.0.1:1")) == "no_connection"
    assert asyncio.run(run("http://nobody.invalid")) == "unknown_host"


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for 127.0.0.1, and the file that makes a client trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    trusted, private = folder / "trusted.pem", folder / "private.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(trusted, private)
    return context, trusted


def clean(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    """Leave of what names proxies in the environment *variables* alone."""
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_a_certificate_must_be_trusted(
    certified: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of an unknown issuer ends the call before anything is sent."""
    context, trusted = certified
    heard = 0

    async def said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        await request(reader)
        heard += 1
        writer.write(PLAIN)
        await writer.drain()

    async def run() -> tuple[int, bytes] | str:
        async with listening(said, context) as port:
            wire = Wire(f"https://127.0.0.1:{port}")
            try:
                return await told(wire)
            except Cut as error:
                return str(error)
            finally:
                await wire.close()

    clean(monkeypatch)
    assert (asyncio.run(run()), heard) == ("no_tls", 0)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    assert (asyncio.run(run()), heard) == ((200, b"hello"), 1)


@pytest.mark.parametrize("status", [b"200 OK", b"407 Proxy Authentication Required"])
def test_a_proxy_sees_where_a_call_goes_and_nothing_else(
    certified: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch, status: bytes
) -> None:
    """It is asked for a tunnel, with its own name and word; TLS goes through from end to end."""
    context, trusted = certified
    seen: list[bytes] = []

    async def pumped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            seen.append(data)
            writer.write(data)
            await writer.drain()
        writer.close()

    async def run() -> tuple[int, bytes] | str:
        async def proxied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.append(await request(reader))
            writer.write(b"HTTP/1.1 " + status + b"\r\n\r\n")
            await writer.drain()
            if status.startswith(b"200"):
                far, near = await asyncio.open_connection("127.0.0.1", port)
                try:
                    await asyncio.gather(pumped(reader, near), pumped(far, writer))
                finally:
                    near.close()

        async with listening(saying(PLAIN), context) as port, listening(proxied) as between:
            clean(monkeypatch, https_proxy=f"http://me:w%40rd@127.0.0.1:{between}")
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
            wire = Wire(f"https://127.0.0.1:{port}")
            try:
                return await told(wire)
            except Cut as error:
                return str(error)
            finally:
                await wire.close()

    found = asyncio.run(run())
    assert found == ((200, b"hello") if status.startswith(b"200") else "proxy_refused")
    assert seen[0].startswith(b"CONNECT 127.0.0.1:")
    assert b"Proxy-Authorization: Basic bWU6d0ByZA==" in seen[0]
    assert not any(b"X-Own" in one or b"hello" in one for one in seen)

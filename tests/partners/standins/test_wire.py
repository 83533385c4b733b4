"""Tests of how requests are read: chunks, limits, and what is no request at all."""

import asyncio

import pytest

from tests.partners.standins.asking import connected, fresh


def test_a_chunked_request_is_read_after_the_client_was_told_to_go_on() -> None:
    async def check() -> None:
        async with fresh() as one, connected(one) as client:
            head = "POST /v1/chat/completions HTTP/1.1\r\nAuthorization: Bearer stand-in-key\r\n"
            client.send(
                f"{head}Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n".encode()
            )
            assert (await client.head())[0] == 100
            client.send(b'2;a=b\r\n{"\r\n')
            client.send(b'8\r\nmodel":1\r\n1\r\n}\r\n0\r\nTrailer: yes\r\n\r\n')
            assert (await client.hear()).status == 400
            assert one.seen[0].body == {"model": 1}

    asyncio.run(check())


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"hello\r\n\r\n", 400),
        (b"GET / HTTP/1.0\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nx: " + b"y" * 70_000, 431),
        (b"POST / HTTP/1.1\r\ncontent-length: 17000000\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n+1\r\n", 400),
        (b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2000000\r\n", 413),
    ],
)
def test_what_is_no_request_or_too_large_is_turned_away(sent: bytes, status: int) -> None:
    async def check() -> None:
        async with fresh() as one, connected(one) as client:
            client.send(sent)
            assert (await client.head())[0] == status
            assert await client.rest() == b""
            assert not one.seen

    asyncio.run(check())

"""Tests of a stand-in as a server: what is sent, how it ends, and who hangs up."""

import asyncio
import http.client
import threading

import pytest

from pratique.errors import NotFound
from pratique.partners.standins.server import Running, StandIn
from tests.partners.standins.asking import (
    HELLO,
    PATIENCE,
    PIECES,
    SENT,
    ask,
    connected,
    fresh,
    scenario,
    until_seen,
)


def test_many_requests_go_over_one_connection() -> None:
    """A client that keeps its sockets must find them alive."""

    async def check() -> None:
        async with fresh() as one, connected(one) as client:
            for _ in range(5):
                client.post(one, HELLO)
                assert (await client.hear()).status == 200
            assert (one.connections, len(one.seen)) == (1, 5)

    asyncio.run(check())


def test_requests_sent_ahead_are_answered_in_their_order() -> None:
    async def check() -> None:
        async with fresh() as one, connected(one) as client:
            one.play(scenario(body={"n": 1}), scenario(body={"n": 2}))
            client.post(one, HELLO)
            client.post(one, HELLO)
            assert [(await client.hear()).data["n"] for _ in range(2)] == [1, 2]

    asyncio.run(check())


def test_a_connection_is_closed_when_the_client_asks_for_it() -> None:
    async def check() -> None:
        async with fresh() as one, connected(one) as client:
            client.post(one, HELLO, connection="close")
            assert (await client.hear()).status == 200
            assert await client.rest() == b""

    asyncio.run(check())


def test_what_was_seen_is_kept() -> None:
    """Tests of clients look here for what was really sent."""

    async def check() -> None:
        async with fresh() as one:
            await ask(one, HELLO, X_Trace="t-1")
            seen = one.seen[0]
            assert (seen.method, seen.path) == ("POST", "/v1/chat/completions")
            assert (seen.headers["x-trace"], seen.body) == ("t-1", HELLO)
            assert not seen.hung_up.is_set()

    asyncio.run(check())


def test_a_scenario_in_one_piece_is_sent_as_written() -> None:
    async def check() -> None:
        async with fresh("baidu") as one:
            one.play(
                scenario(http=429, headers={"Retry-After": "7"}, body={"error": {"code": "x"}}),
                scenario(http=502, headers={"content-type": "text/html"}, body="<h1>bad 网关</h1>"),
                scenario(http=500),
            )
            first = await ask(one, HELLO)
            assert (first.status, first.body) == (429, b'{"error":{"code":"x"}}')
            assert first.headers["retry-after"] == "7"
            assert first.headers["x-ratelimit-limit-requests"] == "300"
            second = await ask(one, HELLO)
            assert second.body.decode() == "<h1>bad 网关</h1>"
            assert second.headers["content-type"] == "text/html"
            assert ((await ask(one, HELLO)).status, second.status) == (500, 502)

    asyncio.run(check())


def test_events_go_one_a_chunk_at_once_or_byte_by_byte() -> None:
    """Clients must not lean on where the network happens to cut."""

    async def check() -> None:
        async with fresh() as one:
            for chunking in ("event", "whole", "byte"):
                one.play(scenario(events=PIECES, chunking=chunking))
            by_event, whole, by_byte = [await ask(one, {**HELLO, "stream": True}) for _ in range(3)]
            assert by_event.headers["content-type"].startswith("text/event-stream")
            assert [chunk.decode() for chunk in by_event.chunks] == SENT
            assert whole.chunks == ["".join(SENT).encode()]
            assert by_byte.body == whole.body
            assert {len(chunk) for chunk in by_byte.chunks} == {1}

    asyncio.run(check())


def test_a_body_goes_byte_by_byte_too() -> None:
    async def check() -> None:
        async with fresh() as one:
            one.play(scenario(body={"a": "二"}, chunking="byte"))
            assert (await ask(one, HELLO)).data == {"a": "二"}

    asyncio.run(check())


def test_what_is_queued_comes_first_then_what_is_chosen_then_the_default() -> None:
    async def check() -> None:
        async with fresh() as one:
            one.play(scenario(body={"from": "queue"}))
            chosen = iter([scenario(body={"from": "choice"}), None])
            one.choose = lambda _: next(chosen)
            heard = [await ask(one, HELLO) for _ in range(3)]
            assert [answer.data.get("from") for answer in heard] == ["queue", "choice", None]

    asyncio.run(check())


def test_scenarios_are_played_by_name() -> None:
    async def check() -> None:
        async with fresh("alibaba") as one:
            one.play("retry-after")
            heard = await ask(one, HELLO)
            assert (heard.status, heard.headers["retry-after"]) == (429, "7")
            with pytest.raises(NotFound, match="no-such"):
                one.play("no-such")

    asyncio.run(check())


def test_a_wrong_key_is_refused_and_uses_no_scenario_up() -> None:
    async def check() -> None:
        async with fresh() as one:
            one.play(scenario(body={"played": True}))
            assert (await ask(one, HELLO, authorization="Bearer wrong")).status == 401
            assert (await ask(one, HELLO)).data == {"played": True}

    asyncio.run(check())


@pytest.mark.parametrize("dialect", ["alibaba", "baidu", "tencent", "vllm"])
def test_too_many_at_once_are_turned_away_at_once(dialect: str) -> None:
    """As many as allowed stay, and one that is turned away takes no place."""

    async def check() -> None:
        async with fresh(dialect) as one, connected(one) as waiting:
            one.overload_above, one.delay = 1, 3600
            waiting.post(one, HELLO)
            await until_seen(one)
            assert [(await ask(one, HELLO)).status in (429, 503) for _ in range(3)] == [True] * 3
            assert one.in_flight == 1

    asyncio.run(check())


def test_stopping_leaves_no_task_and_no_socket() -> None:
    async def check() -> None:
        async with fresh() as one:
            clients = [connected(one) for _ in range(3)]
            silent, delayed, idle = [await client.__aenter__() for client in clients]
            one.play(scenario(end="silent"))
            silent.post(one, HELLO)
            await until_seen(one)
            one.delay = 3600
            delayed.post(one, HELLO)
            async with asyncio.timeout(PATIENCE):
                while one.in_flight < 2 or one.connections < 3:
                    await asyncio.sleep(0)
        assert (one.connections, one.in_flight) == (0, 0)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert not any(seen.hung_up.is_set() for seen in one.seen)
        assert [await client.rest() for client in (silent, delayed, idle)] == [b""] * 3
        for client in clients:
            await client.__aexit__(None, None, None)

    asyncio.run(check())


def test_sixty_four_clients_at_once_are_served() -> None:
    async def many(one: StandIn) -> int:
        async with connected(one) as client:
            good = 0
            for _ in range(20):
                client.post(one, HELLO)
                good += (await client.hear()).status == 200
            return good

    async def check() -> None:
        async with fresh() as one:
            assert sum(await asyncio.gather(*(many(one) for _ in range(64)))) == 64 * 20
            assert one.in_flight == 0

    asyncio.run(check())


def test_a_running_stand_in_serves_clients_that_block() -> None:
    before = threading.active_count()
    with Running("deepseek", models=()) as one:
        one.play(scenario(body={"played": True}))
        address = one.root_url.removeprefix("http://")
        connection = http.client.HTTPConnection(address, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {one.key}"}
        bodies = []
        for _ in range(2):
            connection.request("POST", "/chat/completions", b"{}", headers)
            bodies.append(connection.getresponse().read())
        connection.close()
        assert one.base_url == one.root_url
        assert bodies[0] == b'{"played":true}'
        assert len(one.seen) == 2
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        connection.connect()


def test_an_unknown_dialect_is_named() -> None:
    with pytest.raises(NotFound, match="esperanto"):
        StandIn("esperanto")

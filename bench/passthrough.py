"""A gateway that does nothing but pass on: `python -m bench.passthrough PORT UPSTREAM_PORT`.

Server and client are aiohttp's on uvloop, as such gateways are mostly built. Its cost beside ours, in
the same run, says how fast the machine is just now.
"""

import sys
from collections.abc import AsyncIterator

import msgspec
import uvloop
from aiohttp import ClientSession, TCPConnector, web


def application(upstream: int) -> web.Application:
    """Return the application that passes every request on to *upstream*, a port of this machine."""
    sessions: list[ClientSession] = []

    async def held(_: web.Application) -> AsyncIterator[None]:
        async with ClientSession(connector=TCPConnector(limit=0)) as session:
            sessions.append(session)
            yield

    async def passed(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        msgspec.json.decode(body)  # which model is meant stands in it
        address = f"http://127.0.0.1:{upstream}{request.path}"
        json = {"content-type": "application/json"}
        async with sessions[0].post(address, data=body, headers=json) as answer:
            if answer.content_type != "text/event-stream":
                whole = await answer.read()
                return web.Response(
                    body=whole, status=answer.status, content_type=answer.content_type
                )
            stream = web.StreamResponse(headers={"content-type": "text/event-stream"})
            await stream.prepare(request)
            async for piece in answer.content.iter_any():
                await stream.write(piece)
            await stream.write_eof()
            return stream

    made = web.Application()
    made.cleanup_ctx.append(held)
    made.router.add_post("/{rest:.*}", passed)
    return made


if __name__ == "__main__":
    port, upstream = (int(one) for one in sys.argv[1:])
    web.run_app(
        application(upstream),
        host="127.0.0.1",
        port=port,
        access_log=None,
        loop=uvloop.new_event_loop(),
        print=None,
    )

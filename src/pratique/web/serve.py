"""Running the service: Uvicorn on a port of this machine."""

import asyncio
import ctypes
import gc
import resource
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from pratique.errors import NotAllowed, Unavailable
from pratique.people.api_keys import list_keys
from pratique.telemetry.logs import log_to_stderr
from pratique.web.addresses import is_loopback
from pratique.web.listening import server_of
from pratique.web.service import Service, open_service


def require_safe(service: Service, host: str) -> None:
    """Refuse to listen beyond this machine without API keys.

    Raises:
        NotAllowed: the address is not loopback and there is no key in force.
    """
    with service.opened.database.connect() as connection:
        keys = [key for key in list_keys(connection) if key.revoked is None]
    if not keys and not is_loopback(host):
        raise NotAllowed(
            f"`{host}` is reachable from other machines, and there is no API key",
            hint="`pratique people api-keys issue LABEL --scope device` makes one, or listen on 127.0.0.1",
        )


def free_port(host: str, port: int) -> int:
    """Return *port*, or a free one for 0.

    Raises:
        Unavailable: the port is taken, or the address is not one of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise Unavailable(
                f"cannot listen on `{host}:{port}`: {error.strerror}",
                hint="`--port 0` takes a free one",
            ) from None
        found: int = trial.getsockname()[1]
        return found


def run(folder: Path, market: str, host: str, port: int) -> None:
    """Serve the workspace in *folder* until told to end; answers that have begun come to theirs."""
    import uvloop

    _leave_no_core()
    service = open_service(folder, market)
    # What is read at the start stays: to walk through it again and again would stall every stream.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    _give_back()
    uvloop.run(_serve(service, host, port))


def _give_back() -> None:
    """Give memory that reading at the start left free back to the system, where its library can."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _leave_no_core() -> None:
    """Let a crash write no image of the memory: it would hold what users wrote."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    # A limit does not hold where the system hands cores to a program; this does.
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


_PR_SET_DUMPABLE = 4


async def _serve(service: Service, host: str, port: int) -> None:
    server = server_of(service, host, port)
    # After the server was made: libraries may have set up handlers, which would print whole lines.
    log_to_stderr(service.telemetry.allowed)
    service.telemetry.say("service started", market=service.rules.market.id, port=port)
    loop = asyncio.get_running_loop()
    ending: list[asyncio.Task[None]] = []

    def stop() -> None:
        server.should_exit = True

    def end() -> None:
        if not ending:
            ending.append(loop.create_task(_drain(service, stop)))

    for sent in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sent, end)
    try:
        await server.serve()
    finally:
        await service.pool.close()
        service.opened.close()


async def _drain(service: Service, stop: Callable[[], None]) -> None:
    """Take no new request, wait for those that run as long as the grace lasts, and stop."""
    service.gatekeeper.draining = True
    service.telemetry.say("service stopping", count=service.gatekeeper.running)
    end = time.monotonic() + service.settings.grace_seconds
    while service.gatekeeper.running and time.monotonic() < end:
        await asyncio.sleep(0.05)
    stop()

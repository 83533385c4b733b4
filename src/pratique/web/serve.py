"""Running the service: Granian on a port of this machine."""

import os
import socket
from pathlib import Path

from pratique.errors import NotAllowed, Unavailable
from pratique.people.api_keys import list_keys
from pratique.web.addresses import is_loopback
from pratique.web.app import MARKET_VARIABLE, WORKSPACE_VARIABLE
from pratique.web.service import Service


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
    """Serve until interrupted. The worker opens the workspace anew."""
    from granian import Granian
    from granian.constants import Interfaces

    os.environ[WORKSPACE_VARIABLE] = str(folder)
    os.environ[MARKET_VARIABLE] = market
    Granian(
        target="pratique.web.app:create",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        log_enabled=True,
        log_access=False,
        websockets=False,
        backpressure=256,
    ).serve()

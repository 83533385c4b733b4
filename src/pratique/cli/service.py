"""`pratique serve`."""

from pathlib import Path

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import for_market, in_workspace, say


@click.command()
@in_workspace
@for_market
@click.option("--host", default=None, help="Address to listen on; else the workspace's.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=None, help="Port; 0 takes a free one."
)
def serve(workspace: Path | None, market: str, host: str | None, port: int | None) -> None:
    """Serve the HTTP API and the console until interrupted."""
    from pratique.web.serve import free_port, require_safe, run
    from pratique.web.service import Service

    with opened_workspace(workspace) as opened:
        service = Service(opened, market)
        settings = opened.workspace.configuration.serve
        address = host or settings.host
        require_safe(service, address)
        chosen = free_port(address, settings.port if port is None else port)
        folder = opened.workspace.folder
        lacks = service.without_key()
    here = f"http://{f'[{address}]' if ':' in address else address}:{chosen}"
    for one in lacks:
        say(f"warning: {one}")
    say(f"serving `{market}` on {here}, console at {here}/console; interrupt to stop")
    run(folder, market, address, chosen)

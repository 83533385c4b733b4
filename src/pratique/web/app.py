"""The application: routes, limits and problem documents."""

import logging
import os
from pathlib import Path

from litestar import Litestar, Response
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.logging import LoggingConfig
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from pratique import __version__
from pratique.errors import PratiqueError
from pratique.web import features, health, problems
from pratique.web.console.router import router
from pratique.web.problems import Problem
from pratique.web.service import Service, open_service

MAX_BODY_BYTES = 12 * 1024 * 1024
"""A larger body is refused while it is read."""

WORKSPACE_VARIABLE = "PRATIQUE_WORKSPACE"
"""Environment variable by which `pratique serve` tells its worker which folder to open."""

MARKET_VARIABLE = "PRATIQUE_MARKET"
"""The same for the market."""


def app_of(service: Service) -> Litestar:
    """Return the application that serves *service*."""

    def provide_service() -> Service:
        return service

    app = Litestar(
        route_handlers=[
            features.ask,
            features.availability,
            health.live,
            health.ready,
            health.manifest,
            router(service, lambda: app),
        ],
        dependencies={"service": Provide(provide_service, sync_to_thread=False)},
        exception_handlers={
            Problem: problems.on_problem,
            PratiqueError: problems.on_ours,
            HTTPException: problems.on_http,
            UnicodeDecodeError: problems.on_undecodable,
            RecursionError: problems.on_undecodable,
            Exception: problems.on_anything,
        },
        after_request=_not_cached,
        request_max_body_size=MAX_BODY_BYTES,
        openapi_config=OpenAPIConfig(
            title="pratique",
            version=__version__,
            description="AI features that a market has approved, and nothing else.",
            path="/schema",
            render_plugins=[JsonRenderPlugin()],
        ),
        logging_config=LoggingConfig(
            log_exceptions="never",
            disable_stack_trace={400, 401, 403, 404, 405, 413, 429, 500, 503},
            root={"level": logging.getLevelName(logging.WARNING), "handlers": ["queue_listener"]},
        ),
        debug=False,
    )
    return app


async def _not_cached(response: Response[object]) -> Response[object]:
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def create() -> Litestar:
    """Return the application for the workspace that `pratique serve` named in the environment."""
    return app_of(open_service(Path(os.environ[WORKSPACE_VARIABLE]), os.environ[MARKET_VARIABLE]))

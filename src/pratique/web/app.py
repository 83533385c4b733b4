"""The application: routes, limits and problem documents."""

from collections.abc import Callable

import msgspec
from litestar import Litestar, Response, get
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from litestar.types import ASGIApp

from pratique.errors import PratiqueError
from pratique.web import features, health, problems
from pratique.web.console import faults
from pratique.web.console.router import router
from pratique.web.exchange import MAX_BODY_BYTES
from pratique.web.front import Front
from pratique.web.openapi import document
from pratique.web.problems import Problem
from pratique.web.service import Served, Service


def app_of(service: Service) -> Front:
    """Return the application that serves *service*."""
    front = Front(service, _rest(service, lambda: front))
    return front


def _rest(service: Service, entry: Callable[[], ASGIApp]) -> Litestar:

    def provide_service() -> Service:
        return service

    return Litestar(
        route_handlers=[
            features.availability,
            health.live,
            health.ready,
            health.manifest,
            health.metrics,
            described,
            home,
            router(service, entry),
        ],
        dependencies={"service": Provide(provide_service, sync_to_thread=False)},
        exception_handlers={
            Problem: problems.on_problem,
            PratiqueError: problems.on_ours,
            HTTPException: _on_http,
            UnicodeDecodeError: problems.on_undecodable,
            RecursionError: problems.on_undecodable,
            Exception: problems.on_anything,
        },
        after_request=_not_cached,
        on_shutdown=[service.close],
        request_max_body_size=MAX_BODY_BYTES,
        openapi_config=None,
        logging_config=None,  # the process sets its log up: `log_to_stderr`
        debug=False,
    )


@get("/", status_code=303)
async def home() -> Redirect:
    """Send who opens the bare address in a browser to the console."""
    return Redirect("/console", status_code=303)


@get("/schema/openapi.json")
async def described(service: Served) -> Response[bytes]:
    """Return the OpenAPI document."""
    return Response(msgspec.json.encode(document(service)), media_type="application/json")


def _on_http(request: problems.Asked, error: HTTPException) -> Response[bytes] | Response[str]:
    """Answer what the framework refused: a page for people at the console, else a problem."""
    if request.url.path.startswith("/console/"):
        return faults.on_http(request, error)
    return problems.on_http(request, error)


async def _not_cached(response: Response[object]) -> Response[object]:
    response.headers.setdefault("Cache-Control", "no-store")
    return response

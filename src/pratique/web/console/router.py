"""The console's addresses."""

from collections.abc import Callable
from importlib.resources import files

from litestar import Response, Router, get
from litestar.di import Provide
from litestar.exceptions import HTTPException, NotFoundException
from litestar.params import FromPath
from litestar.types import ASGIApp

from pratique.errors import PratiqueError
from pratique.web.console import (
    candidates,
    doors,
    faults,
    filings,
    ledger,
    market,
    partners,
    ratings,
    rollout,
    trace,
    tryit,
    verdict,
)
from pratique.web.console.visits import LogInFirst, provide_fields, provide_visit
from pratique.web.service import Service

_KINDS = {
    "console.css": "text/css",
    "try.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}

MAX_FORM_BYTES = 256 * 1024
"""A larger form is refused while it is read."""


@get("/static/{name:str}", sync_to_thread=True)
def static(name: FromPath[str]) -> Response[bytes]:
    """Return one of the console's own files; they say nothing of the workspace."""
    if name not in _KINDS:
        raise NotFoundException
    data = (files("pratique") / "web" / "console" / "static" / name).read_bytes()
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
    return Response(data, media_type=_KINDS[name], headers=headers)


def router(service: Service, entry: Callable[[], ASGIApp]) -> Router:
    """Return every address below `/console`; *entry* is the whole application, as callers reach it."""
    return Router(
        path="/console",
        route_handlers=[
            static,
            doors.login_page,
            doors.login,
            doors.logout,
            doors.choose_language,
            market.market,
            market.select,
            candidates.candidates,
            rollout.rollout,
            rollout.release_page,
            rollout.take_step,
            rollout.take_halt,
            rollout.sign,
            ledger.ledger,
            trace.trace,
            verdict.verdict,
            verdict.mark_case,
            partners.partners,
            partners.partner,
            partners.brief,
            filings.filings,
            filings.new_filing,
            filings.filing,
            filings.download_pack,
            filings.approve,
            ratings.ratings,
            ratings.sheet,
            ratings.rate,
            tryit.try_page,
            tryit.manifest,
            tryit.features(service, entry),
        ],
        dependencies={
            "visit": Provide(provide_visit, sync_to_thread=True),
            "fields": Provide(provide_fields),
        },
        exception_handlers={
            LogInFirst: faults.on_log_in_first,
            PratiqueError: faults.on_ours,
            HTTPException: faults.on_http,
            Exception: faults.on_anything,
        },
        request_max_body_size=MAX_FORM_BYTES,
        include_in_schema=False,
    )

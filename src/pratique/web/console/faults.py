"""Faults: what goes wrong at the console, as a page for people."""

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from pratique.errors import Malformed, NotAllowed, NotFound, PratiqueError, Unavailable
from pratique.web.console.pages import draw, onward, plain, query
from pratique.web.console.visits import LogInFirst, language_of
from pratique.web.console.words import words
from pratique.web.problems import Asked, request_id_of

_STATUS: tuple[tuple[type[PratiqueError], int], ...] = (
    (NotAllowed, 403),
    (NotFound, 404),
    (Malformed, 422),
    (Unavailable, 503),
)


def on_log_in_first(request: Asked, _: LogInFirst) -> Redirect:
    """Send somebody to the login page, and back from there to what they looked at."""
    looked_at = request.url.path if request.method == "GET" else ""
    asked = query(onto=f"{looked_at}?{request.url.query}" if request.url.query else looked_at)
    return onward(f"/console/login?{asked}" if asked else "/console/login")


def on_ours(request: Asked, error: PratiqueError) -> Response[str]:
    """Show a refusal or a failure of ours: the message and what to do."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    return _fault(request, status, error.message, error.hint)


def on_http(request: Asked, error: HTTPException) -> Response[str]:
    """Show what the framework refused: an address, a method, a form."""
    return _fault(request, error.status_code, "", "")


def on_anything(request: Asked, error: Exception) -> Response[str]:
    """Show that we made a mistake. Its text may hold content, so it is neither shown nor logged."""
    request.logger.error("unexpected failure", extra={"error": type(error).__name__})
    return _fault(request, 500, "", "")


def _fault(request: Asked, status: int, message: str, hint: str) -> Response[str]:
    text = draw(
        "fault.html",
        words(language_of(request)),
        visit=None,
        status=status,
        message=message,
        hint=hint,
        request_id=request_id_of(request),
    )
    return plain(text, status)

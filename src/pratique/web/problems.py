"""Problems: every error of the API, one closed set of names (RFC 9457)."""

import logging
import os
import re
from typing import Literal

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from pratique.errors import PratiqueError
from pratique.rollout.gate import Reason, Refusal

_LOG = logging.getLogger(__name__)

Asked = Request[object, object, State]
"""A request, as the framework hands it over."""

Code = Literal[
    "not_approved",
    "region_not_eligible",
    "unsupported_locale",
    "feature_halted",
    "not_in_stage",
    "consent_required",
    "unknown_feature",
    "invalid_request",
    "request_too_large",
    "unsupported_media_type",
    "conflict",
    "context_size_exceeded",
    "unauthorized",
    "forbidden",
    "not_found",
    "method_not_allowed",
    "rate_limited",
    "quota_reached",
    "partner_unavailable",
    "overloaded",
    "shutting_down",
    "internal_error",
]
"""What can go wrong, in the words that phone developers know."""

STATUS: dict[Code, int] = {
    "not_approved": 403,
    "region_not_eligible": 403,
    "unsupported_locale": 400,
    "feature_halted": 403,
    "not_in_stage": 403,
    "consent_required": 403,
    "unknown_feature": 404,
    "invalid_request": 400,
    "request_too_large": 413,
    "unsupported_media_type": 415,
    "conflict": 409,
    "context_size_exceeded": 413,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "rate_limited": 429,
    "quota_reached": 429,
    "partner_unavailable": 503,
    "overloaded": 503,
    "shutting_down": 503,
    "internal_error": 500,
}

"""The HTTP status of each code."""

_OF_REASON: dict[Reason, Code] = {"locale_not_supported": "unsupported_locale"}


MEDIA_TYPE = "application/problem+json"
"""Media type of a problem document."""


SHAPES = "`/schema/openapi.json` has the shapes"
"""Hint for a request that has not its shape."""

RETRY_SECONDS = 5
"""How long to wait where nobody says: a partner, or this service, in trouble."""


class ProblemDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The body of an error, `application/problem+json`."""

    type: str
    """`urn:pratique:problem:` and the code."""
    code: Code
    """The code."""
    title: str
    """The code in words."""
    status: int
    """The HTTP status."""
    detail: str
    """What was found."""
    hint: str
    """What to do next."""
    request_id: str
    """Name of this request, also in the logs."""


class Problem(Exception):
    """An error that becomes a problem document."""

    def __init__(
        self,
        code: Code,
        detail: str,
        hint: str = "",
        *,
        retry_after: int | None = None,
        allow: str = "",
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.hint = hint
        self.retry_after = retry_after
        """Whole seconds after which it is worth to try again; None where waiting does not help."""
        self.allow = allow
        """Methods that the address takes, where another was used."""

    def document(self, request_id: str) -> ProblemDocument:
        """Return the body that says so."""
        return ProblemDocument(
            type=f"urn:pratique:problem:{self.code}",
            code=self.code,
            title=self.code.replace("_", " "),
            status=STATUS[self.code],
            detail=self.detail,
            hint=self.hint,
            request_id=request_id,
        )

    def headers(self) -> dict[str, str]:
        """Return the headers that go with it."""
        found = {"WWW-Authenticate": "Bearer"} if self.code == "unauthorized" else {}
        if self.retry_after is not None:
            found["Retry-After"] = str(self.retry_after)
        if self.allow:
            found["Allow"] = self.allow
        return found


def refused(refusal: Refusal) -> Problem:
    """Return the problem that says why the gate refused."""
    code = _OF_REASON.get(refusal.reason) or msgspec.convert(refusal.reason, Code)
    return Problem(code, refusal.detail, refusal.hint)


def response(problem: Problem, request_id: str) -> Response[bytes]:
    """Return *problem* as a response."""
    return Response(
        msgspec.json.encode(problem.document(request_id)),
        status_code=STATUS[problem.code],
        media_type=MEDIA_TYPE,
        headers=problem.headers(),
    )


def new_request_id() -> str:
    """Return a fresh, random name for a request."""
    return "req-" + os.urandom(16).hex()


def on_problem(request: Asked, error: Problem) -> Response[bytes]:
    """Answer a problem that a handler raised."""
    return response(error, request_id_of(request))


def on_ours(request: Asked, error: PratiqueError) -> Response[bytes]:
    """Answer a failure of the service itself: it is closed, and the log says why."""
    return response(problem_of(error), request_id_of(request))


def on_undecodable(request: Asked, error: UnicodeDecodeError | RecursionError) -> Response[bytes]:
    """Answer a body that is no UTF-8, or nested deeper than any request of ours."""
    return response(problem_of(error), request_id_of(request))


def problem_of(error: Exception) -> Problem:
    """Return what the caller is told of *error*.

    The text of an error that is none of ours may hold content: it is neither sent nor logged.
    """
    match error:
        case Problem():
            return error
        case UnicodeDecodeError() | RecursionError():
            what = "not UTF-8" if isinstance(error, UnicodeDecodeError) else "nested too deeply"
            return Problem("invalid_request", f"the body is {what}", SHAPES)
        case PratiqueError():
            _LOG.error("request failed", extra={"error": type(error).__name__})
            return Problem(
                "partner_unavailable",
                "the feature cannot answer now",
                "try again later; the operator's log says why",
                retry_after=RETRY_SECONDS,
            )
    _LOG.error("unexpected failure", extra={"error": type(error).__name__})
    return Problem("internal_error", "the service failed", "report the request id to the operator")


def on_http(request: Asked, error: HTTPException) -> Response[bytes]:
    """Answer what the framework refused: a path, a method, a body."""
    return response(_of_http(error), request_id_of(request))


def _of_http(error: HTTPException) -> Problem:
    if isinstance(error, NotFoundException):
        return Problem(
            "not_found",
            "there is nothing at this address",
            "`/console` is for people; `/schema/openapi.json` lists every address of the API",
        )
    if isinstance(error, MethodNotAllowedException):
        return Problem(
            "method_not_allowed",
            "this address does not take that method",
            "`/schema/openapi.json` lists them",
        )
    if error.status_code == 413:
        return Problem(
            "request_too_large",
            "the body is larger than 12 MiB",
            "send less text or a smaller picture",
        )
    if isinstance(error, ValidationException):
        return Problem(
            "invalid_request",
            "the body or the query is not of the documented shape: " + _faults(error),
            SHAPES,
        )
    if isinstance(error, ClientException):
        return Problem(
            "invalid_request",
            "the body is not JSON in UTF-8 of the documented shape",
            SHAPES,
        )
    return Problem("internal_error", "the service failed", "report the request id to the operator")


def _faults(error: ValidationException) -> str:
    """Name the places that are wrong, without repeating what stood there."""
    extra = error.extra if isinstance(error.extra, list) else []
    keys = [str(one.get("key", "")) for one in extra if isinstance(one, dict)]
    missing = _MISSING.match(error.detail)
    if missing is not None:
        return f"`{missing[1]}` is missing"
    return ", ".join(f"`{key}`" for key in keys if key) or "see the schema"


_MISSING = re.compile(r"Missing required \w+ parameter '(\w+)'")
"""A name of ours in the framework's words, which else may repeat what was sent."""


def on_anything(request: Asked, error: Exception) -> Response[bytes]:
    """Answer a mistake of ours."""
    return response(problem_of(error), request_id_of(request))


def request_id_of(request: Asked) -> str:
    """Return the name of *request*, given once."""
    found: object = request.scope["state"].get("request_id")
    if not isinstance(found, str):
        found = new_request_id()
        request.scope["state"]["request_id"] = found
    return found

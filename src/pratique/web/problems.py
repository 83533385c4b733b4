"""Problems: every error of the API, one closed set of names (RFC 9457)."""

from typing import Literal
from uuid import uuid4

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
    "context_size_exceeded",
    "unauthorized",
    "forbidden",
    "not_found",
    "method_not_allowed",
    "rate_limited",
    "quota_reached",
    "partner_unavailable",
    "internal_error",
]
"""What can go wrong, in the words that phone developers know."""

_STATUS: dict[Code, int] = {
    "not_approved": 403,
    "region_not_eligible": 403,
    "unsupported_locale": 400,
    "feature_halted": 403,
    "not_in_stage": 403,
    "consent_required": 403,
    "unknown_feature": 404,
    "invalid_request": 400,
    "request_too_large": 413,
    "context_size_exceeded": 413,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "rate_limited": 429,
    "quota_reached": 429,
    "partner_unavailable": 503,
    "internal_error": 500,
}

_OF_REASON: dict[Reason, Code] = {"locale_not_supported": "unsupported_locale"}


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

    def __init__(self, code: Code, detail: str, hint: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.hint = hint


def refused(refusal: Refusal) -> Problem:
    """Return the problem that says why the gate refused."""
    code = _OF_REASON.get(refusal.reason) or msgspec.convert(refusal.reason, Code)
    return Problem(code, refusal.detail, refusal.hint)


def response(problem: Problem, request_id: str) -> Response[bytes]:
    """Return *problem* as a response."""
    status = _STATUS[problem.code]
    document = ProblemDocument(
        type=f"urn:pratique:problem:{problem.code}",
        code=problem.code,
        title=problem.code.replace("_", " "),
        status=status,
        detail=problem.detail,
        hint=problem.hint,
        request_id=request_id,
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return Response(
        msgspec.json.encode(document),
        status_code=status,
        media_type="application/problem+json",
        headers=headers,
    )


def new_request_id() -> str:
    """Return a fresh, random name for a request."""
    return "req-" + uuid4().hex


def on_problem(request: Asked, error: Problem) -> Response[bytes]:
    """Answer a problem that a handler raised."""
    return response(error, request_id_of(request))


def on_ours(request: Asked, error: PratiqueError) -> Response[bytes]:
    """Answer a failure of the service itself: it is closed, and the log says why."""
    request.logger.error("request failed", extra={"error": type(error).__name__})
    return response(
        Problem(
            "partner_unavailable",
            "the feature cannot answer now",
            "try again later; the operator's log says why",
        ),
        request_id_of(request),
    )


def on_undecodable(request: Asked, error: UnicodeDecodeError | RecursionError) -> Response[bytes]:
    """Answer a body that is no UTF-8, or nested deeper than any request of ours."""
    what = "not UTF-8" if isinstance(error, UnicodeDecodeError) else "nested too deeply"
    return response(
        Problem("invalid_request", f"the body is {what}", "`/schema/openapi.json` has the shapes"),
        request_id_of(request),
    )


def on_http(request: Asked, error: HTTPException) -> Response[bytes]:
    """Answer what the framework refused: a path, a method, a body."""
    return response(_of_http(error), request_id_of(request))


def _of_http(error: HTTPException) -> Problem:
    if isinstance(error, NotFoundException):
        return Problem(
            "not_found",
            "there is nothing at this address",
            "`/schema/openapi.json` lists every address",
        )
    if isinstance(error, MethodNotAllowedException):
        return Problem(
            "method_not_allowed",
            "this address does not take that method",
            "`/schema/openapi.json` lists them",
        )
    if error.status_code == 413:
        return Problem("request_too_large", "the body is larger than 1 MiB", "send less text")
    if isinstance(error, ValidationException):
        return Problem(
            "invalid_request",
            "the body or the query is not of the documented shape: " + _faults(error),
            "`/schema/openapi.json` has the shapes",
        )
    if isinstance(error, ClientException):
        return Problem(
            "invalid_request",
            "the body is not JSON in UTF-8 of the documented shape",
            "`/schema/openapi.json` has the shapes",
        )
    return Problem("internal_error", "the service failed", "report the request id to the operator")


def _faults(error: ValidationException) -> str:
    """Name the places that are wrong, without repeating what stood there."""
    extra = error.extra if isinstance(error.extra, list) else []
    keys = [str(one.get("key", "")) for one in extra if isinstance(one, dict)]
    return ", ".join(f"`{key}`" for key in keys if key) or "see the schema"


def on_anything(request: Asked, error: Exception) -> Response[bytes]:
    """Answer a mistake of ours. Its text may hold content, so it is neither sent nor logged."""
    request.logger.error("unexpected failure", extra={"error": type(error).__name__})
    return response(_of_http(HTTPException()), request_id_of(request))


def request_id_of(request: Asked) -> str:
    """Return the name of *request*, given once."""
    found: object = request.scope["state"].get("request_id")
    if not isinstance(found, str):
        found = new_request_id()
        request.scope["state"]["request_id"] = found
    return found

"""Faults: how each dialect says that it will not answer a request."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Kind = Literal["auth", "model", "json", "invalid", "route", "busy"]
"""A missing or wrong key, an unknown model, a body that is no JSON, a request that it does not
take, an unknown path, too many at once."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One refusal to answer."""

    status: int
    """HTTP status."""
    code: str | int | None
    """The dialect's code."""
    type: str
    """The dialect's type; where its errors are bare strings, that string."""
    message: str
    """What it says."""


Book: TypeAlias = Mapping[Kind, Fault]

_INVALID = "invalid_request_error"
_NO_MODEL = "The model `{model}` does not exist or you do not have access to it."
_NO_JSON = "The request body is not valid JSON."
_NO_PATH = "No such path."

_ALIBABA: Book = {
    "auth": Fault(401, "invalid_api_key", _INVALID, "Incorrect API key provided."),
    "model": Fault(404, "model_not_found", _INVALID, _NO_MODEL),
    "json": Fault(400, "invalid_parameter_error", _INVALID, _NO_JSON),
    "invalid": Fault(400, "invalid_parameter_error", _INVALID, ""),
    "route": Fault(404, "invalid_parameter_error", _INVALID, _NO_PATH),
    "busy": Fault(429, "limit_requests", "limit_requests", "You exceeded your current rate limit."),
}
_BAIDU: Book = {
    "auth": Fault(401, "invalid_iam_token", _INVALID, "IAM Certification failed"),
    "model": Fault(400, "invalid_model", _INVALID, _NO_MODEL),
    "json": Fault(400, "malformed_json", _INVALID, _NO_JSON),
    "invalid": Fault(400, "invalid_argument", _INVALID, ""),
    "route": Fault(404, "invalid_argument", _INVALID, _NO_PATH),
    "busy": Fault(429, "rpm_rate_limit_exceeded", "rate_limit_error", "Rate limit reached for RPM"),
}
_BYTEDANCE: Book = {
    "auth": Fault(401, "AuthenticationError", "Unauthorized", "The API key is not valid."),
    "model": Fault(404, "InvalidEndpointOrModel.NotFound", "NotFound", _NO_MODEL),
    "json": Fault(400, "InvalidParameter", "BadRequest", _NO_JSON),
    "invalid": Fault(400, "InvalidParameter", "BadRequest", ""),
    "route": Fault(404, "InvalidAction", "NotFound", _NO_PATH),
    "busy": Fault(
        429, "ModelAccountRpmRateLimitExceeded", "TooManyRequests", "The RPM limit is exceeded."
    ),
}
_TENCENT: Book = {
    "auth": Fault(401, "401002", "authentication_error", "invalid api key"),
    "model": Fault(400, "400002", _INVALID, "model `{model}` not found"),
    "json": Fault(400, "400001", _INVALID, "request body is not valid json"),
    "invalid": Fault(400, "400001", _INVALID, ""),
    "route": Fault(404, "404001", _INVALID, _NO_PATH),
    "busy": Fault(429, "429001", "rate_limit_error", "rate limit exceeded on dimension: rpm"),
}
_DEEPSEEK: Book = {
    "auth": Fault(401, _INVALID, "authentication_error", "Authentication Fails"),
    "model": Fault(400, _INVALID, _INVALID, "Model Not Exist"),
    "json": Fault(400, _INVALID, _INVALID, "Failed to parse the request body as JSON"),
    "invalid": Fault(400, _INVALID, _INVALID, ""),
    "route": Fault(404, _INVALID, _INVALID, _NO_PATH),
    "busy": Fault(429, "rate_limit_reached", "rate_limit_error", "Rate limit reached"),
}
_ENGINE: Book = {
    "auth": Fault(401, None, "Unauthorized", ""),
    "model": Fault(404, 404, "NotFoundError", "The model `{model}` does not exist."),
    "json": Fault(400, 400, "BadRequestError", _NO_JSON),
    "invalid": Fault(400, 400, "BadRequestError", ""),
    "route": Fault(404, 404, "NotFoundError", "Not Found"),
    "busy": Fault(503, 503, "ServiceUnavailableError", "The request queue is full."),
}
_LLAMA: Book = {
    "auth": Fault(401, 401, "authentication_error", "Invalid API Key"),
    "model": Fault(404, 404, "not_found_error", "model `{model}` not found"),
    "json": Fault(400, 400, _INVALID, _NO_JSON),
    "invalid": Fault(400, 400, _INVALID, ""),
    "route": Fault(404, 404, "not_found_error", "File Not Found"),
    "busy": Fault(503, 503, "unavailable_error", "all slots are busy"),
}
_OLLAMA: Book = {
    "auth": Fault(401, None, "authentication_error", "unauthorized"),
    "model": Fault(404, None, "not_found_error", "model `{model}` not found"),
    "json": Fault(400, None, _INVALID, _NO_JSON),
    "invalid": Fault(400, None, _INVALID, ""),
    "route": Fault(404, None, "not_found_error", "404 page not found"),
    "busy": Fault(503, None, "api_error", "server busy, please try again"),
}

_BOOKS: Mapping[str, Book] = {
    "alibaba": _ALIBABA,
    "baidu": _BAIDU,
    "bytedance": _BYTEDANCE,
    "tencent": _TENCENT,
    "deepseek": _DEEPSEEK,
    "vllm": _ENGINE,
    "sglang": _ENGINE,
    "llamacpp": _LLAMA,
    "ollama": _OLLAMA,
}


def fault(dialect: str, kind: Kind, message: str = "", *, model: str = "") -> Fault:
    """Return the fault of *kind* in *dialect*, with its own words unless *message* is given."""
    usual = _BOOKS[dialect][kind]
    return replace(usual, message=message or usual.message.replace("{model}", model))


def body_of(found: Fault, dialect: str, request_id: str) -> dict[str, object]:
    """Return the body that says *found*."""
    error = {"message": found.message, "type": found.type, "param": None, "code": found.code}
    if dialect in ("vllm", "sglang") and found.status == 401:
        return {"error": found.type}
    match dialect:
        case "alibaba":
            return {"error": error, "id": f"chatcmpl-{request_id}", "request_id": request_id}
        case "baidu":
            return {"error": _only(error, "code", "message", "type"), "id": request_id}
        case "tencent":
            from_us = {"source": "client", "request_id": request_id}
            return {"error": {**_only(error, "type", "code", "message"), **from_us}}
        case "sglang":
            return {"object": "error", **error}
        case "llamacpp":
            return {"error": _only(error, "code", "message", "type")}
        case _:
            return {"error": error}


def flat_body_of(found: Fault, request_id: str) -> dict[str, object]:
    """Return the body that says *found* on DashScope's own path, where codes are in PascalCase."""
    words = str(found.code).removesuffix("_error").split("_")
    code = "".join(word.capitalize() for word in words)
    return {"code": code, "message": found.message, "request_id": request_id}


def _only(error: Mapping[str, object], *names: str) -> dict[str, object]:
    return {name: error[name] for name in names}

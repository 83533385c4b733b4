"""Routes: what a path of a stand-in is for."""

from dataclasses import dataclass
from typing import Literal

from pratique.partners.standins.manners import Manners
from pratique.partners.standins.wire import Seen

Purpose = Literal[
    "chat", "completion", "native", "native_parts", "models", "model", "health", "token", "nothing"
]
"""A conversation, a text to go on with, DashScope's own two paths, the list of models or one of
them, a sign of life, Baidu's short-lived token, or a path that leads nowhere."""

_SERVICES = "/api/v1/services/aigc"


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes."""

    purpose: Purpose
    """What it is for."""
    name: str = ""
    """The model that the path names."""

    @property
    def speaks(self) -> bool:
        """Whether a model answers."""
        return self.purpose in ("chat", "completion", "native", "native_parts")

    @property
    def native(self) -> bool:
        """Whether it is a path of DashScope's own."""
        return self.purpose in ("native", "native_parts")


NOWHERE = Route("nothing")
"""A path that leads nowhere."""


def route_of(seen: Seen, dialect: str, manners: Manners) -> Route:
    """Return where *seen* goes; a wrong method leads nowhere too."""
    own = _own(seen.path, dialect)
    if own is not None:
        return own
    for base in (manners.base, *manners.bases):
        if not seen.path.startswith(base + "/"):
            continue
        found = _under(seen.path[len(base) :], dialect, manners)
        if found is not None:
            return found if found.speaks == (seen.method == "POST") else NOWHERE
    return NOWHERE


def _own(path: str, dialect: str) -> Route | None:
    match dialect, path:
        case "alibaba", str() if path == f"{_SERVICES}/text-generation/generation":
            return Route("native")
        case "alibaba", str() if path == f"{_SERVICES}/multimodal-generation/generation":
            return Route("native_parts")
        case "baidu", "/v1/BCE-BEARER/token":
            return Route("token")
        case (("vllm" | "sglang" | "llamacpp"), "/health"):
            return Route("health")
        case "llamacpp", "/v1/health":
            return Route("health")
        case "ollama", "/":
            return Route("health")
    return None


def _under(path: str, dialect: str, manners: Manners) -> Route | None:
    if path == "/chat/completions":
        return Route("chat")
    if path == "/completions" and (manners.self_hosted or dialect == "deepseek"):
        return Route("completion")
    if path == "/models":
        return Route("models")
    if path.startswith("/models/"):
        return Route("model", path.removeprefix("/models/"))
    return None

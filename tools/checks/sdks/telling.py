"""What a driver is told to do, by its arguments, and what it tells: one line of JSON for each action."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Literal, get_args

Action = Literal["plain", "stream", "tools", "picture", "wrong_key", "models", "signed"]
"""An answer in one piece or in pieces, a tool that is asked for (in pieces), an answer to a picture,
a call with a key that is not valid, the list of models, or a call by an access key that buys a
short-lived token."""

MESSAGES = [{"role": "user", "content": "What does the clock say in Guangzhou at noon?"}]
"""What every call asks."""

PICTURE = "data:image/png;base64,iVBORw0KGgo="
"""A picture, as far as a stand-in looks at it."""

TOOL = {
    "type": "function",
    "function": {
        "name": "clock",
        "description": "Tells the time",
        "parameters": {
            "type": "object",
            "properties": {"zone": {"type": "string"}},
            "required": ["zone"],
        },
    },
}
"""A tool that the question names."""

TIMEOUT = 20.0
"""Seconds that a call may take."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to call and as whom."""

    base_url: str
    """Address before `/chat/completions`, or before `/services` on DashScope's own path."""
    key: str
    """The key."""
    model: str
    """The model."""


@dataclass(slots=True)
class Heard:
    """What a client made of one call."""

    text: str = ""
    """The answer."""
    reasoning: str = ""
    """What the model thought."""
    chunks: int = 0
    """Pieces that came, those without a text included; 0 for an answer in one piece."""
    finish: str = ""
    """Why it ended; empty where the client did not say."""
    tokens: int = 0
    """Tokens in all, as the client told them."""
    tool: str = ""
    """Name of the tool that was asked for."""
    arguments: str = ""
    """Its arguments, put together."""
    models: list[str] = field(default_factory=list)
    """Names in the list of models."""
    exception: str = ""
    """What was raised: package and class, such as `openai.RateLimitError`."""
    status: int | None = None
    """HTTP status as the client told it."""
    code: str | None = None
    """The partner's code as the client told it, or its type where it has no code."""

    def raised(self, error: Exception) -> None:
        """Note *error*, which ended the call."""
        kind = type(error)
        self.exception = f"{kind.__module__.partition('.')[0]}.{kind.__name__}"
        code = getattr(error, "code", None) or getattr(error, "type", None)
        self.failed(getattr(error, "status_code", None), code)

    def failed(self, status: int | None, code: object) -> None:
        """Note how the call failed."""
        self.status = status
        self.code = None if code in (None, "") else str(code)


def tell(call: Callable[[Place, Action, Heard], None]) -> None:
    """Do what the command line says, `BASE_URL KEY MODEL ACTION...`, by *call*; print what is heard.

    *call* fills what it is given, so that a text that came before an error is kept.
    """
    base_url, key, model, *actions = sys.argv[1:]
    for action in actions:
        if action not in get_args(Action):
            raise SystemExit(f"no action `{action}`; known: {', '.join(get_args(Action))}")
        heard = Heard()
        wrong = "-but-wrong" if action == "wrong_key" else ""
        call(Place(base_url, key + wrong, model), action, heard)  # type: ignore[arg-type]
        sys.stdout.write(json.dumps(asdict(heard), ensure_ascii=False) + "\n")
        sys.stdout.flush()

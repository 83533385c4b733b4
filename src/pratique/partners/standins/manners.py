"""Manners: what a good answer looks like in each dialect, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from pratique.errors import NotFound

Switch = Literal["enable_thinking", "thinking_type", "chat_template", "reasoning_effort"]
"""Where a request says whether to think."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How one dialect answers."""

    base: str
    """Path before `/chat/completions`."""
    bases: tuple[str, ...] = ()
    """Other paths that do as well."""
    id_form: str = "chatcmpl-{uuid}"
    """Form of an answer's id: `uuid`, `hex` (32 digits) and `short` (10 digits) are filled in."""
    call_form: str = "call_{hex}"
    """Form of a tool call's id."""
    id_again: bool = False
    """Whether later pieces of a tool call carry an empty id and their type."""
    reasoning: str = "reasoning_content"
    """Field of what the model thinks."""
    nulls: bool = False
    """Whether a piece of one kind says that the other kind is null."""
    switch: Switch = "thinking_type"
    """Where a request says whether to think."""
    thinks: tuple[str, ...] = ()
    """Models that think unless told otherwise, by the beginning of their names."""
    limit_holds_thoughts: bool = False
    """Whether `max_tokens` counts what the model thinks."""
    body: Mapping[str, object] = field(default_factory=dict)
    """Fields of every answer and event."""
    choice: Mapping[str, object] = field(default_factory=dict)
    """Fields of every choice."""
    usage_null: bool = False
    """Whether events before the one with the usage say that it is null."""
    running_usage: bool = False
    """Whether `chunk_include_usage` is known."""
    id_header: str = ""
    """Header of the answer's id."""
    id_back: str = ""
    """Header of the client's own name for the call, sent back."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of every answer."""
    waits_aloud: bool = False
    """Whether it sends signs of life before it answers."""
    open: frozenset[str] = frozenset()
    """Paths that take no key."""
    self_hosted: bool = False
    """Whether it may run without a key."""
    owner: str = ""
    """Who owns its models, in the list of them."""


_hosted = partial(
    Manners,
    base="/v1",
    limit_holds_thoughts=True,
    self_hosted=True,
)
"""What servers of one's own have in common."""

_HEALTH = frozenset({"/health"})

MANNERS: Mapping[str, Manners] = {
    "alibaba": Manners(
        base="/compatible-mode/v1",
        id_again=True,
        nulls=True,
        switch="enable_thinking",
        thinks=("qwq",),
        body={"system_fingerprint": None},
        choice={"logprobs": None},
        usage_null=True,
        id_header="x-request-id",
        owner="system",
    ),
    "baidu": Manners(
        base="/v2",
        id_form="as-{short}",
        switch="enable_thinking",
        choice={"flag": 0},
        running_usage=True,
        id_header="x-baidu-request-id",
        headers={
            "x-ratelimit-limit-requests": "300",
            "x-ratelimit-limit-tokens": "300000",
            "x-ratelimit-remaining-requests": "299",
            "x-ratelimit-remaining-tokens": "299000",
        },
        owner="Baidu",
    ),
    "bytedance": Manners(
        base="/api/v3",
        id_form="02{hex}",
        thinks=("doubao-seed-2",),
        body={"service_tier": "default"},
        choice={"logprobs": None},
        usage_null=True,
        running_usage=True,
        id_header="x-request-id",
        id_back="x-client-request-id",
        owner="volcengine",
    ),
    "tencent": Manners(base="/v1", id_form="{hex}", id_header="x-request-id", owner="tencent"),
    "deepseek": Manners(
        base="",
        bases=("/v1", "/beta"),
        id_form="{uuid}",
        call_form="call_00_{hex}",
        nulls=True,
        thinks=("",),
        limit_holds_thoughts=True,
        body={"system_fingerprint": "fp_stand_in"},
        choice={"logprobs": None},
        usage_null=True,
        id_header="x-ds-trace-id",
        waits_aloud=True,
        owner="deepseek",
    ),
    "vllm": _hosted(
        switch="chat_template",
        id_form="chatcmpl-{hex}",
        call_form="chatcmpl-tool-{hex}",
        reasoning="reasoning",
        choice={"logprobs": None, "stop_reason": None},
        id_back="x-request-id",
        owner="vllm",
        open=frozenset({"/health", "/metrics", "/version", "/ping"}),
    ),
    "sglang": _hosted(
        switch="chat_template",
        id_form="{hex}",
        choice={"logprobs": None, "matched_stop": None},
        owner="sglang",
        open=_HEALTH,
    ),
    "llamacpp": _hosted(
        switch="chat_template",
        bases=("",),
        id_form="chatcmpl-{hex}",
        call_form="{hex}",
        body={"system_fingerprint": "b0-stand-in"},
        owner="llamacpp",
        open=frozenset({"/health", "/v1/health", "/models", "/v1/models"}),
    ),
    "ollama": _hosted(
        id_form="chatcmpl-{short}",
        reasoning="reasoning",
        switch="reasoning_effort",
        body={"system_fingerprint": "fp_ollama"},
        owner="library",
        open=frozenset({"/"}),
    ),
}
"""By dialect. Fields are those that public material shows; none was seen on a live partner."""


def manners_of(dialect: str) -> Manners:
    """Return the manners of *dialect*.

    Raises:
        NotFound: no stand-in speaks it.
    """
    found = MANNERS.get(dialect)
    if found is None:
        raise NotFound(f"no stand-in speaks `{dialect}`", hint=f"known: {', '.join(MANNERS)}")
    return found

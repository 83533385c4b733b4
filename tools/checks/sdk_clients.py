"""Partners' own clients: which one drives which dialect, and what it made of a stand-in's answers."""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pratique.partners.catalogue import ModelEntry, packaged, read_partners
from pratique.partners.standins.scenarios import Scenario
from pratique.partners.standins.server import Running
from pratique.partners.standins.wire import Seen
from tools.checks.sdks.telling import Action, Heard

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-sdks" / "bin" / "python"

NATIVE = "/api/v1"
"""Path of DashScope's own wire, before `/services`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One client on one dialect, and what it raises."""

    driver: str
    """Module in `tools/checks/sdks`."""
    dialect: str
    """What the stand-in speaks."""
    native: bool = False
    """Whether it is DashScope's own path."""
    refused: tuple[str, str] | None
    """Raised for refused content, at a plain call and at a stream; None where nobody refuses."""
    limited: tuple[str, str]
    """Raised when too much is asked, likewise."""
    unauthorized: str
    """Raised for a wrong key."""
    cut: str
    """Raised for an error in the midst of a stream."""

    @property
    def id(self) -> str:
        """Its name in the output of the tests."""
        return f"{self.driver}-{self.dialect}" + ("-native" if self.native else "")


@dataclass(frozen=True, slots=True)
class Job:
    """One call to make."""

    action: Action
    """What the client does."""
    scenario: Scenario | None = None
    """What the stand-in answers; its usual answer when None."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the calls."""

    heard: tuple[Heard, ...]
    """What the client made of each."""
    seen: tuple[Seen, ...]
    """Requests that arrived."""


def drive(door: Door, jobs: Sequence[Job]) -> Told:
    """Make *jobs*, one after another, in one process of the client's own environment.

    Those with a scenario come first: an answer that is queued goes to the next request.
    """
    assert PYTHON.is_file(), f"{PYTHON} is missing: run `make tools`"
    order = sorted(range(len(jobs)), key=lambda at: jobs[at].scenario is None)
    with Running(door.dialect) as stand_in:
        for at in order:
            scenario = jobs[at].scenario
            if scenario is not None:
                stand_in.play(scenario)
        base_url = stand_in.root_url + NATIVE if door.native else stand_in.base_url
        model, actions = first_model(door.dialect), [jobs[at].action for at in order]
        where = [base_url, stand_in.key, model.upstream or model.id]
        lines = _run(door.driver, [*where, *actions])
        seen = tuple(stand_in.seen)
    told = dict(zip(order, lines, strict=True))
    return Told(tuple(told[at] for at in range(len(jobs))), seen)


def _run(driver: str, arguments: Sequence[str]) -> list[Heard]:
    command = [str(PYTHON), "-m", f"tools.checks.sdks.{driver}", *arguments]
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            command, cwd=ROOT, env=_environment(home), capture_output=True, timeout=180, check=False
        )
    assert done.returncode == 0, done.stderr.decode()
    return [msgspec.json.decode(line, type=Heard) for line in done.stdout.splitlines()]


def _environment(home: str) -> dict[str, str]:
    """Return an environment without keys of ours, from which nothing but loopback can be reached."""
    nowhere = "http://127.0.0.1:9"
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), nowhere)
    return {"PATH": os.environ["PATH"], "HOME": home, "no_proxy": "127.0.0.1", **proxies}


def first_model(dialect: str) -> ModelEntry:
    """Return the model that every call is made to."""
    return read_partners([packaged()])[dialect].models[0]


def _openai(dialect: str, refused: str = "") -> Door:
    return Door(
        driver="openai_client",
        dialect=dialect,
        refused=(f"openai.{refused}", f"openai.{refused}") if refused else None,
        limited=("openai.RateLimitError", "openai.RateLimitError"),
        unauthorized="openai.AuthenticationError",
        cut="openai.APIError",
    )


_LIMITED = ("dashscope.RateLimitError", "dashscope.RateLimitError")

DOORS = (
    Door(
        driver="dashscope_client",
        dialect="alibaba",
        native=True,
        refused=("dashscope.ContentFilterError", "dashscope.ContentFilterError"),
        limited=_LIMITED,
        unauthorized="dashscope.AuthenticationError",
        cut="dashscope.RateLimitError",
    ),
    # On the OpenAI-style path it does not know the refusal's code, which it spells another way.
    Door(
        driver="dashscope_client",
        dialect="alibaba",
        refused=("dashscope.BadRequestError", "dashscope.BadRequestError"),
        limited=_LIMITED,
        unauthorized="dashscope.AuthenticationError",
        cut="dashscope.DashScopeError",
    ),
    # It raises nothing: a failure is an answer with a status and a code.
    Door(
        driver="dashscope_generation",
        dialect="alibaba",
        native=True,
        refused=("", ""),
        limited=("", ""),
        unauthorized="",
        cut="",
    ),
    # At a plain call it looks at the status alone; at a stream it reads the error.
    Door(
        driver="qianfan_client",
        dialect="baidu",
        refused=("qianfan.RequestError", "qianfan.APIError"),
        limited=("qianfan.RequestError", "qianfan.APIError"),
        unauthorized="qianfan.RequestError",
        cut="qianfan.APIError",
    ),
    Door(
        driver="ark",
        dialect="bytedance",
        refused=(
            "volcenginesdkarkruntime.ArkBadRequestError",
            "volcenginesdkarkruntime.ArkBadRequestError",
        ),
        limited=(
            "volcenginesdkarkruntime.ArkRateLimitError",
            "volcenginesdkarkruntime.ArkRateLimitError",
        ),
        unauthorized="volcenginesdkarkruntime.ArkAuthenticationError",
        cut="volcenginesdkarkruntime.ArkAPIError",
    ),
    _openai("alibaba", "BadRequestError"),
    _openai("baidu", "PermissionDeniedError"),
    _openai("bytedance", "BadRequestError"),
    # 451 has no class of its own there.
    _openai("tencent", "APIStatusError"),
    _openai("deepseek", "BadRequestError"),
    _openai("vllm"),
    _openai("sglang"),
    _openai("llamacpp"),
    _openai("ollama"),
)
"""Every client on every dialect that it can be pointed at."""

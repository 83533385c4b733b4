"""Models that run inside the process, on llama.cpp, one thread each."""

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from pratique.errors import Tampered, Unavailable
from pratique.partners.catalogue import Candidate
from pratique.partners.contract import Call, Event, Reply, Status, Usage, in_one_piece
from pratique.privacy import Sensitive


class _Server(Protocol):
    """The part of `xllamacpp.Server` that is used here."""

    def handle_chat_completions(self, request: Mapping[str, object]) -> Mapping[str, object]: ...

    def handle_completions(self, request: Mapping[str, object]) -> Mapping[str, object]: ...


class LlamaModel:
    """A model of llama.cpp. Its weights are loaded, and their hash compared, at the first call."""

    concurrency = 1

    def __init__(self, candidate: Candidate) -> None:
        self.name = candidate.name
        self._entry = candidate.model
        self._server: _Server | None = None
        self._one_at_a_time = asyncio.Lock()

    async def complete(self, call: Call) -> Reply:
        """Make *call*; calls queue, since llama.cpp has one slot here."""
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._complete, call)

    async def stream(self, call: Call) -> AsyncIterator[Event]:
        """Make *call*; its answer comes in one piece."""
        async for event in in_one_piece(await self.complete(call)):
            yield event

    def _complete(self, call: Call) -> Reply:
        if self._server is None:
            self._server = _loaded(
                weights(self._entry.package, self._entry.file, self._entry.snapshot),
                self._entry.context_tokens,
            )
        request: dict[str, object] = {
            "max_tokens": call.max_tokens,
            "temperature": call.temperature,
            "seed": call.seed,
            "stop": list(call.stop),
            "repeat_penalty": call.repeat_penalty,
            "cache_prompt": True,
        }
        if call.schema is not None:
            # Held to by llama.cpp's grammar, so that a small model's JSON is JSON.
            request["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": call.schema},
            }
        started = time.perf_counter()
        if call.form == "completion":
            request["prompt"] = call.turns[0].content.reveal()
            answer = self._server.handle_completions(request)
        else:
            request["messages"] = [
                {"role": turn.role, "content": turn.content.reveal()} for turn in call.turns
            ]
            answer = self._server.handle_chat_completions(request)
        return _reply(answer, time.perf_counter() - started)


def _reply(answer: Mapping[str, object], seconds: float) -> Reply:
    error = answer.get("error")
    if isinstance(error, Mapping):
        kind = str(error.get("type", ""))
        statuses: dict[str, Status] = {
            "exceed_context_size_error": "context_exceeded",
            "invalid_request_error": "bad_request",
        }
        return Reply(status=statuses.get(kind, "unavailable"), detail=kind, seconds=seconds)
    choices, used = answer["choices"], answer["usage"]
    assert isinstance(choices, list) and isinstance(used, Mapping)  # noqa: S101  (llama.cpp's own shape)
    choice = choices[0]
    text = choice["message"]["content"] if "message" in choice else choice["text"]
    return Reply(
        status="ok",
        text=Sensitive(text or ""),
        truncated=choice["finish_reason"] == "length",
        usage=Usage(input_tokens=used["prompt_tokens"], output_tokens=used["completion_tokens"]),
        seconds=seconds,
    )


def _loaded(path: Path, context_tokens: int) -> _Server:
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(path)
    settings.n_ctx = context_tokens
    settings.n_parallel = 1
    # One thread: with two on two cores llama.cpp spins against its caller.
    settings.cpuparams.n_threads = 1
    settings.cpuparams_batch.n_threads = 1
    # The whole window is kept, so that a prompt's unchanged beginning is not read again.
    settings.swa_full = True
    settings.warmup = False
    settings.verbosity = -1
    server: _Server = xllamacpp.Server(settings)
    return server


def weights(package: str, file: str, snapshot: str) -> Path:
    """Return the file of the weights, after comparing its SHA-256 with *snapshot*.

    Raises:
        Unavailable: the package is not installed.
        Tampered: the file is not the one that the catalogue names.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise Unavailable(
            f"package `{package}` is not installed",
            hint="`make setup` installs the embedded models",
        )
    path = Path(spec.origin).parent / file if file else _assembled(package, snapshot)
    found = "sha256:" + _sha256(path)
    if found != snapshot:
        raise Tampered(
            f"`{path.name}` is `{found}`, not `{snapshot}`", hint="install the package anew"
        )
    return path


def _assembled(package: str, snapshot: str) -> Path:
    """Join the parts of a model that its package ships in pieces, once a machine."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "pratique"
    path = cache / f"{snapshot.removeprefix('sha256:')[:16]}.gguf"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        partial = cache / f"{path.name}.{os.getpid()}"
        try:
            with partial.open("wb") as whole:
                for chunk in import_module(package).chunk_paths():
                    whole.write(Path(chunk).read_bytes())
            partial.replace(path)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise Unavailable(
                f"cannot assemble `{package}`: {error.strerror}", hint=f"make room in `{cache}`"
            ) from None
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

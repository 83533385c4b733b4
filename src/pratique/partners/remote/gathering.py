"""Gathering: an answer put together from its body or its events, and what it comes to."""

from pratique.partners.causes import meanings
from pratique.partners.contract import Reply, ToolCall, Usage
from pratique.partners.dialect import Cause
from pratique.partners.remote.bodies import Asked, Body, Choice, Fault, Used, fault
from pratique.partners.remote.faults import Causes
from pratique.partners.remote.thoughts import ThoughtSplitter
from pratique.privacy import Sensitive
from pratique.text.growing import Growing
from pratique.text.lengths import estimated_tokens

MAX_TEXT = 4 * 1024 * 1024
"""Most characters of an answer; more is no answer to anything that was asked."""

_LONGEST_NAME = 128
"""Most characters of a name that a partner gives to a call or a model."""


class Gathering:
    """One answer on its way in. `cause` stays None until something has decided it."""

    __slots__ = (
        "_arguments",
        "_causes",
        "_characters",
        "_ended",
        "_names",
        "_splitter",
        "_streamed",
        "cause",
        "code",
        "detail",
        "fingerprint",
        "finish",
        "flagged",
        "http_status",
        "model",
        "pieces",
        "refusal",
        "request_id",
        "retry_after",
        "thoughts",
        "used",
    )

    def __init__(self, causes: Causes, *, streamed: bool) -> None:
        self._causes = causes
        self._streamed = streamed
        self._splitter: ThoughtSplitter | None = None
        self._arguments: dict[int, list[str]] = {}
        self._names: dict[int, tuple[str, str]] = {}
        self._characters = 0
        self._ended = False
        self.cause: Cause | None = None
        self.flagged = False
        self.code = ""
        self.detail = ""
        self.fingerprint = ""
        self.finish = ""
        self.http_status = 0
        self.model = ""
        self.pieces = Growing()
        self.refusal = False
        self.request_id = ""
        self.retry_after: float | None = None
        self.thoughts: list[str] = []
        self.used: Used | None = None

    @property
    def begun(self) -> bool:
        """Whether any text has been passed on."""
        return self._streamed and bool(self.pieces)

    def take(self, body: Body) -> str:
        """Take in a whole answer or one event; return the text that it adds."""
        choices = body.choices
        if not choices:
            found = fault(body)
            if found is not None:
                self.fail(200, found)
            elif body.need_clear_history:
                self.cause = "input_blocked"
        elif body.error and (found := fault(body)) is not None:
            self.fail(200, found)
        if body.usage is not None:
            self.used = body.usage
        if not self.model and body.model:
            self.model = body.model
        if not self.fingerprint and body.system_fingerprint:
            self.fingerprint = body.system_fingerprint
        if not self.request_id:
            self.request_id = body.request_id or body.id or ""
        return self._choice(choices[0]) if choices and self.cause in (None, "ok") else ""

    def fail(self, status: int, found: Fault) -> None:
        """Take in an error object."""
        self.cause = self._causes.of_fault(status, found, begun=self.begun)
        code = found.code if found.code is not None else found.upstream_code
        self.code = str(code if code is not None else found.type or f"http_{status}")
        self.detail = found.message or ""
        self.request_id = found.request_id or self.request_id

    def refuse(self, cause: Cause, code: str, detail: str) -> None:
        """Take in that there will be no answer for a reason of ours or of the network."""
        self.cause, self.code, self.detail = cause, code, detail

    def refuse_status(self, status: int) -> None:
        """Take in an HTTP status whose body tells nothing."""
        cause = self._causes.of_status(status, begun=self.begun)
        self.refuse(cause, f"http_{status}", "no error object in the answer")

    def end(self) -> str:
        """Decide what an answer that has ended comes to; return text that was held back."""
        if self._ended:
            return ""
        self._ended = True
        held = ""
        if self._splitter is not None:
            thought, held = self._splitter.end()
            self._keep(thought, held)
        if self.cause is None:
            self._conclude()
        return held

    def _conclude(self) -> None:
        if not self.finish:
            self.refuse("server_error", "no_finish", "the answer ended without saying why")
            return
        self.cause = self._causes.of_finish(self.finish)
        if self.cause != "ok":
            self.code = self.code or self.finish
        elif not self.pieces and not self._names and not self.refusal and self.finish != "length":
            self.refuse("server_error", "empty_answer", "the answer is empty")

    def _choice(self, choice: Choice) -> str:
        if (
            choice.flag is not None
            or choice.need_clear_history is not None
            or choice.moderation_hit_type is not None
        ):
            self._marks(choice)
            if self.cause not in (None, "ok"):
                return ""
        if choice.finish_reason:
            self.finish = choice.finish_reason
        message = choice.delta or choice.message
        if message is None:
            return self._answer(choice.text) if choice.text else ""
        thought = message.reasoning_content or message.reasoning
        if thought:
            self.thoughts.append(thought)
            self._count(thought)
        if message.refusal:
            self.refusal = True
        if message.tool_calls:
            for asked in message.tool_calls:
                self._asked(asked)
        content = message.content
        if isinstance(content, list):
            content = "".join(part.text or "" for part in content)
        return self._answer(content) if content else ""

    def _marks(self, choice: Choice) -> None:
        cause = self._causes.of_choice(choice)
        if cause is not None:
            mark = choice.moderation_hit_type or f"flag {choice.flag}"
            self.refuse(cause, "need_clear_history" if choice.need_clear_history else mark, "")
            self.flagged = True

    def _answer(self, content: str) -> str:
        if self._splitter is None and not self.pieces and content.lstrip()[:1] in ("<", ""):
            self._splitter = ThoughtSplitter()
        if self._splitter is None:
            self.pieces.append(content)
            self._count(content)
            return content
        thought, answer = self._splitter.feed(content)
        self._keep(thought, answer)
        return answer

    def _keep(self, thought: str, answer: str) -> None:
        if thought:
            self.thoughts.append(thought)
        if answer:
            self.pieces.append(answer)
        self._count(thought + answer)

    def _count(self, text: str) -> None:
        self._characters += len(text)
        if self._characters > MAX_TEXT:
            self.refuse("server_error", "too_long", f"an answer of more than {MAX_TEXT} characters")

    def _asked(self, asked: Asked) -> None:
        place = asked.index if asked.index is not None else len(self._names)
        id_, name = self._names.get(place, ("", ""))
        function = asked.function
        self._names[place] = (asked.id or id_, (function and function.name) or name)
        self._arguments.setdefault(place, []).append((function and function.arguments) or "")
        self._count((function and function.arguments) or "")

    def reply(self, *, attempts: int, seconds: float, first_token_seconds: float | None) -> Reply:
        """Return the reply that was gathered, with the tries and the times of the call."""
        cause = self.cause or "server_error"
        good = cause == "ok"
        text = self.pieces.whole()
        thought = "".join(self.thoughts)
        status = "refused" if good and self.refusal else meanings()[cause].reply
        return Reply(
            status=status,
            text=Sensitive(text if status == "ok" else ""),
            reasoning=Sensitive(thought),
            tool_calls=self._tool_calls() if good and self._names else (),
            truncated=good and self.finish == "length",
            usage=_usage(self.used, text, thought),
            detail="" if good else self.detail,
            code="" if good else self.code,
            http_status=self.http_status,
            finish=self.finish,
            request_id=self.request_id[:_LONGEST_NAME],
            model=self.model[:_LONGEST_NAME],
            fingerprint=self.fingerprint[:_LONGEST_NAME],
            retry_after=None if good else self.retry_after,
            retract=self.begun and self._taken_back(cause),
            begun=self.begun,
            attempts=attempts,
            seconds=seconds,
            first_token_seconds=first_token_seconds,
        )

    def _taken_back(self, cause: Cause) -> bool:
        """Whether text already passed on is no answer, or one that may not be shown."""
        blocked = cause in ("output_blocked", "input_blocked")
        return blocked or (cause == "overloaded" and bool(self.finish))

    def _tool_calls(self) -> tuple[ToolCall, ...]:
        return tuple(
            ToolCall(id=id_, name=name, arguments=Sensitive("".join(self._arguments[place])))
            for place, (id_, name) in sorted(self._names.items())
        )


def _usage(used: Used | None, text: str, thought: str) -> Usage:
    if used is None:
        written = estimated_tokens(text) + estimated_tokens(thought)
        return Usage(output_tokens=written, estimated=True)
    inside, out = used.prompt_tokens_details, used.completion_tokens_details
    cached = inside.cached_tokens if inside else None
    return Usage(
        input_tokens=used.prompt_tokens or 0,
        output_tokens=used.completion_tokens or 0,
        cached_tokens=cached or used.prompt_cache_hit_tokens or 0,
        reasoning_tokens=(out.reasoning_tokens if out else None) or 0,
    )

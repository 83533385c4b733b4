"""Faults: which cause a partner's error, mark or last word comes to, by the rules of its dialect.

Order of the tests: an error object anywhere in the body, marks of safety, the HTTP status, the
reason why the model stopped. Whatever is not known fails closed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pratique.partners.dialect import Cause, Dialect, Rule
from pratique.partners.remote.bodies import Choice, Fault

_BY_STATUS: dict[int, Cause] = {
    401: "auth",
    402: "quota",
    403: "auth",
    408: "timeout",
    429: "rate_limited",
    503: "overloaded",
    504: "timeout",
}

_FINISH: dict[str, Cause] = {
    "stop": "ok",
    "length": "ok",
    "tool_calls": "ok",
    "function_call": "ok",
    "content_filter": "output_blocked",
}


@dataclass(frozen=True, slots=True)
class _Test:
    """A rule, ready to be tried."""

    rule: Rule
    codes: re.Pattern[str] | None
    messages: tuple[str, ...]

    def holds(self, status: int, fault: Fault, code: str, message: str, begun: bool) -> bool:
        rule = self.rule
        if rule.statuses and status not in rule.statuses:
            return False
        if rule.begun is not None and rule.begun != begun:
            return False
        if rule.upstream_statuses and fault.upstream_status not in rule.upstream_statuses:
            return False
        if self.codes is not None and not any(
            self.codes.fullmatch(one) for one in (code, folded_code(fault.type)) if one
        ):
            return False
        return not self.messages or any(one in message for one in self.messages)


class Causes:
    """Tells causes apart in one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._tests = tuple(
            _Test(
                rule=rule,
                codes=_pattern(rule.codes),
                messages=tuple(one.casefold() for one in rule.messages),
            )
            for rule in dialect.rules
        )
        self._finish: Mapping[str, Cause] = {**_FINISH, **dialect.finish}

    def of_fault(self, status: int, fault: Fault, *, begun: bool) -> Cause:
        """Return what an error object comes to; *begun* says whether text had come."""
        code, message = folded_code(fault.code), (fault.message or "").casefold()
        for test in self._tests:
            if test.holds(status, fault, code, message, begun):
                return test.rule.cause
        return self.of_status(status, begun=begun)

    def of_status(self, status: int, *, begun: bool) -> Cause:
        """Return what an HTTP status comes to where the body tells nothing."""
        if status == 451:
            return "output_blocked" if begun else "input_blocked"
        if status in _BY_STATUS:
            return _BY_STATUS[status]
        return "bad_request" if 400 <= status < 500 else "server_error"

    def of_choice(self, choice: Choice) -> Cause | None:
        """Return what the marks of safety on *choice* come to, or None where there is none."""
        if choice.need_clear_history:
            return "input_blocked"
        if choice.moderation_hit_type or (choice.flag is not None and choice.flag >= 2):
            return "output_blocked"
        return None

    def of_finish(self, finish: str) -> Cause:
        """Return what the reason to stop comes to; an unknown one counts as blocked."""
        return self._finish.get(finish, "output_blocked")


def folded_code(code: int | str | None) -> str:
    """Return *code* as it is compared: without case and underscores."""
    return "" if code is None else str(code).lower().replace("_", "")


def _pattern(codes: tuple[str, ...]) -> re.Pattern[str] | None:
    if not codes:
        return None
    alternatives = (
        ".*".join(re.escape(piece) for piece in folded_code(code).split("*")) for code in codes
    )
    return re.compile("|".join(alternatives), re.DOTALL)

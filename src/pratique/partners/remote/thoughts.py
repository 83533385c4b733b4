"""Thoughts in tags: reasoning that a server without a parser leaves inside the answer."""

_OPEN, _CLOSE = "<think>", "</think>"


class ThoughtSplitter:
    """Splits an answer that begins with `<think>…</think>`, in pieces cut anywhere.

    Only a tag at the very beginning counts, since a user's text may hold the word later on.
    """

    def __init__(self) -> None:
        self._state = "beginning"
        self._held = ""

    def feed(self, piece: str) -> tuple[str, str]:
        """Return what of *piece*, and of what was held back, is thought and what is answer."""
        if self._state == "answering":
            return "", piece
        self._held += piece
        if self._state == "beginning":
            begun = self._held.lstrip()
            if _OPEN.startswith(begun[: len(_OPEN)]) and len(begun) < len(_OPEN):
                return "", ""
            if not begun.startswith(_OPEN):
                return "", self._release("answering")
            self._state, self._held = "thinking", begun[len(_OPEN) :]
        return self._thinking()

    def end(self) -> tuple[str, str]:
        """Return what was held back when the answer ended."""
        held = self._release(self._state)
        return (held, "") if self._state == "thinking" else ("", held)

    def _thinking(self) -> tuple[str, str]:
        thought, tag, answer = self._held.partition(_CLOSE)
        if tag:
            self._state, self._held = "after", ""
            return thought, self._after(answer)
        if self._state == "after":
            return "", self._after(self._release("after"))
        keep = _overlap(self._held, _CLOSE)
        thought, self._held = (
            self._held[: len(self._held) - keep],
            self._held[len(self._held) - keep :],
        )
        return thought, ""

    def _after(self, answer: str) -> str:
        """Drop the blank lines between the thought and the answer."""
        answer = answer.lstrip("\n")
        if answer:
            self._state = "answering"
        return answer

    def _release(self, state: str) -> str:
        held, self._held, self._state = self._held, "", state
        return held


def _overlap(text: str, tag: str) -> int:
    """Return how many characters at the end of *text* may be the beginning of *tag*."""
    return next(
        (n for n in range(min(len(text), len(tag) - 1), 0, -1) if text.endswith(tag[:n])), 0
    )

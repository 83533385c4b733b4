"""Scrubbing: a partner's message without the key and without what the user wrote."""

from pratique.partners.contract import Call

_MOST = 300
"""Most characters of a message that are kept."""
_WINDOW = 8
"""Shortest run of characters that counts as taken over from the call."""


def scrubbed(message: str, call: Call, key: str) -> str:
    """Return *message*, bounded, with `…` for each run that stands in the call, and for the key."""
    if key:
        message = message.replace(key, "…")
    message = " ".join(message[:_MOST].split())
    content = " ".join("\n".join(turn.content.reveal() for turn in call.turns).split()).casefold()
    folded = message.casefold()
    if len(folded) != len(message):  # folding that changes lengths would misplace the cut
        return "…" if any(w in content for w in _windows(folded)) else message
    taken = [False] * len(message)
    for start, window in enumerate(_windows(folded)):
        if window in content:
            taken[start : start + _WINDOW] = [True] * _WINDOW
    return _masked(message, taken)


def _windows(text: str) -> list[str]:
    return [text[at : at + _WINDOW] for at in range(len(text) - _WINDOW + 1)]


def _masked(message: str, taken: list[bool]) -> str:
    shown: list[str] = []
    for character, hidden in zip(message, taken, strict=True):
        if not hidden:
            shown.append(character)
        elif not shown or shown[-1] != "…":
            shown.append("…")
    return "".join(shown)


def safe_code(code: str) -> str:
    """Return a partner's code as far as it looks like one: letters, digits and `._-`."""
    return "".join(c for c in code[:80] if c.isascii() and (c.isalnum() or c in "._- "))

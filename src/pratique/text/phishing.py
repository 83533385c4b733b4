"""Phishing: mails that are after a secret, and summaries that pass them on as what they are."""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from pratique.settings.toml import read_toml
from pratique.text.spans import folded

FILE = Path(str(files("pratique") / "content" / "texts" / "phishing.toml"))


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `phishing.toml`."""

    secrets: tuple[str, ...]
    """What such a mail asks for."""
    pressure: tuple[str, ...]
    """How it presses."""
    marks: tuple[str, ...]
    """What shows that a summary takes it for a claim."""


def after_a_secret(mail: str) -> bool:
    """Say whether *mail* presses somebody to give away a secret. A guess by words alone."""
    low = folded(mail)
    return bool(_any("secrets").search(low) and _any("pressure").search(low))


def told_as_a_claim(summary: str) -> bool:
    """Say whether *summary* shows that somebody only says so, or that it is suspicious."""
    return _any("marks").search(folded(summary)) is not None


@cache
def _any(name: str) -> re.Pattern[str]:
    """Return a pattern of the words called *name*; English ones begin at a word, secrets are whole.

    A word ends at Chinese characters, too (您的PIN码); `pink` asks for no PIN.
    """
    words: tuple[str, ...] = getattr(_words(), name)
    end = r"s?(?![a-z0-9])" if name == "secrets" else ""
    either = "|".join(
        rf"(?<![a-z0-9]){re.escape(folded(word))}{end}"
        if word.isascii()
        else re.escape(folded(word))
        for word in sorted(words, key=len, reverse=True)
    )
    return re.compile(either)


@cache
def _words() -> Words:
    return read_toml(FILE, Words)

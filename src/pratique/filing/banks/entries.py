"""Entries of a bank, and the bank as it is kept in the workspace."""

import hashlib

import msgspec

from pratique.text.languages import is_han
from pratique.text.scripts import script

LONGEST_KEYWORD = 64
"""Characters of a keyword that are read at all; the regime's own limit is reported, not cut."""

LONGEST_QUESTION = 4_000
"""Characters of a question that are read at all."""


class Entry(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One keyword or question."""

    id: str
    """Name, the same for ever: derived from the text where the operator gives none."""
    text: str
    """The keyword or the question."""
    risk: str = ""
    """Code of the risk, such as `A.2e`; empty where it stands under an aspect."""
    aspect: str = ""
    """Subject on which the service must answer, by its Chinese title; empty elsewhere."""
    locale: str = ""
    """Language that it is in, such as `zh-Hans` or `en`."""
    modality: str = "text"
    """What it is asked with: `text` or `image`."""
    added: str = ""
    """Day on which it came in, ISO 8601."""
    open: bool = False
    """Whether it is a code word that holds a place: it counts for nothing."""
    parent: str = ""
    """Entry that a model made it from; empty where people wrote it."""
    note: str = ""
    """The operator's own words."""

    @property
    def place(self) -> str:
        """What it counts under: its risk or its aspect."""
        return self.risk or self.aspect


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of a bank as a whole: the file beside its entries."""

    version: int = 1
    """Version of this record."""
    market: str
    """Market that it is for."""
    bank: str
    """Bank, as the regime calls it."""
    entries: int
    """How many entries there are."""
    digest: str
    """Hash of the file of entries."""
    changed: str
    """Day of the last change, ISO 8601; empty for the starter set, which nobody renews."""
    source: str
    """Name of the file that they came from."""
    source_digest: str
    """Hash of that file."""
    starter: bool = False
    """Whether it is the modest set that comes with the product."""


class KeptBank(msgspec.Struct, frozen=True, kw_only=True):
    """A bank as it is kept."""

    head: Head
    """What is known of it."""
    entries: tuple[Entry, ...]
    """Its entries, in the file's order."""


def derived_id(bank: str, locale: str, text: str) -> str:
    """Return the name of an entry for which nobody gave one."""
    return f"{bank[0]}-" + hashlib.sha256(f"{bank}/{locale}/{text}".encode()).hexdigest()[:12]


def guessed_locale(text: str) -> str:
    """Return the locale of *text* by its script: Chinese that tells no script is `zh-Hans`."""
    if not any(map(is_han, text)):
        return "en"
    return "zh-Hant" if script(text) == "Hant" else "zh-Hans"


def language_of(locale: str) -> str:
    """Return the language of *locale* without its script: `zh` of `zh-Hant`."""
    return locale.partition("-")[0]

"""Described changes: the kind of the wish, and the change itself where rules can make it."""

from pratique.partners.rules import wishes
from pratique.partners.rules.changes import CHANGES
from pratique.partners.rules.greetings import greeting
from pratique.partners.rules.records_text import Transformed, TransformInput

_SILENT = frozenset(("harmful", "action"))
"""Kinds of wish that no text answers."""

_ALONE = frozenset(("translate", "quote by", "signed", "table", "we", "i", "you"))
"""Changes after which no other of the same wish is made."""


def transform(given: TransformInput, locale: str) -> Transformed:
    """Return the kind of *given*'s wish, with the text as wished.

    A wish that rules cannot grant leaves the text as it is: nothing is invented. A wish goes on
    from what came of the one before.
    """
    kind = wishes.kind(given.instruction, locale)
    if kind in _SILENT:
        return Transformed(kind=kind, text=None)
    text = given.history[-1].text if given.history and given.history[-1].text else given.text
    if kind == "generation":
        return Transformed(kind=kind, text=greeting(text, given.instruction, locale) or text)
    for asked in wishes.changes(given.instruction, locale):
        changed = CHANGES[asked.name](text, asked.arguments, locale)
        if changed.strip() and changed != text:
            text = changed
            if asked.name in _ALONE:
                break
    return Transformed(kind=kind, text=text)

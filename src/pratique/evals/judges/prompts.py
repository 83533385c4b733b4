"""Prompts of judges: data with places in braces, filled so that content cannot pass for orders."""

import re
import secrets
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.evals.judges.rubrics import Language, Said
from pratique.partners.contract import Turn
from pratique.privacy import Sensitive
from pratique.settings.toml import read_toml

_PLACE = re.compile(r"\{([a-z]+)\}")


class Prompt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a judge is asked: a file of `content/judges/prompts`."""

    id: str
    """Name, its file's."""
    revision: int
    """Raised whenever its words change."""
    system: Said
    """What the judge is and how it replies."""
    user: Said
    """The rubric's question, the request and the answers."""


@lru_cache(maxsize=8)
def read_prompt(name: str) -> Prompt:
    """Return the prompt called *name*.

    Raises:
        NotFound, Malformed: there is none, or it is broken.
    """
    folder = Path(str(files("pratique") / "content" / "judges" / "prompts"))
    return read_toml(folder / f"{name}.toml", Prompt)


def turns(prompt: Prompt, language: Language, content: Mapping[str, str]) -> tuple[Turn, ...]:
    """Return *prompt* in *language* with *content* in its places.

    The lines around content begin with a mark drawn anew for each call, which the content could
    not know; what content says in braces stays as it is.

    Raises:
        Malformed: the prompt has a place for which there is no content.
    """
    mark = new_mark(content)
    filled = {**content, "mark": mark}
    system, user = prompt.system.to(language), prompt.user.to(language)
    return (
        Turn(role="system", content=Sensitive(_filled(system, filled))),
        Turn(role="user", content=Sensitive(_filled(user, filled))),
    )


def new_mark(content: Mapping[str, str]) -> str:
    """Return a mark that stands nowhere in *content*."""
    while True:
        mark = f"<<{secrets.token_hex(8)}>>"
        if not any(mark in text for text in content.values()):
            return mark


def _filled(text: str, content: Mapping[str, str]) -> str:
    def put(place: re.Match[str]) -> str:
        if place[1] not in content:
            raise Malformed(
                f"a judge's prompt has the unknown place `{place[0]}`",
                hint=f"known: {', '.join(sorted(content))}",
            )
        return content[place[1]]

    return _PLACE.sub(put, text.strip())

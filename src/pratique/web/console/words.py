"""The console's own words, one data file a language."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

from pratique.errors import Malformed

Language = Literal["en", "zh"]
"""Languages that the console speaks."""

LANGUAGES: tuple[Language, ...] = get_args(Language)
"""All of them; the first one is spoken where nothing is asked for."""


class Words:
    """Every text of the console in one language, by its key: `nav.market`."""

    def __init__(self, language: Language, texts: Mapping[str, str]) -> None:
        self.language = language
        self.texts = texts

    @property
    def tag(self) -> str:
        """The language as pages name it."""
        return "zh-Hans" if self.language == "zh" else "en"

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of *key* with *values* filled in.

        Raises:
            Malformed: there is no such text.
        """
        text = self.texts.get(key)
        if text is None:
            raise Malformed(f"the console has no text `{key}` in `{self.language}`")
        return text.format(**values) if values else text

    def or_raw(self, group: str, word: str) -> str:
        """Return the text of a word that data may add to, as it stands where it is not known."""
        return self.texts.get(f"{group}.{word}", word)


@lru_cache(maxsize=len(LANGUAGES))
def words(language: Language) -> Words:
    """Return the console's words in *language*."""
    path = files("pratique") / "content" / "console" / f"{language}.toml"
    groups = tomllib.loads(path.read_text(encoding="utf-8"))
    return Words(
        language,
        {f"{group}.{key}": text for group, of in groups.items() for key, text in of.items()},
    )


def preferred(accepted: str) -> Language:
    """Return the language that a browser's `Accept-Language` prefers, as far as we speak it."""
    for part in accepted[:500].split(","):
        tag = part.partition(";")[0].strip().casefold().partition("-")[0]
        for language in LANGUAGES:
            if tag == language:
                return language
    return LANGUAGES[0]

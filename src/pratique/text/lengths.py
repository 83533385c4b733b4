"""How long a text is to a reader: words for English, characters for Chinese."""

import re

_SENTENCE = re.compile(r"(?:[^。！？!?.\n]|\.(?=\w))*(?:[。！？!?]+|\.|\n|$)")
_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
_ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|St|No|vs|etc|approx|[ap]\.m|[A-Z])\.(?=\s+\S)", re.IGNORECASE
)


def characters(text: str) -> int:
    """Return the number of code points that are no white space (the Chinese measure, 字数)."""
    return sum(1 for character in text if not character.isspace())


def words(text: str) -> int:
    """Return the number of words: runs of letters and digits, `don't` and `3.5` counting once."""
    return len(_WORD.findall(text))


def length(text: str, locale: str) -> int:
    """Return the length of *text* in the unit of *locale*: characters for `zh-…`, else words."""
    return characters(text) if locale.startswith("zh") else words(text)


def unit(locale: str) -> str:
    """Return the name of the unit that `length` counts in."""
    return "characters" if locale.startswith("zh") else "words"


def sentences(text: str) -> list[str]:
    """Split *text* at Chinese and Western stops and at line ends; empty pieces are dropped."""
    if "." in text:
        text = _ABBREVIATION.sub(lambda found: found[0].replace(".", "\0"), text)
    pieces = (piece.replace("\0", ".").strip() for piece in _SENTENCE.findall(text))
    return [piece for piece in pieces if piece]


def estimated_tokens(text: str) -> int:
    """Return about how many tokens *text* is: one for four ASCII characters, one for any other.

    An estimate for when a partner gives no count; tokenisers differ by a third and more.
    """
    if text.isascii():
        return -(-len(text) // 4)
    plain = sum(1 for character in text if character < "\x80")
    return -(-plain // 4) + len(text) - plain

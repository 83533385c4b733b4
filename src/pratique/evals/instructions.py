"""Instructions whose following can be checked by code: words, counts, form, and answers that are known.

The kinds before `answer:` are those of IFEval (Zhou et al. 2023, "Instruction-following evaluation
for large language models"), by its names and definitions, in code of our own. Words, sentences and
languages are told as the rest of the product tells them, so that figures compare among our own
candidates, and with published tables only roughly.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec

from pratique.evals.tongues import TONGUES, tongue
from pratique.text.languages import is_han
from pratique.text.lengths import characters, sentences, words
from pratique.text.spans import folded

Relation = Literal["at least", "less than"]
"""How a count compares with the one wanted."""

Argument = Literal["texts", "count", "nth"]
"""What a kind of instruction may need."""

_FENCE = re.compile(r"\A```[a-z]*\s*(.*?)\s*```\Z", re.IGNORECASE | re.DOTALL)
_HIGHLIGHT = re.compile(r"\*\*(?=\S)[^\n*]+\*\*|\*(?=\S)[^\n*]+\*")
_BULLET = re.compile(r"^\s*[*-]\s+\S", re.MULTILINE)
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_QUOTES = "\"'“”‘’「」『』《》`"
_CHOICES = ("my answer is yes.", "my answer is no.", "my answer is maybe.")


class Instruction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One instruction that an answer follows or does not."""

    kind: str
    """What is asked for: a name in `KINDS`."""
    texts: tuple[str, ...] = ()
    """Words, phrases, letters or a language that it names."""
    count: int = 0
    """Number that it names."""
    relation: Relation = "at least"
    """How what is counted compares with `count`, where the kind leaves that open."""
    nth: int = 0
    """Which paragraph it speaks of, from 1."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of instruction."""

    follows: Callable[[Instruction, str], bool]
    """Whether an answer follows one of it."""
    needs: tuple[Argument, ...] = ()
    """What such an instruction must name."""


def unmet(
    instructions: Sequence[Instruction], answer: str, *, loose: bool = False
) -> tuple[str, ...]:
    """Return the kinds of the *instructions* that *answer* does not follow; an empty one follows none.

    Loosely, an instruction is followed too when it is so without the answer's first line, its
    last line, both, or its asterisks: a greeting or bold type is forgiven.
    """
    forms = _loosened(answer) if loose else [answer]
    full = [form for form in forms if form.strip()]
    return tuple(
        one.kind
        for one in instructions
        if not any(KINDS[one.kind].follows(one, form) for form in full)
    )


def lack(instruction: Instruction) -> str:
    """Say what keeps *instruction* from being checked, or return an empty string."""
    kind = KINDS.get(instruction.kind)
    if kind is None:
        return f"unknown kind of instruction `{instruction.kind}`"
    if "texts" in kind.needs and not (instruction.texts and all(map(str.strip, instruction.texts))):
        return f"`{instruction.kind}` names no text, or an empty one"
    if "count" in kind.needs and instruction.count < 1:
        return f"`{instruction.kind}` has a count of {instruction.count}, at least 1 is needed"
    if "nth" in kind.needs and not 1 <= instruction.nth <= instruction.count:
        return f"`{instruction.kind}` speaks of paragraph {instruction.nth} of {instruction.count}"
    if instruction.kind == "language:response_language" and instruction.texts[0] not in TONGUES:
        return f"language `{instruction.texts[0]}` cannot be told; {', '.join(sorted(TONGUES))} can"
    return ""


def _loosened(answer: str) -> list[str]:
    lines = answer.split("\n")
    forms = [answer, *("\n".join(each) for each in (lines[1:], lines[:-1], lines[1:-1]))]
    return forms + [form.replace("*", "") for form in forms]


def _compares(found: int, wanted: Instruction) -> bool:
    return found >= wanted.count if wanted.relation == "at least" else found < wanted.count


# Words


def _existence(wanted: Instruction, answer: str) -> bool:
    return all(folded(one) in folded(answer) for one in wanted.texts)


def _frequency(wanted: Instruction, answer: str) -> bool:
    return _compares(folded(answer).count(folded(wanted.texts[0])), wanted)


def _forbidden(wanted: Instruction, answer: str) -> bool:
    return not any(_stands(one, answer) for one in wanted.texts)


def _stands(phrase: str, answer: str) -> bool:
    """Say whether *phrase* stands in *answer*, in Latin letters as words of their own."""
    # Chinese characters are no bounds to each other: a word of theirs is found anywhere.
    bound = "[0-9a-zà-öø-ɏ]"
    found = rf"(?<!{bound}){re.escape(folded(phrase))}(?!{bound})"
    inside = re.escape(folded(phrase))
    pattern = inside if is_han(phrase[0]) and is_han(phrase[-1]) else found
    return re.search(pattern, folded(answer)) is not None


def _letters(wanted: Instruction, answer: str) -> bool:
    return _compares(folded(answer).count(folded(wanted.texts[0])), wanted)


def _language(wanted: Instruction, answer: str) -> bool:
    return tongue(answer) == wanted.texts[0]


# Length


def _sentences(wanted: Instruction, answer: str) -> bool:
    return _compares(len(sentences(answer)), wanted)


def _words(wanted: Instruction, answer: str) -> bool:
    # A Chinese character counts as a word, as word processors count.
    spaced = "".join(f" {each} " if is_han(each) else each for each in answer)
    return _compares(words(spaced), wanted)


def _paragraphs(wanted: Instruction, answer: str) -> bool:
    """Paragraphs are parted by `***`; none but a first or last one may be empty."""
    parts = [part.strip() for part in re.split(r"(?<!\*)\*{3}(?!\*)", answer)]
    kept = parts[not parts[0] : len(parts) - (not parts[-1])]
    return all(kept) and len(kept) == wanted.count


def _nth_paragraph(wanted: Instruction, answer: str) -> bool:
    parts = [part for part in re.split(r"\n\s*\n", answer) if part.strip()]
    if len(parts) != wanted.count:
        return False
    first = parts[wanted.nth - 1].strip().lstrip(_QUOTES + "*#( ").split(maxsplit=1)
    return bool(first) and folded(first[0]).strip(".,:;!?*" + _QUOTES) == folded(wanted.texts[0])


# Content and form


def _placeholders(wanted: Instruction, answer: str) -> bool:
    return len(re.findall(r"\[[^\[\]\n]+\]", answer)) >= wanted.count


def _postscript(wanted: Instruction, answer: str) -> bool:
    letters = [one for one in folded(wanted.texts[0]) if one.isalpha()]
    marker = r"\.\s?".join(map(re.escape, letters))
    return re.search(rf"(?<![\w.]){marker}(?!\w)", folded(answer)) is not None


def _bullets(wanted: Instruction, answer: str) -> bool:
    return len(_BULLET.findall(answer)) == wanted.count


def _choice(_wanted: Instruction, answer: str) -> bool:
    return any(one in folded(answer) for one in _CHOICES)


def _highlights(wanted: Instruction, answer: str) -> bool:
    return len(_HIGHLIGHT.findall(answer)) >= wanted.count


def _sections(wanted: Instruction, answer: str) -> bool:
    marker = re.compile(rf"{re.escape(wanted.texts[0])}\s?\d+", re.IGNORECASE)
    return len(marker.findall(answer)) >= wanted.count


def _json(_wanted: Instruction, answer: str) -> bool:
    fenced = _FENCE.match(answer.strip())
    try:
        found = msgspec.json.decode(fenced[1] if fenced else answer)
    except (msgspec.DecodeError, RecursionError):
        return False
    return isinstance(found, (dict, list))


def _title(_wanted: Instruction, answer: str) -> bool:
    return any(found.strip() for found in re.findall(r"<<([^\n<>]+)>>", answer))


def _two_responses(_wanted: Instruction, answer: str) -> bool:
    parts = [part.strip() for part in re.split(r"(?<!\*)\*{6}(?!\*)", answer)]
    full = [part for part in parts if part]
    return len(parts) >= 2 and len(full) == 2 and full[0] != full[1]


def _repeats(wanted: Instruction, answer: str) -> bool:
    return folded(answer.strip()).startswith(folded(wanted.texts[0].strip()))


def _ends(wanted: Instruction, answer: str) -> bool:
    end = folded(answer.strip().strip('"“”').rstrip())
    return end.endswith(folded(wanted.texts[0].strip()))


def _quoted(_wanted: Instruction, answer: str) -> bool:
    whole = answer.strip()
    return len(whole) > 1 and whole[0] + whole[-1] in ('""', "“”")


def _capital(_wanted: Instruction, answer: str) -> bool:
    return answer.isupper() and tongue(answer) in ("en", None)


def _lowercase(_wanted: Instruction, answer: str) -> bool:
    return answer.islower() and tongue(answer) in ("en", None)


def _capital_words(wanted: Instruction, answer: str) -> bool:
    return _compares(sum(word.isupper() for word in _LATIN_WORD.findall(answer)), wanted)


def _no_comma(_wanted: Instruction, answer: str) -> bool:
    return not set(",，、").intersection(answer)


# Answers that are known


def _is(wanted: Instruction, answer: str) -> bool:
    """The answer is one of the texts, but for quotes around it and a full stop that none asked for."""
    found = _bare(answer)
    return bool({found, _bare(found.rstrip("。."))}.intersection(map(_bare, wanted.texts)))


def _bare(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().strip(_QUOTES).strip()


def _names(wanted: Instruction, answer: str) -> bool:
    """One of the texts stands in the answer, which is no longer than `count` characters."""
    short = characters(answer) <= wanted.count
    return short and any(_stands(one, answer) for one in wanted.texts)


def _option(wanted: Instruction, answer: str) -> bool:
    """The last option that the answer names, `(B)` or a bare `B`, is the right one."""
    plain = unicodedata.normalize("NFKC", answer).strip()
    named = re.findall(r"\(([A-Z])\)", plain) or re.findall(r"\A([A-Z])\.?\Z", plain)
    return bool(named) and named[-1] == wanted.texts[0].strip("()")


def _number(wanted: Instruction, answer: str) -> bool:
    """The last number in the answer is the right one."""
    plain = unicodedata.normalize("NFKC", answer)
    found = [float(one.replace(",", "")) for one in _NUMBER.findall(plain)]
    right = [float(one.replace(",", "")) for one in _NUMBER.findall(wanted.texts[0])]
    return bool(found) and found[-1:] == right[-1:]


KINDS: Mapping[str, Kind] = {
    "keywords:existence": Kind(follows=_existence, needs=("texts",)),
    "keywords:frequency": Kind(follows=_frequency, needs=("texts", "count")),
    "keywords:forbidden_words": Kind(follows=_forbidden, needs=("texts",)),
    "keywords:letter_frequency": Kind(follows=_letters, needs=("texts", "count")),
    "language:response_language": Kind(follows=_language, needs=("texts",)),
    "length_constraints:number_sentences": Kind(follows=_sentences, needs=("count",)),
    "length_constraints:number_words": Kind(follows=_words, needs=("count",)),
    "length_constraints:number_paragraphs": Kind(follows=_paragraphs, needs=("count",)),
    "length_constraints:nth_paragraph_first_word": Kind(
        follows=_nth_paragraph, needs=("texts", "count", "nth")
    ),
    "detectable_content:number_placeholders": Kind(follows=_placeholders, needs=("count",)),
    "detectable_content:postscript": Kind(follows=_postscript, needs=("texts",)),
    "detectable_format:number_bullet_lists": Kind(follows=_bullets, needs=("count",)),
    "detectable_format:constrained_response": Kind(follows=_choice),
    "detectable_format:number_highlighted_sections": Kind(follows=_highlights, needs=("count",)),
    "detectable_format:multiple_sections": Kind(follows=_sections, needs=("texts", "count")),
    "detectable_format:json_format": Kind(follows=_json),
    "detectable_format:title": Kind(follows=_title),
    "combination:two_responses": Kind(follows=_two_responses),
    "combination:repeat_prompt": Kind(follows=_repeats, needs=("texts",)),
    "startend:end_checker": Kind(follows=_ends, needs=("texts",)),
    "startend:quotation": Kind(follows=_quoted),
    "change_case:english_capital": Kind(follows=_capital),
    "change_case:english_lowercase": Kind(follows=_lowercase),
    "change_case:capital_word_frequency": Kind(follows=_capital_words, needs=("count",)),
    "punctuation:no_comma": Kind(follows=_no_comma),
    "answer:is": Kind(follows=_is, needs=("texts",)),
    "answer:names": Kind(follows=_names, needs=("texts", "count")),
    "answer:option": Kind(follows=_option, needs=("texts",)),
    "answer:number": Kind(follows=_number, needs=("texts",)),
}
"""Every kind of instruction by name."""

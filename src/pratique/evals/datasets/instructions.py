"""Instructions: requests whose following code can check.

IFEval's are all of that kind (see `pratique.evals.instructions`). Of FollowBench only some rows
are: edits of a sentence, the name of one thing in a document, a puzzle's option, a sum. The others
need a reader, and are left out, with the reason. Either set puts what is asked for and what it is
asked of into one text, so that it is all instruction, typed on an empty page: a text of one line
feed, since `transform` wants one.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.evals.datasets.dataset import Dataset, Row
from pratique.evals.datasets.files import Document, document, records, require_text
from pratique.evals.instructions import Instruction, lack
from pratique.evals.scorers import Target
from pratique.evals.suites import Sample

Argument = str | int | tuple[str, ...] | None
"""What an argument of IFEval's may hold."""

EMPTY_PAGE = "\n"
"""The text that the instruction is typed on."""

NO_REQUEST = "the set has no request for it without conditions"
NO_TARGET = "only a reader can say whether it was followed"
MANY_RIGHT = "its reference is one of many texts that are right"
DOUBTFUL = "its reference has values that its text does not"
"""Why rows of FollowBench are left out."""

_DIGIT = re.compile(r"\d")


class Form(msgspec.Struct, frozen=True):
    """Which of IFEval's arguments an instruction of one kind has, and what each of them says."""

    texts: str = ""
    """Argument that holds its text or texts; empty where it has none."""
    count: str = ""
    """Argument that holds its count."""
    relation: str = ""
    """Argument that holds how the count compares."""
    nth: str = ""
    """Argument that holds the number of a paragraph."""


FORMS: Mapping[str, Form] = {
    "keywords:existence": Form(texts="keywords"),
    "keywords:frequency": Form(texts="keyword", count="frequency", relation="relation"),
    "keywords:forbidden_words": Form(texts="forbidden_words"),
    "keywords:letter_frequency": Form("letter", "let_frequency", "let_relation"),
    "language:response_language": Form(texts="language"),
    "length_constraints:number_sentences": Form(count="num_sentences", relation="relation"),
    "length_constraints:number_words": Form(count="num_words", relation="relation"),
    "length_constraints:number_paragraphs": Form(count="num_paragraphs"),
    "length_constraints:nth_paragraph_first_word": Form(
        texts="first_word", count="num_paragraphs", nth="nth_paragraph"
    ),
    "detectable_content:number_placeholders": Form(count="num_placeholders"),
    "detectable_content:postscript": Form(texts="postscript_marker"),
    "detectable_format:number_bullet_lists": Form(count="num_bullets"),
    "detectable_format:constrained_response": Form(),
    "detectable_format:number_highlighted_sections": Form(count="num_highlights"),
    "detectable_format:multiple_sections": Form(texts="section_spliter", count="num_sections"),
    "detectable_format:json_format": Form(),
    "detectable_format:title": Form(),
    "combination:two_responses": Form(),
    "combination:repeat_prompt": Form(texts="prompt_to_repeat"),
    "startend:end_checker": Form(texts="end_phrase"),
    "startend:quotation": Form(),
    "change_case:english_capital": Form(),
    "change_case:english_lowercase": Form(),
    "change_case:capital_word_frequency": Form(
        count="capital_frequency", relation="capital_relation"
    ),
    "punctuation:no_comma": Form(),
}
"""Every kind of instruction that IFEval has."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One row of IFEval."""

    key: int
    """The set's own name of it."""
    prompt: str
    """What is asked for."""
    instruction_id_list: tuple[str, ...]
    """Kinds of the instructions in it, after the language."""
    kwargs: tuple[dict[str, Argument], ...]
    """What each of them names."""


class Constrained(msgspec.Struct, frozen=True, kw_only=True):
    """One row of FollowBench."""

    example_id: int
    """Example that it belongs to."""
    source: str
    """Where the example comes from: that decides how it is checked."""
    level: int
    """How many constraints were added to the example."""
    instruction: str
    """What is asked for."""
    target: str
    """What is right; empty where many things are."""


def _ifeval(name: str, folder: Path) -> Iterator[Row]:
    path = folder / "ifeval_en.jsonl"
    for line, row in records(path, Request):
        prompt = require_text(row.prompt, "prompt", path, line)
        kinds = [one.removeprefix("en:") for one in row.instruction_id_list]
        if not kinds or len(kinds) != len(row.kwargs):
            message = f"{len(kinds)} instructions with arguments for {len(row.kwargs)}"
            raise Malformed(message, path=path, line=line)
        pairs = zip(row.kwargs, kinds, strict=True)
        found = tuple(_instruction(kind, arguments, path, line) for arguments, kind in pairs)
        sample = Sample(
            id=f"{name}-{line:05d}",
            input={"text": EMPTY_PAGE, "instruction": prompt},
            target=Target(instructions=found),
            why="One asked for it in so many words.",
        )
        yield Row(path=path, line=line, sample=sample)


def _instruction(kind: str, arguments: dict[str, Argument], path: Path, line: int) -> Instruction:
    form = FORMS.get(kind)
    if form is None:
        raise Malformed(f"unknown kind of instruction `{kind}`", path=path, line=line)
    given = {name for name, value in arguments.items() if value is not None}
    names = {field: name for field, name in msgspec.structs.asdict(form).items() if name}
    wanted = set(names.values())
    if given != wanted:
        found, needed = (", ".join(sorted(some)) or "none" for some in (given, wanted))
        message = f"arguments of `{kind}`: {found}, not {needed}"
        raise Malformed(message, path=path, line=line)
    fields: dict[str, object] = {field: arguments[name] for field, name in names.items()}
    if isinstance(fields.get("texts"), str):
        fields["texts"] = (fields["texts"],)
    try:
        return msgspec.convert({"kind": kind, **fields}, Instruction)
    except msgspec.ValidationError as error:
        raise Malformed(f"arguments of `{kind}`: {error}", path=path, line=line) from None


def _followbench(name: str, folder: Path) -> Iterator[Row]:
    for part in ("content", "format", "mixed", "situation", "style"):
        path = folder / f"{part}_constraints.json"
        file = document(path, tuple[Constrained, ...])
        for place, row in enumerate(file.value):
            if row.level and not row.instruction.strip():
                raise file.malformed("`instruction` is empty", place)
            yield _constrained(f"{name}-{part}-{place + 1:05d}", file, row, place)


def _constrained(
    name: str, file: Document[tuple[Constrained, ...]], row: Constrained, place: int
) -> Row:
    reason = _reason(row)
    if reason:
        return Row(path=file.path, left_out=reason)
    found = Instruction(kind=_CHECKED[row.source], texts=_texts(row, file, place))
    fault = lack(found)
    if fault:
        raise file.malformed(f"`target`: {fault}", place)
    sample = Sample(
        id=name,
        input={"text": EMPTY_PAGE, "instruction": row.instruction.strip()},
        target=Target(instructions=(found,)),
        why="One asked for it in so many words.",
    )
    return Row(path=file.path, sample=sample)


_CHECKED: Mapping[str, str] = {
    "text_editing": "answer:is",
    "CONLL2003": "answer:is",
    "BBH_logical": "answer:option",
    "gsm_8k": "answer:number",
}
"""Sources whose targets code can check, with how."""


def _reason(row: Constrained) -> str:
    """Say why *row* cannot be a sample, or return an empty string."""
    if not row.instruction.strip():
        return NO_REQUEST
    if not row.target.strip():
        return NO_TARGET
    if row.source == "E2E":
        return DOUBTFUL
    return MANY_RIGHT if row.source not in _CHECKED or "\n" in row.target.strip() else ""


def _texts(
    row: Constrained, file: Document[tuple[Constrained, ...]], place: int
) -> tuple[str, ...]:
    """Return every answer that is right: a name's target is a list as Python writes it."""
    target = row.target.strip()
    if row.source == "gsm_8k" and not _DIGIT.search(target):
        raise file.malformed(f"`target` has no number: `{target}`", place)
    if row.source != "CONLL2003":
        return (target,)
    try:
        found = ast.literal_eval(target)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        found = None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise file.malformed(f"`target` is not a list of names: `{target[:40]}`", place)
    return tuple(dict.fromkeys(found))


DATASETS = (
    Dataset(
        id="en-ifeval",
        about="Length, words, form, case and language as asked for (IFEval)",
        licence="Apache-2.0",
        feature="transform",
        scorer="instructions",
        locale="en",
        folder="en-ifeval",
        rows=_ifeval,
    ),
    Dataset(
        id="en-followbench",
        about="More and more conditions on one request, where code can check them (FollowBench)",
        licence="Apache-2.0",
        feature="transform",
        scorer="instructions",
        locale="en",
        folder="en-followbench",
        rows=_followbench,
    ),
    Dataset(
        id="zh-followbench",
        about="More and more conditions on one request, where code can check them (FollowBench)",
        licence="Apache-2.0",
        feature="transform",
        scorer="instructions",
        locale="zh-Hans",
        folder="zh-followbench",
        rows=_followbench,
    ),
)
"""The sets of this family."""

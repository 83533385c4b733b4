"""Pages of the features: what goes in, what comes out and how it is graded, from pack and suites."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import msgspec

from pratique.evals.scorers import SCORERS
from pratique.evals.suites import Suite
from pratique.features.checks import CHECKS, CheckUse
from pratique.features.packs import Pack, Schema
from pratique.labels.policy import LabelPolicy
from pratique.partners.catalogue import Candidate
from pratique.partners.pool import Pool
from pratique.privacy import Sensitive
from pratique.serving.answer import answer
from pratique.serving.guard import starter_guard
from pratique.serving.variant import variant_of

_MOST_SHOWN = 600
"""Characters of one text in an example."""


def page(pack: Pack, suites: Sequence[Suite], by: Candidate, label: LabelPolicy) -> str:
    """Return the page of *pack*, in Markdown, with its examples as the candidate *by* answers them."""
    parts = (
        _head(pack),
        _shape("Input", pack.input_schema),
        _shape("Output", pack.output_schema),
        _limits(pack),
        _checks(pack),
        _grading(suites),
        _examples(pack, by, label),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(pack: Pack) -> Iterator[str]:
    yield f"# {pack.file.name['en']}: `{pack.id}`"
    yield ""
    yield pack.file.about
    yield ""
    yield f"Locales: {', '.join(f'`{one}` ({pack.file.name[one]})' for one in pack.locales)}."
    yield f"Role of the partner that answers: `{pack.file.role}`."
    yield f"Call: `POST /v1/features/{pack.id}`."


def _shape(title: str, schema: Schema) -> Iterator[str]:
    yield f"\n## {title}\n"
    yield "| field | type | meaning |"
    yield "|---|---|---|"
    for name, kind, about in _fields(schema, ""):
        yield f"| `{name}` | {kind} | {about} |"


def _fields(schema: Mapping[str, object], path: str) -> Iterator[tuple[str, str, str]]:
    """Yield every field below *schema* with its type and meaning, depth first."""
    needed = cast(Sequence[str], schema.get("required", ()))
    for name, raw in cast(Mapping[str, object], schema.get("properties", {})).items():
        field = cast(Mapping[str, object], raw)
        place = f"{path}{name}"
        kind = _kind(field) + ("" if name in needed else ", may be left out")
        yield place, kind, str(field.get("description", ""))
        below = field.get("items", field)
        yield from _fields(
            cast(Mapping[str, object], below), f"{place}[]." if "items" in field else f"{place}."
        )


def _kind(field: Mapping[str, object]) -> str:
    if "enum" in field:
        values = cast(Sequence[object], field["enum"])
        return "one of " + ", ".join(f"`{value}`" for value in values)
    if field.get("type") == "array":
        least, most = field.get("minItems", 0), field.get("maxItems")
        count = f"{least}" if least == most else f"{least} to {most}" if most else ""
        inner = _kind(cast(Mapping[str, object], field["items"]))
        return f"list of {count + ' × ' if count else ''}{inner}"
    least, most = field.get("minimum"), field.get("maximum")
    span = f" from {least}" if least is not None else ""
    return str(field.get("type")) + span + (f" to {most}" if most is not None else "")


def _limits(pack: Pack) -> Iterator[str]:
    yield "\n## Limits\n"
    yield "| locale | characters of an input, all strings together |"
    yield "|---|---|"
    for locale, limits in pack.file.limits.items():
        yield f"| `{locale}` | {limits.input_characters} |"


def _checks(pack: Pack) -> Iterator[str]:
    yield "\n## What must hold of every answer\n"
    yield "The same code checks when a model is measured and when it serves."
    yield "An answer that fails is asked for once more, with the reason; if it fails again the"
    yield "caller gets `invalid`, and the text stays as it was.\n"
    yield "- `schema`: The answer fits the shape above."
    for use in pack.file.checks:
        yield f"- `{use.id}` (revision {use.revision}): {_meaning(use)}"


def _meaning(use: CheckUse) -> str:
    about = (CHECKS[use.id][1].__doc__ or "").strip().splitlines()[0]
    limits = "; ".join(
        f"`{locale}` {', '.join(f'{name} {most}' if name != 'any' else str(most) for name, most in table.items())}"
        for locale, table in use.most.items()
    )
    return about + (f" At most: {limits}." if limits else "")


def _grading(suites: Sequence[Suite]) -> Iterator[str]:
    yield "\n## How it is graded\n"
    yield "Every sample counts: an answer that is refused, blocked, invalid or failed has not passed.\n"
    yield "| suite | locale | by hand | generated | scorer |"
    yield "|---|---|---|---|---|"
    for suite in suites:
        generated = sum(one.generated for one in suite.samples)
        by_hand = len(suite.samples) - generated
        yield f"| `{suite.id}` | `{suite.locale}` | {by_hand} | {generated} | `{suite.file.scorer}` |"
    yield ""
    for name in dict.fromkeys(suite.file.scorer for suite in suites):
        about = (SCORERS[name].score.__doc__ or "").strip().splitlines()[0]
        yield f"- `{name}`: {about}"


def _examples(pack: Pack, by: Candidate, label: LabelPolicy) -> Iterator[str]:
    yield "\n## Example\n"
    yield f"As `{by.name}` answers it: {by.model.about}"
    for locale in pack.locales:
        asked = pack.file.example[locale]
        yield f"\n`{locale}`:\n\n```json"
        yield _shown({"locale": locale, "input": asked})
        yield "```\n\n```json"
        yield asyncio.run(_answered(pack, by, label, locale, asked))
        yield "```"


async def _answered(
    pack: Pack, by: Candidate, label: LabelPolicy, locale: str, asked: Mapping[str, object]
) -> str:
    found = await answer(
        variant_of(pack, by, "CN", locale, label),
        Sensitive(asked),
        Pool({by.partner.id: by.partner}, "CN").connected(by),
        content_id="example",
        deadline=60.0,
        guard=starter_guard(),
    )
    output = {"output": found.output.reveal()} if found.output else {}
    return _shown({"status": found.status, **output})


def _shown(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(_short(value)), indent=2).decode()


def _short(value: object) -> object:
    """Return *value* with every long text, such as a picture, cut."""
    if isinstance(value, str):
        return value if len(value) <= _MOST_SHOWN else f"{value[:40]}…"
    if isinstance(value, Mapping):
        return {name: _short(one) for name, one in value.items()}
    return [_short(one) for one in value] if isinstance(value, (list, tuple)) else value

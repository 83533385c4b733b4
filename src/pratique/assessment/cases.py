"""Regression cases: requests as a partner's model is asked them, with what can be checked elsewhere.

What a case expects is told in three plain forms that any harness can check, so that a partner
needs nothing of ours. Where our own scorer looks at more than that, the case says so.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from pratique.evals.outcomes import Result
from pratique.evals.scorers import Target
from pratique.evals.suites import Sample
from pratique.features.prompts import Message, Reading, rendered
from pratique.serving.pictures import FIELD, in_words
from pratique.serving.variant import Variant

Origin = Literal["development", "revealed"]
"""`development`: never counts in a verdict. `revealed`: was sealed, and from now on counts no more."""


class Expect(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """Something that must hold of an answer's output."""


class Equals(Expect, frozen=True, kw_only=True, tag="equals"):
    """A field is one of these texts, but for white space at the ends."""

    field: str
    """The field."""
    values: tuple[str, ...]
    """The texts."""


class Is(Expect, frozen=True, kw_only=True, tag="is", omit_defaults=False):
    """A field has this very value."""

    field: str
    """The field."""
    value: str | bool | None
    """The value."""
    absent: bool = False
    """Whether the field may be missing or null instead."""


class Says(Expect, frozen=True, kw_only=True, tag="says"):
    """Enough groups have a phrase that occurs, and no forbidden phrase does; case does not matter."""

    field: str = ""
    """The field; all texts of the output when empty."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Groups of phrases, each satisfied by any one of them."""
    need: int = 0
    """How many groups suffice."""
    never: tuple[str, ...] = ()
    """Phrases that must not occur."""


class RegressionCase(msgspec.Struct, frozen=True, kw_only=True):
    """One request to run on the partner's side: a line of `cases/*.jsonl`."""

    id: str
    """Name of the sample, the same for ever."""
    feature: str
    """Feature."""
    locale: str
    """Locale."""
    model: str
    """Model below the partner."""
    origin: Origin
    """Where it is from."""
    known: Literal["failed", "not_asked"]
    """Whether this model failed it here, or was not asked it."""
    cause: str
    """Cause of the failure, where it failed."""
    why: str
    """What a user would mind here."""
    missed: str
    """What the answer missed here, where it failed."""
    answered: str
    """What the model wrote here, where it failed."""
    messages: tuple[Message, ...]
    """What the model is sent."""
    image: Mapping[str, str] | None
    """The picture that goes with the last message: `media_type`, and `data` in base64."""
    max_tokens: int
    """Most tokens of the answer."""
    temperature: float
    """Temperature that it is asked with."""
    reading: Reading
    """How the answer's text becomes the output."""
    expects: tuple[Equals | Is | Says, ...]
    """What must hold of the output; nothing more than readable when empty."""
    whole: bool
    """Whether that is all that our scorer looks at in it; our checks come on top in any case."""

    @property
    def key(self) -> str:
        """Name of the case in a brief: the sample, below the model that it is put to."""
        return f"{self.model}/{self.id}"


def case_of(
    variant: Variant, sample: Sample, scorer: str, origin: Origin, result: Result | None, cause: str
) -> RegressionCase:
    """Return *sample* as *variant* asks it; *result* is what became of it, None where it was not asked."""
    expects, whole = expected(scorer, sample.target)
    image = sample.input.get(FIELD)
    return RegressionCase(
        id=sample.id,
        feature=variant.feature,
        locale=variant.locale,
        model=variant.serving.model,
        origin=origin,
        known="not_asked" if result is None else "failed",
        cause=cause,
        why=sample.why,
        missed=result.why if result else "",
        answered=result.draft if result else "",
        messages=rendered(variant.prompt, variant.feature, variant.locale, in_words(sample.input)),
        image=(
            {name: str(value) for name, value in image.items()}
            if isinstance(image, Mapping)
            else None
        ),
        max_tokens=variant.prompt.decoding.max_tokens,
        temperature=variant.prompt.decoding.temperature,
        reading=variant.prompt.reading,
        expects=expects,
        whole=whole,
    )


def expected(scorer: str, target: Target) -> tuple[tuple[Equals | Is | Says, ...], bool]:
    """Return what *target* asks for in plain forms, and whether that is all that *scorer* looks at."""
    match scorer:
        case "accepted":
            return (Equals(field="corrected", values=target.accept),), True
        case "urgency":
            return (Is(field="urgent", value=target.urgent),), True
        case "mentions":
            return _said("", target), True
        case "notified":
            shown = () if target.suppressed else _said("line", target)
            return (_suppressed(target), *shown), not target.covers
        case "transformed":
            return _transformed(target), True
        case "drafted" if target.questions is None:
            return _said("draft", target), True
        case "rewritten":
            return _said("text", target), target.same
        case "translated" | "searched":
            return _said("text", target), False
        case "minuted":
            return _said("summary", target), False
        case _:
            return _said("", target), False


def _suppressed(target: Target) -> Is:
    return Is(field="suppressed", value=target.suppressed, absent=not target.suppressed)


def _transformed(target: Target) -> tuple[Equals | Is | Says, ...]:
    wish = Is(field="class", value=target.wish)
    if target.null_text:
        return wish, Is(field="text", value=None, absent=True)
    exact = (Equals(field="text", values=target.accept),) if target.accept else ()
    return wish, *exact, *_said("text", target)


def _said(field: str, target: Target) -> tuple[Says, ...]:
    if not target.must and not target.never:
        return ()
    need = len(target.must) if target.need is None else target.need
    return (Says(field=field, groups=target.must, need=need, never=target.never),)

"""Variants: one way to give users one feature in one market and locale, and its digest."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.features import prompts, reading
from pratique.features.checks import CHECKS, CheckUse
from pratique.features.derive import DERIVATIONS, DeriveUse
from pratique.features.packs import Pack, Role, Schema
from pratique.features.prompts import Prompt
from pratique.labels.policy import LabelPolicy
from pratique.partners.catalogue import Candidate, Weights
from pratique.screening import policy
from pratique.screening.policy import ScreeningPolicy, screening_policy
from pratique.store.canonical import canonical, digest

FORMAT = 2
"""Version of the record below; raised when its meaning changes."""


class RoleModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The model that holds one role."""

    role: Role
    """What it does for the user."""
    partner: str
    """Who offers it."""
    model: str
    """Which model."""
    snapshot: str
    """What pins its behaviour."""
    weights: Weights
    """Whose weights run where."""


class Variant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Exactly what decides what a user gets.

    It holds everything it needs to answer, so that a frozen copy serves on when files change.
    """

    version: int = FORMAT
    """Version of this record."""
    market: str
    """Market that it is for."""
    feature: str
    """Feature that it gives."""
    locale: str
    """Locale that it gives it in."""
    roles: tuple[RoleModel, ...]
    """Every role's model."""
    prompt: Prompt
    """The prompt, resolved for the serving model."""
    renderer: int
    """Revision of how prompts are rendered."""
    reader: int
    """Revision of how answers are read."""
    input_schema: Schema
    """JSON Schema of the input."""
    output_schema: Schema
    """JSON Schema of the output."""
    world: tuple[str, ...]
    """Fields of the input whose words others wrote."""
    streams: bool
    """Whether the text of an answer may be shown as it comes, though a check may take it back."""
    derive: tuple[DeriveUse, ...]
    """Derived fields, with revisions."""
    checks: tuple[CheckUse, ...]
    """Checks, with revisions."""
    label: LabelPolicy
    """How its answers are labelled."""
    screening: ScreeningPolicy
    """How requests and answers are screened; the words are not part of it."""

    @property
    def serving(self) -> RoleModel:
        """The model that answers."""
        return self.roles[0]

    @property
    def shows_pieces(self) -> bool:
        """Whether the text of an answer can be shown as it comes.

        It can where nothing but the text decides; where checks may take it back, the pack says so.
        """
        plain = self.prompt.reading.form == "text" and not self.derive
        return plain and (self.streams or not self.checks)

    @property
    def candidate(self) -> str:
        """`partner/model` of the model that answers."""
        serving = self.roles[0]
        return f"{serving.partner}/{serving.model}"


def variant_of(
    pack: Pack,
    candidate: Candidate,
    market: str,
    locale: str,
    label: LabelPolicy,
    safeguards: Sequence[RoleModel] = (),
) -> Variant:
    """Return the variant of *pack* that *candidate* would serve, judged by *safeguards*.

    Raises:
        NotFound: the pack has no such locale, or no prompt for it.
    """
    if locale not in pack.locales:
        raise NotFound(
            f"feature `{pack.id}` has no locale `{locale}`",
            hint=f"it has {', '.join(pack.locales)}",
        )
    serving = RoleModel(
        role=pack.file.role,
        partner=candidate.partner.id,
        model=candidate.model.id,
        snapshot=candidate.model.snapshot,
        weights=candidate.model.weights,
    )
    return Variant(
        market=market,
        feature=pack.id,
        locale=locale,
        roles=(serving, *safeguards),
        prompt=pack.prompt(
            locale,
            candidate.partner.id,
            candidate.model.id,
            simulated=candidate.partner.simulated,
        ),
        renderer=prompts.REVISION,
        reader=reading.REVISION,
        input_schema=pack.input_schema,
        output_schema=pack.output_schema,
        world=pack.file.world,
        streams=pack.file.streams,
        derive=pack.file.derive,
        checks=pack.file.checks,
        label=label,
        screening=screening_policy(),
    )


def frozen(variant: Variant) -> bytes:
    """Return *variant* in canonical form: the bytes that are hashed, kept and served from."""
    return canonical(variant)


def digest_of(variant: Variant) -> str:
    """Return the digest of *variant*, `sha256:…`."""
    return digest(frozen(variant))


def thawed(data: bytes) -> Variant:
    """Return the variant in *data*, as `frozen` wrote it.

    Raises:
        Malformed: the bytes are no variant, or this code would serve it otherwise than the code
            that it was made with.
    """
    try:
        variant = msgspec.json.decode(data, type=Variant)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Malformed(f"the snapshot is no variant: {error}") from None
    for what, then, here in _revisions(variant):
        if then != here:
            raise Malformed(
                f"the snapshot was made with {what} at revision {then}, this code has {here}",
                hint="serve it with the version of the product that it was approved with",
            )
    return variant


def _revisions(variant: Variant) -> Iterator[tuple[str, int, int | None]]:
    """Yield each part of the code that decides what users get: its revision then, and here."""
    yield "the record of variants", variant.version, FORMAT
    yield "the renderer of prompts", variant.renderer, prompts.REVISION
    yield "the reader of answers", variant.reader, reading.REVISION
    yield "screening", variant.screening.revision, policy.REVISION
    for check in variant.checks:
        yield (
            f"check `{check.id}`",
            check.revision,
            CHECKS[check.id][0] if check.id in CHECKS else None,
        )
    for one in variant.derive:
        known = DERIVATIONS.get(one.id)
        yield f"derivation `{one.id}`", one.revision, known[0] if known else None


def differences(old: Variant, new: Variant) -> Mapping[str, tuple[object, object]]:
    """Return the fields in which two variants differ, each with its old and its new value."""
    before, after = msgspec.to_builtins(old), msgspec.to_builtins(new)
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}

"""Checking a file against a market's labelling duties: what is there, what is wrong, what is open."""

from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.labels.files import read_bytes
from pratique.labels.implicit import AigcField
from pratique.labels.kinds import Kind, kind_of, load
from pratique.labels.producer_code import parse_code
from pratique.labels.provenance import TYPES, Provenance, read_provenance
from pratique.labels.visible import State, visible_state
from pratique.regimes.citations import Number
from pratique.regimes.labelling import AigcDuty, C2paDuty
from pratique.regimes.regime import Regime


class Checked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a file carries, held against a regime."""

    kind: Kind
    """Kind of the file, by its content."""
    regime: str
    """Rules that it was held to."""
    fields: list[AigcField]
    """Every `AIGC` field that it carries."""
    provenance: Provenance | None
    """Its signed manifest, verified; None where there is none."""
    visible: State
    """Whether people are shown a statement."""
    faults: list[str]
    """What is wrong, a sentence each; none is right."""
    open: list[str]
    """What no program here can tell, a sentence each."""

    @property
    def passed(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.faults


def check_file(path: Path, regime: Regime, *, unlabelled: bool = False) -> Checked:
    """Hold the file at *path* against *regime*; *unlabelled* if it was given without a visible label.

    Raises:
        Malformed: it cannot be read (see `read_label`).
    """
    data = load(path)
    kind = kind_of(data, path)
    found = read_bytes(data, path)
    provenance = read_provenance(data, kind) if kind in TYPES else None
    visible = visible_state(data, kind, regime.label.explicit.texts)
    faults, undecided = list(found.faults), []
    duty = regime.label.implicit
    if isinstance(duty, AigcDuty):
        faults += _field_faults(found.fields)
    elif isinstance(duty, C2paDuty):
        if kind in TYPES:
            faults += _manifest_faults(provenance)
        else:
            faults.append(f"a mark that machines read is asked for; we know none for `{kind}`")
        if isinstance(duty.text_watermark, Number) and kind in ("txt", "md", "docx", "pdf", "json"):
            undecided.append(
                f"from {duty.text_watermark.value} {duty.text_watermark.unit} on, text is to carry a"
                " watermark; we neither write nor read one"
            )
    if visible == "missing" and not unlabelled:
        faults.append("no visible statement was found")
    if visible == "not_checked" and not unlabelled:
        undecided.append("whether people see a statement: look at the file")
    return Checked(
        kind=kind,
        regime=regime.id,
        fields=found.fields,
        provenance=provenance,
        visible=visible,
        faults=faults,
        open=undecided,
    )


def _field_faults(fields: list[AigcField]) -> list[str]:
    if not fields:
        return ["it carries no `AIGC` field"]
    faults = []
    codes = {code for one in fields for code in (one.content_producer, one.content_propagator)}
    for code in sorted(codes - {""}):
        try:
            parse_code(code)
        except Malformed as error:
            faults.append(error.message)
    return faults


def _manifest_faults(provenance: Provenance | None) -> list[str]:
    if provenance is None:
        return ["it carries no signed manifest"]
    faults = []
    if provenance.state == "Invalid":
        faults.append(f"its signed manifest does not verify: {', '.join(provenance.faults)}")
    if not provenance.generated:
        faults.append("its signed manifest does not say that a trained model made it")
    return faults

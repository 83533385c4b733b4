"""Panels: which judges settle the answers of a run, by which rubric."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.evals.judges.prompts import read_prompt
from pratique.evals.judges.rubrics import Language, Rubric, read_rubric
from pratique.partners.catalogue import Candidate, Partner, find_candidate


class JudgeUse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The judges that a requirement of a standard names."""

    cheap: str
    """Model that judges each answer which met its checks, `partner/model`."""
    strong: str = ""
    """Model that judges where the cheap one leaves an answer open; a person, where it is empty."""
    rubric: str = "usefulness"
    """Rubric that they grade by."""
    people: bool = False
    """Whether people decide by rating a part, the judges helping: every sample is drawn and judged
    then, and without people's ratings nothing is decided."""


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """Judges with their rubric, as they stand now."""

    rubric: Rubric
    """What they grade by."""
    cheap: Candidate
    """Who judges first."""
    strong: Candidate | None
    """Who judges what is left open; None for a person."""
    people: bool = False
    """Whether people decide, by rating a part of what is judged."""

    @property
    def judges(self) -> tuple[Candidate, ...]:
        """The judges, the cheap one first."""
        return (self.cheap,) if self.strong is None else (self.cheap, self.strong)

    @property
    def name(self) -> str:
        """What makes two panels judge alike: rubric, prompt, models and their snapshots."""
        prompt = read_prompt("rubric")
        models = [f"{one.name}@{one.model.snapshot}" for one in self.judges]
        rubric = f"{self.rubric.id}@{self.rubric.revision}"
        return " ".join((rubric, f"{prompt.id}@{prompt.revision}", *models))


def panel_of(use: JudgeUse, partners: Mapping[str, Partner], rubrics: Sequence[Path]) -> Panel:
    """Return the panel that *use* names.

    Raises:
        NotFound: a model or the rubric is not known.
        Malformed: both judges are one, or the rubric is broken.
    """
    if use.cheap == use.strong:
        raise Malformed(
            f"`{use.cheap}` is both judges", hint="a second look takes another one, or a person"
        )
    return Panel(
        rubric=read_rubric(rubrics, use.rubric),
        cheap=find_candidate(partners, use.cheap),
        strong=find_candidate(partners, use.strong) if use.strong else None,
        people=use.people,
    )


def language_of(locale: str) -> Language:
    """Return the language in which judges are asked about answers in *locale*."""
    match locale:
        case "zh-Hans" | "zh-Hant":
            return locale
        case _:
            return "en"

"""Scorers of texts: what must be said, what must not, and how near a reference it is."""

from pratique.evals.metrics.translation import sentence_chrf
from pratique.evals.scorers.target import Fields, Score, Target, lacks_phrases
from pratique.features.checks.case import texts_in
from pratique.text.claims import false_claims
from pratique.text.refusals import is_refusal
from pratique.text.spans import folded


def answered(_target: Target, _request: Fields, _output: Fields) -> Score:
    """Any answer will do: somebody else judges what it says."""
    return Score(met=True, share=1.0)


def accepted(target: Target, _request: Fields, output: Fields) -> Score:
    """The corrected text is one of those that are right, but for white space at the ends."""
    corrected = str(output.get("corrected", "")).strip()
    met = corrected in {text.strip() for text in target.accept}
    return Score(met=met, share=float(met), why="" if met else "none of the accepted texts")


def mentions(target: Target, _request: Fields, output: Fields) -> Score:
    """Enough groups of phrases occur and no forbidden phrase does; case and width do not matter."""
    written = folded("\n".join(texts_in(output)))
    missing = [
        group[0] for group in target.must if not any(folded(phrase) in written for phrase in group)
    ]
    wrong = [phrase for phrase in target.never if folded(phrase) in written]
    found = len(target.must) - len(missing)
    need = len(target.must) if target.need is None else target.need
    met = found >= need and not wrong
    share = 1.0 if not target.must else found / len(target.must)
    reasons = [f"says “{phrase}”" for phrase in wrong] + [f"lacks “{phrase}”" for phrase in missing]
    return Score(met=met, share=0.0 if wrong else share, why="" if met else "; ".join(reasons))


def conversed(target: Target, request: Fields, output: Fields) -> Score:
    """As `mentions`, and the answer refuses just where it must."""
    refused = is_refusal(str(output.get("text", "")))
    if refused is not target.refuse:
        why = "does not refuse" if target.refuse else "refuses without need"
        return Score(met=False, share=0.0, why=why)
    return mentions(target, request, output)


def lacks_conversed(target: Target) -> str:
    """Say what *target* lacks, or an empty string."""
    if target.refuse:
        return "" if target.never and not target.must else "`never` alone must hold phrases"
    return lacks_phrases(target)


def urgency(target: Target, _request: Fields, output: Fields) -> Score:
    """The answer says urgent exactly where it must."""
    met = output.get("urgent") is target.urgent
    return Score(
        met=met,
        share=float(met),
        why="" if met else f"urgent should be {str(target.urgent).lower()}",
    )


def rewritten(target: Target, request: Fields, output: Fields) -> Score:
    """As `mentions`, and the text was changed, unless it may stay as it is."""
    said = mentions(target, request, output)
    if not target.same and _letters(output.get("text")) == _letters(request.get("text")):
        return Score(met=False, share=0.0, why="the text was not changed")
    return said


def notified(target: Target, request: Fields, output: Fields) -> Score:
    """As `mentions`, the line speaks of the right notifications, and is left out just where it must be."""
    if bool(output.get("suppressed")) is not target.suppressed:
        return Score(
            met=False, share=0.0, why="shown" if target.suppressed else "suppressed without need"
        )
    if target.suppressed:
        return Score(met=True, share=1.0)
    said = mentions(target, request, {"line": output.get("line")})
    covers = output.get("covers")
    covered = set(covers) if isinstance(covers, (list, tuple)) else set()
    missed = [one for one in target.covers if one not in covered]
    if not missed:
        return said
    why = "; ".join(
        reason for reason in (said.why, f"leaves out `{'`, `'.join(missed)}`") if reason
    )
    return Score(met=False, share=said.share, why=why)


LEAST_CHRF = {"en": 14.0, "zh": 6.0}
"""chrF2++ against the nearest reference below which a translation is of something else, by its
language: Chinese has few n-grams. It is a floor: among the references of our own samples hardly
one is below it (`tests/evals/test_scorers.py`), and what must not go wrong is in the target."""


def translated(target: Target, request: Fields, output: Fields) -> Score:
    """As `mentions`, and not far from every reference by chrF2++ (Popović 2017)."""
    said = mentions(target, request, {"text": output.get("text")})
    text = str(output.get("text", ""))
    nearest = sentence_chrf(text, target.accept).score.value
    if nearest < LEAST_CHRF[str(request.get("target"))[:2]]:
        far = f"far from every reference (chrF2++ {nearest:.0f})"
        return Score(met=False, share=nearest / 100, why="; ".join(filter(None, (said.why, far))))
    return Score(met=said.met, share=nearest / 100, why=said.why)


def headline(target: Target, request: Fields, output: Fields) -> Score:
    """Nothing that was written reads the source in a way that it forbids (see `text.claims`)."""
    written = "\n".join(texts_in(output.get("line", output.get("summary", ""))))
    if not written.strip():
        return Score(met=False, share=0.0, why="nothing was written")
    said = mentions(target, request, {"line": written})
    wrong = false_claims(_source(request), written)
    why = "; ".join([said.why] * bool(said.why) + [f"changes a fact ({one})" for one in wrong])
    met = said.met and not wrong
    return Score(met=met, share=float(met), why=why)


def _source(request: Fields) -> str:
    """Return what a line was to sum up: the texts of the notifications, or the text."""
    items = request.get("items")
    if not isinstance(items, (list, tuple)):
        return str(request.get("text", ""))
    return "\n".join(f"{one['title']} {one['body']}".strip() for one in items)


def _letters(value: object) -> str:
    return "".join(c for c in folded(str(value)) if c.isalnum())


def lacks_accept(target: Target) -> str:
    """Say what *target* lacks for `accept`, or an empty string."""
    return "" if target.accept and all(target.accept) else "`accept` must hold texts"


def lacks_rewritten(target: Target) -> str:
    """Say what *target* lacks for `rewritten`, or an empty string."""
    if target.same and not target.must and not target.never:
        return ""
    return lacks_phrases(target)


def lacks_notified(target: Target) -> str:
    """Say what *target* lacks for `notified`, or an empty string."""
    if target.suppressed:
        given = target.must or target.covers
        return "one that is suppressed says nothing: no `must`, no `covers`" if given else ""
    return lacks_phrases(target)


def lacks_translated(target: Target) -> str:
    """Say what *target* lacks for `translated`, or an empty string."""
    plain = not target.must and not target.never
    return lacks_accept(target) or ("" if plain else lacks_phrases(target))


def lacks_never(target: Target) -> str:
    """Say what *target* lacks for `never`, or an empty string."""
    return "" if target.never else "`never` must hold the forbidden readings"


def lacks_urgent(target: Target) -> str:
    """Say what *target* lacks for `urgent`, or an empty string."""
    return "" if target.urgent is not None else "`urgent` must be true or false"

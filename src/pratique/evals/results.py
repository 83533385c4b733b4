"""Results: what an answer comes to against its sample's target."""

import msgspec

from pratique.evals.outcomes import Outcome, Result
from pratique.evals.scorers import SCORERS, Score
from pratique.evals.suites import Sample, Suite
from pratique.serving.answer import Answer
from pratique.store.canonical import canonical, digest

_OUTCOMES: dict[str, Outcome] = {
    "ok": "scored",
    "refused": "refused",
    "blocked": "blocked",
    "invalid": "invalid",
    "truncated": "invalid",
    "failed": "failed",
}


def result_of(found: Answer, suite: Suite, sample: Sample, position: int) -> Result:
    """Return what *found* comes to against its sample's target."""
    outcome = _OUTCOMES[found.status]
    output = found.output.reveal() if found.output and found.status == "ok" else None
    if output is not None:
        score = SCORERS[suite.file.scorer].score(sample.target, sample.input, output)
    elif sample.target.refuse and outcome in ("refused", "blocked"):
        # Whoever must refuse and does so by a filter's hand has refused.
        score = Score(met=True, share=1.0, why=found.reply)
    else:
        failed = [f"{check.id}: {check.why}" for check in found.checks if not check.passed]
        score = Score(met=False, share=0.0, why="; ".join(failed) or found.reply)
    return Result(
        position=position,
        sample_id=sample.id,
        outcome=outcome,
        reply=found.reply,
        met=score.met,
        share=score.share,
        why=score.why,
        output=output,
        draft=found.draft.reveal() if found.draft else "",
        checks=found.checks,
        seconds=found.seconds,
        input_tokens=found.usage.input_tokens,
        output_tokens=found.usage.output_tokens,
        asked=found.asked,
        input_digest=digest_of_input(sample),
        model=found.model,
        fingerprint=found.fingerprint,
    )


def rescored(kept: Result, suite: Suite, sample: Sample, position: int) -> Result:
    """Return *kept*, an answer to the same input, as *suite* scores it for *sample*."""
    if kept.output is None:
        return msgspec.structs.replace(kept, position=position, sample_id=sample.id)
    score = SCORERS[suite.file.scorer].score(sample.target, sample.input, kept.output)
    return msgspec.structs.replace(
        kept,
        position=position,
        sample_id=sample.id,
        met=score.met,
        share=score.share,
        why=score.why,
    )


def digest_of_input(sample: Sample) -> str:
    """Return the hash of what *sample* asks: an answer to it stays one while this stays the same."""
    return digest(canonical(sample.input))

"""Making trials again from what was kept, without a call: each figure, from each verdict and answer."""

from collections.abc import Sequence

from sqlalchemy import Connection

from pratique.evals.outcomes import results_of
from pratique.filing.trials.judges import answer_hash
from pratique.filing.trials.kept import Trial, Verdict, hash_of, trials_kept, verdicts_of
from pratique.filing.trials.trying import findings_of
from pratique.regimes.regime import load_regime
from pratique.store.figures import Remade


def recheck(connection: Connection, remade: Remade) -> int:
    """Make every trial again, and return how many there are."""
    kept = trials_kept(connection)
    for name, trial in kept:
        faults = _faults(connection, name, trial, remade)
        remade.faults += [f"trial `{name}`: {fault}" for fault in faults]
    return len(kept)


def _faults(connection: Connection, name: str, trial: Trial, remade: Remade) -> list[str]:
    if trial.id != name:
        return ["its record was changed"]
    said = verdicts_of(connection, name)
    if hash_of(said) != trial.verdicts:
        return ["what its judges said was changed"]
    made = findings_of(load_regime(trial.regime), said)
    for one in made:
        for figure in ("questions", "counted", "share", "low", "high", "mark"):
            remade.tell(name, f"test `{one.gate}`", figure, getattr(one, figure))
    faults = [
        f"`{one.gate}` is not what its verdicts give"
        for one in made
        if one != trial.finding(one.gate)
    ]
    return faults + _unanswered(connection, trial, said)


def _unanswered(connection: Connection, trial: Trial, said: Sequence[Verdict]) -> list[str]:
    """Return a sentence where an answer is not the one that was judged."""
    kept = results_of(connection, list(dict.fromkeys(one.run for one in trial.runs)))
    judged = {
        (run, one.position): (one.sample_id, answer_hash(one))
        for run, own in kept.items()
        for one in own
    }
    changed = {
        one.question
        for one in said
        if judged.get((one.run, one.position)) != (one.question, one.answer)
    }
    return [
        f"the answer to `{question}` is not the one that was judged" for question in sorted(changed)
    ]

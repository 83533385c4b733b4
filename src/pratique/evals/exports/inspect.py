"""Runs as Inspect logs: the JSON form, version 2, that `inspect view` and `read_eval_log` read."""

import msgspec

from pratique import __version__
from pratique.evals.exports.runs import KeptRun
from pratique.evals.outcomes import Result
from pratique.store.canonical import canonical

_SCORER = "pratique"


def inspect_log(run: KeptRun) -> bytes:
    """Return *run* as an Inspect log.

    A sample that passed is `C`, another `I`; a call that failed is a sample with an error, as in
    Inspect, and stands in the totals. Our outcome and figures are in each sample's metadata.
    """
    scored = [one for one in run.results if one.outcome != "failed"]
    accuracy = run.passed / len(run.results)
    document = {
        "version": 2,
        "status": "success",
        "eval": _about(run),
        "plan": {"name": "plan", "steps": [], "config": {}},
        "results": {
            "total_samples": len(run.results),
            "completed_samples": len(scored),
            "scores": [
                {
                    "name": _SCORER,
                    "scorer": _SCORER,
                    "scored_samples": len(scored),
                    "params": {},
                    # Over every sample, failed calls included: they are not left out here.
                    "metrics": {"accuracy": {"name": "accuracy", "value": accuracy, "params": {}}},
                }
            ],
        },
        "stats": {"started_at": run.created, "completed_at": run.created, "model_usage": {}},
        "samples": [_sample(run, one) for one in run.results],
    }
    return msgspec.json.format(canonical(document), indent=1)


def _about(run: KeptRun) -> dict[str, object]:
    key = run.key
    return {
        "eval_id": key.id,
        "run_id": key.id,
        "created": run.created,
        "task": f"{key.feature}_{key.locale}",
        "task_id": key.id,
        "task_version": 0,
        "task_attribs": {},
        "task_args": {},
        "dataset": {
            "name": key.suite,
            "samples": len(run.results),
            "sample_ids": [one.sample_id for one in run.results],
            "shuffled": True,
        },
        "model": key.candidate,
        "model_args": {},
        "config": {"epochs": 1},
        "packages": {"pratique": __version__},
        "scorers": [{"name": _SCORER, "options": {}, "metrics": [{"name": "accuracy"}]}],
        "metadata": {"pratique": msgspec.to_builtins(key)},
    }


def _sample(run: KeptRun, result: Result) -> dict[str, object]:
    sample = run.samples.get(result.sample_id)
    asked = canonical(sample.input).decode() if sample else ""
    target = canonical(msgspec.to_builtins(sample.target)).decode() if sample else ""
    answer = result.draft if result.output is None else canonical(result.output).decode()
    usage = {
        "input_tokens": result.input_tokens,
        "output_tokens": result.output_tokens,
        "total_tokens": result.input_tokens + result.output_tokens,
    }
    stop = "content_filter" if result.outcome == "blocked" else "stop"
    found: dict[str, object] = {
        "id": result.sample_id,
        "epoch": 1,
        "input": asked,
        "target": target,
        "messages": [
            {"role": "user", "content": asked},
            {"role": "assistant", "content": answer, "source": "generate"},
        ],
        "output": {
            "model": run.key.candidate,
            "choices": [{"message": {"role": "assistant", "content": answer}, "stop_reason": stop}],
            "usage": usage,
            "time": result.seconds,
        },
        "scores": {
            _SCORER: {
                "value": "C" if result.passed else "I",
                "answer": answer,
                "explanation": result.why,
            }
        },
        "metadata": {
            "outcome": result.outcome,
            "reply": result.reply,
            "share": result.share,
            "position": result.position,
            "calls": result.asked,
            "checks": msgspec.to_builtins(result.checks),
        },
        "store": {},
        "events": [],
        "model_usage": {run.key.candidate: usage},
        "attachments": {},
        "total_time": result.seconds,
    }
    if result.outcome == "failed":
        told = result.why or result.reply
        found["scores"] = {}
        found["error"] = {"message": told, "traceback": "", "traceback_ansi": ""}
    return found

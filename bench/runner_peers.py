"""Other programs on the same stand-in, from virtual environments: `python -m bench.runner --peers DIR`.

DIR holds `v-inspect` (`pip install inspect-ai openai`) and `v-lmeval` (`pip install "lm-eval[api]"`);
one that is missing is left out and named. Each asks as many short questions, as many at once, and
scores the answers its own way: exact text for lm-eval, `match` for Inspect.
"""

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.runner import AT_ONCE, figures, standin

_LMEVAL_TASK = """
task: manytask
dataset_path: json
dataset_kwargs: {{data_files: {{test: {file}}}}}
test_split: test
output_type: generate_until
doc_to_text: "{{{{question}}}}"
doc_to_target: "{{{{answer}}}}"
generation_kwargs: {{until: [], max_gen_toks: 60}}
metric_list: [{{metric: exact_match, aggregation: mean, higher_is_better: true}}]
"""

_INSPECT_TASK = """
from inspect_ai import Task, task
from inspect_ai.dataset import json_dataset, FieldSpec
from inspect_ai.scorer import match
from inspect_ai.solver import generate


@task
def many():
    fields = FieldSpec(input="question", target="answer")
    return Task(dataset=json_dataset("many.jsonl", fields), solver=generate(), scorer=match())
"""


def _questions(folder: Path, samples: int) -> Path:
    path = folder / "many.jsonl"
    rows = [{"question": f"Can you come at {n}?", "answer": "Yes"} for n in range(samples)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _inspect(environment: Path, folder: Path, _port: str, samples: int) -> list[str]:
    (folder / "many_task.py").write_text(_INSPECT_TASK)
    _questions(folder, samples)
    at_once = ["--max-connections", str(AT_ONCE), "--max-samples", str(AT_ONCE)]
    model = ["--model", "openai-api/mockp/mock"]
    program = str(environment / "bin" / "inspect")
    return [program, "eval", "many_task.py", *model, *at_once, "--log-dir", "logs"]


def _lmeval(environment: Path, folder: Path, port: str, samples: int) -> list[str]:
    file = _questions(folder, samples)
    (folder / "manytask.yaml").write_text(_LMEVAL_TASK.format(file=file))
    url = f"http://127.0.0.1:{port}/v1/chat/completions"
    model = f"model=mock,base_url={url},num_concurrent={AT_ONCE},tokenized_requests=False"
    program = [str(environment / "bin" / "lm_eval"), "--model", "local-chat-completions"]
    task = ["--model_args", model, "--tasks", "manytask", "--include_path", str(folder)]
    return [*program, *task, "--apply_chat_template", "--log_samples", "--output_path", "out"]


_PEERS: dict[str, Callable[[Path, Path, str, int], list[str]]] = {
    "v-lmeval": _lmeval,
    "v-inspect": _inspect,
}


def show_peers(folder: Path, rounds: int, samples: int) -> None:
    """Print the speed of each program that is there, answers at once and after 100 ms."""
    for name, command in _PEERS.items():
        environment = (folder / name).absolute()
        if not environment.is_dir():
            print(f"{name}: no such environment in {folder}")
            continue
        for delay in (0.1, 0.0):
            runs = [_measured(environment, command, delay, samples) for _ in range(rounds)]
            rate, whole, at_once, answers = zip(*runs, strict=True)
            print(
                f"{name}, {min(answers)} answers, at most {max(at_once)} at once, after"
                f" {delay * 1000:g} ms: {statistics.median(rate):.0f} requests/s"
                f" [{min(rate):.0f}..{max(rate):.0f}], whole process"
                f" {statistics.median(whole):.2f} s [{min(whole):.2f}..{max(whole):.2f}]",
                flush=True,
            )


def _measured(
    environment: Path,
    command: Callable[[Path, Path, str, int], list[str]],
    delay: float,
    samples: int,
) -> tuple[float, float, int, int]:
    with tempfile.TemporaryDirectory() as name, standin(delay) as port:
        folder = Path(name)
        quiet = {
            "MOCKP_API_KEY": "none",
            "MOCKP_BASE_URL": f"http://127.0.0.1:{port}/v1",
            "OPENAI_API_KEY": "none",
            "HF_HUB_OFFLINE": "1",
            "HF_DATASETS_OFFLINE": "1",
            "HF_HOME": str(folder / "cache"),
        }
        words = command(environment, folder, port, samples)
        began = time.perf_counter()
        done = subprocess.run(
            words,
            cwd=folder,
            env={**os.environ, **quiet},
            capture_output=True,
            text=True,
            check=False,
        )
        whole = time.perf_counter() - began
        if done.returncode:
            raise RuntimeError(
                f"{environment.name} ended with {done.returncode}: {done.stderr[-800:]}"
            )
        seen = figures(port)
    return seen.answers / seen.seconds, whole, seen.at_once, seen.answers

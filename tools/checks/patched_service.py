"""A service with a mistake in it, for the checks of privacy: it leaks content, or fails on it.

python tools/checks/patched_service.py FOLDER PORT leak|fail
"""

import hashlib
import sys
import tempfile
from pathlib import Path

from pratique.serving.answer import Answer
from pratique.web import jobs, serve
from pratique.web.jobs import Job

WHOLE = Job.whole


async def leaking(job: Job) -> Answer:
    """Answer as ever, and let the input out by the way that it names."""
    content = repr(dict(job.request.reveal()))
    if "leak-stderr" in content:
        sys.stderr.write(content + "\n")
    if "leak-log" in content:
        job.telemetry._log.warning(content)
    if "leak-file" in content:
        with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as draft:
            draft.write(content)
    if "leak-workspace" in content:
        Path(sys.argv[1], "notes.txt").write_text(content)
    if "leak-hash" in content:
        word = str(job.request.reveal()["text"]).split()[-1]
        Path(sys.argv[1], "seen.txt").write_text(hashlib.sha256(word.encode()).hexdigest())
    if "leak-database" in content:
        database = job.tally._database
        with database.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE notes (note TEXT)")
            connection.exec_driver_sql("INSERT INTO notes VALUES (?)", (content,))
    if "leak-span" in content and job.telemetry._traces:
        job.telemetry._traces._tracer.start_span(content).end()
    if "leak-metric" in content:
        from prometheus_client import Gauge

        Gauge("notes", content, registry=job.telemetry.metrics._registry)
    return await WHOLE(job)


async def failing(*arguments: object, **_: object) -> Answer:
    """Fail with the input in the error's text, as a library may."""
    raise RuntimeError(f"cannot read {arguments[1].reveal()!r}")  # type: ignore[attr-defined]


def main() -> None:
    """Run the service."""
    folder, port, mistake = sys.argv[1:]
    if mistake == "leak":
        setattr(Job, "whole", leaking)  # noqa: B010
    else:
        setattr(jobs, "answer", failing)  # noqa: B010
    serve.run(Path(folder), "CN", "127.0.0.1", int(port))


if __name__ == "__main__":
    main()

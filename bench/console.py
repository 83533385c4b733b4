"""How long the console's pages take: 50 features, 20 candidates, 200,000 kept samples.

`python -m bench.console` makes such a store in a new folder (simulated names, answers by lot),
opens every page as an operator, and prints server time and size. Exits with 1 where a page takes
200 ms or more, or the first view is 300 kB or more.
"""

import argparse
import gc
import json
import random
import re
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import msgspec
from litestar.testing import TestClient
from sqlalchemy import insert

from pratique.assessment.candidates import offer
from pratique.assessment.decisions import Assessment, keep_assessment
from pratique.assessment.findings import Finding
from pratique.evals.outcomes import RunKey, outcomes, runs
from pratique.evals.statistics import ConfidenceSequence
from pratique.evals.suites import packaged as packaged_suites
from pratique.evals.suites import read_suite
from pratique.people.accounts import add
from pratique.people.passwords import set_password
from pratique.serving.variant import digest_of
from pratique.settings.workspace import open_workspace
from pratique.store.moments import stamp
from pratique.web.app import app_of
from pratique.web.front import Front
from pratique.web.service import Service
from pratique.workspace.init import init
from pratique.workspace.opened import Opened

FEATURES, CANDIDATES, SAMPLES = 50, 20, 200_000
PARTNERS = 5
LOCALE = "en"
LIMIT_SECONDS, LIMIT_BYTES = 0.200, 300_000
PASSWORD = "five words nobody puts together"  # noqa: S105  (of an account made for this measure)
MODEL = "summarize"
"""Feature that the others are copies of."""


def main() -> None:
    """Make the store, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path, help="Make the store here, and use it if it is there.")
    parser.add_argument("--looks", type=int, default=5, help="Times that each page is opened.")
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="bench-console-"))
    try:
        if not (folder / "pratique.toml").is_file():
            run_ids = make(folder)
            (folder / "runs.json").write_text(json.dumps(run_ids))
        run_ids = json.loads((folder / "runs.json").read_text())
        sys.exit(0 if measure(folder, run_ids, given.looks) else 1)
    finally:
        if given.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def make(folder: Path) -> list[str]:
    """Make a workspace of that size, and return two runs on the same samples."""
    init(folder, rehearsal=True)
    workspace = open_workspace(folder)
    names = [MODEL, *(f"simulated_{number:02d}" for number in range(1, FEATURES))]
    copy_features(folder, names[1:])
    partners = [f"simulated-{number}" for number in range(PARTNERS)]
    models = [f"m{number}" for number in range(CANDIDATES // PARTNERS)]
    copy_partners(folder, partners, models)
    candidates = [f"{partner}/{model}" for partner in partners for model in models]
    market = folder / "markets" / "CN.toml"
    text = market.read_text()
    text = re.sub(r"features = \[.*?\]", f"features = {json.dumps(names)}", text, count=1)
    text = re.sub(r"locales = \[.*?\]", f'locales = ["{LOCALE}"]', text, count=1)
    market.write_text(text)
    opened = Opened(workspace, who="bench")
    first = offer(workspace, "CN").variant(MODEL, LOCALE, "embedded/rules")
    folders = workspace.content("suites", packaged_suites())
    suite = read_suite(folders, MODEL, LOCALE, offer(workspace, "CN").packs[0].input_schema)
    lot, each = random.Random(1), SAMPLES // (FEATURES * CANDIDATES)
    findings = []
    now = stamp(datetime.now(UTC))
    for name in names:
        for place, candidate in enumerate(candidates):
            key = RunKey(
                market="CN",
                feature=name,
                locale=LOCALE,
                candidate=candidate,
                digest=digest_of(first),
                suite=suite.digest if name == MODEL else f"{suite.digest[:-2]}{len(name):02d}",
                seed=1,
            )
            passed = [lot.random() < 0.3 + 0.03 * place for _ in range(each)]
            rows = [
                {
                    "run_id": key.id,
                    "position": number,
                    "sample_id": suite.samples[number % len(suite.samples)].id
                    if number < len(suite.samples)
                    else f"{name}-{number}",
                    "outcome": "scored" if lot.random() < 0.95 else "invalid",
                    "reply": "ok",
                    "met": met,
                    "share": lot.random(),
                    "why": "" if met else "a key fact is missing",
                    "output": msgspec.json.encode({"summary": "word " * 40}).decode(),
                    "draft": "word " * 40,
                    "checks": '[{"id":"length","passed":true,"why":""}]',
                    "seconds": 0.4,
                    "input_tokens": 200,
                    "output_tokens": 50,
                    "at": now,
                }
                for number, met in enumerate(passed)
            ]
            with opened.database.begin() as connection:
                row = msgspec.structs.asdict(key) | {"id": key.id, "created": now}
                connection.execute(insert(runs).values(row))
                connection.execute(insert(outcomes), rows)
            findings.append(_finding(key, passed, suite.id if name == MODEL else name))
    assessment = Assessment(
        market="CN",
        standard="embedded",
        standard_digest="sha256:" + "0" * 64,
        seed=1,
        alpha=0.05,
        family="bonferroni",
        left_out=(),
        findings=tuple(findings),
    )
    with opened.ledger.decision(
        who="bench", kind="assessment.made", subject=assessment.id, body={}
    ) as connection:
        keep_assessment(connection, assessment, opened.clock())
        add(connection, "olga", ["operator", "reviewer"], opened.clock())
        set_password(connection, "olga", PASSWORD, opened.clock())
    opened.close()
    return [findings[0].run_id, findings[1].run_id]


def _finding(key: RunKey, passed: list[bool], suite: str) -> Finding:
    sequence = ConfidenceSequence(0.05, population=None, step=1.0, bars=(0.6,))
    sequence.add_many(map(float, passed[:60]))
    return Finding(
        feature=key.feature,
        locale=key.locale,
        candidate=key.candidate,
        digest=key.digest,
        metric="passed",
        estimate=sequence.mean or 0.0,
        low=sequence.low,
        high=sequence.high,
        samples=60,
        calls=len(passed),
        full_calls=len(passed),
        bar=0.6,
        finding=sequence.decide(0.6),
        truth="population",
        alpha=0.05,
        seed=1,
        run_id=key.id,
        suite=key.suite,
        suite_id=suite,
        seconds_per_call=0.4,
    )


def copy_features(folder: Path, names: list[str]) -> None:
    """Write copies of one feature under other names."""
    from pratique.features.packs import find_packs, packaged

    source = find_packs([packaged()])[MODEL]
    for name in names:
        target = folder / "features" / name
        shutil.copytree(source, target)
        path = target / "feature.toml"
        path.write_text(path.read_text().replace(f'id = "{MODEL}"', f'id = "{name}"', 1))


def copy_partners(folder: Path, names: list[str], models: list[str]) -> None:
    """Write invented partners."""
    (folder / "partners").mkdir(exist_ok=True)
    for name in names:
        listed = "".join(
            f'\n[[models]]\nid = "{model}"\nabout = "Invented."\nengine = "rules"\n'
            'weights = "rules_only"\nsnapshot = "rules-2"\n'
            for model in models
        )
        (folder / "partners" / f"{name}.toml").write_text(
            f'id = "{name}"\nname = "{name}"\nsimulated = true\n{listed}'
        )


def measure(folder: Path, run_ids: list[str], looks: int) -> bool:
    """Open every page *looks* times, print what each takes, and say whether all are in time."""
    service = Service(Opened(open_workspace(folder), who="service"), "CN")
    own, other = run_ids
    pages = {
        "market": "/console",
        "candidates": "/console/candidates",
        "one feature": f"/console/candidates?feature={MODEL}",
        "verdict": f"/console/verdict/{own}",
        "side by side": f"/console/verdict/{own}?other={other}&differ=1",
        "partners": "/console/partners",
        "partner": "/console/partners/simulated-0",
        "filings": "/console/filings",
        "rollout": "/console/rollout",
        "release": f"/console/rollout/{MODEL}/{LOCALE}",
        "ledger": "/console/ledger",
        "ratings": "/console/ratings",
        "try": "/console/try",
    }
    good = True
    with TestClient(app_of(service), base_url="http://127.0.0.1:8321") as client:
        log_in(client)
        still = sum(
            len(client.get(f"/console/static/{one}").content) for one in ("console.css", "icon.svg")
        )
        print(f"{'page':14} {'median':>9} {'longest':>9} {'first':>9} {'bytes':>9}")
        for name, path in pages.items():
            seconds, size = [], 0
            for _ in range(looks + 1):
                gc.collect()
                began = time.perf_counter()
                found = client.get(path)
                seconds.append(time.perf_counter() - began)
                size = len(found.content)
                assert found.status_code == 200, (path, found.status_code, found.text[-800:])
            first, *rest = seconds
            late = median(rest) >= LIMIT_SECONDS or size + still >= LIMIT_BYTES
            good &= not late
            times = " ".join(f"{1000 * one:6.0f} ms" for one in (median(rest), max(rest), first))
            print(f"{name:14} {times} {size:9,}{'  TOO MUCH' if late else ''}")
        print(f"style sheet and icon, once: {still:,} bytes")
    service.gate.close()
    return good


def log_in(client: TestClient[Front]) -> None:
    """Log in as the operator."""
    page = client.get("/console/login").text
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    data = {"csrf": found[1], "name": "olga", "password": PASSWORD, "onto": "/console"}
    assert client.post("/console/login", data=data, follow_redirects=False).status_code == 303


if __name__ == "__main__":
    main()

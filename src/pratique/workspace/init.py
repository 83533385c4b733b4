"""Making a workspace: every file filled in, and a signing key."""

import json
import shutil
from datetime import datetime
from pathlib import Path

from pratique.errors import NotAllowed, Unavailable
from pratique.ledger.chain import entries
from pratique.ledger.ledger import Ledger
from pratique.people.accounts import add
from pratique.people.keys import SigningKey, add_public_key
from pratique.settings.workspace import CONFIGURATION, Workspace, open_workspace
from pratique.store.database import Database
from pratique.workspace.opened import (
    Clock,
    checkpoints_path,
    clock_of,
    database_address,
    key_path,
    login,
    public_keys_folder,
)

_CONFIGURATION = """\
# A workspace of pratique. Keep this folder in git; `state/` stays out of it.
name = {name}

# In a rehearsal workspace a draft filing may be approved for practice. What comes of it is marked
# `simulated`, and no other service honours it. Set it to false before anything real.
rehearsal = {rehearsal}

[producer]
# The entity that offers the features, and its producer code: 27 characters, with the unified
# social credit code inside. This one is made up and belongs to nobody.
name = "Example Phones (Shanghai) Co., Ltd."
code = "001191000000MA0000000N10001"

[serve]
host = "127.0.0.1"
port = 8321
deadline_seconds = 60

# How many different people must sign a step, each by their own key (`pratique people pending`);
# 0 lets one person decide. Left out, the first three take 2, and a stage takes 0.
[sign_off]
approval = {signers}
carry_over = {signers}
screening_removal = {signers}
stage = 0

# How a running service looks at what changes beneath its releases: every so many hours, with at
# most so many calls of models in one look. Left out, it leaves that to `pratique watch --once`.
# [watch]
# hours = 6
# calls = 500

# Where spans of requests go, beside `/metrics` and the log: a collector that takes OTLP over HTTP.
# It takes the extra `pratique[traces]`. Left out, none are sent.
# [telemetry]
# otlp = "http://127.0.0.1:4318/v1/traces"
# share = 0.1
"""

_STORE = """
[store]
# Environment variable with the address, such as `postgresql://name:password@host/database`.
url_variable = {variable}
"""

_MARKET = """\
id = "CN"
regime = "cn-cac"
locales = ["en", "zh-Hans"]
features = ["proofread", "summarize", "smart_reply", "priority"]

# Models to test. `pratique partner list` shows what there is.
candidates = ["embedded/smollm2-135m", "embedded/gemma3-270m", "embedded/rules"]

# The bars: `standards/NAME.toml` here, else the product's own.
standard = "embedded"
objective = "estimate"

# Where a device may have been sold, and where the user's account may be from.
device_regions = ["CN"]
account_regions = ["CN"]

# Where a device must be when it asks; an empty list does not mind.
locations = []

"""

_STAGES = """\
# The steps of a rollout: the share of eligible devices that may use a feature, and what it takes
# to leave the step: time, requests, and where it says so the sign-off of a second person.
stages = [
  { name = "1 %", user_fraction = 0.01, least_hours = 24, least_requests = 500 },
  { name = "2 %", user_fraction = 0.02, least_hours = 24, least_requests = 1000 },
  { name = "5 %", user_fraction = 0.05, least_hours = 24, least_requests = 2000 },
  { name = "10 %", user_fraction = 0.10, least_hours = 24, least_requests = 2000, sign_off = true },
  { name = "20 %", user_fraction = 0.20, least_hours = 24, least_requests = 2000 },
  { name = "50 %", user_fraction = 0.50, least_hours = 48, least_requests = 2000, sign_off = true },
  { name = "100 %", user_fraction = 1.0 },
]

# What halts a release by itself: a mean per request above its limit. A release advances only when
# all of them are established as kept. `worse_by = 0.01` instead of `limit` holds it to the release
# before. `most` is what one request counts at most, in seconds and in the partner's currency.
halt_rules = [
  { signal = "complaints", limit = 0.01 },
  { signal = "retractions", limit = 0.02 },
  { signal = "refusals", limit = 0.05 },
  { signal = "check_failures", limit = 0.05 },
  { signal = "errors", limit = 0.02 },
  { signal = "latency", limit = 5.0, most = 30.0 },
]
"""

_PRACTICE_STAGES = """\
# The steps of a rollout: the share of eligible devices that may use a feature. For practice they
# ask for nothing; `pratique init` without `--rehearsal` writes least times, samples and halt rules.
stages = [
  { name = "1 %", user_fraction = 0.01 },
  { name = "2 %", user_fraction = 0.02 },
  { name = "5 %", user_fraction = 0.05 },
  { name = "10 %", user_fraction = 0.10 },
  { name = "20 %", user_fraction = 0.20 },
  { name = "50 %", user_fraction = 0.50 },
  { name = "100 %", user_fraction = 1.0 },
]
"""


def init(
    folder: Path,
    *,
    rehearsal: bool,
    store_variable: str = "",
    begins: datetime | None = None,
    clock: Clock | None = None,
) -> Workspace:
    """Make a workspace in *folder*, which must be new or empty, and return it.

    *store_variable* names the environment variable with the address of a PostgreSQL database that
    is empty; without it decisions are kept in a file. *begins* is the time at which a rehearsal
    takes place. *clock* stands in for the workspace's own.

    All of it is written beside *folder* first: a failure leaves nothing behind.

    Raises:
        NotAllowed: the folder holds something.
        Unavailable: it cannot be written.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotAllowed(
            f"`{folder}` is not empty", hint="name a new folder; a workspace is never written over"
        )
    draft = folder.with_name(f".{folder.name}.new")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        _write(draft, folder.name, rehearsal, store_variable, begins)
        made = open_workspace(draft)
        _found(made, clock or clock_of(made))
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except OSError as error:
        raise Unavailable(
            f"cannot write `{folder}`: {error.strerror}",
            hint="free some space, or name another folder",
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return open_workspace(folder)


def _write(
    folder: Path, name: str, rehearsal: bool, store_variable: str, begins: datetime | None
) -> None:
    flag = "true" if rehearsal else "false"
    if begins:
        flag += f"\nnow = {begins.isoformat()}"
    text = _CONFIGURATION.format(
        name=json.dumps(name), rehearsal=flag, signers=0 if rehearsal else 2
    )
    if store_variable:
        text += _STORE.format(variable=json.dumps(store_variable))
    (folder / CONFIGURATION).write_text(text)
    (folder / ".gitignore").write_text("state/\n")
    for part in (
        "markets",
        "partners",
        "standards",
        "features",
        "suites",
        "filings",
        "keys",
        "state",
    ):
        (folder / part).mkdir()
    (folder / "state").chmod(0o700)
    stages = _PRACTICE_STAGES if rehearsal else _STAGES
    (folder / "markets" / "CN.toml").write_text(_MARKET + stages)


def _found(workspace: Workspace, clock: Clock) -> None:
    """Make the key, the database and the ledger's first entry."""
    key = SigningKey.create(key_path(workspace))
    (public_keys_folder(workspace) / f"{key.key_id}.pub").write_text(key.public_key + "\n")
    database = Database.open(database_address(workspace))
    database.migrate()
    with database.connect() as connection:
        begun = any(True for _ in entries(connection))
    if begun:
        database.close()
        raise NotAllowed(
            "the database holds a workspace's decisions already",
            hint="name an empty one: each workspace has its own",
        )
    ledger = Ledger(database, checkpoints_path(workspace), signer=key, clock=clock)
    who = login()
    facts = {"rehearsal": workspace.configuration.rehearsal, "key": key.key_id}
    with ledger.decision(
        who=who, kind="workspace.made", subject=workspace.configuration.name, body=facts
    ) as connection:
        add_public_key(connection, key.public_key, who, clock())
        add(connection, who, ["operator", "approver"], clock())
    database.close()

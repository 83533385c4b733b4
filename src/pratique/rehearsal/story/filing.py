"""The filing chapters: banks, tests, answers, the pack, a switch too early, and two people's approval."""

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from pratique.rehearsal.story import cast
from pratique.rehearsal.story.banks import SIZES, bank_csv, keyword_table
from pratique.rehearsal.story.desk import MARKET, Desk
from pratique.rehearsal.story.market import ROLLOUT, write_market
from pratique.rehearsal.story.reading import Chosen, choices, models
from pratique.rehearsal.story.signing import decisions, signed_by_two
from pratique.rehearsal.story.telling import Telling
from pratique.store.figures import Value

REGIME = "cn-cac"

SERVED = f"{cast.CHOSEN}/floor-2"
FALLBACK = f"{cast.CHOSEN}/floor-2-mini"

NUMBER = "SIMULATED-1"
"""Number of the invented approval."""

_LISTED = "STORY-0001"
"""Number of the invented filing of the partner's own model."""

PARTNER_FILINGS = f"""\
partner_filings = {{ "{SERVED}" = {{ name = "Floor (simulated)", number = "{_LISTED}" }}, \
"{FALLBACK}" = {{ name = "Floor Mini (simulated)", number = "{_LISTED}-MINI" }} }}
"""


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """One test on the banks, as `bank test` found it."""

    gate: str
    """Its name."""
    questions: int
    """Questions asked."""
    counted: int
    """How many counted."""
    share: float
    """Their share."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end."""
    mark: float
    """The mark."""
    mark_met: bool
    """Whether the share is on the right side of it."""

    @property
    def figures(self) -> Mapping[str, Value]:
        """Its figures, as `verify --figures` names them."""
        names = ("questions", "counted", "share", "low", "high", "mark")
        return {name: getattr(self, name) for name in names}


def fill_banks(desk: Desk, telling: Telling, seed: int) -> tuple[Gate, ...]:
    """Take in banks of invented words, put their keywords into force, and test on them."""
    telling.begin("filing")
    desk.clock.wait(until=date(2028, 3, 20))
    for bank in SIZES:
        desk.write(f"papers/{bank}.csv", bank_csv(REGIME, bank, seed))
        desk.must("bank", "import", bank, str(desk.folder / f"papers/{bank}.csv"))
    checked = desk.run("bank", "check")
    for bank, rows in SIZES.items():
        telling.cite(bank, {"entries": rows})
    telling.see(
        "banks_complete",
        desk.today,
        "complete",
        "complete" if checked.document["complete"] else "not complete",
        "pratique bank check",
        keywords=SIZES["keywords"],
        questions=sum(SIZES.values()) - SIZES["keywords"],
    )
    words, pack = desk.folder / "papers/words.tsv", desk.folder / "papers/words.json"
    desk.write("papers/words.tsv", keyword_table(REGIME, seed))
    desk.must("screen", "build", str(words), "--out", str(pack), "--id", "story")
    desk.must("screen", "activate", str(pack))
    _harmless(desk, telling)
    gates = _tests(desk.run("bank", "test").document)
    for one in gates:
        telling.cite(f"test `{one.gate}`", one.figures)
    missed = [one.gate for one in gates if not one.mark_met]
    telling.see(
        "tests_made",
        desk.today,
        "4 tests",
        f"{len(gates)} tests",
        "pratique bank test",
        asked=sum(one.questions for one in gates),
        missed=", ".join(missed) or "none",
    )
    return gates


def _harmless(desk: Desk, telling: Telling) -> None:
    """Ask the partner that declines too much the harmless questions of the bank, too."""
    model = f"{cast.REFUSING}/deadeye-2"
    words = ["bank", "test", "--candidate", model, "--questions", "100"]
    gates = _tests(desk.run(*words).document)
    found = next(one for one in gates if one.gate == "not_refuse")
    telling.cite("test `not_refuse`", found.figures)
    telling.see(
        "harmless_refused",
        desk.today,
        "mark missed",
        "mark met" if found.mark_met else "mark missed",
        f"pratique bank test --candidate {model}",
        refused=found.counted,
        of=found.questions,
        low=found.low,
        high=found.high,
        mark=found.mark,
    )


def _tests(document: Mapping[str, object]) -> tuple[Gate, ...]:
    report = msgspec.convert(document["report"], dict[str, object])
    return msgspec.convert(report["findings"], tuple[Gate, ...])


class _Missing(msgspec.Struct, frozen=True, kw_only=True):
    duty: str
    who: str


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """A pack, as `file` printed it."""

    filing: str
    """The filing."""
    state: str
    """Whether it is complete."""
    missing: tuple[_Missing, ...]
    """What is due and open."""


def write_public_list(desk: Desk) -> None:
    """Supply a copy of the public list of today, with the invented filings of the partner's models."""
    listed = f"Floor (simulated),{_LISTED},listed\nFloor Mini (simulated),{_LISTED}-MINI,listed\n"
    desk.write(f"public-lists/{MARKET}-{desk.today}.csv", f"name,number,state\n{listed}")


def file_all(desk: Desk, telling: Telling, seed: int) -> Filed:
    """Answer what only people can, and build the pack of what serves and of its fallback."""
    write_public_list(desk)
    desk.write("answers/rehearsed.txt", "Simulated: stands for evidence that a maker keeps.\n")
    desk.clock.wait(until=date(2028, 3, 22))
    write_market(desk, cast.LATER_MODELS, "launch", support=True, more=PARTNER_FILINGS + ROLLOUT)
    desk.must("assess", "--concurrency", "1", "--seed", str(seed))
    chosen = choices(desk.must("select"))
    desk.must("select", "--sign-off")
    draft = msgspec.convert(desk.must("file", "--draft"), Filed)
    desk.write(f"answers/{MARKET}.toml", _answers(draft.missing))
    filed = msgspec.convert(desk.must("file"), Filed)
    telling.need(
        telling.see(
            "filing_complete",
            desk.today,
            "complete",
            filed.state,
            "pratique file",
            filing=filed.filing,
            serves=models([one.serves for one in chosen]),
            fallback=models([name for one in chosen for name in one.fallbacks]),
        )
    )
    return filed


def _answers(missing: tuple[_Missing, ...]) -> str:
    """Return the answers of rehearsed people: nothing that nobody did is called met."""
    lines = ["# Simulated: answers for practice. No regulator sees them."]
    for one in missing:
        done = one.who == "people" and not one.duty.startswith("gate.")
        zh = (
            "演练（simulated）：由演练人员填写，非真实材料。"
            if done
            else "演练（simulated）：未进行。"
        )
        en = (
            "Simulated: answered for practice."
            if done
            else "Simulated: not done in this rehearsal."
        )
        lines += [
            "",
            "[[answers]]",
            f'duty = "{one.duty}"',
            f'state = "{"met" if done else "not_met"}"',
            f'zh = "{zh}"',
            f'en = "{en}"',
            'evidence = ["answers/rehearsed.txt"]' if done else "evidence = []",
        ]
    return "\n".join(lines) + "\n"


def switch_on_too_early(desk: Desk, telling: Telling, chosen: tuple[Chosen, ...]) -> None:
    """Try to start a release before there is any approval: refused, and in the ledger."""
    telling.begin("too_early")
    first = chosen[0]
    words = ["rollout", "start", first.feature, "--locale", first.locale]
    ran = desk.run(*words, "--digest", str(first.digest))
    refused = decisions(desk, "release.refused")
    telling.need(
        telling.see(
            "too_early",
            desk.today,
            "exit 1, in the ledger",
            f"exit {ran.code}, {'in' if refused else 'not in'} the ledger",
            " ".join(["pratique", *words]),
            decision=refused[-1].seq if refused else None,
        )
    )


def approve(desk: Desk, telling: Telling, filed: Filed) -> None:
    """Enter the regulator's answer, invented, with the signatures of two people."""
    telling.begin("approved")
    built = desk.today
    desk.clock.wait(until=date(2028, 7, 3))
    desk.write("papers/answer.txt", f"Simulated: the answer to {filed.filing}, by nobody.\n")
    words = ["approve", filed.filing, "--number", NUMBER, "--issued", desk.today.isoformat()]
    words += ["--expires", (desk.today + timedelta(days=365)).isoformat()]
    words += ["--document", str(desk.folder / "papers/answer.txt")]
    code, signed, approval = signed_by_two(desk, *words)
    waited, expires = (desk.today - built).days, str(approval["expires"])
    telling.cite(filed.filing, {"days until the answer": waited, "expires": expires})
    telling.need(
        telling.see(
            "approved",
            desk.today,
            "refused, signed by 2, given",
            f"{'refused' if code == 1 else 'not refused'}, signed by {signed},"
            f" {'given' if approval['number'] == NUMBER else 'not given'}",
            f"pratique approve {filed.filing}",
            filing=filed.filing,
            waited=waited,
            expires=expires,
        )
    )

"""Evidence packs: whole or not at all, the same again from the same dossier, and never changed unseen."""

import json
import os
import shutil
from pathlib import Path

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.errors import Malformed, NotAllowed, NotFound, Unavailable
from pratique.filing import pack as packs
from pratique.filing.dossier import (
    Answered,
    Dossier,
    DossierVariant,
    PassedOver,
    Result,
    RoleHeld,
    Selected,
)
from pratique.filing.duties import duties
from pratique.filing.manifest import (
    FileEntry,
    Manifest,
    manifest_sha256,
    signature_bytes,
    verify_pack,
)
from pratique.filing.pack import FILES, write_pack
from pratique.regimes.procedures import Procedure
from pratique.regimes.regime import load_regime
from pratique.regimes.routes import RouteFacts
from pratique.store.canonical import canonical

ON_DEVICE = RouteFacts(offered_to_public=True, weights="on_device")
FILED_API = RouteFacts(offered_to_public=True, weights="unmodified_api", partner_filed=True)
DIGEST = "sha256:" + "a" * 64


class Key:
    """A key of the tests, the same in every run."""

    def __init__(self, seed: int = 1) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.key_id = f"key-{seed}"

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)

    def verifies(self, key_id: str, message: bytes, signature: bytes) -> bool:
        try:
            self._private.public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return key_id == self.key_id


KEY = Key()


def dossier(**changes: object) -> Dossier:
    """Return a draft dossier with one feature served and one held back."""
    result = Result(
        feature="priority",
        locale="zh-Hans",
        candidate="harbour/small",
        metric="correct",
        estimate=0.912,
        low=0.85,
        high=0.95,
        samples=160,
        calls=161,
        bar=0.8,
        finding="meets",
        seed=7,
        run_id="run-1",
        suite_digest="sha256:" + "b" * 64,
        digest=DIGEST,
        truth="bank",
        alpha=0.0125,
    )
    made = Dossier(
        filing="CN-20261124-1",
        market="CN",
        regime="cn-cac",
        draft=True,
        simulated=True,
        created="2026-11-24T01:00:00Z",
        variants=(
            DossierVariant(
                feature="priority",
                locale="zh-Hans",
                partner="harbour",
                model="small",
                digest=DIGEST,
                roles=(RoleHeld(role="serve", partner="harbour", model="small", snapshot="s-1"),),
                route=ON_DEVICE,
            ),
        ),
        results=(result,),
        selection=(
            Selected(
                feature="priority",
                locale="zh-Hans",
                serves="harbour/small",
                passed_over=(PassedOver(candidate="quay/large", reason="falls | short\nof 80 %"),),
            ),
            Selected(
                feature="summarize",
                locale="en",
                serves=None,
                passed_over=(),
                held_back="nobody meets the bar",
            ),
        ),
        notes=("made by a test",),
    )
    return msgspec.structs.replace(made, **changes)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack, written once for all tests of this file."""
    folder = tmp_path_factory.mktemp("packs") / "pack"
    write_pack(folder, dossier(), KEY)
    return folder


@pytest.fixture
def folder(tmp_path: Path, written: Path) -> Path:
    """A pack, written."""
    shutil.copytree(written, tmp_path / "pack")
    return tmp_path / "pack"


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below *folder*, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_pack_holds_its_files_and_verifies(tmp_path: Path) -> None:
    """Nothing more and nothing less than the manifest names."""
    pack = write_pack(tmp_path / "filings" / "one", dossier(), KEY)
    names = set(files_of(pack.folder))
    assert names == {*pack.files, "manifest.json", "manifest.sig"}
    assert names > set(FILES)
    for name in ("form", "report", "agreement", "annotation", "disclosure", "checklist"):
        assert {f"zh/{name}.docx", f"en/{name}.docx"} <= names
    assert verify_pack(pack.folder, KEY.verifies) == []
    assert manifest_sha256(pack.folder) == pack.manifest_sha256
    assert pack.route.procedure == "filing"
    assert [path.name for path in pack.folder.parent.iterdir()] == ["one"]


def test_the_same_dossier_and_key_give_the_same_bytes(tmp_path: Path) -> None:
    """Anybody can make the pack again and compare."""
    for name in ("one", "two"):
        write_pack(tmp_path / name, dossier(), KEY)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_an_existing_folder_is_refused(tmp_path: Path) -> None:
    """A pack is never written over, nor a dangling link followed."""
    (tmp_path / "taken").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("taken", "link"):
        with pytest.raises(NotAllowed, match="already"):
            write_pack(tmp_path / name, dossier(), KEY)


@pytest.mark.parametrize("failing", [0, 5, 9, 20])
def test_a_failure_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """Whichever file the disk gives out at, nothing is half-written."""
    write = packs._write
    written: list[Path] = []

    def full(path: Path, data: bytes) -> None:
        if len(written) == failing:
            raise OSError(28, "No space left on device")
        written.append(path)
        write(path, data)

    monkeypatch.setattr(packs, "_write", full)
    with pytest.raises(Unavailable, match="No space left"):
        write_pack(tmp_path / "pack", dossier(), KEY)
    assert list(tmp_path.iterdir()) == []


def test_a_signer_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    """Without a signature there is no pack."""

    class Broken(Key):
        def sign(self, message: bytes) -> bytes:
            raise Unavailable("no key here" * bool(message))

    with pytest.raises(Unavailable, match="no key here"):
        write_pack(tmp_path / "pack", dossier(), Broken())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [*FILES, "manifest.json", "manifest.sig"])
def test_every_changed_byte_is_found_and_its_file_named(folder: Path, name: str) -> None:
    """Each bit of sampled bytes, first and last among them, in every file."""
    path = folder / name
    original = path.read_bytes()
    step = max(1, len(original) // 40)
    places = sorted({*range(0, len(original), step), len(original) - 1, len(original) - 2})
    for place in places:
        for bit in (0, 3, 6):
            changed = bytearray(original)
            changed[place] ^= 1 << bit
            path.write_bytes(changed)
            assert any(f"`{name}`" in fault for fault in verify_pack(folder, KEY.verifies)), place
    path.write_bytes(original)
    assert verify_pack(folder, KEY.verifies) == []


def test_every_byte_of_the_signature_file_counts(folder: Path) -> None:
    """Base64 has spare bits and JSON spare spellings: none of them passes unseen."""
    path = folder / "manifest.sig"
    original = path.read_bytes()
    for place in range(len(original)):
        for bit in range(8):
            changed = bytearray(original)
            changed[place] ^= 1 << bit
            path.write_bytes(changed)
            assert verify_pack(folder, KEY.verifies), (place, bit)


@pytest.mark.parametrize("name", [*FILES, "manifest.json", "manifest.sig"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    """What was taken away is said."""
    (folder / name).unlink()
    assert f"`{name}` is missing" in verify_pack(folder, KEY.verifies)


def test_what_was_added_is_named(folder: Path) -> None:
    """A file, a folder and a link that the manifest does not name."""
    (folder / "extra.md").write_text("more")
    (folder / "more").mkdir()
    (folder / "more" / "hidden.md").write_text("more")
    (folder / "link").symlink_to("/etc/hostname")
    faults = verify_pack(folder, KEY.verifies)
    assert [fault.split("`")[1] for fault in faults] == ["extra.md", "link", "more"]


def test_a_name_that_would_break_the_line_is_shown_safely(folder: Path) -> None:
    """A file's name is not ours: it reaches a terminal."""
    (folder / "a\n\x1b[31mb").write_text("x")
    (fault,) = verify_pack(folder, KEY.verifies)
    assert fault.isprintable()


def test_a_file_replaced_by_a_link_is_found(folder: Path, tmp_path: Path) -> None:
    """Even one that leads to the same bytes: what is behind it can change."""
    shutil.move(folder / "results.md", tmp_path / "elsewhere.md")
    (folder / "results.md").symlink_to(tmp_path / "elsewhere.md")
    assert verify_pack(folder, KEY.verifies) == ["`results.md` is a symbolic link, not a file"]


def test_a_pipe_in_place_of_a_file_does_not_hang(folder: Path) -> None:
    """Nothing that is no regular file is opened."""
    (folder / "results.md").unlink()
    os.mkfifo(folder / "results.md")
    assert verify_pack(folder, KEY.verifies) == ["`results.md` is no regular file"]
    (folder / "manifest.json").unlink()
    os.mkfifo(folder / "manifest.json")
    assert verify_pack(folder, KEY.verifies) == ["`manifest.json` is no regular file"]


def test_another_key_does_not_do(folder: Path) -> None:
    """A pack is as good as the key that signed it."""
    (fault,) = verify_pack(folder, Key(2).verifies)
    assert "does not hold" in fault and "`manifest.sig`" in fault


def resigned(folder: Path, *entries: FileEntry) -> None:
    """Sign the manifest in *folder* again with *entries* added, as a thief of the key could."""
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    data = canonical(msgspec.structs.replace(manifest, files=(*manifest.files, *entries)))
    (folder / "manifest.json").write_bytes(data)
    (folder / "manifest.sig").write_bytes(signature_bytes(KEY.key_id, KEY.sign(data)))


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("../outside.md", "leaves the folder"),
        ("a/../../outside.md", "leaves the folder"),
        ("..\\outside.md", "leaves the folder"),
        ("/etc/hostname", "is an absolute path"),
        ("C:\\outside.md", "is an absolute path"),
        ("\\\\host\\share", "is an absolute path"),
        ("./results.md", "is no plain path"),
        ("a//b", "is no plain path"),
        (".hidden", "is no plain path"),
        ("", "is no plain path"),
        ("a\nb", "is no plain path"),
        ("results.md", "stands twice"),
        ("manifest.json", "is no file that a manifest may list"),
    ],
)
def test_a_path_that_a_manifest_may_not_hold_is_refused(folder: Path, path: str, why: str) -> None:
    """Even under a sound signature, nothing outside of the folder is read."""
    (folder.parent / "outside.md").write_text("x")
    resigned(folder, FileEntry(path=path, sha256="0" * 64, size=1))
    faults = verify_pack(folder, KEY.verifies)
    assert len(faults) == 1
    assert why in faults[0]


def test_a_link_to_a_folder_is_not_entered(folder: Path, tmp_path: Path) -> None:
    """A path within the folder by its name may lead out of it by a link."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.md").write_text("x")
    (folder / "sub").symlink_to(tmp_path / "outside")
    resigned(folder, FileEntry(path="sub/a.md", sha256="0" * 64, size=1))
    faults = verify_pack(folder, KEY.verifies)
    assert faults == [
        "`sub` was added: the manifest does not name it",
        "`sub/a.md` is missing",
    ]


def test_files_in_folders_are_verified_too(folder: Path) -> None:
    """A manifest may name a file in a folder, and then only that."""
    (folder / "sub").mkdir()
    (folder / "sub" / "a.md").write_text("x")
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    resigned(folder, FileEntry(path="sub/a.md", sha256=digest, size=1))
    assert verify_pack(folder, KEY.verifies) == []
    (folder / "sub" / "b.md").write_text("x")
    assert "`sub/b.md` was added" in verify_pack(folder, KEY.verifies)[0]


def test_a_size_beyond_bounds_is_not_read(folder: Path) -> None:
    """A manifest cannot make us read without end; nor can it be endless itself."""
    (folder / "big.bin").write_text("x")
    resigned(folder, FileEntry(path="big.bin", sha256="0" * 64, size=10**12))
    assert "larger than" in verify_pack(folder, KEY.verifies)[0]
    with (folder / "manifest.json").open("r+b") as file:
        file.truncate(2_000_000)
    assert verify_pack(folder, KEY.verifies) == ["`manifest.json` is larger than 1000000 bytes"]
    assert manifest_sha256(folder) == ""


def test_no_folder_is_a_fault(tmp_path: Path) -> None:
    """A pack that is gone is not a sound one."""
    assert verify_pack(tmp_path / "gone", KEY.verifies) == [
        f"there is no folder `{tmp_path / 'gone'}`"
    ]
    assert manifest_sha256(tmp_path / "gone") == ""


def test_a_manifest_of_garbage_is_a_fault(folder: Path) -> None:
    """Whatever stands there, the answer is a sentence."""
    for garbage in (b"", b"\xff\xfe", b"[" * 100_000, b'{"version": 1}', b"null"):
        (folder / "manifest.json").write_bytes(garbage)
        assert any("cannot be read" in one for one in verify_pack(folder, KEY.verifies))


@pytest.mark.parametrize(
    ("name", "draft", "simulated"),
    [
        ("checklist.md", "草稿 DRAFT", "模拟 SIMULATED"),
        ("results.md", "草稿 DRAFT", "模拟 SIMULATED"),
        ("report.zh.md", "草稿", "模拟"),
        ("report.en.md", "DRAFT", "SIMULATED"),
    ],
)
def test_the_marks_stand_on_every_page(folder: Path, name: str, draft: str, simulated: str) -> None:
    """Nobody takes a page out of a rehearsal for a real one."""
    top = (folder / name).read_text().split("\n## ")[0]
    assert f"**{draft}**" in top
    assert f"**{simulated}**" in top


@pytest.mark.parametrize("name", [one for one in FILES if one.endswith(".json")])
def test_the_marks_stand_in_every_record(folder: Path, name: str) -> None:
    """Nor does a program."""
    found = json.loads((folder / name).read_bytes())
    assert (found["draft"], found["simulated"], found["version"]) == (True, True, 1)


def test_the_report_has_every_item_in_both_languages(folder: Path) -> None:
    """33 items, and an open one is marked, not left blank."""
    for name, mark in (("report.zh.md", "**未完成**"), ("report.en.md", "**OPEN**")):
        text = (folder / name).read_text()
        headings = [line for line in text.splitlines() if line.startswith("### ")]
        assert [int(line.split()[1]) for line in headings] == list(range(1, 34))
        assert text.count(mark) == 33 + 2  # with the signatures and the seal


def test_the_checklist_names_every_duty_and_every_number(folder: Path) -> None:
    """What a real filing still lacks is all there."""
    regime = load_regime("cn-cac")
    text = (folder / "checklist.md").read_text()
    for duty in duties(regime, "filing", ()):
        assert f"| `{duty.id}` |" in text
    assert "`banks[0].total`" in text
    assert text.count("**未完成 OPEN**") == len(duties(regime, "filing", ()))


def test_tables_keep_their_columns_whatever_a_reason_holds(folder: Path) -> None:
    """A bar or a line break in a reason does not break the page."""
    text = (folder / "results.md").read_text()
    assert "falls \\| short of 80 %" in text
    assert "91.2 %" in text and "85.0 % – 95.0 %" in text and "160" in text


def test_links_lead_to_files_of_the_pack(folder: Path) -> None:
    """A link that leads nowhere would be evidence of nothing."""
    for page in folder.glob("*.md"):
        for part in page.read_text().split("](")[1:]:
            assert (folder / part.split(")")[0]).is_file()


def answer_to_all(procedure: Procedure) -> tuple[Answered, ...]:
    """Return an answer to everything that is due."""
    regime = load_regime("cn-cac")
    return tuple(
        Answered(duty=duty.id, state="met", zh="已办", en="done", evidence=("folder 12",))
        for duty in duties(regime, procedure, ())
        if duty.blocks
    )


@pytest.mark.parametrize(("facts", "way"), [(ON_DEVICE, "filing"), (FILED_API, "registration")])
def test_only_a_pack_without_gaps_is_no_draft(
    tmp_path: Path, facts: RouteFacts, way: Procedure
) -> None:
    """Each duty that is left open keeps the pack a draft."""
    variants = (msgspec.structs.replace(dossier().variants[0], route=facts),)
    answers = answer_to_all(way)
    full = dossier(draft=False, variants=variants, answers=answers)
    pack = write_pack(tmp_path / "full", full, KEY)
    assert (pack.route.procedure, pack.open_duties) == (way, ())
    assert "DRAFT" not in (pack.folder / "report.en.md").read_text()
    with pytest.raises(NotAllowed, match=f"1 of them: `{answers[-1].duty}`"):
        write_pack(tmp_path / "gap", msgspec.structs.replace(full, answers=answers[:-1]), KEY)


def test_a_registration_does_not_ask_for_training_data(tmp_path: Path) -> None:
    """Whoever calls a filed model as it is has none, and the pack says why."""
    variants = (msgspec.structs.replace(dossier().variants[0], route=FILED_API),)
    pack = write_pack(tmp_path / "pack", dossier(variants=variants), KEY)
    text = (pack.folder / "report.en.md").read_text()
    assert text.count("Conclusion: not applicable") == 11
    assert text.count("no training data of ours is involved") == 11


def test_while_the_route_is_to_be_asked_there_are_only_drafts(tmp_path: Path) -> None:
    """Rules without a model: nobody has published what is due."""
    facts = RouteFacts(offered_to_public=True, weights="rules_only")
    variants = (msgspec.structs.replace(dossier().variants[0], route=facts),)
    assert write_pack(tmp_path / "a", dossier(variants=variants), KEY).route.procedure == "ask"
    with pytest.raises(NotAllowed, match="still to be asked"):
        write_pack(tmp_path / "b", dossier(variants=variants, draft=False), KEY)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answered(duty="report.34", state="met", zh="是", en="yes", evidence=("x",)), "no duty"),
        (Answered(duty="report.1", state="met", zh="是", en="yes"), "without evidence"),
        (Answered(duty="report.1", state="not_applicable", zh="", en="no"), "no reason"),
    ],
)
def test_an_answer_must_say_something(tmp_path: Path, answer: Answered, why: str) -> None:
    """No answer to nothing, none without grounds, none without evidence."""
    with pytest.raises(Malformed, match=why):
        write_pack(tmp_path / "pack", dossier(answers=(answer,)), KEY)


def changed_result(**changes: object) -> tuple[Result, ...]:
    return (msgspec.structs.replace(dossier().results[0], **changes),)


def test_nothing_undecided_or_of_another_digest_is_submitted(tmp_path: Path) -> None:
    """What is filed is what was measured, and it met its standard."""
    results = [
        changed_result(finding="undecided"),
        changed_result(finding="falls_short"),
        changed_result(digest="sha256:" + "c" * 64),
        (*changed_result(), *changed_result(metric="speed", finding="undecided")),
        (),
    ]
    for number, one in enumerate(results):
        with pytest.raises(NotAllowed, match="no finding on this very digest"):
            write_pack(tmp_path / str(number), dossier(results=one), KEY)


def test_a_dossier_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    """Figures that are no shares, variants that nobody selected, nothing at all."""
    selection = dossier().selection
    bad: list[dict[str, object]] = [
        {"variants": ()},
        {"variants": dossier().variants * 2},
        {"selection": selection[1:]},
        {"selection": (*selection, selection[0])},
        {"results": changed_result(low=0.96)},
        {"results": changed_result(estimate=float("nan"))},
        {"results": changed_result(high=1.5)},
    ]
    for changes in bad:
        with pytest.raises(Malformed):
            write_pack(tmp_path / "pack", dossier(**changes), KEY)
    with pytest.raises(NotFound, match="no regime"):
        write_pack(tmp_path / "pack", dossier(regime="cn-cacc"), KEY)
    with pytest.raises(NotAllowed, match="holds in `CN`"):
        write_pack(tmp_path / "pack", dossier(market="EU"), KEY)
    assert list(tmp_path.iterdir()) == []

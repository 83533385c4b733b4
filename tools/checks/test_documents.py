"""Documents of an evidence pack open in LibreOffice, whole and without repair."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pratique.filing.pack import write_pack
from tests.filing.test_pack import FILED_API, KEY, dossier

BUILD = Path(__file__).parents[2] / "build" / "documents"


@pytest.fixture(scope="module", params=["filing", "registration"])
def pdfs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All documents of a pack as PDF, kept as build output to be looked at."""
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: run `make tools`"
    import msgspec

    made = dossier()
    if request.param == "registration":
        variant = msgspec.structs.replace(made.variants[0], route=FILED_API)
        made = msgspec.structs.replace(made, variants=(variant,))
    folder = tmp_path_factory.mktemp("documents") / "pack"
    pack = write_pack(folder, made, KEY)
    names = [name for name in pack.files if name.endswith((".docx", ".xlsx"))]
    found: list[Path] = []
    for language in ("zh", "en", "."):
        inside = [folder / name for name in names if str(Path(name).parent) == language]
        out = BUILD / str(request.param) / (language if language != "." else "sheets")
        shutil.rmtree(out, ignore_errors=True)
        subprocess.run(
            [
                office,
                "--headless",
                f"-env:UserInstallation=file://{tmp_path_factory.mktemp('profile')}",
                "--convert-to",
                "pdf",
                "--outdir",
                str(out),
                *map(str, inside),
            ],
            check=True,
            capture_output=True,
            timeout=240,
        )
        found += [out / f"{path.stem}.pdf" for path in inside]
    return found


def test_every_document_becomes_a_pdf(pdfs: list[Path]) -> None:
    """None is left out, and none is empty."""
    assert len(pdfs) >= 12
    for path in pdfs:
        assert path.is_file(), path
        text = subprocess.run(
            ["pdftotext", str(path), "-"], check=True, capture_output=True
        ).stdout.decode()
        assert len(text.strip()) > 40, path
        assert "DRAFT" in text or "草稿" in text, path

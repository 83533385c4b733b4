"""Pages in a real browser: the report renders, without a script and without the network."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pratique.assessment.assess import assessment_of
from pratique.assessment.candidates import offer
from pratique.assessment.planning import plan
from pratique.assessment.report import write_report
from pratique.settings.workspace import Workspace
from pratique.workspace.init import init

BUILD = Path(__file__).parents[2] / "build" / "pages"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A new workspace for rehearsal."""
    return init(tmp_path_factory.mktemp("pages") / "shop", rehearsal=True)


def browse(tmp_path: Path, address: str, picture: str, size: str = "1440,900") -> str:
    """Open *address* in the browser, keep a screenshot as build output, and return the page as rendered."""
    browser = shutil.which("chromium")
    assert browser, "chromium is missing: run `make tools`"
    BUILD.mkdir(parents=True, exist_ok=True)
    # Nothing but this machine can be resolved: a page that asks for more shows it.
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--user-data-dir={tmp_path / 'profile'}",
        f"--window-size={size}",
    ]
    image = BUILD / picture
    image.unlink(missing_ok=True)
    subprocess.run(
        [browser, *flags, f"--screenshot={image}", address],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert image.stat().st_size > 5_000
    dom = subprocess.run(
        [browser, *flags, "--dump-dom", address], check=True, capture_output=True, timeout=120
    )
    return dom.stdout.decode()


def test_the_report_renders_without_the_network(workspace: Workspace, tmp_path: Path) -> None:
    """One file, opened from the disk: a picture for each feature, and in it every finding."""
    planned = plan(workspace, offer(workspace, "CN"), seed=1)
    path = tmp_path / "report.html"
    write_report(path, planned, assessment_of(planned))
    page = browse(tmp_path, path.as_uri(), "report.html.png")
    assert page.count("<svg") == len(planned.offer.packs)
    assert page.count('class="verdict"') == page.count('class="range"') == len(planned.cells)
    for outside in ('src="http', 'href="http', "url(http", "@import"):
        assert outside not in page

"""What tests of data sets share: tiny sets of their own, and the real ones where they are."""

from pathlib import Path

import pytest

from tests.evals.datasets.tiny import written

REAL = Path(__file__).parents[3].parent / "shared" / "data"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A folder with a tiny copy of every set's form."""
    return written(tmp_path / "data")


@pytest.fixture
def real() -> Path:
    """The folder of the real sets."""
    if not REAL.is_dir():
        pytest.skip("the data sets are not beside the project")
    return REAL

"""Every regime's labels and disclosure, as its data say: a new file is tested by being there."""

import io
from pathlib import Path

import pytest
from PIL import Image

from pratique.errors import Malformed, NotFound
from pratique.labels.disclosure import disclosure
from pratique.labels.explicit import find_mark, find_statement, has_both_elements, with_statement
from pratique.labels.files import label_bytes
from pratique.labels.implicit import first_write
from pratique.labels.policy import label, label_policy
from pratique.labels.provenance import read_provenance, sign_picture
from pratique.labels.visible import add_visible
from pratique.regimes.citations import Number
from pratique.regimes.labelling import AigcDuty, C2paDuty
from pratique.regimes.regime import list_regimes, load_regime
from tests.labels.certificates import write_credentials

CODE = "001191110102MAD55U9H0F10002"


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("name", list_regimes())
def test_a_regime_labels_and_discloses_by_its_data_alone(name: str, tmp_path: Path) -> None:
    """Statements in text and picture, the format for machines, and what users are told."""
    regime = load_regime(name)
    duty = regime.label
    for text in duty.explicit.texts:
        assert has_both_elements(text.statement, text) and has_both_elements(text.mark, text)
        for place in ("start", "end"):
            shown = with_statement("A line.\n", text, place, markup=False)
            assert find_statement(shown, (text,)) is not None and "A line." in shown
            assert with_statement(shown, text, place, markup=False) == shown
        assert find_mark(with_statement("A line.", text, "superscript", markup=True), (text,))
        told = disclosure(regime, text.locale, model="made-up/one", number="No-1")
        assert told.lines and told.complete
    data, drawn = add_visible(_picture(), "png", duty.explicit, duty.explicit.texts[0], "top-left")
    assert drawn is not None
    asked = duty.explicit.image_height
    assert drawn.asked == (asked.value if isinstance(asked, Number) else None)
    assert drawn.share >= (drawn.asked or 0)
    if isinstance(duty.implicit, AigcDuty):
        assert label_bytes(data, Path("a.png"), first_write(CODE, "a-1")) != data
        assert label(label_policy(regime, CODE), "a-1", duty.explicit.texts[0].locale).implicit
    elif isinstance(duty.implicit, C2paDuty):
        credentials = write_credentials(tmp_path)
        source = duty.implicit.source_type
        signed = sign_picture(data, "png", credentials, source_type=source, title="a-1")
        found = read_provenance(signed, "png")
        assert found is not None and found.state == "Valid" and found.generated
        with pytest.raises(Malformed, match="text cannot carry"):
            label_policy(regime, CODE)
    else:
        assert (
            label(label_policy(regime, ""), "a-1", duty.explicit.texts[0].locale).implicit is None
        )


@pytest.mark.parametrize("name", list_regimes())
def test_another_language_is_no_substitute_for_a_disclosure(name: str) -> None:
    """A line that the user cannot read discloses nothing."""
    with pytest.raises(NotFound, match="no words"):
        disclosure(load_regime(name), "xx", model="made-up/one", number="")


def test_a_disclosure_without_its_number_says_that_it_is_not_complete() -> None:
    """Before the approval there is none to show."""
    told = disclosure(load_regime("cn-cac"), "en", model="made-up/one", number="")
    assert (told.lines, told.complete) == (("Model: made-up/one",), False)

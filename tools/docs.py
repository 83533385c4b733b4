"""Write the generated pages of `docs/` anew: `python -m tools.docs`. A test compares them."""

from collections.abc import Iterator
from pathlib import Path

from pratique.evals.pages import page
from pratique.evals.suites import packaged as packaged_suites
from pratique.evals.suites import read_suite, suites_of
from pratique.features.packs import find_packs, packaged, read_pack
from pratique.labels.policy import label_policy
from pratique.partners.catalogue import find_candidate, read_partners
from pratique.partners.catalogue import packaged as packaged_partners
from pratique.partners.conformance.page import page as conformance
from pratique.regimes.regime import load_regime

DOCS = Path(__file__).parents[1] / "docs"
CODE = "001191000000MA0000000N10001"
"""A made-up producer code; no page shows it."""


def pages() -> Iterator[tuple[Path, str]]:
    """Yield every generated page with its place."""
    yield DOCS / "conformance.md", conformance()
    partners = read_partners([packaged_partners()])
    label = label_policy(load_regime("cn-cac"), CODE)
    for name, folder in find_packs([packaged()]).items():
        pack = read_pack(folder)
        suites = [
            read_suite([packaged_suites()], suite, locale, pack.input_schema)
            for suite in suites_of([packaged_suites()], name)
            for locale in pack.locales
        ]
        seen = "image" in next(iter(pack.file.example.values()))
        by = find_candidate(partners, "embedded/ppocr" if seen else "embedded/rules")
        yield DOCS / "features" / f"{name}.md", page(pack, suites, by, label)


if __name__ == "__main__":
    for path, text in pages():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

"""All documents of a filing, by its procedure: in Chinese, with an English copy for headquarters."""

from collections.abc import Mapping
from datetime import UTC, datetime

from pratique.filing.documents.checklist import checklist_document
from pratique.filing.documents.report import report_document
from pratique.filing.documents.sheets import keyword_sheet, question_sheet
from pratique.filing.documents.template import filled, read_template
from pratique.filing.documents.word import Language, Word
from pratique.filing.pages import Contents

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def documents(contents: Contents) -> dict[str, bytes]:
    """Return the documents of *contents*, by their paths in the pack."""
    moment = datetime.fromisoformat(contents.dossier.created).astimezone(UTC)
    dossier, regime = contents.dossier, contents.regime
    found: dict[str, bytes] = {}
    for language in LANGUAGES:
        marks = marks_of(contents, language)
        facts = facts_of(contents, language)
        for name in dict.fromkeys([*_wanted(contents), "disclosure"]):
            path = f"{language}/{name}.docx"
            if name == "report":
                found[path] = report_document(contents, language, moment, marks)
            else:
                found[path] = _from_template(regime.id, name, facts, language, moment, marks)
        found[f"{language}/checklist.docx"] = checklist_document(contents, language, moment, marks)
    marks = marks_of(contents, "zh")
    found["keywords.xlsx"] = keyword_sheet(dossier.keywords, regime.risks, moment, marks)
    found["questions.xlsx"] = question_sheet(dossier.questions, regime.risks, moment, marks)
    return found


def _wanted(contents: Contents) -> list[str]:
    """Return the Word documents of the procedure that is due, by the regime's data."""
    way = "registration" if contents.route.procedure == "registration" else "filing"
    return [
        one.document
        for one in contents.regime.submissions
        if one.procedure == way and one.document and one.form.startswith("docx")
    ]


def _from_template(
    regime: str,
    name: str,
    facts: Mapping[str, str],
    language: Language,
    moment: datetime,
    marks: list[str],
) -> bytes:
    template = read_template(regime, name)
    word = Word(getattr(template.title, language), language, marks)
    for section in template.sections:
        word.heading(getattr(section.title, language))
        for text in section.paragraphs:
            word.paragraph(filled(getattr(text, language), facts))
        if section.rows:
            rows = [
                [getattr(row.label, language), filled(getattr(row.value, language), facts)]
                for row in section.rows
            ]
            word.table(rows, [5.2, 11])
    return word.data(moment)


def marks_of(contents: Contents, language: Language) -> list[str]:
    """Return what stands in red on every page: a draft with gaps, a filing for practice."""
    zh = language == "zh"
    marks = []
    if contents.dossier.draft:
        marks.append("草稿：有缺项" if zh else "DRAFT: has gaps")
    if contents.dossier.simulated:
        marks.append(
            "演练（simulated），不得提交" if zh else "simulated: for practice, not to be handed in"
        )
    return marks


def facts_of(contents: Contents, language: Language) -> Mapping[str, str]:
    """Return what templates may name."""
    zh = language == "zh"
    dossier = contents.dossier
    features: dict[str, list[str]] = {}
    for one in dossier.variants:
        if one.place == 0:
            features.setdefault(one.feature, []).append(one.locale)
    fallback = "后备" if zh else "fallback"
    models = dict.fromkeys(
        f"{role.partner}/{role.model} ({role.snapshot}, {role.role}"
        + (f", {fallback} {one.place})" if one.place else ")")
        for one in dossier.variants
        for role in one.roles
    )
    reason = contents.route.reason
    separator = "；" if zh else "; "
    return {
        "producer": dossier.producer,
        "producer_code": dossier.producer_code,
        "features": separator.join(
            f"{feature} ({', '.join(locales)})" for feature, locales in features.items()
        ),
        "procedure": f"{contents.route.procedure}: {reason.zh if zh else reason.en}",
        "models": separator.join(models),
        "partners": separator.join(dossier.partners),
    }

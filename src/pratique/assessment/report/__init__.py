"""The report of an assessment: HTML, Markdown or JSON, by the file's suffix; and what pipelines read."""

from pratique.assessment.report.checks import ci_groups, write_junit, write_sarif
from pratique.assessment.report.page import html
from pratique.assessment.report.whole import require_folder
from pratique.assessment.report.written import require_reportable, write_report

__all__ = [
    "ci_groups",
    "html",
    "require_folder",
    "require_reportable",
    "write_junit",
    "write_report",
    "write_sarif",
]

"""The report of an assessment: HTML, Markdown or JSON, by the file's suffix; and what pipelines read."""

from pratique.assessment.report.checks import ci_groups, write_junit, write_sarif
from pratique.assessment.report.page import html
from pratique.assessment.report.written import write_report

__all__ = ["ci_groups", "html", "write_junit", "write_report", "write_sarif"]

"""Assessment: standards, findings, verdicts and selection; judges what evals measured."""

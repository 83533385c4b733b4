"""Evals: suites, runs, scorers and statistics; measures, and knows no bar."""

"""Judges: models of partners that grade answers, and how far they are called upon."""

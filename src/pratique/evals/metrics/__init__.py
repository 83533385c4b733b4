"""Metrics: answers and targets in, figures out; pure functions, and none knows a bar."""

"""Watch: what changes beneath a release after it was approved, and what is done about it."""

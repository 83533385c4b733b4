"""Serving: one request through one variant, end to end; the same path when measuring."""

"""Stand-ins: local servers that speak each partner's dialect, for tests and conformance checks."""

"""Telemetry: signals from an allow-list of fields and values; what is not on it does not leave."""

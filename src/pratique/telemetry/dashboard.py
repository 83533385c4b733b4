"""The dashboard that comes with the product."""

from importlib.resources import files
from pathlib import Path

DASHBOARD = Path(str(files("pratique") / "content" / "telemetry" / "grafana-dashboard.json"))
"""A dashboard for Grafana, to be imported; it asks a Prometheus data source."""

"""Web: the HTTP API that a phone's features call, and the console."""

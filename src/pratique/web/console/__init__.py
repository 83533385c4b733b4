"""The console: who is ready, what is missing, what is on; and the phone in your hand."""

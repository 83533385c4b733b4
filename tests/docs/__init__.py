"""The docs are held to what the code does."""

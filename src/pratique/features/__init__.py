"""Features: packs of prompts, schemas and checks; how a request becomes a call and an answer."""

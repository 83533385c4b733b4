"""Models on somebody's servers, called by the OpenAI-style wire."""

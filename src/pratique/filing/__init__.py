"""Filing: evidence packs, approvals and kinds of change; shows what was measured."""

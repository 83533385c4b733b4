"""Support: whether a partner can carry us; what was measured, what it declares, what nobody knows."""

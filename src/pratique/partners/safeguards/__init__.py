"""Partners in the role `safeguard`: models and services that judge content, behind one contract."""

"""Writing the needs app: one verb, one transaction, one line of history. A module per noun."""

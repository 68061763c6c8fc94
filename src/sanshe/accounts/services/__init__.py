"""Writing accounts: one verb, one transaction, one line of history. A module per noun."""

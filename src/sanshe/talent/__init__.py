"""Social workers. Owns Worker and Certificate; the full electronic file grows from here."""

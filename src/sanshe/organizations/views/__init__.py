"""Pages about organisations, and about the roles of people."""

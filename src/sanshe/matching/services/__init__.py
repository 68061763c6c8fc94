"""Writing the matching app: offers, runs and what people decide about matches."""

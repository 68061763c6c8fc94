"""What the desk reads from every app below. Nothing here writes."""

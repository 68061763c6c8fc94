"""Settings, addresses and the door to the server: what is wired together, and nothing else."""

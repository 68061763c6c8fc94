"""The desk: home by role, and the thread page that runs through every app below."""

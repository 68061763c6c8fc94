"""Untrusted input → typed values; forms call no service."""

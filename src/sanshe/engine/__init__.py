"""Plain functions on plain data: what the product thinks with.

No Django, no clock, no randomness, no files: `now` and `seed` are arguments, tables come in
as sequences of frozen dataclasses. The command line and the web call the same functions.
Errors of bad input are `EngineError`s.
"""

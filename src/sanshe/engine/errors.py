"""EngineError: the numbers handed to the engine cannot be worked with; the message says which."""


class EngineError(ValueError):
    """Bad input to an engine function."""

"""Errors fit to show.

DomainError         a rule says no; `message` is translated and meant for the person
├── NotPermitted    this person may not do this
├── NotNow          the thing is no longer in the state where this starts
└── BadEntry        what was typed or uploaded cannot be used, and why
"""

from django.utils.functional import Promise


class DomainError(Exception):
    """A rule says no."""

    def __init__(self, message: "str | Promise") -> None:
        super().__init__(message)
        self.message = message


class NotPermitted(DomainError):
    """This person may not do this."""


class NotNow(DomainError):
    """A colleague was quicker, or the moment has passed."""


class BadEntry(DomainError):
    """What was entered cannot be used; the message says what and why."""

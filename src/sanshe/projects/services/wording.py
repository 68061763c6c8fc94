"""What people write in a proposal, on its way into the database: personal numbers are hidden."""

import re
from itertools import groupby
from typing import Any

from django.db import models

from sanshe.core.masking import masked

#: The line of the basic data that is there to hold a telephone.
_CONTACT = re.compile(r"\s*\|?\s*联系电话\s*[|｜:：]")


def masked_section(text: str) -> str:
    """The text of a section; whom to call about the project stays."""
    parts = groupby(text.split("\n"), key=lambda line: bool(_CONTACT.match(line)))
    written = (("\n".join(lines), contact) for contact, lines in parts)
    return "\n".join(words if contact else masked(words) for words, contact in written)


def masked_values(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """The fields of a row, those that hold words masked and as long as they may be."""
    return {name: _masked_value(model, name, value) for name, value in values.items()}


def _masked_value(model: type[models.Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    if not isinstance(value, str) or not isinstance(field, models.CharField) or field.choices:
        return value
    return masked(value, most=field.max_length)

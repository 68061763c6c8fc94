"""Fields of forms that Django leaves open."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

#: Nobody looks for more signs than this, and no database likes to.
LONGEST_SEARCH = 80
_SHOWN = 40
_WHEN = _("日期应在 1900 年到 2199 年之间，请检查年份。")


def words_asked(query: QueryDict, name: str = "q") -> str:
    """The words somebody looks for, as far as they are worth looking for."""
    return query.get(name, "").strip()[:LONGEST_SEARCH]


class DayField(forms.DateField):
    """A day that people live in: no day comes after 9999, and none before 1."""

    default_validators = [
        MinValueValidator(date(1900, 1, 1), _WHEN),
        MaxValueValidator(date(2199, 12, 31), _WHEN),
    ]


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some rows of a table; a key no row can have is a wrong choice.

    Django's own field asks the database for it, and a number of 26 digits ends in an error there.
    """

    queryset: "QuerySet[Model]"

    def clean(self, value: Any) -> Any:
        if isinstance(value, Iterable):
            for key in value:
                self._check_key(key)
        return super().clean(value)

    def _check_key(self, key: object) -> None:
        field = self.queryset.model._meta.pk
        try:
            field.run_validators(field.to_python(key))
        except ValidationError as error:
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": str(key)[:_SHOWN]},
            ) from error

"""What may no longer be read in the proposals of a study, because it concerns somebody's safety.

Asked whenever something of a proposal is shown or handed out; nothing has to happen at the moment
a statement or a need gets the flag, so nothing can be forgotten then (docs/decisions/0010).
"""

from typing import TypeVar

from django.db import models
from django.db.models import Q

from sanshe.engine.draft import Withheld, withhold
from sanshe.engine.draft.withheld import letters_of
from sanshe.engine.title import propose_title
from sanshe.needs.models import Need, Statement
from sanshe.taxonomy.models import NeedType

Row = TypeVar("Row", bound=models.Model)
_UNSAFE = Q(safety=True) | Q(need__safety=True) | Q(need__merged_into__safety=True)


def withheld_in(study: int) -> Withheld:
    """The words and footnotes that the proposals of a study may not show. At most five queries.

    The titles are those of safety needs, and those that the machine made of such words, whether
    the need still has them or is gone. What somebody else said without danger is no secret.
    """
    heard = Statement.objects.filter(interview__study=study)
    said = dict(heard.filter(_UNSAFE).values_list("pk", "text"))
    titles = list(Need.objects.filter(study=study, safety=True).values_list("title", flat=True))
    if not said and not titles:
        return Withheld()
    letters = "\n".join(map(letters_of, said.values()))
    plain = Need.objects.filter(study=study, safety=False).values_list("title", flat=True)
    titles += [title for title in plain if letters_of(title) in letters]
    titles += [propose_title([words]) for words in said.values()]
    others = heard.exclude(_UNSAFE).values_list("text", flat=True)
    secret = withhold({str(pk): words for pk, words in said.items()}, titles)
    # The machine names safety needs by their type; types are no secret either.
    types = NeedType.objects.values_list("name_zh", flat=True)
    return secret.sparing([*others, *types])


def shown_row(row: Row, withheld: Withheld) -> Row:
    """The row with its words as they may be read. To look at, not to save."""
    for field in row._meta.concrete_fields:
        if withheld and isinstance(field, models.CharField | models.TextField):
            setattr(row, field.attname, withheld.words(getattr(row, field.attname) or ""))
    return row

"""Raw words → words ready to be stored: clean, masked, the original sealed."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sanshe.core.encryption import encrypt
from sanshe.core.errors import BadEntry
from sanshe.engine.normalize import normalize
from sanshe.needs.selectors.statements import seal_spans

LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Masked:
    """Words ready to be stored: masked, and the sealed original where something was masked."""

    text: str
    original: bytes | None


def mask(raw: str) -> Masked:
    """Clean and mask one statement.

    Raises:
        BadEntry: nothing is left, or it is too long to be one statement.
    """
    clean = normalize(raw)
    text = clean.text.strip()
    if not text:
        raise BadEntry(_("没有写内容，请写下居民的原话。"))
    if len(text) > LONGEST_TEXT:
        raise BadEntry(
            _("这一条有 %(size)s 字，超过 %(most)s 字；请拆成几条，一条只说一件事。")
            % {"size": len(text), "most": LONGEST_TEXT}
        )
    if not clean.masked:
        return Masked(text, None)
    shift = len(clean.text) - len(clean.text.lstrip())
    spans = [(span.start - shift, span.end - shift, span.original) for span in clean.masked]
    return Masked(text, encrypt(seal_spans(spans)))

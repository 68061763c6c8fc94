"""What changed in the needs since a section was drafted, and what a text says without a source."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sanshe.engine.draft import Paragraph, blocks_of
from sanshe.needs.models import Band, Need, NeedStatus
from sanshe.needs.selectors.needs import with_voices
from sanshe.projects.models import Proposal, Section

#: The sections whose claims must rest on something: background, needs, objectives.
CLAIMING = (3, 4, 7)
#: A quotation is one piece, whatever stops stand in it.
_SENTENCE = re.compile(r"(?:“[^”\n]*”|[^。！？；\n])+[。！？；]?(?:\[\^[^\]\n]+\])*")
_FIGURE = re.compile(r"[0-9０-９]|[一二三四五六七八九十百千万两]+(?:成|人|户|条|项|名|次|%|％)")
_SOURCE = re.compile(r"\[\^|表\s*\d|附件|【待填|《")


def print_of(need: Need) -> list[object]:
    """What a draft says of a need: when any of it changes, the draft is stale."""
    return [need.title, need.band, getattr(need, "voices", 0), need.status, need.merged_into_id]


def prints_of(proposal: Proposal) -> dict[str, list[object]]:
    """By need of the proposal: its print now. One query."""
    needs = with_voices(proposal.needs.filter(safety=False))
    return {str(need.pk): print_of(need) for need in needs}


@dataclass(frozen=True)
class Stale:
    """One change since the draft: which need, and what happened to it, in words."""

    need: str
    title: str
    change: str


def stale_in(section: Section, now: dict[str, list[object]]) -> list[Stale]:
    """What changed in the needs that the section was drafted from."""
    found = []
    for key, before in section.drafted_from.items():
        after = now.get(key)
        title = str(before[0])
        if after is None:
            found.append(Stale(key, title, _("已不在方案的需求之中")))
        elif after != before:
            found.append(Stale(key, title, _("；").join(_differences(before, after))))
    return found


def _differences(before: list[object], after: list[object]) -> Iterable[str]:
    if before[0] != after[0]:
        yield _("改名为“%(title)s”") % {"title": after[0]}
    if before[1] != after[1]:
        bands = dict(Band.choices)
        yield _("等级由 %(old)s 变为 %(new)s") % {
            "old": bands.get(str(before[1])), "new": bands.get(str(after[1])),
        }  # fmt: skip
    if before[2] != after[2]:
        yield _("反映条数由 %(old)s 变为 %(new)s") % {"old": before[2], "new": after[2]}
    if after[4] and before[4] != after[4]:
        yield _("已并入其他需求")
    elif before[3] != after[3]:
        states = dict(NeedStatus.choices)
        yield _("状态变为“%(state)s”") % {"state": states.get(str(after[3]))}


def unsupported_in(section: Section) -> list[str]:
    """Sentences that state figures but name neither a voice, a table nor a document."""
    if section.number not in CLAIMING:
        return []
    found = []
    for block in blocks_of(section.text):
        if not isinstance(block, Paragraph):
            continue
        for match in _SENTENCE.finditer(block.words):
            sentence = match.group().strip()
            if _FIGURE.search(sentence) and not _SOURCE.search(sentence):
                found.append(sentence)
    return found

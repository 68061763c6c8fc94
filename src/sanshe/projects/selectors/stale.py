"""What changed in the needs since a section was drafted, and what a text says without a source."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sanshe.engine.draft import Block, Paragraph
from sanshe.needs.models import Band, Need, NeedStatus
from sanshe.needs.selectors.needs import with_voices
from sanshe.projects.models import Proposal, Section

#: The sections whose claims must rest on something: background, needs, objectives.
CLAIMING = (3, 4, 7)
#: What ends a sentence outside a quotation, with its footnotes; and what opens a quotation.
_STOP = re.compile(r"“|[。！？；](?:\[\^[^\]\[\n]{1,64}\])*")
# Its last letter finds a number as well as all of them: a long one is not read again and again.
_FIGURE = re.compile(r"[0-9０-９]|[一二三四五六七八九十百千万两](?:成|人|户|条|项|名|次|%|％)")
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
    """What changed in the needs since the section was drafted: in themselves, and which they are.

    A section that says nothing of a need itself may still count the needs, or list the others.
    """
    found, told = [], section.drafted_from
    for key, before in told.items():
        after, title = now.get(key), str(before[0])
        if after is None:
            found.append(Stale(key, title, _("已不在方案的需求之中")))
        elif after != before:
            found.append(Stale(key, title, _("；").join(_differences(before, after))))
    if not section.drafted_for:
        return found
    for key, title in section.drafted_for.items():
        if key not in now and key not in told:
            found.append(Stale(key, title, _("已不在方案的需求之中")))
    for key, after in now.items():
        if key not in section.drafted_for:
            found.append(Stale(key, str(after[0]), _("起草后才纳入方案")))
    return found


def titles_of(now: dict[str, list[object]]) -> dict[str, str]:
    """The needs of a proposal as a section remembers them (`drafted_for`)."""
    return {key: str(about[0]) for key, about in now.items()}


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


def unsupported_in(number: int, blocks: Iterable[Block]) -> list[str]:
    """Sentences that state figures but name neither a voice, a table nor a document. Linear."""
    if number not in CLAIMING:
        return []
    return [
        sentence
        for block in blocks
        if isinstance(block, Paragraph)
        for sentence in _sentences(block.words)
        if _FIGURE.search(sentence) and not _SOURCE.search(sentence)
    ]


def _sentences(words: str) -> Iterator[str]:
    """The sentences of a paragraph; a quotation is one piece, whatever stops stand in it."""
    start = at = 0
    closed = words.rfind("”")
    while found := _STOP.search(words, at):
        at = found.end()
        if found.group() != "“":
            yield words[start:at].strip()
            start = at
        elif at <= closed:
            at = words.index("”", at) + 1
    if rest := words[start:].strip():
        yield rest

"""The facts of a plan as the draft of a proposal wants them."""

from collections import Counter
from collections.abc import Sequence

from sanshe.cli.matching import Matched
from sanshe.cli.planning import PlannedNeed, Voice
from sanshe.engine.draft import (
    Draft,
    DraftGap,
    DraftMatch,
    DraftNeed,
    DraftOffer,
    DraftStatement,
    InformantCount,
    MethodCount,
    StudyFacts,
    TreeNames,
    draft,
)
from sanshe.engine.gazetteer import Gazetteer
from sanshe.office.codes import INFORMANTS, METHODS
from sanshe.office.offers import OfferRow
from sanshe.taxonomy.tree import Tree

_NAMED = 3


def draft_of(
    voices: Sequence[Voice],
    needs: Sequence[PlannedNeed],
    matched: Matched,
    offers: Sequence[OfferRow],
    tree: Tree,
    gazetteer: Gazetteer,
) -> Draft:
    """The proposal; what the files do not say stays a marked blank in it."""
    open_needs = [need for need in needs if not need.safety]
    return draft(
        _study(voices, gazetteer),
        [_need(need) for need in open_needs],
        [DraftMatch(str(row[0]), str(row[1]), float(str(row[2])), str(row[8]))
         for row in matched.match_rows()],
        _gaps(matched),
        [_offer(offer) for offer in offers],
        [_statement(v) for v in voices],
        TreeNames(
            {branch.code: branch.name_zh for branch in tree.fields},
            {leaf.code: leaf.name_zh for leaf in tree.leaves},
        ),
    )  # fmt: skip


def _study(voices: Sequence[Voice], gazetteer: Gazetteer) -> StudyFacts:
    codes = Counter(v.row.community_code for v in voices if v.row.community_code)
    places = [place for code, _ in codes.most_common() if (place := gazetteer.get(code))]
    names = "、".join(place.short_name for place in places[:_NAMED])
    if len(places) > _NAMED:
        names += f"等{len(places)}个社区（村）"
    towns = list(dict.fromkeys(place.town_name for place in places if place.town_name))
    days = sorted(v.row.date for v in voices if v.row.date)
    informants = Counter(v.row.informant or "other" for v in voices)
    return StudyFacts(
        title=f"{names}居民需求调研",
        community=names,
        community_code=places[0].code if len(places) == 1 else "",
        town="、".join(towns[:_NAMED]),
        starts_on=days[0] if days else None,
        ends_on=days[-1] if days else None,
        methods=_methods(voices),
        informants=tuple(
            InformantCount(code, label, informants.get(code, 0))
            for code, label in INFORMANTS.labels.items()
        ),
    )


def _methods(voices: Sequence[Voice]) -> tuple[MethodCount, ...]:
    """A gathering is what was heard by one method from one kind of people on one day."""
    used = Counter(v.row.method for v in voices if v.row.method)
    gatherings = {
        code: len({(v.row.date, v.row.informant) for v in voices if v.row.method == code})
        for code in used
    }
    return tuple(
        MethodCount(code, METHODS.label(code), gatherings[code], used[code]) for code in used
    )


def _need(need: PlannedNeed) -> DraftNeed:
    return DraftNeed(
        id=need.id,
        title=need.title,
        leaf=need.leaf,
        band=need.priority.band,
        priority=need.priority.score,
        statements=tuple(v.row.id for v in need.voices),
        components=need.priority.components,
        defaults=frozenset(need.priority.defaults),
        bradshaw=need.bradshaw,
    )


def _gaps(matched: Matched) -> list[DraftGap]:
    titles = {offer.id: offer.title for offer in matched.offers}
    return [
        DraftGap(str(row[0]), str(row[4]), titles.get(str(row[5]), ""))
        for row in matched.gap_rows()
    ]


def _offer(row: OfferRow) -> DraftOffer:
    return DraftOffer(
        id=row.id,
        title=row.title,
        kind=row.kind or "other",
        provider=row.provider,
        capacity=row.capacity,
        unit_cost_fen=row.unit_cost_fen,
        target_groups=row.target_groups,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _statement(voice: Voice) -> DraftStatement:
    row = voice.row
    return DraftStatement(
        id=row.id,
        text=row.text,
        informant=INFORMANTS.label(row.informant) if row.informant else "",
        method=METHODS.label(row.method) if row.method else "",
        on=row.date,
        safety=voice.verdict.safety,
    )

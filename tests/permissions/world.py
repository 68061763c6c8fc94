"""The fixed world of the permission table: one of everything, and words that must not travel."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from sanshe.accounts.models import DualReview, ReviewAct, ReviewStatus, User
from sanshe.accounts.tests.factories import PASSWORD, make_user
from sanshe.core.history import record
from sanshe.matching.models import MatchStatus
from sanshe.matching.services.offer_imports import start_offer_import
from sanshe.matching.tests.factories import make_match, make_offer, make_run
from sanshe.needs.models import (
    Informant,
    Labelling,
    Method,
    ModelVersion,
    Need,
    NeedStatus,
    StudyStatus,
)
from sanshe.needs.services.describing import rename_need
from sanshe.needs.services.imports import start_import
from sanshe.needs.services.interviews import add_statement
from sanshe.needs.services.labelling import label_statement
from sanshe.needs.tests.factories import make_interview, make_need, make_statement, make_study
from sanshe.organizations.models import ADMIN_ROLES, Kind, Membership, Role
from sanshe.organizations.tests.factories import make_cast, make_member, make_organization
from sanshe.places.tests.factories import GARDEN_CITY
from sanshe.projects.models import ProposalStatus, ProposalVersion, ReviewRemark
from sanshe.projects.selectors.document import document_of
from sanshe.projects.selectors.versions import snapshot_of
from sanshe.projects.services.drafting import Plan, create_proposal
from sanshe.projects.tests.factories import in_state
from sanshe.talent.tests.factories import make_certificate, make_worker
from sanshe.taxonomy.tests.factories import make_need_type

TODAY = date(2026, 7, 1)

#: Words that stand in one place of the world only; the test knows who may read each.
PHONE = "13860001234"
SAFETY_WORDS = "他昨夜又打人"
SAFETY_TITLE = "楼上邻居夜里打人要有人上门"
VOICED_WORDS = "南门巷路灯坏了两个月"
FRESH_WORDS = "东门口停车占了盲道"
NEED_TITLE = "南门巷晚上路灯不亮"
PLANNED_TITLE = "长者食堂就近开办"
OTHER_WORDS = "渔港码头食堂太远"
OTHER_TITLE = "渔港老人吃饭难"
DRAFT_TITLE = "花园城点灯草案"
CONTACT_PHONE = "13805951111"

STRANGERS = ("comm2", "sw2", "none")
OUT = "out"


@dataclass(frozen=True)
class World:
    """People by column of the table, and what every row asks: an address and what is sent."""

    people: Mapping[str, User]
    addresses: Mapping[str, str]
    sent: Mapping[str, Mapping[str, Any]]


def workbook(*rows: list[str]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def _file(*rows: list[str]) -> SimpleUploadedFile:
    return SimpleUploadedFile("表.xlsx", workbook(*rows))


def make_world() -> World:
    cast = make_cast()
    cast.agency.phone = CONTACT_PHONE
    cast.agency.save()
    committee = make_organization("花园城社区居委会", kind=Kind.COMMITTEE)
    station = make_organization("湖滨街道社工站", kind=Kind.STATION)
    other_committee = make_organization(
        "锦江村委会", kind=Kind.COMMITTEE, division=cast.other_community
    )
    Membership.objects.filter(user=cast.community_worker).update(organization=committee)
    Membership.objects.filter(user=cast.strange_community_worker).update(
        organization=other_committee
    )
    people = {
        Role.COMM.value: cast.community_worker,
        Role.AGENCY.value: cast.manager,
        Role.SUPV.value: cast.supervisor,
        Role.SW.value: cast.social_worker,
        Role.TOWN.value: cast.town_officer,
        Role.STATION.value: make_member(Role.STATION, organization=station),
        "comm2": cast.strange_community_worker,
        "sw2": cast.stranger,
        "none": make_user("none"),
    }
    for role in Role:
        if role.value not in people:
            people[role.value] = make_member(role)
    for role in ADMIN_ROLES:
        # Without a second factor an administrator sees only the page that sets one up.
        TOTP.activate(people[role.value], generate_totp_secret())

    light, canteen, parking = (make_need_type(code) for code in ("ENV03", "ELD03", "ENV02"))
    violence = make_need_type("WFM01")
    for code in ("GOV01", "ELD01"):
        make_need_type(code)
    worker_user = cast.social_worker

    # The study, its voices and its needs.
    study = make_study(organization=cast.agency, community=cast.community)
    submitted_study = make_study(
        "待确认的调研", organization=cast.agency, community=cast.community,
        status=StudyStatus.SUBMITTED,
    )  # fmt: skip
    interview = make_interview(study, heard_by=worker_user)
    voiced, fresh, safety = (
        add_statement(interview=interview, text=f"{words}，电话{PHONE}", actor=worker_user)
        for words in (VOICED_WORDS, FRESH_WORDS, SAFETY_WORDS)
    )
    label_statement(statement=voiced, label=light, actor=worker_user)
    safety.safety = True
    safety.label = violence
    safety.save()
    need = make_need(study, NEED_TITLE, need_type=light, statements=[voiced],
                     status=NeedStatus.CLASSIFIED, voices=2)  # fmt: skip
    same = make_need(study, "北门巷也没有路灯", need_type=light, voices=1)
    other_kind = make_need(study, "停车位不够", need_type=parking, status=NeedStatus.CLASSIFIED)
    planned = make_need(study, PLANNED_TITLE, need_type=canteen, voices=1,
                        status=NeedStatus.PLANNED)  # fmt: skip
    p0 = make_need(study, "待改标题", need_type=violence, safety=True, statements=[safety],
                   status=NeedStatus.CLASSIFIED)  # fmt: skip
    # Through the service, so that the title stands in the history as well.
    p0 = rename_need(need=p0, title=SAFETY_TITLE, actor=worker_user)
    labelling = Labelling.objects.get(statement=voiced)
    rows = [["反映内容", "日期"], ["楼道堆满杂物", "2026-03-01"], ["", "昨天"]]
    imported = start_import(
        study=study, file_name="访谈.xlsx", content=workbook(*rows), actor=worker_user
    )

    # Another town, another agency.
    elsewhere = make_study(
        "锦江村调研", organization=cast.other_agency, community=cast.other_community
    )
    other_voice = make_statement(make_interview(elsewhere), OTHER_WORDS, label=canteen)
    other_need = make_need(elsewhere, OTHER_TITLE, need_type=canteen, statements=[other_voice])

    # Offers, a run, and a match of each kind.
    offer = make_offer("路灯巡修队", organization=cast.agency, capacity=5)
    offers_kept = start_offer_import(
        organization=cast.agency, file_name="资源.xlsx", actor=cast.manager,
        content=workbook(["服务名称", "对应需求"], ["送餐", canteen.pk], ["送饭", "无此类"]),
    )  # fmt: skip
    run = make_run(study)
    match = make_match(run, need, offer)
    safety_match = make_match(run, p0, offer)
    safety_match.status = MatchStatus.ACCEPTED
    safety_match.save()

    # Proposals in four states.
    worker = make_worker(organization=cast.agency, user=worker_user)
    certificate = make_certificate(worker)
    in_house = {ProposalStatus.DRAFT, ProposalStatus.INTERNAL}
    proposals = {
        status: in_state(
            create_proposal(
                study=study,
                needs=[need, planned],
                plan=Plan(
                    DRAFT_TITLE if status in in_house else f"花园城点灯（{status.label}）",
                    worker, date(2026, 8, 1), date(2027, 7, 31),
                ),
                actor=worker_user,
            ),
            status,
        )
        for status in (ProposalStatus.DRAFT, ProposalStatus.INTERNAL, ProposalStatus.SUBMITTED,
                       ProposalStatus.REVIEW, ProposalStatus.APPROVED)
    }  # fmt: skip
    draft, internal, submitted, review, approved = proposals.values()
    remark = ReviewRemark.objects.create(
        section=draft.sections.get(number=3), text="请补充数据", author=cast.supervisor
    )
    version = ProposalVersion.objects.create(
        proposal=submitted, number=1, verb="submit", actor=cast.manager,
        snapshot=snapshot_of(document_of(submitted, TODAY)),
    )  # fmt: skip
    risk = draft.risks.first()
    assert risk is not None
    record(draft, "edit", actor=worker_user, changes={"title": ["", DRAFT_TITLE]})

    target = make_user("target", name="待管账号")
    TOTP.activate(target, generate_totp_secret())
    corg = Membership.objects.get(user=people[Role.CORG.value]).organization
    membership = Membership.objects.get(user=worker_user)
    # SEC asks; what concerns a fourth administrator, any of the other two may decide.
    deputy = make_member(Role.AUD, user=make_user("deputy"))
    dual = DualReview.objects.create(
        act=ReviewAct.UNLOCK, user=deputy, asked_by=people[Role.SEC.value]
    )
    confirmed = DualReview.objects.create(
        act=ReviewAct.END_ROLE, user=deputy, role=Role.AUD, asked_by=people[Role.SEC.value],
        status=ReviewStatus.CONFIRMED, decided_by=people[Role.SYS.value],
        decided_at=timezone.now(),
    )  # fmt: skip
    spare = ModelVersion.objects.create(version="fake-0", rows=0)

    def section(of: Any, number: int = 3) -> list[Any]:
        return [of.pk, number]

    objects: dict[str, list[Any]] = {
        "accounts:user": [target.pk],
        "accounts:user_disable": [target.pk],
        "accounts:user_enable": [target.pk],
        "accounts:user_reset_password": [target.pk],
        "accounts:user_reset_mfa": [target.pk],
        "accounts:user_unlock": [target.pk],
        "accounts:review_confirm": [dual.pk],
        "accounts:review_refuse": [dual.pk],
        "organizations:role_review_done": [confirmed.pk],
        "organizations:members@agency": [cast.agency.pk],
        "organizations:member_end": [membership.pk],
        "organizations:detail": [cast.agency.pk],
        "organizations:edit": [cast.agency.pk],
        "organizations:edit@corg": [corg.pk],
        "places:detail": [GARDEN_CITY],
        "places:residents": [GARDEN_CITY],
        "taxonomy:detail": [light.pk],
        "taxonomy:edit": [light.pk],
        "talent:detail": [worker.pk],
        "talent:edit": [worker.pk],
        "talent:certificate_add": [worker.pk],
        "talent:certificate_remove": [certificate.pk],
        "talent:eligibility": [cast.agency.pk],
        "needs:study_move@sort": [study.pk, "sort"],
        "needs:study_move@confirm": [submitted_study.pk, "confirm"],
        "needs:statement_add": [interview.pk],
        "needs:statement_delete": [fresh.pk],
        "needs:statement_original": [voiced.pk],
        "needs:statement_original@fresh": [fresh.pk],
        "needs:statement_original@safety": [safety.pk],
        "needs:label": [voiced.pk],
        "needs:label@safety": [safety.pk],
        "needs:label_undo": [labelling.pk],
        "needs:statement_safety": [fresh.pk],
        "needs:statement_safety@safety": [safety.pk],
        "needs:model_use": [spare.pk],
        "needs:need@safety": [p0.pk],
        "needs:need@planned": [planned.pk],
        "needs:need_move@verify": [need.pk, "verify"],
        "needs:need_move@answer": [need.pk, "answer"],
        "needs:need_move@safety": [p0.pk, "refer"],
        "needs:need_move@planned": [planned.pk, "tell"],
        "needs:need_rename@safety": [p0.pk],
        "needs:need_lift": [p0.pk],
        "desk:thread": [need.pk],
        "desk:thread@safety": [p0.pk],
        "desk:thread@planned": [planned.pk],
        "matching:offer": [offer.pk],
        "matching:offer_edit": [offer.pk],
        "matching:run": [run.pk],
        "matching:run_export": [run.pk],
        "matching:match_decide": [match.pk],
        "matching:match_decide@safety": [safety_match.pk],
        "needs:label@elsewhere": [other_voice.pk],
        "needs:need@elsewhere": [other_need.pk],
        "needs:need_rename@elsewhere": [other_need.pk],
        "desk:thread@elsewhere": [other_need.pk],
        "projects:create": [study.pk],
        "projects:detail@draft": [draft.pk],
        "projects:detail@submitted": [submitted.pk],
        "projects:detail@approved": [approved.pk],
        "projects:edit@draft": [draft.pk],
        "projects:edit@submitted": [submitted.pk],
        "projects:edit@approved": [approved.pk],
        "projects:choose@draft": [draft.pk],
        "projects:choose@submitted": [submitted.pk],
        "projects:move@check": [draft.pk, "check"],
        "projects:move@rework": [internal.pk, "rework"],
        "projects:move@submit": [internal.pk, "submit"],
        "projects:move@accept": [submitted.pk, "accept"],
        "projects:move@approve": [review.pk, "approve"],
        "projects:section@draft": section(draft),
        "projects:section@submitted": section(submitted),
        "projects:section_read@draft": section(draft),
        "projects:section_read@submitted": section(submitted),
        "projects:section_read@approved": section(approved),
        "projects:redraft": section(draft),
        "projects:remark@draft": section(draft),
        "projects:remark@submitted": section(submitted),
        "projects:resolve": [*section(draft), remark.pk],
        "projects:row_create": [draft.pk, "risks"],
        "projects:row": [draft.pk, "risks", risk.pk],
        "projects:row_delete": [draft.pk, "risks", risk.pk],
        "projects:version": [submitted.pk, version.pk],
        "projects:diff": [submitted.pk],
        "projects:export_docx@draft": [draft.pk],
        "projects:export_docx@submitted": [submitted.pk],
        "projects:export_docx@approved": [approved.pk],
        "projects:export_xlsx@submitted": [submitted.pk],
        "projects:review_rules": [GARDEN_CITY],
    }
    for name in ("study", "study_edit", "statements", "statements_export", "import_create",
                 "quick_entry", "inbox", "sure_accept", "classify", "board", "board_export",
                 "needs_propose", "merge_choose", "study_weights"):  # fmt: skip
        objects[f"needs:{name}"] = [study.pk]
    for name in ("study", "statements", "board", "inbox"):
        objects[f"needs:{name}@elsewhere"] = [elsewhere.pk]
    for name in ("import", "import_columns", "import_confirm", "import_undo", "import_errors"):
        objects[f"needs:{name}"] = [imported.pk]
    for name in ("interview", "interview_edit"):
        objects[f"needs:{name}"] = [interview.pk]
    for name in ("need", "need_edit", "need_merge", "need_split", "need_rename", "need_lock"):
        objects[f"needs:{name}"] = [need.pk]
    for name in ("detail", "confirm", "errors", "undo"):
        objects[f"matching:offer_import_{name}"] = [offers_kept.pk]
    for name in ("runs", "run_create"):
        objects[f"matching:{name}"] = [study.pk]

    facts = {"informant": Informant.RESIDENT, "method": Method.VISIT, "held_on": "2026-06-01",
             "people": "1", "note": ""}  # fmt: skip
    offered = {"title": "新服务", "kind": "activity", "capacity": "3", "need_types": [light.pk],
               "active": "on"}  # fmt: skip
    organization = {"kind": Kind.COMMUNITY_ORG, "name": "夕阳合唱队", "place": GARDEN_CITY}
    period = {"starts_on": "2026-08-01", "ends_on": "2027-07-31"}
    section_now = draft.sections.get(number=3)
    sent: dict[str, dict[str, Any]] = {
        "set_language": {"language": "zh-hans"},
        "account_login": {"login": "nobody", "password": "wrong"},
        "account_logout": {},
        "account_reauthenticate": {"password": PASSWORD},
        "account_change_password": {},
        "mfa_reauthenticate": {"code": "000000"},
        "mfa_activate_totp": {"code": "000000"},
        "mfa_deactivate_totp": {},
        "mfa_generate_recovery_codes": {},
        "accounts:settings": {"language": "zh-hans"},
        "accounts:user_create": {"username": "newcomer", "name": "新人"},
        "organizations:members": {"username": "target", "role": "vol",
                                  "organization_name": corg.name},
        "organizations:members@agency": {"username": "target", "role": "sw"},
        "organizations:create": organization,
        "organizations:edit": {"kind": Kind.AGENCY, "name": cast.agency.name,
                               "place": GARDEN_CITY, "contact": "陈小满"},
        "places:residents": {"residents": "3000", "residents_source": "网格统计"},
        "taxonomy:edit": {"name_zh": "路灯", "name_en": "Lamps", "words": "路灯"},
        "talent:create": {"name": "新社工", "post": "社工"},
        "talent:edit": {"name": worker.name, "post": "社工", "languages": ["zh"],
                        "username": worker_user.username},
        "talent:certificate_add": {"level": certificate.level, "number": "NEW1",
                                   "valid_from": "2026-01-01"},
        "needs:study_create": {"title": "新调研", "starts_on": "2026-07-01",
                               "community": GARDEN_CITY},
        "needs:study_edit": {"title": "改名", "starts_on": "2026-07-01", "community": GARDEN_CITY,
                             "organization": cast.agency.pk},
        "needs:import_create": {"file": _file(*rows, ["另一份"])},
        "needs:import_columns": {"fill_informant": Informant.OTHER, "fill_method": Method.INTV},
        "needs:quick_entry": {**facts, "text1": "新说的话"},
        "needs:interview_edit": {**facts, "people": "2"},
        "needs:suggest": {"text": "楼下路灯又坏了很久"},
        "needs:statement_add": {"text": "再说一句"},
        "needs:label": {"label": light.pk},
        "needs:label@safety": {"label": violence.pk, "safety": "1"},
        "needs:statement_safety": {"safety": "1"},
        "needs:statement_safety@safety": {"safety": "0"},
        "needs:merge_choose": {"need": [need.pk, same.pk], "main": need.pk},
        "needs:need_edit": {"need_type": light.pk, "severity": "4"},
        "needs:need_move@answer": {"note": "已修好"},
        "needs:need_move@safety": {"note": "已转督导"},
        "needs:need_move@planned": {"note": "食堂九月开张"},
        "needs:need_merge": {"need": [same.pk]},
        "needs:need_split": {"statements": [voiced.pk], "title": "单独一项"},
        "needs:need_rename": {"title": "路灯"},
        "needs:need_rename@safety": {"title": "换个标题"},
        "needs:need_rename@elsewhere": {"title": "食堂"},
        "needs:label@elsewhere": {"label": canteen.pk},
        "needs:need_lock": {"locked": "1"},
        "needs:need_lift": {"note": "核实是误会"},
        "needs:study_weights": {"severity": "20", "urgency": "20", "reach": "20", "evidence": "20",
                                "feasibility": "20"},
        "matching:offer_create": offered,
        "matching:offer_edit": {**offered, "organization": cast.agency.pk},
        "matching:offer_import": {"file": _file(["服务名称", "对应需求"], ["送餐", "ELD03"])},
        "matching:run_create": {"aim": "lexicographic"},
        "matching:match_decide": {"decision": "accept"},
        "matching:match_decide@safety": {"decision": "pin"},
        "projects:create": {"title": "新方案", "needs": [other_kind.pk], **period},
        "projects:edit@draft": {"title": "改名", **period},
        "projects:edit@submitted": {"title": "改名", **period},
        "projects:edit@approved": {"title": "改名", **period},
        "projects:choose@draft": {"needs": [other_kind.pk], "apply": "1"},
        "projects:choose@submitted": {"needs": [other_kind.pk], "apply": "1"},
        "projects:move@rework": {"note": "再改"},
        "projects:section@draft": {"text": "改过", "seen": section_now.updated_at.isoformat()},
        "projects:section@submitted": {"text": "改过"},
        "projects:redraft": {"replace": "1"},
        "projects:remark@draft": {"text": "意见"},
        "projects:remark@submitted": {"text": "意见"},
        "projects:row_create": {"risk": "下雨", "response": "改期"},
        "projects:row": {"risk": "下雨", "response": "改期"},
        "projects:review_rules": {"publicity_days": "5"},
    }  # fmt: skip
    return World(people, _Addresses(objects), _own(sent, people))


class _Addresses(dict[str, str]):
    """The address of a row: the pattern before the @, filled with the row's object."""

    def __init__(self, objects: Mapping[str, list[Any]]) -> None:
        super().__init__()
        self.objects = objects

    def __missing__(self, row: str) -> str:
        address = reverse(row.split("@")[0], args=self.objects.get(row, []))
        if row == "needs:merge_choose":
            pks = Need.objects.filter(title__contains="门巷").values_list("pk", flat=True)
            address += "?" + "&".join(f"need={pk}" for pk in pks)
        self[row] = address
        return address


def _own(sent: dict[str, dict[str, Any]], people: Mapping[str, User]) -> dict[str, dict[str, Any]]:
    """Forms that ask for one's own organisation get it: `row@column` where it differs."""
    filled = dict(sent)
    for column, user in people.items():
        membership = Membership.objects.filter(user=user, organization__isnull=False).first()
        if membership is None:
            continue
        for row in ("needs:study_create", "matching:offer_create", "matching:offer_import"):
            own = {**sent[row], "organization": membership.organization_id}
            if row == "needs:study_create" and column == "sw2":
                own["community"] = membership.organization.division_id
            filled[f"{row}|{column}"] = own
    return filled

"""The pages of the three separated administrators: accounts, roles, logs; no business content."""

from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanshe.accounts.models import DualReview, ReviewStatus, User
from sanshe.accounts.rules import may_carry_out, may_decide_review
from sanshe.accounts.selectors import open_reviews, place_of
from sanshe.core.models import AccessLine, HistoryLine
from sanshe.core.templatetags.ui import cn_date, cn_time
from sanshe.desk.selectors.field import LISTED
from sanshe.desk.selectors.parts import Figure, Group, Task
from sanshe.organizations.models import ADMIN_ROLES, Membership, Organization
from sanshe.organizations.scope import Scope
from sanshe.organizations.selectors import administrators_on, memberships_on
from sanshe.places.models import Division, Level
from sanshe.taxonomy.models import NeedType

ENDING_DAYS = 30


def system_figures() -> list[Figure]:
    """What SYS keeps: accounts, organisations, divisions, types of need."""
    users = User.objects.aggregate(
        active=Count("pk", filter=Q(is_active=True)),
        disabled=Count("pk", filter=Q(is_active=False)),
    )
    return [
        Figure(
            _("使用中的账号"),
            users["active"],
            _("已停用 %(count)s 个") % {"count": users["disabled"]},
            reverse("accounts:users"),
        ),
        Figure(_("社会组织"), Organization.objects.count(), url=reverse("organizations:list")),
        Figure(
            _("社区（村）"),
            Division.objects.filter(level=Level.COMMUNITY).count(),
            url=reverse("places:list"),
        ),
        Figure(
            _("需求类型"),
            NeedType.objects.filter(retired_on__isnull=True).count(),
            url=reverse("taxonomy:list"),
        ),
    ]


def security_groups(today: date) -> list[Group]:
    """What SEC has to look at: people without a role, roles that end, lock-outs, second factors."""
    return [
        _locked_out(),
        _without_role(today),
        _ending(today),
        _administrators_without_second_factor(today),
    ]


def review_groups(scope: Scope, today: date) -> list[Group]:
    """双人复核: what waits for this administrator, and what is asked about any of the three."""
    pk = scope.user_pk or 0
    administrators = administrators_on(today)
    decide, do, others = [], [], []
    for review in open_reviews():
        waiting = review.status == ReviewStatus.WAITING
        if waiting and may_decide_review(pk, review, administrators):
            decide.append(_review_line(review, reverse("accounts:reviews")))
        elif may_carry_out(pk, review):
            do.append(_review_line(review, place_of(review)))
        else:
            others.append(_review_line(review, reverse("accounts:reviews")))
    return [
        Group(_("等您复核的管理员事项"), "shield-check", tuple(decide), total=len(decide)),
        Group(_("复核已同意，等您办理"), "shield-check", tuple(do), total=len(do)),
        Group(_("双人复核进展"), "shield-check", tuple(others), work=False),
    ]


def _review_line(review: DualReview, url: str) -> Task:
    return Task(
        f"{review.get_act_display()} · {review.user} {review.get_role_display()}".strip(),
        _("%(name)s 申请，%(day)s 前有效")
        % {"name": review.asked_by, "day": cn_time(review.expires_at)},
        url,
        "shield-check",
        review.get_status_display(),
        review.status,
    )


def _locked_out() -> Group:
    lines = AccessLine.objects.filter(
        verb="lock_out",
        subject=User._meta.label_lower,
        at__gte=timezone.now() - timedelta(hours=24),
    )
    listed = list(lines[:LISTED])
    users = User.objects.in_bulk([int(line.subject_pk) for line in listed])
    return Group(
        _("24 小时内的登录受限"),
        "lock",
        tuple(
            Task(
                str(users[int(line.subject_pk)]),
                _("来源地址 %(address)s · %(time)s")
                % {"address": line.address or "—", "time": cn_time(line.at)},
                reverse("accounts:user", args=[line.subject_pk]),
                "lock",
                _("登录受限"),
                "warning",
            )
            for line in listed
            if int(line.subject_pk) in users
        ),
        total=lines.count(),
    )


def _without_role(today: date) -> Group:
    held = memberships_on(today).filter(user=OuterRef("pk"))
    users = User.objects.filter(~Exists(held), is_active=True).order_by("-date_joined")
    return _user_group(_("尚未分配角色的账号"), "user-plus", users, _("分配角色"))


def _administrators_without_second_factor(today: date) -> Group:
    held = memberships_on(today).filter(user=OuterRef("pk"), role__in=sorted(ADMIN_ROLES))
    totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    users = User.objects.filter(Exists(held), ~Exists(totp), is_active=True).order_by("username")
    return _user_group(_("未启用第二因素的管理员"), "shield-lock", users, _("未启用"))


def _user_group(title: str, icon: str, users: QuerySet[User], label: str) -> Group:
    return Group(
        title,
        icon,
        tuple(
            Task(
                str(user),
                user.username,
                reverse("accounts:user", args=[user.pk]),
                icon,
                label,
                "warning",
            )
            for user in users[:LISTED]
        ),
        total=users.count(),
    )


def _ending(today: date) -> Group:
    ending = (
        Membership.objects.filter(until__gte=today, until__lte=today + timedelta(days=ENDING_DAYS))
        .select_related("user", "organization", "division")
        .order_by("until", "pk")
    )
    return Group(
        _("30 天内到期的任职"),
        "clock",
        tuple(
            Task(
                f"{held.user} · {held.get_role_display()}",
                str(held.organization or held.division or ""),
                reverse("organizations:members"),
                "clock",
                _("%(day)s 到期") % {"day": cn_date(held.until)},
                "warning",
            )
            for held in ending[:LISTED]
        ),
        total=ending.count(),
        url=reverse("organizations:members"),
    )


def audit_figures() -> list[Figure]:
    """What AUD looks through, of the last day."""
    since = timezone.now() - timedelta(hours=24)
    access = AccessLine.objects.filter(at__gte=since).aggregate(
        all=Count("pk"),
        exports=Count("pk", filter=Q(verb="export")),
        originals=Count("pk", filter=Q(verb="original")),
        lock_outs=Count("pk", filter=Q(verb="lock_out")),
    )
    changes, accesses = reverse("desk:changes"), reverse("desk:accesses")
    return [
        Figure(
            _("24 小时内的变更"), HistoryLine.objects.filter(at__gte=since).count(), url=changes
        ),
        Figure(_("24 小时内的访问"), access["all"], url=accesses),
        Figure(_("其中导出"), access["exports"], url=f"{accesses}?verb=export"),
        Figure(_("其中查看原文"), access["originals"], url=f"{accesses}?verb=original"),
        Figure(_("其中登录受限"), access["lock_outs"], url=f"{accesses}?verb=lock_out"),
    ]

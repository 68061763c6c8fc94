"""Interviews and the statements heard in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanshe.core.models import Dated


class Informant(models.TextChoices):
    """Who spoke. A category, never a name. The codes are those of `office.headings`."""

    COMMITTEE = "committee", _("社区两委")
    ELDERS = "elders", _("老人会")
    BUSINESS = "business", _("企业负责人")
    RESIDENT = "resident", _("普通居民")
    SANITATION = "sanitation", _("环卫工人")
    SECURITY = "security", _("保安/物业")
    GRID = "grid", _("网格员")
    SCHOOL = "school", _("学校/教师")
    MEDICAL = "medical", _("医护")
    POLICE = "police", _("民警")
    VOLUNTEER = "volunteer", _("志愿者")
    COMMUNITY_ORG = "community_org", _("社区社会组织")
    MIGRANT = "migrant", _("流动人口")
    LOW_INCOME = "low_income", _("低保/特困")
    DISABLED = "disabled", _("残疾人及家属")
    CHILD = "child", _("儿童青少年")
    OTHER = "other", _("其他")


class Method(models.TextChoices):
    VISIT = "VISIT", _("入户走访")
    INTV = "INTV", _("访谈")
    FG = "FG", _("焦点小组")
    SURV = "SURV", _("问卷")
    DOC = "DOC", _("现有资料")
    MAP = "MAP", _("社区漫步")
    DELIB = "DELIB", _("居民议事")
    REQ = "REQ", _("主动诉求")


class Interview(Dated):
    """One visit, conversation or questionnaire (访谈/走访) with one kind of informant."""

    study = models.ForeignKey(
        "needs.Study", verbose_name=_("调研"), on_delete=models.CASCADE, related_name="interviews"
    )
    source = models.ForeignKey(
        "needs.Import",
        verbose_name=_("导入批次"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="interviews",
    )
    informant = models.CharField(
        _("受访对象"), max_length=16, choices=Informant, default=Informant.OTHER
    )
    method = models.CharField(_("方式"), max_length=6, choices=Method, default=Method.INTV)
    held_on = models.DateField(_("日期"), null=True, blank=True)
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("记录人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    people = models.PositiveIntegerField(_("受访人数"), default=1)
    people_estimated = models.BooleanField(_("人数按行数估计"), default=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    token = models.CharField(_("录入标记"), max_length=36, blank=True, editable=False)

    class Meta:
        ordering = ["-held_on", "-pk"]
        verbose_name = _("访谈")
        constraints = [
            models.CheckConstraint(
                condition=Q(informant__in=Informant.values), name="interview_informant"
            ),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="interview_method"),
            models.CheckConstraint(condition=Q(people__gte=1), name="interview_people"),
            models.UniqueConstraint(
                fields=["study", "token"], condition=~Q(token=""), name="interview_saved_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_informant_display()} {self.held_on or ''}".strip()

    def get_absolute_url(self) -> str:
        return reverse("needs:interview", args=[self.pk])


class Statement(Dated):
    """One thing one person said, word for word, with personal data masked (诉求).

    Never edited: only the labels people gave it and the need it speaks for may change.
    """

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="statements")
    community = models.ForeignKey(
        "places.Division", verbose_name=_("社区（村）"), on_delete=models.PROTECT
    )
    ordinal = models.PositiveIntegerField(_("序号"), help_text=_("在本次调研中的流水号"))
    text = models.TextField(_("原话"))
    original = models.BinaryField(_("未遮盖原文（加密）"), null=True, editable=False)
    sheet = models.CharField(_("工作表"), max_length=80, blank=True)
    row = models.PositiveIntegerField(_("行号"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("录入人"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    token = models.CharField(_("录入标记"), max_length=36, blank=True, editable=False)
    label = models.ForeignKey(
        "taxonomy.NeedType",
        verbose_name=_("需求类型"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    checked = models.BooleanField(_("人工已核对"), default=False)
    dismissed = models.BooleanField(_("不含需求"), default=False)
    confidence = models.FloatField(_("置信度"), default=0.0)
    safety = models.BooleanField(_("人身安全"), default=False)
    #: A person has said so; no machine raises the flag again.
    cleared = models.BooleanField(_("人工确认没有人身安全问题"), default=False, editable=False)
    placed = models.BooleanField(_("由人归入需求"), default=False, editable=False)
    need = models.ForeignKey(
        "needs.Need",
        verbose_name=_("需求"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="statements",
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("诉求")
        indexes = [
            models.Index(fields=["checked", "confidence"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="statement_confidence"
            ),
            models.UniqueConstraint(
                fields=["interview", "token"], condition=~Q(token=""), name="statement_saved_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

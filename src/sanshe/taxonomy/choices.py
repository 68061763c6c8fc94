"""Code lists that needs and offers share. The codes are those of `office/data/codes.csv`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetGroup(models.TextChoices):
    """For whom (服务对象)."""

    OLDER = "older", _("老年人")
    CHILDREN = "children", _("儿童青少年")
    PRESCHOOL = "preschool", _("婴幼儿")
    WOMEN = "women", _("妇女")
    FAMILY = "family", _("家庭")
    DISABLED = "disabled", _("残疾人")
    MIGRANT = "migrant", _("外来务工人员")
    LOW_INCOME = "low_income", _("低保/特困")
    CARER = "carer", _("照顾者")
    PATIENT = "patient", _("患者")
    JOBSEEKER = "jobseeker", _("求职者")
    VETERAN = "veteran", _("退役军人")
    CORRECTION = "correction", _("社区矫正对象")
    DRUG = "drug", _("戒毒人员")
    WORKER = "worker", _("劳动者")
    VOLUNTEER = "volunteer", _("志愿者")
    ORG = "org", _("社会组织")


class SpokenLanguage(models.TextChoices):
    """What is spoken; ISO 639 codes where there is one, a name where a dialect has none."""

    ZH = "zh", _("普通话")
    NAN = "nan", _("闽南语")
    HAK = "hak", _("客家话")
    YUE = "yue", _("粤语")
    CDO = "cdo", _("福州话")
    CPX = "cpx", _("莆田话")
    WUU = "wuu", _("吴语")
    GAN = "gan", _("赣语")
    HSN = "hsn", _("湖南话")
    SICHUAN = "sichuan", _("四川话")
    GUIZHOU = "guizhou", _("贵州话")
    YUNNAN = "yunnan", _("云南话")
    HENAN = "henan", _("河南话")
    HUBEI = "hubei", _("湖北话")
    ANHUI = "anhui", _("安徽话")
    III = "iii", _("彝语")
    HMN = "hmn", _("苗语")
    UG = "ug", _("维吾尔语")
    BO = "bo", _("藏语")
    CSL = "csl", _("手语")
    EN = "en", _("英语")

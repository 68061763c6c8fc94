"""The unified social credit code (统一社会信用代码, GB 32100-2015): what is wrong with one."""

import unicodedata

from django.utils.translation import gettext as _
from stdnum.cn import uscc

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def clean_credit_code(said: str) -> str:
    """Half-width capitals without spaces and hyphens."""
    return "".join(unicodedata.normalize("NFKC", said).upper().replace("-", "").split())


def fault_of(code: str) -> str:
    """What is wrong with a cleaned code, in words; "" where nothing is."""
    if len(code) != 18:
        return _("统一社会信用代码应为 18 位，现在是 %(count)s 位") % {"count": len(code)}
    strange = next((letter for letter in code if letter not in _ALPHABET), None)
    if strange is not None:
        return _("统一社会信用代码里不会有“%(letter)s”（没有 I、O、S、V、Z），请核对") % {
            "letter": strange
        }
    if not code[2:8].isdigit():
        return _("第 3–8 位是登记机关的区划代码，应全为数字，现在是“%(part)s”") % {
            "part": code[2:8]
        }
    if uscc.calc_check_digit(code[:17]) != code[17]:
        return _("校验位不对：很可能有一位抄错了，请对照登记证书再核对一遍")
    return ""

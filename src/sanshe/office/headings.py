"""Which column is meant by a heading, in Chinese or English.

The accepted words live in `data/headings.csv` (table, field, label, synonyms; `=table.field` takes
another list over). A heading is compared as a whole after folding (full-width, brackets, spaces,
（必填）, numbers before it). Only the statement column is also known by its last word, since
offices invent those freely: 居民反映的主要诉求 and 存在的困难和问题 are statements, but 处理意见,
领导批示, 诉求类别 and 反映人电话 are not. A field with a 2 behind it holds weaker words for it.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sanshe.office.codes import fold

_FILE = Path(__file__).resolve().parent / "data" / "headings.csv"
_REMARK = re.compile(
    r"[(（\[【][^()（）\[\]【】]*(?:必填|选填|可选|请|如|例|格式|填写|不限|字以内|单选|多选|"
    r"required|optional)[^()（）\[\]【】]*[)）\]】]"
)
_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_NUMBERING = re.compile(r"^(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})\s*[、.．:：)）]\s*(?=\D)")
_TEXT_END = re.compile(
    r"(内容|诉求|需求|问题|意见|建议|困难|原话|心愿|愿望|心声|描述|记录|情况|事项|陈述|发言)(说明|详情)?$"
)
_TEXT_START = re.compile(
    r"(反映|诉求|需求|问题|意见|建议|困难|原话|心愿|访谈|走访|谈话|居民|群众|受访|村民)"
)
_DENIED = re.compile(
    r"(诉求|需求|问题|事项|处理|办理|回复)(情况|信息)?(类别|类型|分类|级别|时间|日期)$"
)
_NOT_TEXT = re.compile(
    r"(处理|办理|处置|回复|答复|解决|领导|批示|审核|审批|跟进|落实|反馈|整改|回访|备注|初步|服务提供|"
    r"类别|类型|分类|编号|电话|姓名|时间|日期|级别|等级|数量|次数|满意|签|基本|家庭成员|对策|措施|社工)"
)


@dataclass(frozen=True)
class Wanted:
    """What one kind of table may hold: words to field and rank, and a label for each field."""

    words: Mapping[str, tuple[str, int]]
    labels: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]

    def field(self, heading: object) -> tuple[str, int] | None:
        """The field a heading means and how well (0 best); None if it means none."""
        if not isinstance(heading, str) or len(heading) > 60:
            return None
        folded = fold_heading(heading)
        if found := self.words.get(folded) or self.words.get(
            fold_heading(_BRACKETS.sub("", heading))
        ):
            return found
        if "text" in self.labels and len(folded) <= 24 and _sounds_like_text(folded):
            return ("text", 2)
        return None

    def denies(self, heading: str) -> bool:
        """Words that join upper and lower heading into something else (诉求 + 类别)."""
        return "text" in self.labels and _DENIED.search(fold_heading(heading)) is not None

    def accepted(self, field: str) -> str:
        """A few words that would have been accepted for `field`."""
        return "、".join(self.synonyms[field])


def fold_heading(heading: str) -> str:
    """A heading as it is compared: without remarks, numbers before it, spaces and brackets."""
    plain = _REMARK.sub("", unicodedata.normalize("NFKC", heading))
    return fold(_NUMBERING.sub("", plain.strip()))


def _sounds_like_text(folded: str) -> bool:
    return bool(
        _TEXT_END.search(folded) and _TEXT_START.search(folded) and not _NOT_TEXT.search(folded)
    )


def _load() -> dict[str, Wanted]:
    lists: dict[tuple[str, str], list[str]] = {}
    labels: dict[str, dict[str, str]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table, field = row["table"], row["field"]
            words: list[str] = []
            for word in row["synonyms"].split("|"):
                if word.startswith("="):
                    other, _, its_field = word[1:].partition(".")
                    words += lists[(other, its_field)]
                else:
                    words.append(word)
            lists[(table, field)] = words
            labels.setdefault(table, {})[field] = row["label"]
    return {table: _build(table, fields, lists) for table, fields in labels.items()}


def _build(
    table: str, fields: Mapping[str, str], lists: Mapping[tuple[str, str], list[str]]
) -> Wanted:
    words: dict[str, tuple[str, int]] = {}
    for field, label in fields.items():
        rank = 1 if field.endswith("2") else 0
        for word in (label, *lists[(table, field)]):
            words.setdefault(fold_heading(word), (field.rstrip("2"), rank))
    shown = {
        field.rstrip("2"): tuple(dict.fromkeys((label, *lists[(table, field)][:1])))
        for field, label in fields.items()
    }
    if "text" in shown:
        shown["text"] = ("反映内容", "诉求内容", "诉求", "意见建议", "原话", "text")
    return Wanted(words, {f: v for f, v in fields.items() if not f.endswith("2")}, shown)


WANTED = _load()

"""The sentences about single rows in English.

Readers write them in Chinese, the language of the office whose table it is, and they are kept
with an import; whoever works in English reads them through `in_english`. A sentence that a reader
gains is written here too (a test reads the readers' sources).
"""

import re
from functools import lru_cache

#: Chinese sentence → English; a name in braces stands for what the table said.
SENTENCES: dict[str, str] = {
    "“{said}”应是不小于 {least} 的整数": "“{said}” must be a whole number, {least} or more",
    "“{said}”太大，最多 {most}": "“{said}” is too large; {most} at the most",
    "“{said}”不是数字": "“{said}” is not a number",
    "“{said}”不是已知的需求类型或代码": "“{said}” is no known type of need or code",
    "“{said}”不是已知的{what}，可用：{known}…": "“{said}” is no known {what}; known are {known}…",
    "没有写需求类型": "The type of need is missing",
    "没有写社区": "The community is missing",
    "“{said}…”不是社区，请写 12 位代码或全称": (
        "“{said}…” is no community; write its 12-digit code or full name"
    ),
    "“{said}”可能是{names}，请写明一个": "“{said}” may be {names}; name exactly one",
    "“{said}”可能是{names}": "“{said}” may be {names}",
    "社区代码 {code} 不在本地区划表中，按原样使用": (
        "The community code {code} is not among the local divisions; used as it is"
    ),
    "代码 {code} 不在本地区划表中，按原样使用": (
        "The code {code} is not among the local divisions; used as it is"
    ),
    "找不到社区“{said}”，是否指{near}；请写 12 位代码或全称": (
        "There is no community “{said}”; is it {near}? Write the 12-digit code or full name"
    ),
    "找不到社区“{said}”；请写 12 位代码或全称": (
        "There is no community “{said}”; write the 12-digit code or full name"
    ),
    "找不到“{said}”，请写代码或全称": "“{said}” was not found; write the code or full name",
    "不是日期": "This is not a date",
    "“{said}”不是日期": "“{said}” is not a date",
    "“{said}”不是日期，请写成 2026-03-01": "“{said}” is not a date; write it as 2026-03-01",
    "“{said}”不是有效日期，请写成 2026-03-01": (
        "“{said}” is not a valid date; write it as 2026-03-01"
    ),
    "“{said}”不是有效日期，没有这一天": "“{said}” is not a valid date; there is no such day",
    "“{said}”不是一个日期，请只写一天": "“{said}” is not one date; write a single day",
    "“{said}”是农历，请写公历日期": "“{said}” is of the lunar calendar; write the calendar date",
    "“{said}”可能是 {one} 或 {other}，请写成 2026-03-01": (
        "“{said}” may be {one} or {other}; write it as 2026-03-01"
    ),
    "“{said}”可读作{read}，请写成 2026-03-01 的样式": (
        "“{said}” can be read as {read}; write it like 2026-03-01"
    ),
    "“{said}”没有年份，请写全日期或用 --year 指明年份": (
        "“{said}” has no year; write the whole date, or name the year with --year"
    ),
    "结束日期 {end} 早于开始日期 {start}": "The last day {end} lies before the first, {start}",
    "没有社区列，按工作表名或表头记为 {code}": (
        "There is no community column; by sheet name or heading it is {code}"
    ),
    "“{said}”应在 0 到 1 之间": "“{said}” must lie between 0 and 1",
    "编号“{said}”与第 {before} 行重复": "The number “{said}” repeats that of row {before}",
    "“{said}”不在服务形式中，按“其他”记录": (
        "“{said}” is no known kind of offer; recorded as “other”"
    ),
    "“{said}”应写“是”或“否”": "“{said}” must be 是 (yes) or 否 (no)",
    "“{said}”应是不小于 0 的金额，最多两位小数": (
        "“{said}” must be an amount of 0 or more with at most two decimals"
    ),
    "没有容量列，每条资源按 1 计": "There is no capacity column; each offer counts 1",
    "单价列没有写明单位，按元计": "The price column names no unit; read as yuan",
    "没有写容量，应是不小于 0 的整数": (
        "The capacity is missing; it must be a whole number, 0 or more"
    ),
    "按“{used}”列读取，这些列没有导入：{words}": (
        "Read from the column “{used}”; these columns were not imported: {words}"
    ),
    "第 {row} 行是分段标题，没有作为数据导入：{words}": (
        "Row {row} is a section heading and was not imported as data: {words}"
    ),
    "这一行比标题多出内容，可能有逗号没有加引号": (
        "This row has more cells than the heading; a comma may lack its quotation marks"
    ),
    "有一列没有标题，没有导入": "A column without a heading was not imported",
    "隐藏的工作表没有导入，如需导入请先取消隐藏": (
        "A hidden sheet was not imported; unhide it first if it should be"
    ),
    "没有所需的列，按说明页处理，没有导入": (
        "The needed columns are missing; taken for an instruction page, not imported"
    ),
    "没有所需的列，没有导入": "The needed columns are missing; not imported",
    "“{said}”不在受访对象类别中，按“{kind}”记录": (
        "“{said}” is no known kind of informant; recorded as “{kind}”"
    ),
    "与工作表“{sheet}”第 {row} 行完全相同": "Exactly the same as row {row} of the sheet “{sheet}”",
    "与第 {row} 行完全相同": "Exactly the same as row {row}",
    "“{said}”不是一条诉求": "“{said}” is not a statement",
    "诉求有 {size} 字，超过 {most} 字，请拆成几条": (
        "The statement has {size} characters, more than {most}; split it"
    ),
    "这一行没有写内容": "This row has no text",
    "没有写类别": "The label is missing",
    "{count} 个编号重复，如 {shown}": "{count} numbers are repeated, for instance {shown}",
    "这一行有其他内容，但没有写诉求": "This row has other content but no statement",
}
#: What a code list is called.
_LISTS = {"服务对象": "target group", "语言": "language", "收集方式": "method"}
_NAME = re.compile(r"\\\{(\w+)\\\}")


def in_english(sentence: str) -> str:
    """A sentence of a reader in English; one that is unknown comes back as it is."""
    for pattern, english in _patterns():
        if found := pattern.fullmatch(sentence):
            return english.format(**{name: _word(said) for name, said in found.groupdict().items()})
    return sentence


def _word(said: str) -> str:
    """What stands in a brace: the office's own words stay, only the glue is put into English."""
    said = _LISTS.get(said, said).replace("、", ", ")
    return re.sub(r"(?<=[日\d])或(?=\d)", " or ", said)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    # The most fixed words first, so that an open brace does not swallow a longer sentence.
    ordered = sorted(SENTENCES, key=lambda said: -len(re.sub(r"\{\w+\}", "", said)))
    return tuple(
        (re.compile(_NAME.sub(r"(?P<\1>.+?)", re.escape(said)), re.DOTALL), SENTENCES[said])
        for said in ordered
    )

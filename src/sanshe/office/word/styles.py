"""The styles our elements name, and the fonts with their substitutes."""

#: font → (substitutes in order, family). Where none is there, Word takes one of the family.
FONTS: dict[str, tuple[tuple[str, ...], str]] = {
    "方正小标宋简体": (("方正小标宋_GBK", "小标宋体", "Noto Serif CJK SC", "宋体"), "roman"),
    "仿宋": (("仿宋_GB2312", "FangSong", "STFangsong", "Noto Serif CJK SC"), "roman"),
    "楷体": (("楷体_GB2312", "KaiTi", "STKaiti", "Noto Serif CJK SC"), "roman"),
    "黑体": (("SimHei", "STHeiti", "Noto Sans CJK SC"), "swiss"),
    "宋体": (("SimSun", "STSong", "Noto Serif CJK SC"), "roman"),
    "Times New Roman": (("Liberation Serif", "Tinos"), "roman"),
}

#: A line of the page grid: 225 mm / 22, in twentieths of a point.
_LINE = '<w:spacing w:line="579" w:lineRule="exact"/>'


def _paragraph(
    ident: str, name: str, layout: str, font: str = "仿宋", size: int = 32, more: str = ""
) -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{ident}">'
        f'<w:name w:val="{name}"/><w:qFormat/><w:pPr>{layout}</w:pPr><w:rPr>'
        f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font}" '
        f'w:cs="Times New Roman"/>{more}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        "</w:rPr></w:style>"
    )


#: 28 characters of 16 pt in 156 mm: a quarter of a point less each (Word's and LibreOffice's
#: character grids disagree, so the styles say it themselves).
_TIGHT = '<w:spacing w:val="-5"/>'
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_BOTH = '<w:jc w:val="both"/>'
_CELL = '<w:widowControl/><w:snapToGrid w:val="0"/><w:spacing w:line="270" w:lineRule="exact"/>'
STYLES: tuple[str, ...] = (
    _paragraph("SansheBody", "三社正文", f"{_LINE}{_INDENT}{_BOTH}", more=_TIGHT),
    _paragraph("SansheList", "三社条目", f"{_LINE}{_INDENT}{_BOTH}", more=_TIGHT),
    _paragraph(
        "SansheHeading1",
        "三社标题1",
        '<w:keepNext/><w:keepLines/><w:spacing w:before="290" w:line="579" w:lineRule="exact"/>'
        f'{_INDENT}<w:outlineLvl w:val="0"/>',
        "黑体",
    ),
    _paragraph(
        "SansheHeading2",
        "三社标题2",
        f'<w:keepNext/><w:keepLines/>{_LINE}{_INDENT}<w:outlineLvl w:val="1"/>',
        "楷体",
    ),
    _paragraph(
        "SansheCaption",
        "三社表题",
        '<w:keepNext/><w:snapToGrid w:val="0"/>'
        '<w:spacing w:before="100" w:after="40" w:line="320" w:lineRule="exact"/>'
        '<w:jc w:val="center"/>',
        "黑体",
        24,
    ),
    _paragraph("SansheCell", "三社表格文字", _CELL, size=21),
    _paragraph(
        "SansheCellSmall",
        "三社表格小字",
        '<w:widowControl/><w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="exact"/>',
        size=18,
    ),
    _paragraph("SansheCellHead", "三社表头", f'{_CELL}<w:jc w:val="center"/>', "黑体", 21),
    _paragraph(
        "SansheAfterTable",
        "三社表后",
        '<w:snapToGrid w:val="0"/><w:spacing w:line="200" w:lineRule="exact"/>',
        size=10,
    ),
    _paragraph(
        "SansheNote",
        "三社脚注",
        '<w:snapToGrid w:val="0"/><w:spacing w:line="260" w:lineRule="exact"/>'
        '<w:ind w:left="240" w:hanging="240"/><w:jc w:val="both"/>',
        size=18,
    ),
    '<w:style w:type="character" w:customStyle="1" w:styleId="SansheNoteMark">'
    '<w:name w:val="三社脚注号"/><w:qFormat/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    "</w:style>",
    _paragraph(
        "SansheTitle",
        "三社项目名称",
        '<w:snapToGrid w:val="0"/><w:spacing w:before="600" w:after="1600" w:line="720" '
        'w:lineRule="exact"/><w:jc w:val="center"/>',
        "方正小标宋简体",
        44,
    ),
    _paragraph(
        "SansheCoverKind",
        "三社封面文种",
        '<w:snapToGrid w:val="0"/><w:spacing w:before="2000" w:after="0" w:line="600" '
        'w:lineRule="exact"/><w:jc w:val="center"/>',
        "黑体",
        32,
        '<w:spacing w:val="60"/>',
    ),
    _paragraph(
        "SansheCoverLabel",
        "三社封面项目",
        '<w:snapToGrid w:val="0"/><w:spacing w:before="160" w:line="440" w:lineRule="exact"/>'
        '<w:jc w:val="distribute"/>',
        "黑体",
        30,
    ),
    _paragraph(
        "SansheCoverFact",
        "三社封面内容",
        '<w:snapToGrid w:val="0"/><w:spacing w:before="160" w:line="440" w:lineRule="exact"/>'
        '<w:ind w:left="160"/>',
        "仿宋",
        30,
    ),
    _paragraph(
        "SansheCoverDate",
        "三社封面日期",
        '<w:snapToGrid w:val="0"/><w:spacing w:before="1800" w:line="579" w:lineRule="exact"/>'
        '<w:jc w:val="center"/>',
        "楷体",
        32,
    ),
    _paragraph("SanshePage", "三社页码", '<w:snapToGrid w:val="0"/>', "宋体", 28),
    '<w:style w:type="table" w:customStyle="1" w:styleId="SansheTable"><w:name w:val="三社表格"/>'
    "<w:tblPr><w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{color}"/>'
        for side, size, color in (
            ("top", 12, "000000"),
            ("left", 4, "7F7F7F"),
            ("bottom", 12, "000000"),
            ("right", 4, "7F7F7F"),
            ("insideH", 4, "7F7F7F"),
            ("insideV", 4, "7F7F7F"),
        )
    )
    + '</w:tblBorders><w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
    '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    "</w:style>",
)

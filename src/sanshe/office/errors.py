"""The one way a file is refused, and every sentence that says so.

OfficeError
└── (no children: `code` says which refusal it is)
"""


class OfficeError(Exception):
    """A file is refused whole; the message says what, where and what to do.

    Attributes:
        code: a stable English word for programs, for example `too_large` or `password`.
        message: one Chinese sentence, fit to show.
        message_en: the same in English.
    """

    def __init__(self, code: str, message: str, message_en: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.message_en = message_en

    def __str__(self) -> str:
        return self.message


REFUSALS: dict[str, tuple[str, str]] = {
    "missing": ("找不到文件“{name}”，请检查路径。", "“{name}” does not exist; check the path."),
    "not_a_file": (
        "“{name}”不是普通文件，请给出一个表格文件。",
        "“{name}” is not a regular file; give one table file.",
    ),
    "no_permission": (
        "没有权限读取“{name}”，请检查文件权限。",
        "No permission to read “{name}”; check its permissions.",
    ),
    "unreadable": (
        "“{name}”读不出来（{detail}），请重新保存一份。",
        "“{name}” cannot be read ({detail}); save a fresh copy.",
    ),
    "empty": (
        "“{name}”是空的，请换一个有内容的文件。",
        "“{name}” is empty; give one with content.",
    ),
    "too_big": (
        "“{name}”有{detail}，超过上限，请拆成几个文件。",
        "“{name}” is over the limit ({detail}); split it into several files.",
    ),
    "bomb": (
        "“{name}”解压后过大（{detail}），可能是压缩炸弹，没有打开；请用表格软件另存后再试。",
        "“{name}” unpacks to far too much ({detail}), perhaps a zip bomb, and was not opened; "
        "save it again from a spreadsheet program.",
    ),
    "entities": (
        "“{name}”里含有外部实体定义（{detail}），为安全起见没有打开；请用表格软件另存为 .xlsx。",
        "“{name}” declares XML entities ({detail}) and was not opened for safety; "
        "save it as .xlsx from a spreadsheet program.",
    ),
    "password": (
        "“{name}”设有打开密码，请去掉密码后另存再导入。",
        "“{name}” is protected by a password; save it without one.",
    ),
    "damaged": (
        "“{name}”已损坏或不完整（{detail}），请用表格软件打开检查并另存一份。",
        "“{name}” is damaged or cut short ({detail}); open it in a spreadsheet program "
        "and save a fresh copy.",
    ),
    "wrong_kind": (
        "“{name}”实际是{detail}，不是表格，请另存为 .xlsx、.csv 或 .docx 表格。",
        "“{name}” is really {detail}, not a table; save it as .xlsx, .csv or a .docx table.",
    ),
    "encoding": (
        "“{name}”第 {detail} 行的文字编码有误，请用记事本或表格软件另存为 UTF-8。",
        "“{name}” has broken character encoding in line {detail}; save it as UTF-8.",
    ),
    "quotes": (
        "“{name}”第 {detail} 行的引号没有配对，请检查这一行的双引号。",
        "“{name}” has an unclosed quotation mark in line {detail}; check its double quotes.",
    ),
    "no_table": (
        "“{name}”里没有表格，请放入一张带标题行的表。",
        "“{name}” contains no table; put in one with a heading row.",
    ),
    "too_slow": (
        "读取“{name}”用时过长，已停止；文件可能损坏或过大，请另存或拆分后再试。",
        "Reading “{name}” took too long and was stopped; save it again or split it.",
    ),
    "too_hungry": (
        "读取“{name}”所需内存过大，已停止；文件可能损坏或含大量空白格式，请把数据复制到新表再试。",
        "Reading “{name}” needed too much memory and was stopped; copy the data to a new file.",
    ),
    "crashed": (
        "“{name}”无法解析，读取程序已安全退出；文件可能损坏，请用表格软件另存一份。",
        "“{name}” could not be parsed, the reader stopped safely; save a fresh copy.",
    ),
    "no_column": (
        "“{name}”里找不到“{wanted}”列；找到的标题有：{found}；可用的标题如：{accepted}。",
        "“{name}” has no column for “{wanted}”; headings found: {found}; accepted: {accepted}.",
    ),
    "no_rows": (
        "“{name}”只有标题，没有数据行，请填写后再导入。",
        "“{name}” has headings but no rows of data.",
    ),
    "bad_mapping": (
        "指定的列“{detail}”在“{name}”中不存在；找到的标题有：{found}。",
        "The column “{detail}” is not in “{name}”; headings found: {found}.",
    ),
    "bad_community": (
        "指定的社区“{detail}”无法识别，请写 12 位代码或全称。",
        "The community “{detail}” is not known; give its 12-digit code or full name.",
    ),
    "cannot_write": (
        "无法写入“{name}”（{detail}），请检查文件夹和权限，或关闭正在打开它的程序。",
        "Cannot write “{name}” ({detail}); check the folder and permissions.",
    ),
}


def refusal(
    code: str, name: str, *, detail: str = "", detail_en: str = "", **words: str
) -> OfficeError:
    """The refusal `code` of the file `name`, as one sentence in two languages."""
    chinese, english = REFUSALS[code]
    return OfficeError(
        code,
        chinese.format(name=name, detail=detail, **words),
        english.format(name=name, detail=(detail_en or detail).strip(), **words),
    )

"""What is said about documents: why one is not read, and what of it was read in a way that a person should know."""

from perfdsl.diagnostics import ERROR, INFO, WARNING, Kind


class Unreadable(Exception):
    """The document cannot or must not be read; ``kind`` says why, ``facts`` fill its words."""

    def __init__(self, kind: Kind, /, **facts: object) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.facts = facts


# ---- not read

NO_LIBRARY = Kind(
    "I100", ERROR, "{name}：读这种文件要先安装：pip install \"perfdsl[{extra}]\"",
    "{name}: reading this file needs: pip install \"perfdsl[{extra}]\"",
    "或者另存为 .docx、.csv、.txt，这几种不用另装", "or save it as .docx, .csv or .txt, which need nothing more",
)  # fmt: skip
EMPTY = Kind(
    "I101", ERROR, "{name}：里面没有文字", "{name}: there is no text in it",
    "看看是不是选错了文件", "is it the right file?",
)  # fmt: skip
UNKNOWN = Kind(
    "I102", ERROR, "{name}：认不出是什么文件", "{name}: the sort of file is not known",
    "能读的有 .xlsx、.xls、.docx、.pdf、.html、.csv、.tsv、.txt", "readable: .xlsx .xls .docx .pdf .html .csv .tsv .txt",
)  # fmt: skip
WRONG_SUFFIX = Kind(
    "I103", WARNING, "{name}：后缀是 {suffix}，内容却是{kind}，按内容读", "{name}: the suffix is {suffix}, the content is {kind_en}; read as that",
    "核对是不是原文件", "check that it is the original",
)  # fmt: skip
OLD_KIND = Kind(
    "I104", ERROR, "{name}：是{kind}，这种文件不能读", "{name}: {kind_en} cannot be read",
    "{zh}", "{en}",
)  # fmt: skip
PASSWORD = Kind(
    "I105", ERROR, "{name}：文件加了密码", "{name}: the file is protected by a password", "去掉密码再用", "remove the password",
)  # fmt: skip
DAMAGED = Kind(
    "I106", ERROR, "{name}：文件已损坏或不完整，读不了（{detail}）", "{name}: the file is damaged or cut off ({detail})",
    "重新取一份，或用原来的软件打开后另存", "get it again, or open it in its program and save it anew",
)  # fmt: skip
TOO_BIG = Kind(
    "I107", ERROR, "{name}：太大（{detail}），限度是{limit}", "{name}: too large ({detail}); the limit is {limit}",
    "只留下要用的部分；电子表格最末的单元格里多半有一个误填的空格", "keep only the part in use; a workbook often has a stray cell far out",
)  # fmt: skip
BOMB = Kind(
    "I108", ERROR, "{name}：像压缩炸弹（{detail}），没有展开", "{name}: looks like a compression bomb ({detail}); not unpacked",
    "不是可靠来源的文件不要用；是自己的就另存一份", "do not use it unless you trust it; then save it anew",
)  # fmt: skip
ENTITIES = Kind(
    "I109", ERROR, "{name}：{part} 里有实体声明（DOCTYPE），正常的文件没有，不读", "{name}: {part} declares entities (DOCTYPE); not read",
    "不是可靠来源的文件不要用；是自己的就另存一份", "do not use it unless you trust it; then save it anew",
)  # fmt: skip
STOPPED = Kind(
    "I110", ERROR, "{name}：{seconds}秒、{megabytes} MB 内读不完，停下了", "{name}: not read within {seconds} s and {megabytes} MB; stopped",
    "拆成几份，或另存为 .docx、.xlsx", "split it, or save it as .docx or .xlsx",
)  # fmt: skip
SCANNED = Kind(
    "I111", ERROR, "{name}：{pages}页都没有文字，多半是扫描件", "{name}: none of its {pages} page(s) has text; probably a scan",
    "先用文字识别软件转成文字，或要电子版", "run text recognition on it, or ask for the electronic file",
)  # fmt: skip

# ---- read, but a person should know

STRANGE_NAMES = Kind(
    "I112", WARNING, "{name}：压缩包里有指到外面的文件名（{part}），没有理会", "{name}: a name in the package leads outside it ({part}); ignored",
    "核对文件的来源", "check where the file comes from",
)  # fmt: skip
MACROS = Kind(
    "I113", INFO, "{name}：里面的宏没有理会，只读了值", "{name}: its macros are ignored; only values are read"
)
LINKS = Kind(
    "I114", INFO, "{name}：链接到外部的内容（{count}处）没有去取，读的是文件里存着的", "{name}: {count} external link(s) are not followed; what is stored in the file is read",
)  # fmt: skip
HIDDEN_SHEETS = Kind(
    "I115", INFO, "{name}：隐藏的工作表也读了：{sheets}", "{name}: hidden sheets are read too: {sheets}",
)  # fmt: skip
HIDDEN_CELLS = Kind(
    "I116", INFO, "{sheet}有{rows}个隐藏行、{columns}个隐藏列，照样读入", "{sheet} has {rows} hidden row(s) and {columns} hidden column(s); they are read",
)  # fmt: skip
ERROR_CELLS = Kind(
    "I117", WARNING, "{sheet}第{row}行{column}列是错误值 {error}，全表共{count}个", "{sheet} row {row}, column {column}: the error {error}, {count} in all",
    "在原表里改好公式，或直接填数", "mend the formula, or type the number",
)  # fmt: skip
UNSOLVED = Kind(
    "I118", WARNING, "{sheet}第{row}行{column}列是没有算过的公式，全表共{count}个，读不到值", "{sheet} row {row}, column {column}: a formula without a result, {count} in all",
    "用 Excel 或 WPS 打开，保存一次", "open it in a spreadsheet program and save it once",
)  # fmt: skip
ROUNDED = Kind(
    "I119", INFO, "{sheet}第{row}行{column}列显示“{text}”，实际存的是 {value}；按显示的读，全表共{count}处",
    "{sheet} row {row}, column {column} shows “{text}” and holds {value}; what it shows is read, {count} in all",
)  # fmt: skip
TRACKED = Kind(
    "I120", WARNING, "{name}：有修订{count}处；插入的读了，删除的没有读", "{name}: {count} tracked change(s); insertions are read, deletions are not",
    "在 Word 里接受或拒绝全部修订后再用，最稳妥", "accept or reject all changes to be sure",
)  # fmt: skip
HIDDEN_TEXT = Kind(
    "I121", INFO, "{name}：有{count}处隐藏文字，没有读", "{name}: {count} piece(s) of hidden text are not read",
)  # fmt: skip
PICTURES = Kind(
    "I122", INFO, "{name}：有图片、图表或嵌入的对象{count}个，里面的字读不到", "{name}: {count} picture(s), chart(s) or embedded object(s) are not read",
)  # fmt: skip
NO_TEXT_PAGE = Kind(
    "I123", WARNING, "{name}：第{pages}页只有图片，没有文字", "{name}: page(s) {pages} are pictures without text",
    "这几页用文字识别软件转成文字，或人工补录", "run text recognition on them, or type them in",
)  # fmt: skip
CONTINUED = Kind(
    "I124", INFO, "{name}：第{page}页的表接着第{before}页的表，{rows}行表头重复", "{name}: the table on page {page} continues that of page {before}; {rows} header row(s) repeat",
)  # fmt: skip
SPLIT_ROW = Kind(
    "I125", WARNING, "{name}：第{page}页表里第{row}行“{text}”，可能是上一页末行没有写完的部分", "{name}: page {page}, row {row} “{text}” may belong to the last row of the page before",
    "对照原件核对这一行", "compare the row with the original",
)  # fmt: skip
BAD_SPAN = Kind(
    "I126", WARNING, "{name}：{table}第{row}行{column}列的合并范围不合理，按放得下的读", "{name}: {table} row {row}, column {column}: an impossible span; read as far as it fits",
    "对照原件核对这张表", "compare the table with the original",
)  # fmt: skip
DEEP = Kind(
    "I127", WARNING, "{name}：内容套了{depth}层以上，再里面的没有读", "{name}: nested deeper than {depth}; what lies deeper is not read",
    "核对文件的来源，或另存一份", "check where the file comes from, or save it anew",
)  # fmt: skip
RADICALS = Kind(
    "I128", INFO, "{name}：有{count}个部首字符（如“{sample}”），已换成普通汉字", "{name}: {count} radical(s) such as “{sample}” are read as ordinary characters",
)  # fmt: skip
OPEN_QUOTE = Kind(
    "I129", WARNING, "{name}：从第{row}行起的引号没有收尾，当作普通字符读", "{name}: the quote in line {row} is never closed; read as an ordinary character",
    "补上右引号，或删去多余的引号", "close the quote, or delete it",
)  # fmt: skip
GARBLED = Kind(
    "I130", WARNING, "{name}：第{page}页有{count}个字没有编码，读成了�", "{name}: page {page}: {count} character(s) without a code were read as �",
    "对照原件核对，或要 Word、Excel 原件", "compare with the original, or ask for the Word or Excel file",
)  # fmt: skip

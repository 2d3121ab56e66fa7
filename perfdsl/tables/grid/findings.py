"""What can be wrong with a table of cells, whatever file it came from."""

from perfdsl.diagnostics import ERROR, INFO, WARNING, Kind

EMPTY = Kind(
    "D201", ERROR, "{name}：文件是空的", "{name}: the file is empty",
    "至少要有表头（指标、实际值）和一行数据", "it needs a header (指标, 实际值) and one row",
)  # fmt: skip
NO_HEADER = Kind(
    "D202", ERROR, "{where}：找不到表头", "{where}: there is no header",
    "加一行表头：指标,实际值；或者每列一个指标，表头写指标名称",
    "add a header 指标,实际值; or give every indicator its own column, named in the header",
)  # fmt: skip
NO_VALUE_COLUMN = Kind(
    "D203", ERROR, "{sheet}第{row}行：表头没有“实际值”一列", "{sheet}row {row}: the header has no column 实际值",
    "加一列“实际值”（也可叫 完成值、实际完成值、actual）", "add a column 实际值 (or 完成值, actual)",
)  # fmt: skip
NO_NAME_COLUMN = Kind(
    "D204", ERROR, "{sheet}第{row}行：表头没有“指标”一列", "{sheet}row {row}: the header has no column 指标",
    "加一列“指标”（也可叫 指标名称、三级指标、indicator）", "add a column 指标 (or 指标名称, indicator)",
)  # fmt: skip
TWICE_HEADER = Kind(
    "D205", ERROR, "{sheet}第{row}行{column}列：表头“{second}”与“{first}”是同一栏", "{sheet}row {row}, column {column}: the header “{second}” means the same as “{first}”",
    "只留一列，或给另一列换个名称", "keep one of them, or rename the other",
)  # fmt: skip
UNKNOWN_COLUMNS = Kind(
    "D206", INFO, "这些列不用于评分，原样保留：{columns}", "these columns are not used for scoring and are kept: {columns}",
)  # fmt: skip
UNKNOWN_COLUMN_NEAR = Kind(
    "D207", WARNING, "没有叫“{column}”的指标，这一列没有用上", "there is no indicator “{column}”; its column is not used",
    "是不是“{near}”？", "did you mean “{near}”?",
)  # fmt: skip
SKIPPED_ABOVE = Kind(
    "D208", INFO, "表头在{sheet}第{row}行，它上面的{count}行当作标题跳过：{text}",
    "the header is at {sheet}row {row}; {count} line(s) above it were skipped as a title: {text}",
)  # fmt: skip
TOO_MANY_CELLS = Kind(
    "D209", ERROR, "{sheet}第{row}行：有{count}格，表头只有{width}格，多出“{text}”",
    "{sheet}row {row}: {count} cells, the header has {width}; “{text}” is too much",
    "多半是数字（1,125.16）或名称里的逗号没有加引号：写成 \"1,125.16\" 或 1125.16",
    "most likely a comma inside a number or a name: put the cell in quotes, or write 1125.16",
)  # fmt: skip
CUT_SHORT = Kind(
    "D210", WARNING, "{sheet}第{row}行：这一行在“{header}”之前就断了，按没有填写算", "{sheet}row {row}: the row ends before “{header}”; taken as not given",
    "补上这一格", "fill in the cell",
)  # fmt: skip
UNSOLVED_CELL = Kind(
    "D221", ERROR, "{sheet}第{row}行{column}列（{header}）：公式没有算出结果", "{sheet}row {row}, column {column} ({header}): the formula has no result in the file",
    "用 Excel、WPS 或 LibreOffice 打开，算好再保存；或直接填数", "open the file in a spreadsheet program, let it calculate and save; or type the number",
)  # fmt: skip
NO_DIGEST = Kind(
    "D222", WARNING, "{name}：像是填报表，却没有“规则指纹：”，期间和规则无法核对，按普通的表读",
    "{name}: looks like a sheet to fill, but “规则指纹：” is gone; period and rules cannot be checked, and it was read as any other table",
    "把表头上面那一行（对象、期间、规则指纹）补回来，或换一张表重填", "put back the line above the headings, or fill in another sheet",
)  # fmt: skip
ERROR_CELL = Kind(
    "D211", ERROR, "{sheet}第{row}行{column}列（{header}）：单元格是错误值 {text}", "{sheet}row {row}, column {column} ({header}): the cell holds the error {text}",
    "改正公式，或直接填数", "repair the formula or type the number",
)  # fmt: skip
NO_NAME = Kind(
    "D212", ERROR, "{sheet}第{row}行：填了“{text}”，却没有指标名称", "{sheet}row {row}: “{text}” is given but no indicator is named",
    "补上指标名称", "name the indicator",
)  # fmt: skip
SKIPPED_LINE = Kind(
    "D213", INFO, "{sheet}第{row}行：没有指标和实际值，跳过：{text}", "{sheet}row {row}: names no indicator and no value, skipped: {text}",
)  # fmt: skip
NO_OBJECT = Kind(
    "D214", ERROR, "{sheet}第{row}行：没有写对象", "{sheet}row {row}: the object is not named", "补上对象（项目、单位）的名称", "name the object",
)  # fmt: skip
NO_ROWS = Kind(
    "D215", WARNING, "{where}：只有表头，没有数据", "{where}: there is a header but no data",
    "每个指标填一行", "fill in one row for every indicator",
)  # fmt: skip
OPEN_QUOTE = Kind(
    "D216", ERROR, "第{row}行：引号没有配对，从这里起无法分格", "row {row}: the quote is never closed; the rest cannot be split into cells",
    "补上引号；名称里的引号请用“”", "close the quote",
)  # fmt: skip
NOT_TEXT = Kind(
    "D217", ERROR, "{name}：内容是电子表格，不是文本", "{name}: the content is a workbook, not text",
    "把文件后缀改成 .xlsx（或 .xls）再用", "give the file its right suffix, .xlsx or .xls",
)  # fmt: skip
NO_SHEETS = Kind(
    "D218", ERROR, "{name}：这种文件里没有工作表“{sheet}”可选", "{name}: a file of this sort has no sheet “{sheet}”",
    "去掉“#{sheet}”", "leave out “#{sheet}”",
)  # fmt: skip
SEVERAL_FILLED = Kind(
    "D316", ERROR, "{name}：有几张填报表（{sheets}），只读了“{sheet}”", "{name}: there are several filled sheets ({sheets}); only “{sheet}” was read",
    "只留一张，或写 文件#表名 指定；用 perfdsl collect 可以全部收", "keep one, or name it: FILE#SHEET; perfdsl collect takes all of them",
)  # fmt: skip
TOO_LARGE = Kind(
    "D219", ERROR, "{name}：表太大（约{count}格），超过了100万格的限度", "{name}: too large (about {count} cells); the limit is 1 million cells",
    "按对象或期间拆成几个文件，--actuals 可以给几个", "split it by object or period; --actuals may be given several times",
)  # fmt: skip
NO_TABLE = Kind(
    "D220", ERROR, "{name}：是{kind}，不是完成值表", "{name}: this is {kind_en}, not a table of actual values", "{advice}", "{advice_en}",
)  # fmt: skip
NOT_A_SCALAR = Kind(
    "D406", ERROR, "第{line}行：“{key}”只能是一个值，不能是列表或对象", "line {line}: “{key}” must be one value, not a list or an object",
    "写成一个数或一段文字", "write a number or a text",
)  # fmt: skip

"""Which sort of file it is, by its first bytes and the names inside; a suffix proves nothing."""

import io
import re
from typing import NamedTuple

from perfdsl.workbook import streams

ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-"
HEAD = 2048


class Foreign(Exception):
    """Nothing that is read; ``reason`` is one of old_kind, password, damaged, unknown, ``facts`` fill the words."""

    def __init__(self, reason: str, **facts: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


class Old(NamedTuple):
    """A sort of file that is not read, and what to do with one."""

    kind: str
    kind_en: str
    zh: str
    en: str


_AS_DOCX = ("用 Word 或 WPS 打开，另存为 .docx", "open it in a word processor and save it as .docx")
_AS_XLSX = ("用 Excel 或 WPS 打开，另存为 .xlsx", "open it in a spreadsheet program and save it as .xlsx")
DOC = Old("旧的 Word 文件（.doc、.wps）", "an old Word file (.doc, .wps)", *_AS_DOCX)
RTF = Old("RTF 文件", "an RTF file", *_AS_DOCX)
MHT = Old(
    "单个文件网页（.mht）",
    "a web archive (.mht)",
    "用浏览器打开，另存为 .html",
    "open it in a browser and save it as .html",
)
XML_2003 = Old(
    "2003 版的 XML 文件",
    "an Office 2003 XML file",
    "用 Office 或 WPS 打开，另存为 .xlsx 或 .docx",
    "save it as .xlsx or .docx",
)
OFD = Old("OFD 版式文件", "an OFD file", "用阅读器另存为 PDF", "save it as PDF in its reader")
SLIDES = Old(
    "演示文稿", "a presentation", "把表格复制到 Excel 或 Word", "copy the tables into a workbook or a document"
)
ODT = Old("OpenDocument 文档（.odt）", "an OpenDocument text (.odt)", *_AS_DOCX)
PACKED = Old("压缩包", "an archive", "先解压，再用里面的文件", "unpack it and use the files in it")
PICTURE = Old(
    "图片", "a picture", "用文字识别软件转成文字，或要电子版", "run text recognition, or ask for the electronic file"
)
_TEXT_MARKS = ((b"{\\rtf", RTF), (b"MIME-Version:", MHT), (b"From: <Saved by", MHT))
_BINARY_MARKS = (
    (b"\x89PNG", PICTURE), (b"\xff\xd8\xff", PICTURE), (b"GIF8", PICTURE), (b"BM", PICTURE), (b"II*\0", PICTURE),
    (b"Rar!", PACKED), (b"7z\xbc\xaf", PACKED), (b"\x1f\x8b", PACKED),
)  # fmt: skip
_MARKUP = re.compile(
    rb"(?is)\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|div|style|title)\b"
)
_OFFICE_XML = (b"urn:schemas-microsoft-com:office:spreadsheet", b"http://schemas.microsoft.com/office/word/2003/wordml",
               b"progid=\"Excel.Sheet\"", b"progid=\"Word.Document\"")  # fmt: skip


def glance(data: bytes) -> str:
    """One of xlsx, xls, docx, pdf, html, txt; raises ``Foreign`` for everything else."""
    head = data[:HEAD]
    if head.startswith((ZIP, b"PK\x05\x06")):
        return _zipped(data)
    if head.startswith(OLE):
        return _compound(data)
    if PDF in head[:1024]:
        return "pdf"
    text = _without_nulls(head)
    for mark, old in _TEXT_MARKS:
        if text.lstrip().startswith(mark):
            raise _refused(old)
    if any(mark in text for mark in _OFFICE_XML) and b"<html" not in text.lower():
        raise _refused(XML_2003)
    if _MARKUP.match(text):
        return "html"
    for mark, old in _BINARY_MARKS:
        if head.startswith(mark) and b"\0" in data[: 1 << 16]:
            raise _refused(old)
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" in data[: 1 << 16]:
        raise Foreign("unknown")
    return "txt"


def _without_nulls(head: bytes) -> bytes:
    """The beginning as single bytes, whatever the width of its characters."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[2:].replace(b"\0", b"")
    return head.removeprefix(b"\xef\xbb\xbf")


def _refused(old: Old) -> Foreign:
    return Foreign("old_kind", **old._asdict())


def _zipped(data: bytes) -> str:
    import zipfile  # loaded only where there is a package

    from perfdsl.package import BROKEN  # as above

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = frozenset(parts.namelist())
            kind = (
                parts.read("mimetype")[:80]
                if "mimetype" in names and parts.getinfo("mimetype").file_size < 200
                else b""
            )
    except BROKEN as problem:
        raise Foreign("damaged", detail=f"{type(problem).__name__}: {problem}") from problem
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names or b"opendocument.spreadsheet" in kind:
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        return "docx"
    if "OFD.xml" in names:
        raise _refused(OFD)
    if any(name.startswith("ppt/") for name in names) or b"opendocument.presentation" in kind:
        raise _refused(SLIDES)
    if b"opendocument.text" in kind:
        raise _refused(ODT)
    if "[Content_Types].xml" in names:
        raise Foreign("damaged", detail="xl/workbook.xml, word/document.xml")
    raise _refused(PACKED)


def _compound(data: bytes) -> str:
    names = streams(data)
    if "EncryptedPackage" in names:
        raise Foreign("password")
    if names & {"Workbook", "Book"}:
        return "xls"
    if "WordDocument" in names:
        raise _refused(DOC)
    if "PowerPoint Document" in names:
        raise _refused(SLIDES)
    raise Foreign("unknown" if names else "damaged", detail="OLE")

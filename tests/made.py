"""Files made for tests: workbooks, Word files, pages and PDF files, sound ones and hostile ones."""

import io
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


# ---- workbooks


def xlsx(*, fill: Callable[[xlsxwriter.Workbook], None], parts: dict[str, bytes] | None = None) -> bytes:
    """A workbook that ``fill`` writes, with parts added to its package."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        fill(book)
    return with_parts(stream.getvalue(), parts or {})


def plain_sheet(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("目标")
    sheet.write_row(0, 0, ["三级指标", "指标值"])
    sheet.write_row(1, 0, ["座席资源个数", "≤52席"])


def stray_cell(book: xlsxwriter.Workbook) -> None:
    plain_sheet(book)
    book.worksheets()[0].write_string(1_048_575, 0, " ")


def rounded(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("资金")
    sheet.write(0, 0, "财政拨款")
    sheet.write(0, 1, 1125.1594, book.add_format({"num_format": "#,##0.00"}))


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The package with parts added, or put in the place of those of the same name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename not in parts:
                new.writestr(info.filename, old.read(info))
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def bomb(megabytes: int = 400) -> bytes:
    """A workbook whose sheet unpacks to so many megabytes of blanks."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
        with parts.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(megabytes):
                part.write(b" " * (1 << 20))
    return stream.getvalue()


def compound(*names: str) -> bytes:
    """The least of a file system in a file: a directory with those names, no streams."""
    entries = b"".join(
        f"{name}\0".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) + bytes(62)
        for name in names
    )
    table = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE).ljust(512, b"\xff")
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<I", head, 48, 1)  # the directory is in sector 1
    struct.pack_into("<II", head, 68, 0xFFFFFFFE, 0)
    head[76:] = struct.pack("<I", 0).ljust(436, b"\xff")  # the table of sectors is in sector 0
    return bytes(head) + table + entries.ljust(512, b"\0")


# ---- Word files


def docx(body: str, parts: dict[str, bytes] | None = None, links: str = "") -> bytes:
    """A Word file with that body in WordprocessingML, other parts and links beside it."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    spaces = (
        f'xmlns:w="{W}" xmlns:r="{REL}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", f'{head}<Types xmlns="{PACKAGE}/content-types"/>')
        main = f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="word/document.xml"/>'
        package.writestr("_rels/.rels", f'{head}<Relationships xmlns="{PACKAGE}/relationships">{main}</Relationships>')
        package.writestr("word/document.xml", f"{head}<w:document {spaces}><w:body>{body}</w:body></w:document>")
        package.writestr(
            "word/_rels/document.xml.rels",
            f'{head}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        )
        for name, content in (parts or {}).items():
            package.writestr(name, content)
    return stream.getvalue()


def p(*runs: str) -> str:
    """A paragraph; a run that is no markup is text."""
    return "<w:p>" + "".join(run if run.startswith("<") else f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def tc(content: str = "", about: str = "") -> str:
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{content if content.startswith('<') else p(content)}</w:tc>"


def tr(*cells: str, about: str = "") -> str:
    return f"<w:tr><w:trPr>{about}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def link(sort: str, target: str, number: int, mode: str = "") -> str:
    outside = f' TargetMode="{mode}"' if mode else ""
    return f'<Relationship Id="x{number}" Type="{REL}/{sort}" Target="{target}"{outside}/>'


def part(tag: str, content: str) -> bytes:
    return f'<w:{tag} xmlns:w="{W}">{content}</w:{tag}>'.encode()


def laughs() -> bytes:
    """A Word file whose text would be a thousand million words."""
    lines = ['<!ENTITY a0 "哈">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    text = f'<?xml version="1.0"?><!DOCTYPE d [{"".join(lines)}]><w:document xmlns:w="{W}"><w:body>{p("&a9;")}</w:body></w:document>'
    return with_parts(docx(p("x")), {"word/document.xml": text.encode()})


# ---- PDF files

Table = Sequence[Sequence[str]]


def pdf(*pages: Sequence[str | Table], scanned: Sequence[int] = (), coded: bool = True) -> bytes:
    """Pages of lines and ruled tables, from top to bottom; ``scanned`` pages (from 1) are a picture; without ``coded`` the
    letters have no codes."""
    encoding = "/UniGB-UCS2-H" if coded else "/Identity-H"
    order = "GB1" if coded else "Identity"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "",
        f"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding{encoding}/DescendantFonts[4 0 R]>>",
        f"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering({order})/Supplement 2>>"
        "/DW 1000/FontDescriptor 5 0 R>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 -200 1000 900]/Ascent 880/Descent -120/CapHeight 880"
        "/ItalicAngle 0/StemV 80>>",
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n0\nendstream",
    ]
    kids = []
    for number, content in enumerate(pages, 1):
        drawn = "q 500 0 0 700 40 60 cm /I Do Q" if number in scanned else _drawn(content)
        kids.append(len(objects) + 1)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects) + 2} 0 R"
            "/Resources<</Font<</F 3 0 R>>/XObject<</I 6 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{k} 0 R' for k in kids)}]>>"
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{at:010d} 00000 n \n".encode() for at in places)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _drawn(content: Sequence[str | Table], wide: int = 120, high: int = 24) -> str:
    y, said = 780, []
    for one in content:
        if isinstance(one, str):
            said.append(_letters(one, 50, y - 16))
            y -= high
            continue
        for row in one:
            for column, text in enumerate(row):
                x = 50 + column * wide
                said.append(f"{x} {y - high} {wide} {high} re S")
                said.append(_letters(text, x + 4, y - 16))
            y -= high
    return "\n".join(said)


def _letters(text: str, x: int, y: int) -> str:
    return f"BT /F 10 Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET" if text else ""


# ---- what the pages of the codes call by name

HEADER = ["三级指标", "指标值"]
NAMED: dict[str, Callable[[], bytes]] = {
    "一份 PDF": lambda: pdf([[HEADER, ["座席资源个数", "≤52席"]]]),
    "加了密码的工作簿": lambda: compound("Root Entry", "EncryptionInfo", "EncryptedPackage"),
    "去掉密码的工作簿": lambda: xlsx(fill=plain_sheet),
    "只传了一半的工作簿": lambda: xlsx(fill=plain_sheet)[:2000],
    "完整的工作簿": lambda: xlsx(fill=plain_sheet),
    "最末一行误填了一个空格的工作簿": lambda: xlsx(fill=stray_cell),
    "压缩炸弹": bomb,
    "六十万行的完成值": lambda: "指标,实际值\n".encode() + "座席资源个数,53席\n".encode() * 600_000,
    "带实体声明的工作簿": lambda: xlsx(
        fill=plain_sheet, parts={"xl/sharedStrings.xml": b'<!DOCTYPE sst [<!ENTITY a "aaa">]><sst/>'}
    ),
    "带实体声明的 Word 文件": laughs,
    "正常的 Word 文件": lambda: docx(p("座席资源个数") + tbl(tr(tc("座席资源个数"), tc("≤52席")))),
    "套了三十万层的网页": lambda: b"<html>" + b"<div>" * 300_000 + b"x",
    "扫描成图片的 PDF": lambda: pdf([""], [""], scanned=[1, 2]),
    "压缩包里有 ../../外面 的 Word 文件": lambda: docx(p("座席资源个数"), {"../../外面": b"x"}),
    "带宏的工作簿": lambda: xlsx(fill=plain_sheet, parts={"xl/vbaProject.bin": b"x"}),
    "链接到别的工作簿的工作簿": lambda: xlsx(
        fill=plain_sheet, parts={"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    ),
    "只显示两位小数的工作簿": lambda: xlsx(fill=rounded),
    "有修订的 Word 文件": lambda: docx(
        p(
            "座席",
            "<w:ins><w:r><w:t>资源个数</w:t></w:r></w:ins>",
            "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>",
        )
    ),
    "有隐藏文字的 Word 文件": lambda: docx(p("座席", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>不给人看的</w:t></w:r>")),
    "有图片的 Word 文件": lambda: docx(p("座席", "<w:r><w:drawing/></w:r>")),
    "第 2 页是扫描件的 PDF": lambda: pdf(["目标表"], [""], scanned=[2]),
    "表跨两页、表头重复的 PDF": lambda: pdf([[HEADER, ["座席资源个数", "≤52席"]]], [[HEADER, ["人工接通率", "≥95%"]]]),
    "一行跨两页的 PDF": lambda: pdf(
        [[["一级指标", *HEADER], ["产出", "座席", "≤52席"]]], [[["", "资源个数", ""], ["产出", "人工接通率", "≥95%"]]]
    ),
    "每行都在一页里的 PDF": lambda: pdf(
        [[["一级指标", *HEADER], ["产出", "座席资源个数", "≤52席"]]], [[["产出", "人工接通率", "≥95%"]]]
    ),
    "字没有编码的 PDF": lambda: pdf(["座席资源个数"], coded=False),
}


# ---- conversion by an office program


def soffice(data: bytes, name: str, suffix: str, folder: Path) -> bytes:
    """The file ``name`` as LibreOffice saves it with another suffix; the test is skipped without LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("soffice (LibreOffice) is not installed")
    (folder / name).write_bytes(data)
    command = [program, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", suffix, name]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)
    return (folder / name).with_suffix(f".{suffix.partition(':')[0]}").read_bytes()

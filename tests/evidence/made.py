"""Files for the tests, all made here: sound ones of every kind, and the parts that hostile ones are made of."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from matplotlib.figure import Figure
from openpyxl import Workbook
from PIL import Image

from lms.evidence.values import MEDIA_TYPES, OOXML, OPENDOCUMENT, FileKind

PLACE = 0x8825
"""The tag of EXIF under which a camera writes where it was."""


def pdf(*objects: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """Return a sound document of one empty page, with these objects besides."""
    body, places = before + b"%PDF-1.7\n", []
    all_objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>",
        *objects,
    )
    for number, content in enumerate(all_objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, size = len(body), len(places) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n" % size
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start) + after


def stream(content: bytes, dictionary: bytes = b"/Filter /FlateDecode", *, packed: bool = True) -> bytes:
    """Return a stream as the content of an object."""
    data = zlib.compress(content) if packed else content
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), dictionary, data)


def object_stream(content: bytes, more: bytes = b"/Filter /FlateDecode") -> bytes:
    """Return a stream that holds an object."""
    return stream(b"9 0 " + content, b"/Type /ObjStm /N 1 /First 4 " + more)


def drawn_pdf() -> bytes:
    """Return a document as a program for figures writes it."""
    figure, made = Figure(figsize=(3, 2)), io.BytesIO()
    figure.subplots().plot([1, 2, 3], [2, 3, 3])
    figure.savefig(made, format="pdf")
    return made.getvalue()


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object) -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, size, 0)
    if mode == "RGB":
        image.paste((200, 0, 0), (0, 0, size[0] // 2, size[1]))
        image.paste((0, 0, 200), (size[0] // 2, 0, size[0], size[1]))
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


def photo_with_place(kind: str = "JPEG") -> bytes:
    """Return a picture as a phone makes it: turned, with place, device and a remark."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x010E] = 6, "Camera of Somebody", "a secret remark"
    exif.get_ifd(PLACE).update({1: "N", 2: (52.0, 22.0, 11.0), 3: "E", 4: (4.0, 53.0, 22.0)})
    return picture(kind, exif=exif)


def zipped(members: Mapping[str, bytes | str], *, packed: bool = True) -> bytes:
    """Return an archive of these members, in their order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
MAIN = {
    FileKind.DOCX: ("word/document.xml", OOXML + "wordprocessingml.document.main+xml"),
    FileKind.XLSX: ("xl/workbook.xml", OOXML + "spreadsheetml.sheet.main+xml"),
    FileKind.PPTX: ("ppt/presentation.xml", OOXML + "presentationml.presentation.main+xml"),
}


def office(
    kind: FileKind = FileKind.DOCX,
    *,
    relations: str = "",
    types: str = "",
    more: Mapping[str, bytes | str] | None = None,
) -> bytes:
    """Return an office document of ISO/IEC 29500, with these relations, content types and parts besides."""
    part, content_type = MAIN[kind]
    overrides = f'<Override PartName="/{part}" ContentType="{content_type}"/>{types}'
    members = {
        "[Content_Types].xml": TYPES.format(overrides),
        "_rels/.rels": RELATIONS.format(f'<Relationship Id="r1" Type="officeDocument" Target="{part}"/>'),
        part: "<document/>",
        f"{part.partition('/')[0]}/_rels/{part.partition('/')[2]}.rels": RELATIONS.format(relations),
    }
    return zipped(members | dict(more or {}))


def relation(kind: str, target: str) -> str:
    """Return a relation to something outside of the document."""
    return f'<Relationship Id="r9" Type="http://example.org/{kind}" Target="{target}" TargetMode="External"/>'


def opendocument(
    kind: FileKind = FileKind.ODT,
    *,
    content: str = "",
    manifest: str = "",
    more: Mapping[str, bytes | str] | None = None,
) -> bytes:
    """Return an office document of ISO/IEC 26300, with this content and these parts besides."""
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
        'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    members = {
        "mimetype": MEDIA_TYPES[kind],
        "content.xml": f"<office:document-content {spaces}>{content}</office:document-content>",
        "META-INF/manifest.xml": (
            f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{manifest}'
            "</manifest:manifest>"
        ),
    }
    return zipped(members | dict(more or {}), packed=False)


def workbook() -> bytes:
    """Return a workbook as a library writes it."""
    book, made = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Spirometrie", 6])
    book.save(made)
    return made.getvalue()


def png_chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def huge_png(width: int, height: int) -> bytes:
    """Return a small file that says it is a huge picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1 + 3 * width) * min(height, 100))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")


def moving(kind: str) -> bytes:
    """Return a picture of two frames."""
    made = io.BytesIO()
    first, second = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
    first.save(made, kind, save_all=True, append_images=[second], duration=100)
    return made.getvalue()


def remarked(archive: bytes, remark: bytes) -> bytes:
    """Return an archive with a remark at its end."""
    return archive[:-2] + struct.pack("<H", len(remark)) + remark


def archive_in_document() -> bytes:
    """Return a file that is a sound document to one reader, and to another an archive whose remark ends it."""
    head, sign, tail = pdf().partition(b"startxref")
    return head + remarked(zipped({"a": "b"}), sign + tail)


def bomb_of_objects() -> bytes:
    """Return a stream of objects of a third of a megabyte that unpacks to more than 300 MB."""
    packing = zlib.compressobj(9)
    data = b"".join(packing.compress(bytes(1024 * 1024)) for _ in range(301)) + packing.flush()
    return stream(data, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", packed=False)


SOUND: dict[str, tuple[Callable[[], bytes], FileKind]] = {
    "a small document": (pdf, FileKind.PDF),
    "a document as drawn": (drawn_pdf, FileKind.PDF),
    "a document with packed objects": (lambda: pdf(object_stream(b"<< /A 1 >>")), FileKind.PDF),
    "a document with a packed page": (lambda: pdf(stream(b"0 0 m 9 9 l S")), FileKind.PDF),
    "a photo": (photo_with_place, FileKind.JPEG),
    "a photo in grey": (lambda: picture(mode="L"), FileKind.JPEG),
    "a photo for printing": (lambda: picture(mode="CMYK"), FileKind.JPEG),
    "a photo with a second picture behind it": (lambda: picture() + picture(), FileKind.JPEG),
    "a photo with a film behind it": (lambda: picture() + b"\0\0\0\x18ftypmp42" + b"film", FileKind.JPEG),
    "a drawing": (lambda: picture("PNG"), FileKind.PNG),
    "a drawing that can be seen through": (lambda: picture("PNG", mode="RGBA"), FileKind.PNG),
    "a picture for the web": (lambda: photo_with_place("WEBP"), FileKind.WEBP),
    "a letter": (office, FileKind.DOCX),
    "a letter with a link to press": (
        lambda: office(relations=relation("hyperlink", "https://example.org/")),
        FileKind.DOCX,
    ),
    "a letter with the figures of a chart": (
        lambda: office(more={"word/embeddings/sheet1.xlsx": workbook()}),
        FileKind.DOCX,
    ),
    "a workbook": (workbook, FileKind.XLSX),
    "a presentation": (lambda: office(FileKind.PPTX), FileKind.PPTX),
    "an open text": (
        lambda: opendocument(content='<text:a xlink:href="https://example.org/">here</text:a>'),
        FileKind.ODT,
    ),
    "an open sheet": (lambda: opendocument(FileKind.ODS), FileKind.ODS),
    "an open presentation": (
        lambda: opendocument(FileKind.ODP, content='<draw:image xlink:href="Pictures/1.png"/>'),
        FileKind.ODP,
    ),
}
"""Files that are taken, by what they are."""

BOMB = bytes(20 * 1024 * 1024)
SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "file_empty"),
    "a text": (lambda: b"hello there", "file_kind_unknown"),
    "a program": (lambda: b"MZ" + bytes(400), "file_kind_unknown"),
    "a drawing with a script": (lambda: b"<svg xmlns='x'><script>alert(1)</script></svg>", "file_markup"),
    "a drawing behind a declaration": (lambda: b"<?xml version='1.0'?><svg/>", "file_markup"),
    "a web page": (lambda: b"<!DOCTYPE html><script>alert(1)</script>", "file_markup"),
    "a photo of the newest phones": (lambda: b"\0\0\0\x18ftypheic" + bytes(40), "file_heic"),
    "a letter of an old kind": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file_old_office"),
    # documents
    "a document cut off": (lambda: pdf()[:-30], "file_damaged"),
    "a document that only begins like one": (lambda: b"%PDF-1.4\n" + bytes(100), "file_damaged"),
    "a document whose table is elsewhere": (lambda: pdf().replace(b"\nxref\n", b"\nxRef\n"), "file_damaged"),
    "a document behind a web page": (lambda: pdf(before=b"<!-- "), "file_holds_more"),
    "a document behind a line": (lambda: pdf(before=b"GIF89a;"), "file_holds_more"),
    "a document with a program behind it": (lambda: pdf(after=b"MZ" + bytes(3000)), "file_holds_more"),
    "a document with an archive behind it": (lambda: pdf(after=zipped({"a": "b"})), "file_holds_more"),
    "a document inside an archive's remark": (archive_in_document, "file_holds_more"),
    "a document with a script": (lambda: pdf(SCRIPT), "pdf_script"),
    "a script by another spelling": (lambda: pdf(b"<< /S /Java#53cript /#4aS (1) >>"), "pdf_script"),
    "a script in packed objects": (lambda: pdf(object_stream(SCRIPT)), "pdf_script"),
    "a script behind much that is packed": (lambda: pdf(object_stream(bytes(900_000) + SCRIPT)), "pdf_script"),
    "a script behind a false stream": (lambda: pdf(b"% stream\n", SCRIPT, b"% endstream"), "pdf_script"),
    "packed objects that hide how": (
        lambda: pdf(object_stream(SCRIPT, b"/Filter [/ASCII85Decode /FlateDecode]")),
        "pdf_packed",
    ),
    "packed objects with a predictor": (
        lambda: pdf(object_stream(b"<<>>", b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>")),
        "pdf_packed",
    ),
    "a document that starts a program": (lambda: pdf(b"<< /S /Launch /F (cmd.exe) >>"), "pdf_launch"),
    "a document with a file in it": (lambda: pdf(b"<< /Type /EmbeddedFile >>"), "pdf_files"),
    "a document that sends what is typed": (lambda: pdf(b"<< /S /SubmitForm >>"), "pdf_sending"),
    "a document with a password": (lambda: pdf(b"<< /Encrypt 5 0 R >>"), "file_password"),
    "a document that swells": (lambda: pdf(bomb_of_objects()), "file_swells"),
    # pictures
    "a photo cut off": (lambda: picture()[:-40], "file_damaged"),
    "a photo with an archive behind it": (lambda: picture() + zipped({"a": "b"}), "file_holds_more"),
    "a photo with a page behind it": (lambda: picture() + b"<script>alert(1)</script>", "file_holds_more"),
    "a drawing with a document behind it": (lambda: picture("PNG") + pdf(), "file_holds_more"),
    "a drawing cut off": (lambda: picture("PNG")[:-20], "file_damaged"),
    "a drawing with a broken sum": (lambda: broken_sum(picture("PNG")), "file_damaged"),
    "a drawing of too many points": (lambda: huge_png(60_000, 60_000), "image_too_many_points"),
    "a drawing of a few too many points": (lambda: huge_png(8_000, 7_000), "image_too_many_points"),
    "a drawing that moves": (lambda: moving("PNG"), "image_moves"),
    "a picture for the web that moves": (lambda: moving("WEBP"), "image_moves"),
    "a picture for the web cut off": (lambda: picture("WEBP")[:-10], "file_damaged"),
    # office
    "any archive": (lambda: zipped({"a": "b"}), "file_kind_unknown"),
    "an archive cut off": (lambda: office()[:-30], "file_damaged"),
    "an archive that swells": (lambda: office(more={"word/bomb.xml": BOMB}), "file_swells"),
    "an archive that swells in many places": (
        lambda: office(more={f"word/{number}.xml": bytes(1_000_000) for number in range(220)}),
        "file_swells",
    ),
    "an archive of very many members": (
        lambda: office(more={f"word/{number}.xml": b"" for number in range(2_001)}),
        "file_swells",
    ),
    "an archive that says less than it holds": (lambda: understated(office()), "file_damaged"),
    "an archive that climbs": (lambda: office(more={"../../etc/passwd": b"x"}), "file_damaged"),
    "an archive that begins at the root": (lambda: office(more={"/etc/passwd": b"x"}), "file_damaged"),
    "an archive with a web page in front": (lambda: b"<html>" + office(), "file_markup"),
    "an archive with something behind": (lambda: office() + b"MZ" + bytes(100), "file_holds_more"),
    "an archive with a remark": (lambda: remarked(office(), b"MZ" + bytes(100)), "file_holds_more"),
    "a letter with macros": (lambda: office(more={"word/vbaProject.bin": b"x"}), "office_macros"),
    "a letter that may hold macros": (
        lambda: office(types='<Default Extension="x" ContentType="application/vnd.ms-word.document.macroEnabled.12"/>'),
        "office_macros",
    ),
    "a letter with an object": (lambda: office(more={"word/embeddings/oleObject1.bin": b"x"}), "office_objects"),
    "a letter with a program inside": (lambda: office(more={"word/embeddings/a.exe": b"MZ"}), "office_objects"),
    "a letter with a letter with macros": (
        lambda: office(more={"word/embeddings/a.docx": office(more={"word/vbaProject.bin": b"x"})}),
        "office_macros",
    ),
    "letters in a letter in a letter": (
        lambda: office(more={"word/embeddings/a.docx": office(more={"word/embeddings/b.docx": office()})}),
        "office_objects",
    ),
    "a letter with a template from elsewhere": (
        lambda: office(relations=relation("attachedTemplate", "https://evil.example/a.dotm")),
        "office_links",
    ),
    "a letter with a picture from elsewhere": (
        lambda: office(relations=relation("image", "https://evil.example/a.png")),
        "office_links",
    ),
    "a letter with a link to a program": (
        lambda: office(relations=relation("hyperlink", "file://server/share/a.exe")),
        "office_links",
    ),
    "a letter with definitions": (
        lambda: office(more={"word/_rels/a.rels": '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}),
        "file_damaged",
    ),
    "a letter with an endless element": (
        lambda: office(more={"word/_rels/a.rels": b'<x y="' + b"a" * 9_000_000 + b'"/>'}),
        "file_swells",
    ),
    "two documents at once": (
        lambda: office(types=f'<Override PartName="/x" ContentType="{MAIN[FileKind.XLSX][1]}"/>'),
        "file_kind_unknown",
    ),
    "an open text with scripts": (lambda: opendocument(more={"Basic/Standard/a.xml": "<x/>"}), "office_macros"),
    "an open text that runs": (lambda: opendocument(content="<script:event-listener/>"), "office_macros"),
    "an open text with a picture from elsewhere": (
        lambda: opendocument(content='<draw:image xlink:href="https://evil.example/a.png"/>'),
        "office_links",
    ),
    "an open text with a password": (
        lambda: opendocument(manifest="<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"),
        "file_password",
    ),
    "an open template": (
        lambda: zipped({"mimetype": OPENDOCUMENT + "text-template", "META-INF/manifest.xml": "<x/>"}, packed=False),
        "file_kind_unknown",
    ),
}
"""Files that are refused, by what they are, with the code of the refusal."""


def broken_sum(png: bytes) -> bytes:
    """Return a PNG whose data do not fit their check sum."""
    at = png.find(b"IDAT") + 6
    return png[:at] + bytes([png[at] ^ 0xFF]) + png[at + 1 :]


def understated(archive: bytes) -> bytes:
    """Return an archive that says of its main part that it is a byte shorter than it is."""
    at = archive.rfind(b"PK\x01\x02", 0, archive.rfind(b"word/document.xml"))
    size = int.from_bytes(archive[at + 24 : at + 28], "little")
    return archive[: at + 24] + (size - 1).to_bytes(4, "little") + archive[at + 28 :]

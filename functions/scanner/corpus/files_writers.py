"""PDF and DOCX as the programs write them that people have and no library here is: put together after files of theirs."""

import io
import zipfile
import zlib

import files_docx
import files_picture as picture
from files_pdf import FONT, TEXT, raw, stream


def word_pdf():
    """Lines end in two bytes, spaces are drawn beside the text, and a second table comes behind the first."""
    content = (b"q\r\n0.000008871 0 595.32 841.92 re\r\nW* n\r\nBT\r\n/P <</MCID 0>> BDC 0 g\r\n/F1 11.04 Tf\r\n1 0 0 1 85 770 Tm\r\n"
               b"[(S)3(pravka)] TJ\r\nET\r\nQ\r\nq\r\nBT\r\n[( )] TJ\r\nET\r\nQ\r\n EMC ")
    packed = zlib.compress(content)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/Lang(ru) /StructTreeRoot 6 0 R/MarkInfo<</Marked true>>/Metadata 8 0 R/ViewerPreferences 9 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[ 3 0 R] >>",
        3: b"<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>/ProcSet[/PDF/Text/ImageB/ImageC/ImageI] >>"
           b"/MediaBox[ 0 0 595.32 841.92] /Contents 4 0 R/Group<</Type/Group/S/Transparency/CS/DeviceRGB>>/Tabs/S/StructParents 0>>",
        4: b"<</Filter/FlateDecode/Length %d>>\r\nstream\r\n%s\r\nendstream" % (len(packed), packed),
        5: FONT,
        6: b"<</Type/StructTreeRoot/RoleMap 7 0 R/K[ 10 0 R] /ParentTreeNextKey 1>>",
        7: b"<</Footnote/Note/Endnote/Note/Textbox/Sect/Header/Sect/Footer/Sect/Chart/Sect/Macrosheet/Part>>",
        8: b"<</Type/Metadata/Subtype/XML/Length 32>>\r\nstream\r\n<x:xmpmeta>an object</x:xmpmeta>\r\nendstream",
        9: b"<</DisplayDocTitle true>>",
        10: b"<</P 6 0 R/S/P/Type/StructElem/K[ 0] /Pg 3 0 R>>",
    }
    first = raw(objects)
    table = int(first[first.rindex(b"startxref") + 9:first.rindex(b"%%EOF")])
    return first + b"xref\r\n0 0\r\ntrailer\r\n<</Size 11/Root 1 0 R/Prev %d>>\r\nstartxref\r\n%d\r\n%%%%EOF" % (table, len(first))


def office_pdf():
    """Lengths stand behind the streams, fonts are within, and the file opens at its first page."""
    packed, font = zlib.compress(b"0.1 w\nq 0 0.028 595.275 841.861 re\nW* n\n" + TEXT + b"\nQ\n"), zlib.compress(bytes(range(256)) * 40)
    return raw({
        1: b"<</Type/Catalog/Pages 6 0 R\n/OpenAction[4 0 R /XYZ null null 0]\n/Lang(ru-RU)\n>>",
        2: b"<</Length 3 0 R/Filter/FlateDecode>>\nstream\n%s\nendstream" % packed,
        3: b"%d" % len(packed),
        4: b"<</Type/Page/Parent 6 0 R/Resources 7 0 R/MediaBox[0 0 595 842]/Group<</S/Transparency/CS/DeviceRGB/I true>>/Contents 2 0 R>>",
        5: FONT,
        6: b"<</Type/Pages\n/Resources 7 0 R\n/MediaBox[ 0 0 595 842 ]\n/Kids[ 4 0 R ]\n/Count 1>>",
        7: b"<<\n/Font<</F1 5 0 R>>\n/ProcSet[/PDF/Text]\n>>",
        8: b"<</Length 9 0 R/Filter/FlateDecode/Length1 10240>>\nstream\n%s\nendstream" % font,
        9: b"%d" % len(font),
    }, b"/DocChecksum /5D1F0A /ID [ <00><00> ]")


def phone_pdf():
    """A photograph turned by its page, with a profile of colours, drawn within two states."""
    image = picture.jpg(picture.page((3000, 4000)), quality=30)
    return raw({
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /MediaBox [0 0 612 792] /Count 1 /Kids [ 3 0 R ] >>",
        3: b"<< /Type /Page /Parent 2 0 R /Rotate 90 /Resources 5 0 R /Contents 4 0 R >>",
        4: stream(b"q Q q 0 0 612 792 re W n /Cs1 cs 1 1 1 sc q 594 0 0 792 9 0 cm /Im1 Do Q Q"),
        5: b"<< /ProcSet [ /PDF /ImageB /ImageC /ImageI ] /ColorSpace << /Cs1 7 0 R >> /XObject << /Im1 6 0 R >> >>",
        6: stream(image, b"/Type /XObject /Subtype /Image /Width 3000 /Height 4000 /Interpolate true /ColorSpace 7 0 R /Intent /Perceptual"
                  b" /BitsPerComponent 8 /Filter /DCTDecode", flate=False),
        7: b"[ /ICCBased 8 0 R ]",
        8: stream(bytes(500), b"/N 3 /Alternate /DeviceRGB"),
    })


def scanner_pdf():
    """Writing of two colours, fine, over paper, coarse; and what was read of it, unseen."""
    paper, ink = picture.jpg(picture.page((620, 877)), quality=20), picture.page(mode="1").tobytes()
    draw = b"q 595 0 0 842 0 0 cm /Paper Do Q q 0 0 0 rg 595 0 0 842 0 0 cm /Ink Do Q BT 3 Tr /F1 8 Tf 9 9 Td (read) Tj ET"
    return raw({
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents [ 4 0 R ] /Resources << /Font << /F1 5 0 R >>"
           b" /XObject << /Paper 6 0 R /Ink 7 0 R >> >> >>",
        4: stream(draw),
        5: FONT,
        6: stream(paper, b"/Type /XObject /Subtype /Image /Width 620 /Height 877 /ColorSpace /DeviceRGB /BitsPerComponent 8"
                  b" /Filter [ /DCTDecode ] /DecodeParms [ null ]", flate=False),
        7: stream(ink, b"/Type /XObject /Subtype /Image /ImageMask true /Width 2480 /Height 3508 /BitsPerComponent 1"),
    })


def signed_pdf():
    """With an electronic signature, as offices give them out."""
    return raw({
        1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] /SigFlags 3 >> >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [6 0 R] /Resources << /Font << /F1 5 0 R >> >> >>",
        4: stream(TEXT),
        5: FONT,
        6: b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /V 7 0 R /F 132 /Rect [0 0 0 0] /P 3 0 R >>",
        7: b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 100 200 300] /M (D:20260101000000Z)"
           b" /Contents <%s> /Reference [<< /Type /SigRef /TransformMethod /DocMDP >>] >>" % (b"3082" * 2000),
    })


class Unseekable(io.BytesIO):
    """A place to which one can only write on, so that sizes come behind what they are of."""

    def seekable(self):
        return False

    def tell(self):
        raise OSError

    def seek(self, *_):
        raise OSError


def streamed_docx():
    out = Unseekable()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed, zipfile.ZipFile(io.BytesIO(files_docx.docx())) as parts:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, files_docx.DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, parts.read(name))
    return out.getvalue()


def word_docx():
    """All that Word puts beside a text."""
    kind = "application/vnd.openxmlformats-officedocument"
    overrides = "".join(f'<Override PartName="{part}" ContentType="{kind}.{of}+xml"/>' for part, of in [
        ("/word/styles.xml", "wordprocessingml.styles"), ("/word/settings.xml", "wordprocessingml.settings"),
        ("/word/theme/theme1.xml", "theme"), ("/customXml/itemProps1.xml", "customXmlProperties"),
        ("/docProps/app.xml", "extended-properties"),
    ]) + '<Override PartName="/docMetadata/LabelInfo.xml" ContentType="application/vnd.ms-office.classificationlabels+xml"/>'
    rels = files_docx.RELS
    own = files_docx.relation("attachedTemplate", "file:///C:\\Users\\Anna%20P\\AppData\\Roaming\\Microsoft\\Templates\\a.dotx", files_docx.OUT)
    return files_docx.docx(
        relations=files_docx.relation("customXml", "../customXml/item1.xml") + files_docx.relation("theme", "theme/theme1.xml", number=2),
        overrides=overrides,
        more={
            "word/styles.xml": f"<w:styles {files_docx.W}/>", "word/settings.xml": f"<w:settings {files_docx.W}/>",
            "word/_rels/settings.xml.rels": rels.format(own),
            "word/theme/theme1.xml": '<a:theme xmlns:a="a"><a:blipFill><a:blip/></a:blipFill></a:theme>',
            "customXml/item1.xml": '<b:Sources xmlns:b="b"/>', "customXml/itemProps1.xml": '<ds:datastoreItem xmlns:ds="d"/>',
            "customXml/_rels/item1.xml.rels": rels.format(files_docx.relation("customXmlProps", "itemProps1.xml")),
            "docProps/app.xml": "<Properties/>", "docMetadata/LabelInfo.xml": "<clbl:labelList xmlns:clbl='c'/>",
        })


def add(corpus):
    corpus.add("as_word.pdf", word_pdf(), "accepted", "as Word writes it", pages=1)
    corpus.add("as_office.pdf", office_pdf(), "accepted", "as LibreOffice writes it", pages=1)
    corpus.add("as_phone.pdf", phone_pdf(), "accepted", "as a phone writes it", pages=1, colour="demanded")
    corpus.add("as_scanner.pdf", scanner_pdf(), "accepted", "as a scanner with layers writes it", pages=1)
    corpus.add("as_office_signs.pdf", signed_pdf(), "accepted", "with an electronic signature", pages=1)
    corpus.add("as_word.docx", word_docx(), "accepted", "as Word writes it", textual="allowed")
    corpus.add("as_streamed.docx", streamed_docx(), "accepted", "written from front to back", textual="allowed")

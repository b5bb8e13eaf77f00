"""PDF, honest and hostile."""

import functools
import io
import zlib

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

import files_picture as picture

MB = 1_048_576
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
TEXT = b"BT /F1 12 Tf 72 700 Td (Hello) Tj ET"


def text_pdf(pages=1, link=None):
    """As a program writes that lays out text."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A4, invariant=1)
    for number in range(pages):
        sheet.drawString(72, 700, f"Certificate, page {number + 1}")
        if link:
            sheet.linkURL(link, (72, 690, 200, 712))
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def again(data, change=None, **options):
    """Read and written by another program."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if change:
            change(pdf)
        out = io.BytesIO()
        pdf.save(out, static_id=True, **options)
        return out.getvalue()


def stream(data, more=b"", flate=True):
    packed = zlib.compress(data, 9) if flate else data
    return b"<< %s %s/Length %d >>\nstream\n%s\nendstream" % (more, b"/Filter /FlateDecode " if flate else b"", len(packed), packed)


def raw(objects, trailer=b"", head=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"):
    """A file of these objects, by their numbers, with a right table."""
    out, places = bytearray(head), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d %05d %s \n" % (places.get(number, 0), 0, b"n" if number in places else b"f")
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, table)
    return bytes(out)


def revised(data, objects):
    """The same file with objects replaced in a revision that is appended."""
    out, places = bytearray(data), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    before = int(data[data.rindex(b"startxref") + 9:data.rindex(b"%%EOF")])
    table = len(out)
    out += b"xref\n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer\n<< /Size 50 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (before, table)
    return bytes(out)


def plain(content=TEXT, catalog=b"", page=b"", more=None, trailer=b"", resources=b"", box=b"0 0 595.32 841.92"):
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> %s >> %s >>"
           % (box, resources, page),
        4: stream(content),
        5: FONT,
    }
    objects.update(more or {})
    return raw(objects, trailer)


def dct(image, quality=60, **more):
    colours = {"RGB": b"/DeviceRGB", "L": b"/DeviceGray", "CMYK": b"/DeviceCMYK"}[image.mode]
    data = picture.jpg(image, quality=quality)
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent 8 /Filter /DCTDecode" % (
        *image.size, colours)
    return stream(data, head, flate=False)


def flate(image, bits=8):
    colours = {"RGB": b"/DeviceRGB", "L": b"/DeviceGray", "1": b"/DeviceGray"}[image.mode]
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent %d" % (*image.size, colours, bits)
    return stream(image.tobytes(), head)


WHOLE = b"q 595.32 0 0 841.92 0 0 cm /Im0 Do Q"


def scanned(image, content=WHOLE, **more):
    return plain(content, resources=b"/XObject << /Im0 6 0 R >>", more={6: image, **more.pop("more", {})}, **more)


def object_stream(objects, kind=b"/Type /ObjStm"):
    """Objects packed into a stream."""
    head, body = b"", b""
    for number, data in objects.items():
        head += b"%d %d " % (number, len(body))
        body += data + b" "
    return stream(head + body, b"%s /N %d /First %d" % (kind, len(objects), len(head)))


def add(corpus):
    honest(corpus)
    scans(corpus)
    actions(corpus)
    hidden(corpus)
    beyond(corpus)


def honest(corpus):
    good = text_pdf()
    corpus.add("text.pdf", good, "accepted", "a page of text", pages=1)
    corpus.add("TEXT.PDF", good, "accepted", "in capitals")
    corpus.add("ten_pages.pdf", text_pdf(10), "accepted", "ten pages", pages=10)
    corpus.add("eleven_pages.pdf", text_pdf(11), "too-many-pages", "eleven pages")
    corpus.add("two_of_one.pdf", text_pdf(2), "too-many-pages", "two pages where one is the most", pages_max=1)
    corpus.add("link.pdf", text_pdf(link="https://example.ru/"), "accepted", "a link to a web page")
    corpus.add("bare_link.pdf", text_pdf(link="www.example.ru"), "accepted", "a link without a scheme")
    packed = again(text_pdf(3), object_stream_mode=pikepdf.ObjectStreamMode.generate)
    corpus.add("object_streams.pdf", packed, "accepted", "objects packed into streams", pages=3)
    corpus.add("linearized.pdf", again(text_pdf(3), linearize=True), "accepted", "in the order for reading while loading", pages=3)
    corpus.add("other_writer.pdf", again(good), "accepted", "written by another program")
    corpus.add("raw.pdf", plain(), "accepted", "the least that is a file")
    corpus.add("revised.pdf", revised(plain(), {4: stream(TEXT + b" BT (more) Tj ET")}), "accepted", "with a revision")
    corpus.add("outlines.pdf", again(text_pdf(3), bookmarks), "accepted", "with bookmarks")
    corpus.add("opens_at.pdf", plain(catalog=b"/OpenAction [3 0 R /Fit]"), "accepted", "opens at a page")
    corpus.add("goes_to.pdf", plain(catalog=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"), "accepted", "goes to a page")
    corpus.add("form.pdf", plain(catalog=b"/AcroForm << /Fields [6 0 R] >>", page=b"/Annots [6 0 R]",
                                 more={6: b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (b) /Rect [0 0 9 9] >>"}),
               "accepted", "a form to fill in")
    for padding, expect in ((0, "accepted"), (1, "too-large")):
        missing = 5 * MB + padding - len(plain())
        for _ in range(3):
            data = plain(more={40: b"% " + b"x" * missing + b"\nnull"})
            missing -= len(data) - (5 * MB + padding)
        corpus.add("five_mb.pdf", data, expect, f"5 MB and {padding} bytes")
    corpus.add("blanks_behind.pdf", good + b"\r\n  \n", "accepted", "white space behind the end")
    corpus.add("zip_behind.pdf", good + b"PK\x05\x06" + bytes(18), "trailing-data", "an archive behind the end")
    corpus.add("zip_within.pdf", good[:-6] + b"\n%PK\x05\x06" + bytes(16) + b"\x07\0" + b"\n%%EOF\n", "trailing-data",
               "an archive whose comment is the end")
    corpus.add("html_behind.pdf", good + b"<script>", "trailing-data", "HTML behind the end")
    corpus.add("late_mark.pdf", b"GIF89a" + good, "wrong-content", "its mark is not at the beginning")
    for strong, options in (("rc4", {"R": 3, "aes": False, "metadata": False}), ("aes", {"R": 6})):
        locked = again(good, encryption=pikepdf.Encryption(owner="o", user="u", **options))
        corpus.add(f"encrypted_{strong}.pdf", locked, "encrypted", f"with a password, {strong}")
    locked = again(packed, encryption=pikepdf.Encryption(owner="o", user="", R=3, aes=False, metadata=False),
                   object_stream_mode=pikepdf.ObjectStreamMode.generate)
    corpus.add("encrypted_empty.pdf", locked, "encrypted", "with an empty password, objects packed")
    corpus.add("blank.pdf", plain(b""), "blank-page", "an empty page")
    corpus.add("spaces.pdf", plain(b"BT /F1 12 Tf (   ) Tj ET"), "blank-page", "spaces only")
    corpus.add("white_on_white.pdf", plain(b"1 g 0 0 600 900 re f " + TEXT), "blank-page", "white text")
    corpus.add("blank_second.pdf", again(good, lambda pdf: pdf.add_blank_page()), "blank-page", "the second page is empty")
    corpus.add("no_pages.pdf", raw({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"}), "damaged",
               "without pages")
    corpus.add("no_root.pdf", raw({2: b"<< >>"}), "damaged", "without a root")


def bookmarks(pdf):
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("First", 0))


def scans(corpus):
    image = picture.page()
    corpus.add("scan.pdf", scanned(dct(image)), "accepted", "a scan", colour="demanded")
    corpus.add("scan_flate.pdf", scanned(flate(picture.page(mode="L"))), "accepted", "a scan without loss")
    corpus.add("scan_bits.pdf", scanned(flate(picture.page(mode="1"), 1)), "accepted", "a scan of black and white")
    corpus.add("scan_grey.pdf", scanned(dct(picture.page(mode="L"))), "not-colour", "a grey scan where colour is demanded",
               colour="demanded")
    corpus.add("scan_grey_any.pdf", scanned(dct(picture.page(mode="L"))), "accepted", "a grey scan")
    corpus.add("scan_flate_grey.pdf", scanned(flate(picture.page(mode="L").convert("RGB"))), "not-colour", "grey kept as colour",
               colour="demanded")
    corpus.add("scan_flate_colour.pdf", scanned(flate(image)), "accepted", "colour without loss", colour="demanded")
    letter = plain(resources=b"/XObject << /Im0 6 0 R >>", content=TEXT + b" q 60 0 0 60 72 760 cm /Im0 Do Q", more={6: dct(picture.page((620, 877)))})
    pasted = plain(resources=b"/XObject << /Im0 6 0 R >>", content=TEXT + b" q 400 0 0 283 72 300 cm /Im0 Do Q", more={6: dct(picture.page((1748, 1240)))})
    for name, data, expect, why in [
        ("typed", plain(), "not-colour", "a typed page"), ("typed_blue", plain(b"0 0.2 0.8 rg " + TEXT), "not-colour", "a page typed in blue"),
        ("typed_head", letter, "not-colour", "a typed page with a coat of arms"), ("typed_scan", pasted, "accepted", "a scan with a line above it"),
        ("typed_second", again(scanned(dct(image)), add_typed), "not-colour", "a scan with a typed second page"),
    ]:
        corpus.add(f"{name}_signed.pdf", data, expect, f"{why} where colour is demanded", colour="demanded")
        corpus.add(f"{name}.pdf", data, "accepted", why)
    small = picture.page((1000, 1414))
    corpus.add("scan_121_dpi.pdf", scanned(dct(small)), "too-coarse", "a page of 121 dpi")
    corpus.add("scan_150_dpi.pdf", scanned(dct(picture.page((1241, 1755)))), "accepted", "a page of 150 dpi")
    corpus.add("scan_searchable.pdf", scanned(dct(small), WHOLE + b" 3 Tr " + TEXT), "too-coarse", "text that is not seen hides nothing")
    corpus.add("scan_tiny_page.pdf", scanned(dct(picture.page((200, 280))), b"q 20 0 0 28 0 0 cm /Im0 Do Q", box=b"0 0 20 28"), "too-coarse",
               "200 pixels on a page of 7 mm")
    for dots, (wide, high), expect in ((300, (1016, 638), "accepted"), (290, (982, 617), "too-coarse")):
        card = scanned(dct(picture.page((wide, high))), b"q 243.8 0 0 153.1 0 0 cm /Im0 Do Q", box=b"0 0 243.8 153.1")
        corpus.add(f"scan_card_{dots}.pdf", card, expect, f"a page of a card's size at {dots} dpi")
    white = picture.Image.new("RGB", picture.A4, "white")
    corpus.add("scan_white.pdf", scanned(dct(white)), "blank-page", "a white scan")
    corpus.add("scan_white_flate.pdf", scanned(flate(white)), "blank-page", "a white scan without loss")
    form = stream(WHOLE, b"/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << /XObject << /Im0 7 0 R >> >>")
    within = plain(b"/Fm Do", resources=b"/XObject << /Fm 6 0 R >>", more={6: form, 7: dct(small)})
    corpus.add("scan_in_form.pdf", within, "too-coarse", "a coarse scan within a form")
    flood = stream(bytes(100), b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceRGB /BitsPerComponent 8")
    corpus.add("scan_flood.pdf", scanned(flood), "too-many-pixels", "claims 3.6 gigapixels")
    short = stream(bytes(100), b"/Type /XObject /Subtype /Image /Width 2480 /Height 3508 /ColorSpace /DeviceRGB /BitsPerComponent 8")
    corpus.add("scan_short.pdf", scanned(short), "damaged", "has hardly a row")
    corpus.add("scan_predicted.pdf", again(scanned(flate(image)), recompress_flate=True), "accepted", "recompressed", colour="demanded")
    pages = io.BytesIO()
    image.save(pages, "PDF", save_all=True, append_images=[image.rotate(180)], resolution=300)
    corpus.add("scan_pillow.pdf", again(pages.getvalue(), undated), "accepted", "two pages as a program writes",
               pages=2, colour="demanded")


def add_typed(pdf):
    with pikepdf.open(io.BytesIO(plain())) as other:
        pdf.pages.extend(other.pages)


def undated(pdf):
    del pdf.trailer.Info


SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def actions(corpus):
    for name, catalog, expect in [
        ("open_js", b"/OpenAction " + SCRIPT, "script"),
        ("open_js_hex", b"/OpenAction << /S /J#61vaScript /J#53 (app.alert\\(1\\)) >>", "script"),
        ("names_js", b"/Names << /JavaScript << /Names [(a) " + SCRIPT + b"] >> >>", "script"),
        ("open_launch", b"/OpenAction << /S /Launch /F (calc.exe) >>", "launches"),
        ("open_print", b"/OpenAction << /S /Named /N /Print >>", "acts-on-opening"),
        ("open_uri", b"/OpenAction << /S /URI /URI (https://example.ru/) >>", "acts-on-opening"),
        ("open_next", b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next << /S /Named /N /Print >> >>", "acts-on-opening"),
        ("open_indirect", b"/OpenAction 40 0 R", "acts-on-opening"),
        ("catalog_aa", b"/AA << /WC << /S /URI /URI (https://example.ru/) >> >>", "acts-on-opening"),
        ("xfa", b"/AcroForm << /Fields [] /XFA [(a) 40 0 R] >>", "active-form"),
        ("embedded", b"/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /F (a.exe) /EF << /F 41 0 R >> >>] >> >>", "embedded-file"),
        ("portfolio", b"/Collection << /View /D >>", "embedded-file"),
        ("associated", b"/AF [<< /Type /Filespec /F (a) >>]", "embedded-file"),
        ("renditions", b"/Names << /Renditions << /Names [] >> >>", "media"),
    ]:
        more = {40: b"<< /S /Named /N /Print >>", 41: stream(b"MZ")}
        corpus.add(f"{name}.pdf", plain(catalog=catalog, more=more), expect, name.replace("_", " "))
    for name, annotation, expect in [
        ("annot_js", b"/Subtype /Link /A " + SCRIPT, "script"),
        ("annot_js_uri", b"/Subtype /Link /A << /S /URI /URI (javascript:alert\\(1\\)) >>", "script"),
        ("annot_launch", b"/Subtype /Link /A << /S /Launch /F (a.exe) >>", "launches"),
        ("annot_gotor", b"/Subtype /Link /A << /S /GoToR /F (\\\\\\\\host\\\\a.pdf) /D [0 /Fit] >>", "external-reference"),
        ("annot_gotoe", b"/Subtype /Link /A << /S /GoToE /D [0 /Fit] >>", "external-reference"),
        ("annot_file_uri", b"/Subtype /Link /A << /S /URI /URI (file:///etc/passwd) >>", "external-reference"),
        ("annot_mail", b"/Subtype /Link /A << /S /URI /URI (mailto:a@example.ru) >>", "accepted"),
        ("annot_submit", b"/Subtype /Widget /FT /Btn /A << /S /SubmitForm /F << /FS /URL /F (http://x) >> >>", "active-form"),
        ("annot_import", b"/Subtype /Widget /FT /Btn /A << /S /ImportData /F (a.fdf) >>", "active-form"),
        ("annot_attachment", b"/Subtype /FileAttachment /FS << /F (a) >>", "embedded-file"),
        ("annot_richmedia", b"/Subtype /RichMedia /RichMediaContent << >>", "media"),
        ("annot_movie", b"/Subtype /Movie /Movie << /F (a.avi) >>", "media"),
        ("annot_sound", b"/Subtype /Sound /Sound 40 0 R", "media"),
        ("annot_screen", b"/Subtype /Screen", "media"),
        ("annot_3d", b"/Subtype /3D /3DD 40 0 R", "media"),
        ("annot_hex_3d", b"/Subtype /#33#44", "media"),
        ("annot_kind_elsewhere", b"/Subtype /Link /A << /S 41 0 R /URI (x) >>", "launches"),
    ]:
        data = plain(page=b"/Annots [<< /Type /Annot /Rect [0 0 9 9] %s >>]" % annotation,
                     more={40: stream(b"x"), 41: b"/Launch" if name == "annot_kind_elsewhere" else b"null"})
        corpus.add(f"{name}.pdf", data, expect, name.replace("_", " "))
    for place, ref in (("", b"<< /F (\\\\\\\\host\\\\x.pdf) >>"), ("_elsewhere", b"12 0 R")):
        form = stream(TEXT, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Ref %s " % ref)
        corpus.add(f"ref{place}.pdf", plain(more={6: form, 12: b"<< /F (\\\\\\\\host\\\\x.pdf) >>"}), "external-reference",
                   "a form that stands for a page of another file")
    corpus.add("page_aa.pdf", plain(page=b"/AA << /O " + SCRIPT + b" >>"), "script", "a page that acts when it is opened")
    corpus.add("attached.pdf", again(text_pdf(), attach), "embedded-file", "an attachment as a program writes it")
    outside = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /F (http://x/a.jpg) /Length 0 >>\nstream\n\nendstream"
    corpus.add("outside_stream.pdf", plain(more={6: outside}), "external-reference", "a stream that lies elsewhere")


def attach(pdf):
    pdf.attachments["a.txt"] = b"hello"


def hidden(corpus):
    packed = object_stream({30: SCRIPT})
    corpus.add("js_packed.pdf", plain(catalog=b"/OpenAction 30 0 R", more={20: packed}), "script", "a script in a stream of objects")
    untyped = object_stream({30: SCRIPT}, b"/Type /Other")
    corpus.add("js_packed_untyped.pdf", plain(more={20: untyped}), "script", "in one that does not say that it is one")
    twice = zlib.compress(packed_data({30: SCRIPT}), 9)
    body = twice.hex().encode() + b">"
    head = b"/Type /ObjStm /N 1 /First %d /Filter [/ASCIIHexDecode /FlateDecode]" % len(b"30 0 ")
    corpus.add("js_packed_twice.pdf", plain(more={20: stream(body, head, flate=False)}), "script", "in one that is encoded twice")
    unused = plain(more={45: SCRIPT})
    corpus.add("js_unused.pdf", unused, "script", "in an object to which nothing refers")
    earlier = revised(plain(more={45: SCRIPT}), {45: b"null"})
    corpus.add("js_earlier.pdf", earlier, "script", "in an earlier revision")
    within = plain(more={45: stream(b"46 0 obj\n" + SCRIPT + b"\nendobj\n", flate=False)})
    corpus.add("js_within_stream.pdf", within, "script", "in an object that lies within a stream's bytes")
    tail = plain()
    cut = tail.rindex(b"xref\n0")
    corpus.add("js_unlisted.pdf", tail[:cut] + b"47 0 obj" + SCRIPT + b"endobj\n" + tail[cut:], "script", "in an object that the table leaves out")
    locked = plain(trailer=b"/Encrypt << /Filter /Standard >>")
    corpus.add("encrypt_key.pdf", locked, "encrypted", "says that it is encrypted")


def beyond(corpus):
    """What one reader sees and another does not."""
    broken = b"<< /S /JavaScript /JS (app.alert\\(1\\)) oops >>"
    within = plain(more={45: stream(b"46 0 obj\n" + broken + b"\nendobj\n", flate=False)})
    corpus.add("js_within_broken.pdf", within, "damaged", "a broken object within a stream's bytes, which readers mend")
    signed = plain(more={45: stream(b"+46 +0 obj\n" + broken + b"\nendobj\n", flate=False)})
    corpus.add("js_within_signed.pdf", signed, "damaged", "one whose numbers have signs")
    noted = plain(more={45: stream(b"46 0 % note\nobj\n" + broken + b"\nendobj\n", flate=False)})
    corpus.add("js_within_noted.pdf", noted, "damaged", "one with a comment before its beginning")
    listed = plain(more={45: stream(b"46 0 % note\nobj\n[" + broken + b"]\nendobj\n", flate=False)})
    corpus.add("js_within_array.pdf", listed, "damaged", "one in an array")
    packed = object_stream({30: SCRIPT})
    length = len(packed[packed.index(b"stream\n") + 7:packed.rindex(b"\nendstream")])
    far = packed.replace(b"/Length %d" % length, b"/Length 31 0 R")
    numbers = object_stream({31: b"%d" % length})
    corpus.add("js_packed_far.pdf", plain(more={20: far, 21: numbers}), "damaged", "a stream of objects whose length lies in another one")
    referred = packed.replace(b"/N 1", b"/N 31 0 R")
    corpus.add("js_packed_referred.pdf", plain(more={20: referred, 31: b"1"}), "damaged", "one whose count lies elsewhere")
    corpus.add("two_counts.pdf", plain(more={20: packed.replace(b"/N 1", b"/N 1 /N 0")}), "damaged", "one with two counts")
    corpus.add("two_filters.pdf", plain(more={20: packed.replace(b"/Type", b"/Filter /ASCIIHexDecode /Type", 1)}), "damaged",
               "one with two encodings for readers to choose from")
    other = packed.replace(b"/Type", b"/DecodeParms 31 0 R /Type", 1)
    corpus.add("far_parameters.pdf", plain(more={20: other, 31: b"<< /Predictor 2 /Columns 40 >>"}), "damaged", "one whose prediction lies elsewhere")
    other = packed.replace(b"/Type", b"/DecodeParms << /Predictor 2 /BitsPerComponent 4 /Columns 40 >> /Type", 1)
    corpus.add("odd_prediction.pdf", plain(more={20: other}), "unknown-encoding", "one with a prediction that is not undone here")
    form = stream(b"0 0 m", b"/Type /XObject /Subtype /Form /Subtype2 /PS /BBox [0 0 9 9] ")
    corpus.add("postscript_form.pdf", plain(more={6: form}), "script", "a form that is a program for printers")
    corpus.add("zip_loosely.pdf", text_pdf()[:-6] + b"\n%PK\x05\x06" + bytes(18) + b"\n%%EOF\n", "trailing-data",
               "an archive for readers that do not look closely")
    image = dct(picture.page((1241, 1755))).replace(b"/Filter", b"/DecodeParms 31 0 R /Filter", 1)
    corpus.add("scan_far_parameters.pdf", scanned(image, more={31: b"<< /ColorTransform 1 >>"}), "accepted",
               "a picture whose parameters lie elsewhere", pages=1)


def packed_data(objects):
    head, body = b"", b""
    for number, data in objects.items():
        head += b"%d %d " % (number, len(body))
        body += data + b" "
    return head + body

"""DOCX, honest and hostile."""

import io
import zipfile

import docx as python_docx

import files_ole

DATE = (2026, 1, 1, 0, 0, 0)
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'


def document(body="<w:p><w:r><w:t>Hello</w:t></w:r></w:p>"):
    return f'<?xml version="1.0" encoding="UTF-8"?><w:document {W}><w:body>{body}</w:body></w:document>'


def types(main=MAIN, more=""):
    return (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{more}</Types>'
    )


def relation(kind, target, mode="", number=1):
    return f'<Relationship Id="r{number}" Type="{R}/{kind}" Target="{target}"{mode}/>'


def docx(body=None, relations="", more=None, main=MAIN, overrides="", part=None, **packing):
    """A document of these parts."""
    parts = {
        "[Content_Types].xml": types(main, overrides),
        "_rels/.rels": RELS.format(relation("officeDocument", "word/document.xml")),
        "word/document.xml": part or (document() if body is None else document(body)),
        "word/_rels/document.xml.rels": RELS.format(relations),
    }
    parts.update(more or {})
    return archive(parts.items(), **packing)


def archive(parts, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, data in parts:
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = method
            packed.writestr(entry, data)
    return out.getvalue()


def written():
    """As a program writes it, with the dates made the same every time."""
    out = io.BytesIO()
    text = python_docx.Document()
    text.add_heading("Certificate", 0)
    text.add_paragraph("Hello")
    text.add_table(2, 2)
    text.save(out)
    with zipfile.ZipFile(out) as packed:
        return archive([(name, packed.read(name)) for name in packed.namelist()])


def field(*parts):
    """A field whose instruction is split over runs."""
    run = "<w:r>{}</w:r>".format
    split = "".join(run(f'<w:instrText xml:space="preserve">{part}</w:instrText>') for part in parts)
    return ("<w:p>" + run('<w:fldChar w:fldCharType="begin"/>') + split + run('<w:fldChar w:fldCharType="separate"/>')
            + run("<w:t>x</w:t>") + run('<w:fldChar w:fldCharType="end"/>') + "</w:p>")


OUT = ' TargetMode="External"'


def spaces(put):
    """Attributes and elements that are called like those that count, and belong to something else."""
    own = {"word/settings.xml": f"<w:settings {W}/>"}
    posing = ' xmlns:Target="a" xmlns:TargetMode="Internal"'
    for name, beside, expect, why in [
        ("declared", posing, "external-reference", "whose prefixes are called like its attributes"),
        ("beside", ' xmlns:a="a" a:Target="a" a:TargetMode="Internal"', "damaged", "whose attributes stand there twice"),
    ]:
        far = f'<Relationship{beside} Id="r1" Type="{R}/attachedTemplate" Target="http://x/a.dotm"{OUT}/>'
        put(f"template_{name}", docx(more={**own, "word/_rels/settings.xml.rels": RELS.format(far)}), expect,
            f"a template from outside {why}")
    begin, end = ('<w:r><w:fldChar w:fldCharType="%s"/></w:r>' % kind for kind in ("begin", "end"))
    said = "<w:r><w:instrText>{}</w:instrText></w:r>".format
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    def choice(needs, one, other=""):
        return f'<mc:AlternateContent {mc}><mc:Choice Requires="{needs}">{one}</mc:Choice><mc:Fallback>{other}</mc:Fallback></mc:AlternateContent>'

    within = f'<w:txbxContent>{field(" PAGE ")}</w:txbxContent>'
    box = choice("wps", f'<w:drawing><wps:txbx xmlns:wps="wps">{within}</wps:txbx></w:drawing>',
                 f'<w:pict><v:textbox xmlns:v="v">{within}</v:textbox></w:pict>')
    other = '<w:r><{0}:fldChar {1} {0}:fldCharType="end"/></w:r>'.format
    for name, body, expect, why in [
        ("dde_declared", '<w:fldSimple xmlns:instr="PAGE" w:instr="DDEAUTO c:\\x cmd"/>', "external-reference", "as a prefix is called"),
        ("dde_beside", '<w:fldSimple xmlns:a="a" a:instr="PAGE" w:instr="DDEAUTO c:\\x cmd"/>', "damaged", "two instructions of one field"),
        ("dde_bare", '<w:fldSimple instr="PAGE"/>', "damaged", "an instruction that belongs to nothing"),
        ("dde_kind_declared", begin + said("D") + '<w:r><w:fldChar xmlns:fldCharType="end" w:fldCharType="separate"/></w:r>' + said("DEAUTO x") + end,
         "external-reference", "a separator that poses as an end"),
        ("dde_kind_bare", begin + said("D") + '<w:r><w:fldChar fldCharType="end"/></w:r>' + said("DEAUTO x") + end, "damaged",
         "an end whose kind belongs to nothing"),
        ("dde_kind_odd", begin + said("D") + '<w:r><w:fldChar w:fldCharType="End"/></w:r>' + said("DEAUTO x") + end, "damaged",
         "an end that is none"),
        ("dde_other_end", begin + said("D") + other("x", 'xmlns:x="x"') + said("DEAUTO x") + end, "damaged", "an end of another space"),
        ("dde_turned", begin + said("D") + other("w", 'xmlns:w="x"') + said("DEAUTO x") + end, "damaged", "whose prefix is turned meanwhile"),
        ("dde_within", begin + end + said("<w:instrText/>DDEAUTO x"), "external-reference", "behind an instruction within it"),
        ("dde_choice", begin + said("DD") + choice("zz", end) + said("EAUTO x") + end, "damaged", "an end that a reader may choose"),
        ("dde_choice_said", begin + said("DD") + choice("zz", "", said("EAUTO x")) + end, "damaged", "words that a reader may choose"),
        ("dde_ignored", begin + said("DD") + f'<x:a xmlns:x="x">{end}</x:a>' + said("EAUTO x") + end, "damaged", "an end that a reader may leave out"),
        ("box", begin + said(' HYPERLINK "https://example.ru/" ') + separate + f"<w:r>{box}</w:r>" + end, "accepted", "a box within a link, in two kinds"),
        ("other_prefix", "", "accepted", "with another prefix for its words"),
    ]:
        put(name, docx(body and f"<w:p>{body}<w:r><w:t>Hello</w:t></w:r></w:p>", part=renamed() if name == "other_prefix" else None), expect, why)
    strict = document(field(" PAGE ")).replace("schemas.openxmlformats.org/wordprocessingml/2006", "purl.oclc.org/ooxml/wordprocessingml")
    put("strict", docx(part=strict), "accepted", "by the stricter edition of the standard")
    dde = {"word/a.xml": f"<w:hdr {W}>{field('DDEAUTO x')}</w:hdr>"}
    kind, setting = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml", "a/printersettings"
    listed = '<Override PartName="/word/a.xml"{0} ContentType="{1}"/>'.format
    put("type_declared", docx(more=dde, overrides=listed(f' xmlns:ContentType="{setting}"', kind)), "external-reference",
        "a header that poses as settings of a printer by a prefix")
    put("type_beside", docx(more=dde, overrides=listed(f' xmlns:a="a" a:ContentType="{setting}"', kind)), "damaged", "one of two types")
    put("type_other", docx(more=dde, overrides=f'<a:Override xmlns:a="a" PartName="/word/a.xml" ContentType="{setting}"/>'), "damaged",
        "one whose type is said in another space")


def laid_out(put):
    """Pages, as far as a text has any."""
    def text(words):
        return f"<w:r><w:t>{words}</w:t></w:r>"

    leaf, turned = '<w:r><w:br w:type="page"/></w:r>', "<w:r><w:lastRenderedPageBreak/></w:r>"
    before = "<w:p><w:pPr><w:pageBreakBefore/></w:pPr>" + text("Hello") + "</w:p>"
    field_only = field(" PAGE ").replace("<w:t>x</w:t>", "<w:t/>")
    kind = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
    told = {"overrides": f'<Override PartName="/docProps/app.xml" ContentType="{kind}"/>'}
    pages = "<Properties><Template>Normal</Template><Pages>{}</Pages></Properties>".format
    for name, body, more, expect, why in [
        ("blank", "<w:p/>", {}, "blank-page", "an empty paragraph"),
        ("blank_spaces", f"<w:p>{text(' &#160; ')}{leaf}{text('. - _')}</w:p>", {}, "blank-page", "signs and spaces only"),
        ("blank_field", field_only, {}, "blank-page", "a field that comes to nothing"),
        ("blank_header", "<w:p/>", {"more": {"word/header1.xml": f"<w:hdr {W}><w:p>{text('Hello')}</w:p></w:hdr>"}}, "blank-page",
         "a header over nothing"),
        ("ten_pages", leaf + (text("Hello") + leaf) * 10, {}, "accepted", "ten pages"),
        ("eleven_pages", (text("Hello") + leaf) * 10 + text("Hello"), {}, "too-many-pages", "eleven pages by breaks"),
        ("eleven_before", before * 11, {}, "too-many-pages", "eleven pages by paragraphs that begin one"),
        ("ten_before", before * 10, {}, "accepted", "ten of them"),
        ("eleven_shown", text("Hello") + turned * 10, {}, "too-many-pages", "eleven pages when it was shown"),
        ("long", text("word " * 20_001), {}, "too-many-pages", "too long for ten pages"),
        ("less_long", text("word " * 20_000), {}, "accepted", "as long as ten pages can be"),
        ("eleven_told", None, {**told, "more": {"docProps/app.xml": pages(11)}}, "too-many-pages", "eleven pages by its program"),
        ("ten_told", None, {**told, "more": {"docProps/app.xml": pages(10)}}, "accepted", "ten pages by its program"),
    ]:
        put(name, docx(body, **more), expect, why)


def renamed():
    return document(field(" PAGE ")).replace("w:", "ns0:").replace("xmlns:w=", "xmlns:ns0=")


def add(corpus):
    def put(name, data, expect, why, **more):
        corpus.add(f"{name}.docx", data, expect, why, textual="allowed", **more)

    spaces(put)
    laid_out(put)
    good = docx()
    put("plain", good, "accepted", "the least that is a text")
    put("written", written(), "accepted", "as a program writes it, with a thumbnail")
    put("stored", docx(method=zipfile.ZIP_STORED), "accepted", "without compression")
    put("link", docx(relations=relation("hyperlink", "https://example.ru/", OUT)), "accepted", "a link to a web page")
    put("mail", docx(relations=relation("hyperlink", "mailto:a@example.ru", OUT)), "accepted", "a link to a mail box")
    put("page_field", docx(field(" PAGE ")), "accepted", "the number of the page")
    put("link_field", docx(field(' HYPERLINK "https://example.ru/" ')), "accepted", "a link as a field")
    put("mention", docx("<w:p><w:r><w:t>DDEAUTO and INCLUDEPICTURE are words</w:t></w:r></w:p>"), "accepted", "words in the text")

    put("file_link", docx(relations=relation("hyperlink", "file:///c:/a.exe", OUT)), "external-reference", "a link to a file")
    put("unc_link", docx(relations=relation("hyperlink", "\\\\host\\a", OUT)), "external-reference", "a link to another machine")
    put("js_link", docx(relations=relation("hyperlink", "java&#x0A;script:alert(1)", OUT)), "script", "a link that is a script")
    own = {"word/settings.xml": f"<w:settings {W}/>"}
    for name, target, expect, why in [
        ("template_own", "file:///C:\\Users\\anna\\Templates\\letter.dotx", "accepted", "a template on its author's drive, as Word notes it"),
        ("template_share", "file:///\\\\host\\letter.dotx", "external-reference", "a template on another machine"),
        ("template_hidden", "file:///C:/\\\\host\\letter.dotx", "external-reference", "one that only looks like the author's"),
        ("template_scheme", "C:/http://x/a.dotm", "external-reference", "one with two beginnings"),
    ]:
        rels = RELS.format(relation("attachedTemplate", target, OUT))
        put(name, docx(more={**own, "word/_rels/settings.xml.rels": rels}), expect, why)
    put("template", docx(relations=relation("attachedTemplate", "http://x/a.dotm", OUT)), "external-reference", "a template from outside")
    settings = {"word/settings.xml": f"<w:settings {W}/>",
                "word/_rels/settings.xml.rels": RELS.format(relation("attachedTemplate", "http://x/a.dotm", OUT))}
    put("template_settings", docx(more=settings), "external-reference", "a template from outside, by the settings")
    put("image_outside", docx(relations=relation("image", "http://x/a.png", OUT)), "external-reference", "a picture from outside")
    put("object_outside", docx(relations=relation("oleObject", "mhtml:http://x!x", OUT)), "external-reference", "an object from outside")
    put("frame", docx(relations=relation("frame", "http://x/", OUT)), "external-reference", "a frame from outside")
    put("mode_left_out", docx(relations=relation("image", "http://x/a.png")), "external-reference", "from outside without saying so")
    put("imagedata", docx('<w:p><w:pict xmlns:v="v"><v:imagedata src="http://x/a.png"/></w:pict></w:p>'), "external-reference",
        "an older drawing with a picture from outside")
    put("dde", docx(field(' DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc" ')), "external-reference", "a field that starts a program")
    put("dde_split", docx(field(" D", "DE", "AU", "TO c:\\\\cmd.exe ")), "external-reference", "in pieces")
    put("dde_entities", docx(field(" &#68;&#x44;EAUTO c:\\\\cmd.exe ")), "external-reference", "written by numbers")
    put("dde_simple", docx('<w:p><w:fldSimple w:instr="DDE excel a b"/></w:p>'), "external-reference", "in short")
    split = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p><w:p>{}</w:p>'
    put("dde_unclosed", docx(split.format("<w:r><w:instrText>DDE x</w:instrText></w:r>")), "external-reference", "never closed")
    put("dde_nested", docx(field("</w:instrText></w:r>" + field(" QUOTE 68 ")[5:-6] + "<w:r><w:instrText> x")), "external-reference",
        "begins with another field")
    header = {"word/header1.xml": f"<w:hdr {W}>{field('INCLUDETEXT http://x')}</w:hdr>"}
    put("dde_header", docx(more=header), "external-reference", "in the header")
    put("dde_late", docx(field(" DD</w:instrText></w:r>" + field(" QUOTE 69 ")[5:-6] + "<w:r><w:instrText> x")), "external-reference",
        "said in part by another field")
    begin, separate = ('<w:r><w:fldChar w:fldCharType="%s"/></w:r>' % kind for kind in ("begin", "separate"))
    said = "<w:r><w:instrText>{}</w:instrText></w:r>".format
    put("dde_box", docx(f"<w:p>{begin}{said('D')}{separate}{said('DEAUTO x')}</w:p>"), "external-reference", "goes on behind its end")
    put("dde_stray", docx(f"<w:p>{said('DDE')}{said('AUTO x')}</w:p>"), "external-reference", "in no field")
    put("dde_second", docx(f"<w:p>{said('PAGE ')}{said('DDEAUTO c:x cmd')}</w:p>"), "external-reference", "behind another one in no field")
    put("formula", docx(field("= </w:instrText></w:r>" + field(" PAGE ")[5:-6] + "<w:r><w:instrText> - 1")), "accepted",
        "a formula of the number of the page")
    put("dde_rels", docx(more={"word/x.rels": f"<w:hdr {W}>{field('DDEAUTO x')}</w:hdr>"}), "external-reference",
        "in a part that is called relations")
    put("entry_macro", docx('<w:p><w:fldChar w:fldCharType="begin"><w:ffData><w:entryMacro w:val="x"/></w:ffData></w:fldChar></w:p>'), "macros",
        "a form that calls a macro")
    put("ribbon", docx(more={"customUI/customUI.xml": '<customUI onLoad="x"/>'}), "macros", "a ribbon of its own")
    put("web_extension", docx(more={"word/webextensions/webextension1.xml": "<x/>"}), "script", "a program from the web beside the text")
    put("web_video", docx('<w:p><wp15:webVideoPr xmlns:wp15="v" embeddedHtml="x"/></w:p>'), "media", "a film from the web")
    put("blip_link", docx('<w:p><a:blip xmlns:a="a" xmlns:r="r" r:link="r1"/></w:p>'), "external-reference", "a picture that is linked")
    put("many_attributes", docx("<w:p " + " ".join(f'a{number}="1"' for number in range(50_000)) + "/>"), "too-complex",
        "50,000 attributes of one element")
    put("folder", docx(more={"word/x/": "hidden"}), "damaged", "a folder that has bytes")
    put("two_types", docx(overrides='<Override PartName="/word/Document.xml" ContentType="image/png"/>'), "damaged", "a part of two types")
    put("include_picture", docx(field('INCLUDEPICTURE "http://x/a.png" \\d')), "external-reference", "a field with a picture from outside")
    put("macro_button", docx(field("MACROBUTTON Run here")), "macros", "a button for a macro")
    put("mail_merge", docx(more={"word/settings.xml": f"<w:settings {W}><w:mailMerge/></w:settings>"}), "external-reference",
        "letters from a data base")

    macro = "application/vnd.ms-word.document.macroEnabled.main+xml"
    put("docm", docx(main=macro), "macros", "docm called docx")
    put("vba", docx(more={"word/vbaProject.bin": files_ole.ole({"VBA/dir": b"x"})}), "macros", "a project of macros")
    listed = '<Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    put("vba_renamed", docx(more={"word/x.bin": b"x"}, overrides=listed), "macros", "a project of macros, renamed")
    put("ole", docx(more={"word/embeddings/oleObject1.bin": files_ole.ole({"\x01Ole10Native": b"MZ"})}), "embedded-file", "an object")
    put("ole_relation", docx(relations=relation("oleObject", "x.xml"), more={"word/x.xml": "<x/>"}), "embedded-file", "an object by its relation")
    put("active_x", docx(more={"word/activeX/activeX1.xml": "<x/>"}), "embedded-file", "a control")
    put("alt_chunk", docx('<w:altChunk r:id="r9" xmlns:r="r"/>'), "embedded-file", "another text within")
    put("chunk_html", docx(more={"word/a.html": "<html/>"}), "embedded-file", "a page within")
    put("nested_zip", docx(more={"word/a.zip": good}), "embedded-file", "an archive within")
    put("exe", docx(more={"a.exe": b"MZ"}), "embedded-file", "a program within")
    put("media", docx(more={"word/media/image1.png": b"\x89PNG\r\n\x1a\n"}), "pictures", "a picture within")
    jpeg = '<Override PartName="/word/scan.bin" ContentType="image/jpeg"/>'
    put("media_elsewhere", docx(more={"word/scan.bin": b"x"}, overrides=jpeg), "pictures", "a picture elsewhere")
    put("dtd", docx(part=f'<!DOCTYPE x [<!ENTITY a "b">]>{document()[38:]}'), "external-reference", "definitions of its own")
    put("dtd_outside", docx(part=f'<!DOCTYPE x SYSTEM "http://x/a.dtd">{document()[38:]}'), "external-reference", "definitions from outside")
    put("entity", docx("<w:p>&secret;</w:p>"), "external-reference", "an entity that nothing defines")
    put("utf16", docx(part=document().replace("UTF-8", "UTF-16").encode("utf-16")), "unknown-encoding", "in UTF-16")
    put("no_xml", docx(part="<w:document"), "damaged", "not XML")
    put("deep", docx("<w:p>" * 2000 + "</w:p>" * 2000), "too-complex", "elements 2,000 deep")

    put("bomb", docx(more={"word/a.xml": "<x>" + " " * 200_000_000 + "</x>"}), "too-complex", "200 MB of blanks")
    many = {f"word/a{number}.xml": "<x>" + "ab" * 1_000_000 + "</x>" for number in range(60)}
    put("bomb_many", docx(more=many), "too-complex", "sixty parts of 2 MB")
    put("many_entries", docx(more={f"word/b{number}.xml": "<x/>" for number in range(1500)}), "too-complex", "1,500 parts")
    put("traversal", docx(more={"../../a.xml": "<x/>"}), "damaged", "a name that leads out")
    put("absolute", docx(more={"/etc/a.xml": "<x/>"}), "damaged", "a name from the root")
    put("twice", archive([("[Content_Types].xml", types()), ("word/document.xml", document()), ("word/document.xml", document())]), "damaged",
        "one name twice")
    put("twice_case", docx(more={"WORD/document.XML": document()}), "damaged", "one name twice, in capitals")
    put("only_zip", archive([("a.txt", "hello")]), "wrong-content", "just an archive")
    put("xlsx", docx(main="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), "wrong-content", "a table")
    put("template_kind", docx(main=MAIN.replace("document.main", "template.main")), "wrong-content", "a template")
    put("trailing", good + b"<html>", "trailing-data", "HTML behind the end")
    put("commented", good[:-2] + b"\x04\0" + b"abcd", "trailing-data", "a comment behind the end")
    flagged = bytearray(good)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := flagged.find(mark, at + 1)) >= 0:
            flagged[at + offset] |= 1
    put("encrypted_entries", bytes(flagged), "encrypted", "entries with a password")
    sealed = files_ole.ole({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"\x04\0\x04\0" + bytes(200)})
    put("encrypted", sealed, "encrypted", "with a password, as Word does it")
    renamed = bytearray(good)
    at = renamed.find(b"word/document.xml")
    renamed[at:at + 4] = b"WORD"
    put("two_names", bytes(renamed), "damaged", "an entry whose two names differ")
    sizes = bytearray(good)
    at = sizes.rindex(b"word/document.xml") - 46 + 24
    sizes[at:at + 4] = (10).to_bytes(4, "little")
    put("wrong_size", bytes(sizes), "damaged", "an entry that is larger than it says")

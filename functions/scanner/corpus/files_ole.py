"""DOC: compound files ([MS-CFB]) and Word documents ([MS-DOC]), written by hand, since no library here writes them."""

import struct

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NONE = 0xFFFFFFFF


class Node:
    def __init__(self, name, data=None):
        self.name, self.data, self.kids = name, data, {}
        self.left = self.right = self.child = NONE


def ole(streams, loop=False, lists=False):
    """A compound file of streams by their paths; each is filled up so that none is small enough for the small ones' stream."""
    root = Node("Root Entry")
    for path, data in streams.items():
        node, names = root, path.split("/")
        for name in names[:-1]:
            node = node.kids.setdefault(name, Node(name))
        if data is None:
            node.kids.setdefault(names[-1], Node(names[-1]))
        else:
            node.kids[names[-1]] = Node(names[-1], data + bytes(max(0, 4096 - len(data))))
    entries = [root]
    number(root, entries)
    body, fat = bytearray(), []

    def put(data):
        first = len(fat)
        count = (len(data) + SECTOR - 1) // SECTOR
        fat.extend(list(range(first + 1, first + count)) + [END])
        body.extend(data + bytes(count * SECTOR - len(data)))
        return first

    directory = bytearray()
    for node in entries:
        kind = 5 if node is root else 2 if node.data is not None else 1
        first = put(node.data) if node.data is not None else END if node is root else 0
        name = node.name.encode("utf-16-le")
        directory += name + bytes(64 - len(name)) + struct.pack("<HBB", len(name) + 2, kind, 1)
        directory += struct.pack("<III", node.left, node.right, node.child) + bytes(36)
        directory += struct.pack("<IQ", first, len(node.data or b""))
    free = struct.pack("<HBBIII", 0, 0, 1, NONE, NONE, NONE)
    while len(directory) % SECTOR:
        directory += bytes(64) + free + bytes(36 + 12)
    first_directory = put(bytes(directory))
    if loop:
        fat[first_directory - 1] = max(0, first_directory - 2)
    tables = 1
    while (len(fat) + tables) * 4 > tables * SECTOR:
        tables += 1
    first_table = len(fat)
    fat.extend([FAT] * tables)
    table = struct.pack(f"<{len(fat)}I", *fat)
    table += b"\xff" * (tables * SECTOR - len(table))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, tables, first_directory, 0, 4096, END, 0, 0 if lists else END, 1 if lists else 0)
    places = [first_table + one for one in range(tables)]
    head += struct.pack("<109I", *(places + [FREE] * (109 - tables)))
    return head + bytes(body) + table


def number(node, entries):
    """Numbers what is within, as a search tree by length and then by letters."""
    kids = sorted(node.kids.values(), key=lambda kid: (len(kid.name), kid.name.upper()))
    places = {}
    for kid in kids:
        places[kid.name] = len(entries)
        entries.append(kid)

    def tree(part):
        if not part:
            return NONE
        middle = len(part) // 2
        part[middle].left, part[middle].right = tree(part[:middle]), tree(part[middle + 1:])
        return places[part[middle].name]

    node.child = tree(kids)
    for kid in kids:
        number(kid, entries)


def word(text, flags=0, version=0x00C1, wide=False, names="", drawings=b"", split=1, kinds=(), of=16, sections=0, pages=0):
    """The two streams of a document: the text in pieces, and where they are."""
    parts = [text[len(text) * one // split:len(text) * (one + 1) // split] for one in range(split)]
    body, places, ends = b"", [], [0]
    for part in parts:
        at = 1024 + len(body)
        places.append(at if wide else 0x40000000 | at * 2)
        body += part.encode("utf-16-le" if wide else "cp1252")
        ends.append(ends[-1] + len(part))
    pieces = struct.pack(f"<{len(ends)}I", *ends) + b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    clx = b"\x01\x04\0abcd" + b"\x02" + struct.pack("<I", len(pieces)) + pieces
    strings = names.encode("utf-16-le")
    marks = b"".join(struct.pack("<BB", 0x13, kind) + b"\x15\0" for kind in kinds)
    fields = bytes(4 * (2 * len(kinds) + 1)) + marks if kinds else b""
    parted, whole = bytes(4 + 16 * sections if sections else 0), (bytes(46) + struct.pack("<H", pages) if pages else b"")
    table = clx + strings + drawings + fields
    pairs = [(0, 0)] * 93
    pairs[33] = (0, len(clx))
    pairs[32] = (len(clx), len(strings))
    pairs[of] = (len(table) - len(fields), len(fields))
    for place, part in ((6, parted), (31, whole)):
        pairs[place] = (len(table), len(part))
        table += part
    pairs[50] = (len(clx) + len(strings), len(drawings))
    fib = struct.pack("<HHHHHHHIBBHHII", 0xA5EC, version, 0, 0x419, 0, flags | 0x0200, 0xBF, 0, 0, 0, 0, 0, 0, 0)
    fib += struct.pack("<H", 14) + bytes(28) + struct.pack("<H", 22) + bytes(88) + struct.pack("<H", 93)
    fib += b"".join(struct.pack("<II", *pair) for pair in pairs)
    return fib + bytes(1024 - len(fib)) + body, table


def doc(text, more=None, loop=False, lists=False, **options):
    main, table = word(text, **options)
    return ole({"WordDocument": main, "1Table": table, "\x05SummaryInformation": b"\xfe\xff", "\x01CompObj": b"x", **(more or {})},
               loop=loop, lists=lists)


def field(instruction, result="x"):
    return f"\x13{instruction}\x14{result}\x15"


def picture_block(kind=0x64):
    return struct.pack("<IHH", 100, 0x44, kind) + bytes(92)


def add(corpus):
    def put(name, data, expect, why, **more):
        corpus.add(f"{name}.doc", data, expect, why, textual="allowed", **more)

    put("plain", doc("Hello"), "accepted", "a text")
    put("wide", doc("\u0421\u043f\u0440\u0430\u0432\u043a\u0430", wide=True), "accepted", "a text in Cyrillic")
    put("pieces", doc("Hello, world", split=3), "accepted", "a text in pieces")
    put("link", doc(field(' HYPERLINK "https://example.ru/" ')), "accepted", "a link to a web page")
    put("page_field", doc(field(" PAGE ")), "accepted", "the number of the page")
    put("mention", doc("DDEAUTO and INCLUDEPICTURE are words"), "accepted", "words in the text")
    put("empty_pool", doc("Hello", {"ObjectPool": None}), "accepted", "a place for objects, empty")
    put("link_block", doc("Hello", {"Data": picture_block(0)}), "accepted", "a block that belongs to a link")

    put("macros", doc("Hello", {"Macros/VBA/dir": b"x"}), "macros", "macros")
    put("macros_case", doc("Hello", {"mAcRoS/x": b"x"}), "macros", "macros, in other letters")
    put("vba_project", doc("Hello", {"x/_VBA_PROJECT": b"x"}), "macros", "macros elsewhere")
    put("encrypted", doc("Hello", flags=0x0100), "encrypted", "with a password")
    put("pool", doc("Hello", {"ObjectPool/_1/\x01Ole10Native": b"MZ"}), "embedded-file", "an object")
    put("package", doc("Hello", {"Package": b"PK\x03\x04"}), "embedded-file", "a package beside the text")
    put("dde", doc(field(' DDEAUTO c:\\cmd.exe "/k calc" ')), "external-reference", "a field that starts a program")
    put("dde_wide", doc(field(" DDEAUTO c:\\cmd.exe \u0416"), wide=True), "external-reference", "in two bytes a letter")
    put("dde_pieces", doc(field(" DDEAUTO c:\\cmd.exe "), split=9), "external-reference", "in pieces")
    put("include", doc(field(' INCLUDETEXT "http://x/a" ')), "external-reference", "a text from outside")
    put("include_picture", doc(field(' INCLUDEPICTURE "http://x/a.png" \\d ')), "external-reference", "a picture from outside")
    put("link_field", doc(field(" LINK Excel.Sheet.8 \\\\host\\a.xls ")), "external-reference", "a table from outside")
    put("nested", doc(field(field(" QUOTE 68 ", "DDE") + " x")), "external-reference", "begins with another field")
    put("kind_page", doc(field(" PAGE "), kinds=[33]), "accepted", "a field with its number")
    put("kind_dde", doc(field(" PAGE "), kinds=[33, 46]), "external-reference", "a field that says one thing and has the number of another")
    put("kind_header", doc(field(" PAGE "), kinds=[68], of=17), "external-reference", "the same in a header")
    put("kind_macro", doc(field(" PAGE "), kinds=[51]), "macros", "the same for a macro")
    put("dde_late", doc(field(" DD" + field(" QUOTE 69 ", "x") + " x")), "external-reference", "said in part by another field")
    put("dde_glued", doc(field("DDEAUTO\\x y")), "external-reference", "without a blank")
    put("embed", doc(field(" EMBED Package ")), "embedded-file", "an object in its place")
    put("control", doc(field(" CONTROL Forms.CommandButton.1 ")), "embedded-file", "a control")
    put("template", doc("Hello", names="http://x/a.dot"), "external-reference", "a template from outside")
    put("template_unc", doc("Hello", names="\\\\host\\a.dot"), "external-reference", "a template from another machine")
    put("picture", doc("\x01", {"Data": picture_block()}), "pictures", "a picture in the text")
    store = struct.pack("<HHI", 0xF, 0xF000, 16) + struct.pack("<HHI", 0x1F, 0xF001, 8) + bytes(8)
    put("shapes", doc("Hello", drawings=store), "pictures", "a picture beside the text")
    put("jpeg", doc("Hello", {"Data": b"abc\xff\xd8\xff\xe0\0\x10JFIF"}), "pictures", "a picture somewhere")
    emf = struct.pack("<HHI", 0x3D40, 0xF01A, 50) + bytes(50)
    put("emf", doc("Hello", {"Data": b"abcd" + emf}), "pictures", "a drawing somewhere")
    put("word_95", doc("Hello", version=0x65), "unknown-encoding", "of an older version")
    put("xls", ole({"Workbook": b"x"}), "wrong-content", "a table called doc")
    put("msi", ole({"_Tables": b"x", "Binary.a": b"MZ"}), "wrong-content", "a setup called doc")
    put("loop", doc("Hello", loop=True), "damaged", "sectors in a circle")
    put("lists", doc("Hello", lists=True), "damaged", "a list of lists")
    main, table = word("Hello")
    put("no_table", ole({"WordDocument": main}), "damaged", "without its table")
    put("no_mark", ole({"WordDocument": b"xx" + main[2:], "1Table": table}), "damaged", "without its mark")
    far = bytearray(table)
    far[12 + 8 + 2:12 + 8 + 6] = b"\xff\xff\xff\x3f"
    put("far_piece", ole({"WordDocument": main, "1Table": bytes(far)}), "damaged", "a piece that lies outside")
    put("five_mb", doc("Hello", {"Data": bytes(5 * 1_048_576 - 60_000)}), "accepted", "almost 5 MB")
    put("long", doc("x" * (5 * 1_048_576 - 60_000)), "too-many-pages", "almost 5 MB of text")
    put("blank", doc("\r \r"), "blank-page", "empty paragraphs")
    put("blank_field", doc(field(" PAGE ", "")), "blank-page", "a field that comes to nothing")
    put("ten_pages", doc("Hello\x0c" * 10), "accepted", "ten pages")
    put("eleven_pages", doc("Hello\x0c" * 10 + "Hello"), "too-many-pages", "eleven pages")
    put("eleven_sections", doc("Hello\x0c" * 10 + "Hello", sections=11), "accepted", "eleven sections, which may stand on one page")
    put("eleven_told", doc("Hello", pages=11), "too-many-pages", "eleven pages by its program")

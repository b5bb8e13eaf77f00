"""PDF that costs a reader much more than it has bytes."""

import zlib

from files_pdf import TEXT, plain, stream


def nested_forms(levels, times):
    """Each form draws the next one some times."""
    more = {}
    for level in range(levels):
        name = 10 + level
        last = level == levels - 1
        inner = TEXT if last else b"/X Do " * times
        resources = b"/Resources << /XObject << /X %d 0 R >> >>" % (name + 1)
        more[name] = stream(inner, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + (b"" if last else resources))
    return more


def add(corpus):
    bombs(corpus)
    slow(corpus)


def bombs(corpus):
    corpus.add("flate_bomb.pdf", plain(bytes(300_000_000)), "too-complex", "a page of 300 MB")
    doubled = zlib.compress(zlib.compress(bytes(500_000_000), 9), 9)
    twice = stream(doubled, b"/Filter [/FlateDecode /FlateDecode]", flate=False)
    corpus.add("flate_twice.pdf", plain(more={4: twice}), "too-complex", "a page deflated twice")
    font = stream(bytes(300_000_000))
    corpus.add("font_bomb.pdf", plain(more={6: font}), "too-complex", "a bomb outside of pages")
    corpus.add("deep_array.pdf", plain(more={6: b"[" * 5000 + b"]" * 5000}), "too-complex", "arrays in arrays")
    corpus.add("deep_unclosed.pdf", plain(more={6: b"[" * 1_000_000}), "too-complex", "arrays without end")
    corpus.add("many_objects.pdf", plain() .replace(b"xref\n0", b"9 0 obj 1 endobj " * 120_000 + b"\nxref\n0", 1), "too-complex",
               "120,000 objects")
    corpus.add("open_strings.pdf", plain().replace(b"xref\n0", b"9 0 obj (" * 50_000 + b"\nxref\n0", 1), "too-complex",
               "strings that are never closed")
    kids = {2: b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"}
    corpus.add("page_loop.pdf", plain(more=kids), "damaged", "a page tree that contains itself")
    many = {2: b"<< /Type /Pages /Kids [" + b"3 0 R " * 1000 + b"] /Count 1000 >>"}
    corpus.add("page_again.pdf", plain(more=many), "damaged", "one page shown a thousand times")
    deep = {2: b"<< /Type /Pages /Kids [100 0 R] /Count 1 >>"}
    deep.update({100 + level: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (101 + level) for level in range(60)})
    deep[160] = b"<< /Type /Page /MediaBox [0 0 9 9] >>"
    corpus.add("page_depth.pdf", plain(more=deep), "too-complex", "a page sixty levels down")
    loop = {6: b"7 0 R", 7: b"6 0 R", 2: b"<< /Type /Pages /Kids [6 0 R] >>"}
    corpus.add("reference_loop.pdf", plain(more=loop), "damaged", "references in a circle")
    forms = plain(b"/X Do", resources=b"/XObject << /X 10 0 R >>", more=nested_forms(12, 20))
    corpus.add("form_bomb.pdf", forms, "too-complex", "forms that draw each other twenty times, twelve deep")
    own = stream(b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 10 0 R >> >>")
    corpus.add("form_loop.pdf", plain(b"/X Do", resources=b"/XObject << /X 10 0 R >>", more={10: own}), "too-complex",
               "a form that draws itself")
    corpus.add("unknown_filter.pdf", plain(more={6: stream(b"x", b"/Filter /Secret", flate=False)}), "unknown-encoding",
               "an encoding that nobody knows")
    corpus.add("many_filters.pdf", plain(more={6: stream(b"x", b"/Filter [" + b"/AHx " * 50 + b"]", flate=False)}), "too-complex",
               "fifty encodings")
    corpus.add("wrong_length.pdf", plain(more={6: b"<< /Length 5 >>\nstream\n0123456789\nendstream"}), "damaged",
               "a stream that is longer than it says")


def slow(corpus):
    """What costs a reader much more than it has bytes; each took minutes once."""
    before = b"\nxref\n0"

    def put(name, junk, expect, why):
        corpus.add(f"{name}.pdf", plain().replace(before, junk + before, 1), expect, why)

    put("slow_comments", b"obj 1 %" * 90_000 + b"x" * 4_000_000, "too-complex", "numbers with comments that never end")
    ends = b"obj<</Length 4400000>>stream\n" * 60_000
    put("slow_ends", ends + b" " * 2_900_000, "damaged", "streams that end in a megabyte of blanks")
    put("slow_counts", b"obj<</N 1 0 R/First 1 0 R/Length 0>>stream\nendstream " * 80_000, "damaged", "counts that lie elsewhere")
    over = b""
    for number in range(3000):
        over = b"obj<</Length %d>>stream\n" % (len(over) + 2_000_000) + over
    put("slow_overlaps", over + b"x" * 2_000_000 + b"\nendstream", "too-complex", "three thousand streams over each other")
    keys = b" ".join(b"/K%d 0" % number for number in range(200_000))
    put("slow_keys", b"9 0 obj <<" + keys + b">> endobj", "too-complex", "a dictionary of 200,000 entries")
    names = b" ".join(b"/K%d 0" % number for number in range(4_000))
    corpus.add("slow_names.pdf", plain(b"/X Do " * 400_000, resources=b"/XObject << " + names + b">>"), "too-complex",
               "looks 400,000 times for a name among 4,000")
    empty = stream(b"", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    corpus.add("slow_forms.pdf", plain(b"/X Do " * 600_000, resources=b"/XObject << /X 6 0 R >>", more={6: empty}), "too-complex",
               "draws an empty form 600,000 times")
    for times in (1, 16):
        goes = {6: b"<<" + b"/a 7 0 R" * 4_990 + b">>", 7: b"<<" + b"/S/GoTo" * 4_990 + b">>", 8: b"[" + b"<</AA 6 0 R>>" * times + b"]"}
        corpus.add("slow_actions.pdf", plain(more=goes), "too-complex", f"4,990 actions that say 4,990 times what they do, {times} times")
    wide = b"<<" + b"/a 0" * 4_990 + b">>"
    form = stream(b"", b"/Subtype /Form /Filter [" + b"/AHx " * 6 + b"] /DecodeParms [" + wide * 6 + b"]", flate=False)
    corpus.add("slow_parameters.pdf", plain(b"/X Do " * 400, resources=b"/XObject << /X 6 0 R >>", more={6: form}), "too-complex",
               "draws 400 times a form of six encodings with 4,990 parameters each")
    drawn = plain(b"/X Do " * 2_000, resources=b"/XObject << /X 6 0 R >> " + b"/a 0" * 4_990, more={6: stream(b"", b"/Subtype /Form")})
    corpus.add("slow_resources.pdf", drawn, "too-complex", "looks 2,000 times for a name behind 4,990 others")
    notes = plain(b"", page=b"/Annots [" + b"6 0 R " * 2_000 + b"]", more={6: wide})
    corpus.add("slow_notes.pdf", notes, "too-complex", "2,000 notes on an empty page, which are one of 4,990 entries")
    revisions = b"9 0 obj/A endobj " * 50_000
    actions = b"8 0 obj [" + b"<</S 9 0 R>>" * 100_000 + b"] endobj "
    put("slow_revisions", revisions + actions, "too-complex", "100,000 references to what has 50,000 revisions")

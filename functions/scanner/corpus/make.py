#!/usr/bin/env python3
"""Makes the files by which the scanner is judged, honest and hostile, and `manifest.json`, which says what must come of each.

The test that reads them runs this script whenever it has changed (src/tests/corpus.rs); by hand, from the root:

    python3 -m venv target/ci-corpus
    target/ci-corpus/bin/pip install --requirement functions/scanner/corpus/requirements.txt
    target/ci-corpus/bin/python functions/scanner/corpus/make.py target/corpus

The same files come out every time. Honest ones are made by programs that people use; hostile ones by hand where no program would
make them. A row of the manifest: `file` on disk, `name` as it is uploaded, the rules of its kind (`paper`, `colour`, `textual`,
`pagesMax`), `expect` ("accepted" or the name of a reason; of a bad name, its), optionally `pages` and `cleaned`, and `why`.
"""

import json
import pathlib
import shutil
import sys

import files_docx
import files_ole
import files_pdf
import files_picture
import files_slow
import files_writers


class Corpus:
    """Collects files and what must come of them."""

    def __init__(self, folder):
        self.folder = folder
        self.rows = []

    def add(self, name, data, expect, why, upload=None, paper="a4", colour="any", textual="refused", pages_max=10, **more):
        file = f"{len(self.rows) + 1:03}_{name}"
        (self.folder / file).write_bytes(data)
        self.rows.append({
            "file": file, "name": name if upload is None else upload, "paper": paper, "colour": colour, "textual": textual,
            "pagesMax": pages_max, "expect": expect, "why": why, **more,
        })


def names(corpus):
    honest = files_pdf.text_pdf()
    for name, expect in [
        ("../a.pdf", "name-character"), ("a\u202efdp.exe", "name-character"), ("a.b.pdf", "name-dots"),
        ("\u043f\u0430\u0441\u043f\u043e\u0440\u0442.pdf", "name-character"), ("my scan.pdf", "name-character"), ("pdf", "name-dots"), ("", "name-empty"),
        (".pdf", "name-no-stem"), ("a.exe", "name-extension"), ("x" * 97 + ".pdf", "name-too-long"), ("x" * 96 + ".pdf", "accepted"),
    ]:
        corpus.add("name.pdf", honest, expect, f"called {name!r}", upload=name)


def others(corpus):
    html = b"<!doctype html><script>alert(1)</script>"
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    exe = b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + bytes(400)
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400)
    gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
    corpus.add("empty.pdf", b"", "empty", "no bytes")
    for kind, data in [("html", html), ("svg", svg), ("exe", exe), ("heic", heic), ("gif", gif)]:
        corpus.add(f"{kind}.pdf", data, "wrong-content", f"{kind} called pdf")
    corpus.add("heic.jpg", heic, "wrong-content", "what phones make, called jpg")
    corpus.add("svg.png", svg, "wrong-content", "svg called png")
    corpus.add("noise.jpg", bytes((7 * n * n + 3 * n) % 256 for n in range(5000)), "wrong-content", "noise")
    corpus.add("marks_only.pdf", b"%PDF-", "damaged", "nothing but the mark")
    corpus.add("marks_only.jpg", b"\xff\xd8\xff", "damaged", "nothing but the mark")
    corpus.add("marks_only.png", b"\x89PNG\r\n\x1a\n", "damaged", "nothing but the mark")
    corpus.add("marks_only.doc", bytes.fromhex("d0cf11e0a1b11ae1"), "damaged", "nothing but the mark", textual="allowed")
    corpus.add("marks_only.docx", b"PK\x03\x04", "damaged", "nothing but the mark", textual="allowed")


def wrong_extensions(corpus):
    honest = {
        "pdf": files_pdf.text_pdf(), "jpg": files_picture.scan_jpg(), "png": files_picture.scan_png(),
        "doc": files_ole.doc("Hello"), "docx": files_docx.docx(),
    }
    for real, named in [("pdf", "jpg"), ("jpg", "png"), ("png", "jpg"), ("png", "pdf"), ("docx", "doc"), ("doc", "docx"),
                        ("jpg", "pdf"), ("docx", "pdf"), ("pdf", "docx")]:
        corpus.add(f"{real}_as.{named}", honest[real], "wrong-content", f"{real} called {named}", textual="allowed")
    for kind in ("doc", "docx"):
        corpus.add(f"scan_wanted.{kind}", honest[kind], "format-not-allowed", "a text where a scan is asked for")
        corpus.add(f"colour_wanted.{kind}", honest[kind], "format-not-allowed", "a text where a signature has to show", textual="allowed",
                   colour="demanded")
    for kind, data in honest.items():
        for part in (0.3, 0.9):
            cut = data[:int(len(data) * part)]
            corpus.add(f"cut_at_{int(part * 100)}.{kind}", cut, "damaged", f"cut off at {part:.0%}", textual="allowed")


def main():
    folder = pathlib.Path(sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    corpus = Corpus(folder)
    names(corpus)
    others(corpus)
    wrong_extensions(corpus)
    files_picture.add(corpus)
    files_pdf.add(corpus)
    files_slow.add(corpus)
    files_writers.add(corpus)
    files_docx.add(corpus)
    files_ole.add(corpus)
    (folder / "manifest.json").write_text(json.dumps(corpus.rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(corpus.rows)} files in {folder}")


if __name__ == "__main__":
    main()

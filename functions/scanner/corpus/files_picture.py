"""JPG and PNG, honest and hostile."""

import functools
import io
import random
import struct
import zlib

from PIL import Image, ImageDraw, PngImagePlugin

A4 = (2480, 3508)
PASSPORT = (1476, 2079)
MB = 1_048_576


@functools.cache
def page(size=A4, mode="RGB", ink=(20, 40, 160)):
    """A page of writing, with a signature in blue and a stamp."""
    image = Image.new("RGB", size, (252, 251, 248))
    draw = ImageDraw.Draw(image)
    wide, high = size
    for line in range(20):
        y = high * (line + 2) // 25
        for word in range(8):
            x = wide * (word + 1) // 10
            draw.rectangle((x, y, x + wide // 14 - (word * line) % 17 * wide // 2480, y + high // 160), fill=(30, 30, 30))
    draw.arc((wide // 2, high * 22 // 25, wide * 3 // 4, high * 24 // 25), 10, 300, fill=ink, width=max(2, wide // 300))
    draw.ellipse((wide // 5, high * 21 // 25, wide // 3, high * 24 // 25), outline=ink, width=max(2, wide // 250))
    return image.convert(mode)


def jpg(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", **{"quality": 60, **options})
    return out.getvalue()


def png(image, **options):
    out = io.BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


@functools.cache
def scan_jpg():
    return jpg(page(), dpi=(300, 300))


@functools.cache
def scan_png():
    return png(page(), dpi=(300, 300))


def segment(marker, data):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def after_soi(data, *segments):
    return data[:2] + b"".join(segments) + data[2:]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def chunks(data):
    """The chunks of a PNG file, whole."""
    at, found = 8, []
    while at < len(data):
        length = struct.unpack(">I", data[at:at + 4])[0]
        found.append(data[at:at + 12 + length])
        at += 12 + length
    return found


def with_chunks(data, *more, place=1):
    parts = chunks(data)
    return data[:8] + b"".join(parts[:place] + list(more) + parts[place:])


def exif(orientation=None, gps=False, dpi=None):
    tags = Image.Exif()
    if orientation:
        tags[0x0112] = orientation
    if dpi:
        tags[0x011A] = dpi
        tags[0x011B] = dpi
        tags[0x0128] = 2
    tags[0x010F] = "Acme"
    tags[0x0110] = "Phone 7, serial 12345"
    if gps:
        place = tags.get_ifd(0x8825)
        place[1], place[2], place[3], place[4] = "N", (55.0, 45.0, 20.0), "E", (37.0, 37.0, 3.0)
    return tags


def padded(data, size):
    """A JPEG with comments, of exactly so many bytes."""
    missing, parts = size - len(data), []
    while missing:
        much = min(missing, 65_537)
        if 0 < missing - much < 4:
            much -= 4
        parts.append(segment(0xFE, b"x" * (much - 4)))
        missing -= much
    return after_soi(data, *parts)


def deflated(data, zeros):
    """Deflated data with so many zeros behind them, which would be too many to hold."""
    packer = zlib.compressobj(6)
    parts = [packer.compress(data)]
    parts += [packer.compress(bytes(1_000_000)) for _ in range(zeros // 1_000_000)]
    return b"".join(parts) + packer.flush()


def flood(wide, high, rows=b""):
    """A PNG that claims a size and has hardly a row."""
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def adam7(image):
    """An interlaced PNG, which no library here writes: seven smaller pictures one behind the other."""
    wide, high = image.size
    raw = bytearray()
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        part = sample(image, x0, y0, dx, dy)
        stride = part.width * 3
        data = part.tobytes()
        for row in range(part.height):
            raw += b"\0" + data[row * stride:(row + 1) * stride]
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 1)
    dots = struct.pack(">IIB", 11811, 11811, 1)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"pHYs", dots) + chunk(b"IDAT", zlib.compress(bytes(raw), 6))
            + chunk(b"IEND", b""))


def sample(image, x0, y0, dx, dy):
    """Every so manieth pixel across and down."""
    wide, high = image.size
    size = ((wide - x0 + dx - 1) // dx, (high - y0 + dy - 1) // dy)
    return image.transform(size, Image.AFFINE, (dx, 0, x0 - (dx - 1) / 2, 0, dy, y0 - (dy - 1) / 2), Image.NEAREST)


def add(corpus):
    good = scan_jpg()
    plain = page()
    corpus.add("scan.jpg", good, "accepted", "a scan of 300 dpi", pages=1)
    corpus.add("scan.jpeg", good, "accepted", "the other extension")
    corpus.add("SCAN.JPG", good, "accepted", "in capitals")
    corpus.add("progressive.jpg", jpg(plain, dpi=(300, 300), progressive=True), "accepted", "a progressive one", colour="demanded")
    corpus.add("cmyk.jpg", jpg(page(mode="CMYK"), dpi=(300, 300)), "accepted", "in four inks", colour="demanded")
    corpus.add("restarts.jpg", jpg(plain, dpi=(300, 300), restart_marker_rows=4), "accepted", "with restart markers")
    corpus.add("no_density.jpg", jpg(plain), "accepted", "the paper's pixels, no density")
    corpus.add("turned.jpg", jpg(plain.rotate(90, expand=True)), "accepted", "the paper's pixels, lying")
    corpus.add("gps.jpg", jpg(plain, exif=exif(gps=True, orientation=6)), "accepted", "Exif with the place is taken out", cleaned=True)
    corpus.add("comment.jpg", after_soi(good, segment(0xFE, b"<script>alert(1)</script>")), "accepted", "a comment is taken out",
               cleaned=True)
    corpus.add("xmp.jpg", after_soi(good, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>")), "accepted",
               "XMP is taken out", cleaned=True)
    corpus.add("zip_in_comment.jpg", after_soi(good, segment(0xFE, b"PK\x03\x04" + bytes(30))), "accepted",
               "the beginning of an archive in a comment is taken out", cleaned=True)
    a5 = page((1748, 2480))
    corpus.add("a5_300.jpg", jpg(a5, dpi=(300, 300)), "accepted", "half a sheet, recorded")
    corpus.add("a5_none.jpg", jpg(a5), "too-coarse", "half a sheet, nothing recorded")
    corpus.add("a5_299.jpg", jpg(a5, dpi=(299, 299)), "too-coarse", "299 recorded")
    corpus.add("a5_exif_300.jpg", jpg(a5, exif=exif(dpi=300)), "accepted", "recorded in Exif")
    corpus.add("a5_exif_299.jpg", jpg(a5, exif=exif(dpi=299)), "too-coarse", "299 in Exif")
    corpus.add("uneven.jpg", jpg(a5, dpi=(300, 200)), "too-coarse", "300 across and 200 down")
    corpus.add("passport.jpg", jpg(page(PASSPORT)), "accepted", "a passport's pixels", paper="passport-spread")
    corpus.add("passport_short.jpg", jpg(page((1475, 2079))), "too-coarse", "a pixel short", paper="passport-spread")
    corpus.add("passport_as_a4.jpg", jpg(page(PASSPORT)), "too-coarse", "too small for A4")
    card = page((1016, 638))
    corpus.add("card_300.jpg", jpg(card, dpi=(300, 300)), "accepted", "a card, recorded")
    corpus.add("card_none.jpg", jpg(card), "too-coarse", "a card's pixels, which may as well be a sheet's")
    corpus.add("card_299.jpg", jpg(card, dpi=(299, 299)), "too-coarse", "a card at 299")
    corpus.add("card_cut.jpg", jpg(page((987, 614)), dpi=(300, 300)), "accepted", "a card, cut out closely")
    corpus.add("card_half.jpg", jpg(page((508, 638)), dpi=(300, 300)), "too-coarse", "half a card")
    corpus.add("passport_book.jpg", jpg(page((1476, 1040)), dpi=(300, 300)), "accepted", "one page of a passport, recorded", paper="passport-spread")
    corpus.add("tiny_300.jpg", jpg(page((100, 100)), dpi=(300, 300)), "too-coarse", "300 dpi of 100 pixels")
    corpus.add("tiny_65535.jpg", jpg(page((100, 100)), dpi=(65535, 65535)), "too-coarse", "an absurd density")
    corpus.add("white.jpg", jpg(Image.new("RGB", A4, "white")), "blank-page", "white")
    corpus.add("black.jpg", jpg(Image.new("RGB", A4, "black")), "blank-page", "black")
    noise = Image.frombytes("L", A4, random.Random(1).randbytes(A4[0] * A4[1])).point(lambda level: 240 + level // 16).convert("RGB")
    corpus.add("noise.jpg", jpg(noise, quality=20), "blank-page", "white with a scanner's noise")
    corpus.add("grey.jpg", jpg(page(mode="L")), "not-colour", "grey where colour is demanded", colour="demanded")
    corpus.add("grey_as_rgb.jpg", jpg(page(mode="L").convert("RGB")), "not-colour", "grey kept as colour", colour="demanded")
    corpus.add("grey_any.jpg", jpg(page(mode="L")), "accepted", "grey where nothing is demanded")
    corpus.add("colour.jpg", good, "accepted", "blue ink where colour is demanded", colour="demanded")
    big = jpg(page((8000, 5000), mode="L"), quality=20)
    corpus.add("forty_megapixels.jpg", big, "accepted", "40 megapixels exactly")
    corpus.add("forty_progressive.jpg", jpg(page((8000, 5000)), quality=20, progressive=True, subsampling=0), "accepted",
               "40 megapixels, progressive, in full colour: what takes the most memory")
    corpus.add("above_forty.jpg", jpg(page((8001, 5000), mode="L"), quality=10), "too-many-pixels", "one column more")
    corpus.add("five_mb.jpg", padded(good, 5 * MB), "accepted", "5 MB exactly", cleaned=True)
    corpus.add("above_five_mb.jpg", padded(good, 5 * MB + 1), "too-large", "a byte more")
    corpus.add("html_behind.jpg", good + b"<html>", "trailing-data", "HTML behind the end")
    corpus.add("two_pictures.jpg", good + good, "trailing-data", "two pictures")
    corpus.add("byte_behind.jpg", good + b"\n", "trailing-data", "a byte behind the end")
    corpus.add("zeros_behind.jpg", good + bytes(4000), "accepted", "filled up with zeros, which are taken out", cleaned=True)
    listed = after_soi(good, segment(0xE2, b"MPF\0MM\0\x2a" + bytes(60)))
    corpus.add("phone_pictures.jpg", listed + bytes(100) + jpg(page((400, 400))), "accepted",
               "a phone's other pictures, which it lists, are taken out", cleaned=True)
    corpus.add("phone_html.jpg", listed + b"<script>", "trailing-data", "lists other pictures, has a page")
    film = after_soi(good, segment(0xE1, b'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta GCamera:MotionPhoto="1"/>'))
    corpus.add("phone_film.jpg", film + b"\0\0\0\x18ftypmp42" + bytes(3000), "accepted", "a phone's film, which it announces, is taken out",
               cleaned=True)
    corpus.add("film_behind.jpg", good + b"\0\0\0\x18ftypmp42" + bytes(3000), "trailing-data", "a film that nothing announces")
    corpus.add("phone_settings.jpg", good + b"\0\0\x01\x0aserial 12345SEFH" + bytes(20) + b"SEFT", "accepted",
               "a phone's settings are taken out", cleaned=True)
    corpus.add("reserved.jpg", after_soi(good, segment(0x42, b"PK\x03\x04")), "damaged", "a segment that nobody has named")
    corpus.add("zip_behind.jpg", good + b"PK\x05\x06" + bytes(18), "trailing-data", "an archive behind the end")
    corpus.add("no_end.jpg", good[:-2], "damaged", "without its last marker")
    sof = good.index(b"\xff\xc0")
    corpus.add("lossless.jpg", good[:sof] + b"\xff\xc3" + good[sof + 2:], "unknown-encoding", "a lossless one")
    huge = good[:sof + 5] + struct.pack(">HH", 65500, 65500) + good[sof + 9:]
    corpus.add("flood.jpg", huge, "too-many-pixels", "claims 4 gigapixels")
    sos = good.index(b"\xff\xda")
    corpus.add("many_scans.jpg", good[:-2] + good[sos:-2] * 2 + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" * 60 + b"\xff\xd9", "too-complex",
               "dozens of scans")

    clean = scan_png()
    corpus.add("scan.png", clean, "accepted", "a scan of 300 dpi", pages=1, colour="demanded")
    corpus.add("interlaced.png", adam7(plain), "accepted", "an interlaced one", colour="demanded")
    corpus.add("sixteen_bits.png", png(page(mode="L").convert("I").point(lambda level: level * 257).convert("I;16")), "accepted", "of 16 bits")
    corpus.add("one_bit.png", png(page(mode="1")), "accepted", "black and white")
    corpus.add("one_bit_colour.png", png(page(mode="1")), "not-colour", "black and white where colour is demanded", colour="demanded")
    corpus.add("palette.png", png(plain.quantize(16)), "accepted", "with a palette", colour="demanded")
    corpus.add("alpha.png", png(page(mode="RGBA")), "accepted", "with transparency", colour="demanded")
    unseen = page(mode="RGBA").copy()
    unseen.putalpha(0)
    corpus.add("unseen.png", png(unseen), "blank-page", "all transparent")
    corpus.add("white.png", png(Image.new("L", A4, 255)), "blank-page", "white")
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Anna Petrova")
    text.add_text("Comment", "x" * 5000, zip=True)
    corpus.add("texts.png", png(plain, pnginfo=text), "accepted", "texts are taken out", cleaned=True)
    corpus.add("gps.png", png(plain, exif=exif(gps=True, orientation=6)), "accepted", "the place is taken out", cleaned=True)
    corpus.add("a5_300.png", png(a5, dpi=(300, 300)), "accepted", "half a sheet, recorded")
    corpus.add("card_300.png", png(card, dpi=(300, 300)), "accepted", "a card, recorded")
    corpus.add("card_150.png", png(page((508, 319)), dpi=(150, 150)), "too-coarse", "a card at 150")
    corpus.add("a5_299.png", png(a5, dpi=(299, 299)), "too-coarse", "299 recorded")
    corpus.add("forty_megapixels.png", png(page((8000, 5000), mode="1")), "accepted", "40 megapixels exactly")
    corpus.add("above_forty.png", png(page((8001, 5000), mode="1")), "too-many-pixels", "one column more")
    corpus.add("flood.png", flood(60000, 60000), "too-many-pixels", "claims 3.6 gigapixels")
    corpus.add("flood_within.png", flood(5000, 8000, bytes(100)), "damaged", "claims 40 megapixels, has a row")
    corpus.add("no_size.png", flood(0, 8000), "damaged", "without a width")
    corpus.add("zip_behind.png", clean + b"PK\x05\x06" + bytes(18), "trailing-data", "an archive behind the end")
    corpus.add("html_behind.png", clean + b"<html>", "trailing-data", "HTML behind the end")
    bomb = b"icc\0\0" + zlib.compress(bytes(200_000_000), 9)
    rest = zlib.decompress(b"".join(part[8:-4] for part in chunks(clean) if part[4:8] == b"IDAT"))
    kept = [part for part in chunks(clean) if part[4:8] != b"IDAT"]
    packed = deflated(rest, 1_500_000_000)
    corpus.add("rows_bomb.png", clean[:8] + b"".join(kept[:-1]) + chunk(b"IDAT", packed) + kept[-1], "too-complex",
               "1.5 GB behind the last row")
    corpus.add("profile_bomb.png", with_chunks(clean, chunk(b"iCCP", bomb)), "too-complex", "a profile of 200 MB")
    corpus.add("text_bomb.png", with_chunks(clean, chunk(b"zTXt", b"a\0\0" + bomb[5:])), "accepted", "a text of 200 MB is taken out",
               cleaned=True)
    frames = io.BytesIO()
    page((1000, 1000)).save(frames, "PNG", save_all=True, append_images=[page((1000, 1000), "RGB", (200, 0, 0))], duration=100)
    corpus.add("moving.png", frames.getvalue(), "animated", "a moving picture")
    parts = chunks(clean)
    broken = parts[-2][:-1] + bytes([parts[-2][-1] ^ 1])
    corpus.add("wrong_sum.png", clean[:8] + b"".join(parts[:-2]) + broken + parts[-1], "damaged", "a wrong check sum")
    corpus.add("critical.png", with_chunks(clean, chunk(b"XXxx", b"?")), "unknown-encoding", "a chunk that nobody knows and needs")

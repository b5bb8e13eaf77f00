//! The smallest honest file of each format, made here, and how what chance makes of one is closed again.

use crate::inspect::crc::crc32;
use domain::document::FileFormat;
use std::io::{Cursor, Write};

/// Half of a passport's pixels on each side, in whole blocks of 8.
const SIZE: (u16, u16) = (744, 1040);

/// What chance works on, and what makes a file of that: check sums and archives hide what lies within.
pub struct Small {
    pub format: FileFormat,
    pub seed: Vec<u8>,
    pub close: fn(&[u8]) -> Vec<u8>,
}

/// Each format from outside, and, where there is one, from inside.
pub fn all() -> Vec<Small> {
    let small = |format, seed: Vec<u8>, close| Small { format, seed, close };
    vec![
        small(FileFormat::Pdf, pdf(CONTENT), <[u8]>::to_vec),
        small(FileFormat::Pdf, CONTENT.to_vec(), pdf),
        small(FileFormat::Jpg, jpg(), <[u8]>::to_vec),
        small(FileFormat::Png, png(), <[u8]>::to_vec),
        small(FileFormat::Png, png(), with_right_sums),
        small(FileFormat::Doc, doc(&word()), <[u8]>::to_vec),
        small(FileFormat::Doc, word(), doc),
        small(FileFormat::Docx, docx(DOCUMENT), <[u8]>::to_vec),
        small(FileFormat::Docx, DOCUMENT.to_vec(), docx),
    ]
}

pub const CONTENT: &[u8] =
    b"q 1 0 0 1 9 9 cm 0.5 g BT /F1 12 Tf 3 Tr (a) Tj 0 Tr [(Hel) 9 (lo\\051)] TJ ET Q /Fm Do /Im Do \
    BI /W 8 /H 1 /BPC 8 /CS /G ID abcdefgh EI 0 0 m 9 9 l S";

/// Has pages in a tree, a form, a picture, a stream of objects, a revision.
pub fn pdf(content: &[u8]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R/OpenAction[3 0 R/Fit]>> endobj\n\
        2 0 obj <</Type/Pages/Kids[3 0 R 9 0 R]/Count 2/MediaBox[0 0 595 842]>> endobj\n\
        3 0 obj <</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</Fm 5 0 R/Im 6 0 R>>>>>> endobj\n\
        9 0 obj <</Type/Page/Parent 2 0 R/Contents[4 0 R]/Annots[<</Subtype/Link/A<</S/URI/URI(https://a.ru)>>>>]\
        /Resources 8 0 R>> endobj\n10 0 obj 12 endobj\n"
        .to_vec();
    let mut put = |number: u8, keys: &str, data: &[u8]| {
        writeln!(file, "{number} 0 obj <<{keys}/Length {}>> stream", data.len()).unwrap();
        file.extend_from_slice(data);
        file.extend_from_slice(b"\nendstream endobj\n");
    };
    put(4, "", content);
    put(5, "/Subtype/Form/Matrix[1 0 0 1 5 5]/BBox[0 0 9 9]/Filter/ASCIIHexDecode", b"28612920546A>");
    put(
        6,
        "/Subtype/Image/Width 4/Height 3/BitsPerComponent 8/ColorSpace[/Indexed/DeviceRGB 1(abcdef)]",
        &[1; 12],
    );
    put(7, "/Type/ObjStm/N 1/First 4", b"8 0 <</XObject<</Fm 5 0 R/Im 6 0 R>>>>");
    file.extend_from_slice(b"trailer <</Root 1 0 R/Size 11>> startxref\n9\n%%EOF\n10 0 obj 13 endobj\n");
    file.extend_from_slice(b"trailer <</Root 1 0 R/Size 11/Prev 9>> startxref\n9\n%%EOF\n");
    file
}

/// Grey stripes. Codes: no change is `0`, a change of seven bits is `10`, the end of a block is `0`.
fn jpg() -> Vec<u8> {
    let mut file = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x02\x01\x01\x2c\x01\x2c\0\0".to_vec();
    file.extend_from_slice(b"\xff\xdb\0\x43\0");
    file.extend_from_slice(&[8; 64]);
    let (width, height) = (SIZE.0.to_be_bytes(), SIZE.1.to_be_bytes());
    file.extend_from_slice(b"\xff\xc0\0\x0b\x08");
    file.extend_from_slice(&[height, width].concat());
    file.extend_from_slice(b"\x01\x01\x11\0\xff\xc4\0\x15\0\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x07");
    file.extend_from_slice(b"\xff\xc4\0\x14\x10\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    file.extend_from_slice(b"\xff\xda\0\x08\x01\x01\0\0\x3f\0");
    let (mut bits, mut held) = (0_u32, 0);
    let mut put = |code: u32, length: u32| {
        bits = bits << length | code;
        held += length;
        while held >= 8 {
            held -= 8;
            let byte = (bits >> held & 0xff) as u8;
            file.push(byte);
            if byte == 0xff {
                file.push(0);
            }
        }
    };
    for block in 0..u32::from(SIZE.0 / 8) * u32::from(SIZE.1 / 8) {
        // Up by 100, down by 100, and eight times nothing: a code, its seven bits, and the end.
        let changed = |bits: u32| 0b10 << 8 | bits << 1;
        match block % 10 {
            0 => put(changed(100), 10),
            1 => put(changed(27), 10),
            _ => put(0b00, 2),
        }
    }
    put(0x7f, 7);
    file.extend_from_slice(b"\xff\xd9");
    file
}

fn png() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, SIZE.0.into(), SIZE.1.into());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: 11_811, yppu: 11_811, unit: png::Unit::Meter }));
    let pixels: Vec<u8> =
        (0..usize::from(SIZE.0) * usize::from(SIZE.1) * 3).map(|at| (at / 900 % 251) as u8).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    file
}

fn with_right_sums(file: &[u8]) -> Vec<u8> {
    let (mut file, mut at) = (file.to_vec(), 8);
    while let Some(length) = file.get(at..at + 4) {
        let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
        let end = at.saturating_add(8).saturating_add(length);
        let Some(body) = file.get(at + 4..end) else { break };
        let sum = crc32(body).to_be_bytes();
        let Some(place) = file.get_mut(end..end + 4) else { break };
        place.copy_from_slice(&sum);
        at = end + 4;
    }
    file
}

/// Both streams of a document, one behind the other.
const MAIN: usize = 1_100;

fn word() -> Vec<u8> {
    let mut main = vec![0; 898];
    main[..4].copy_from_slice(&[0xec, 0xa5, 0xc1, 0]);
    main[11] = 2;
    main[32] = 14;
    main[62] = 22;
    main[152] = 93;
    main[154 + 8 * 33 + 4] = 21;
    main[154 + 8 * 50..154 + 8 * 50 + 8].copy_from_slice(&[21, 0, 0, 0, 16, 0, 0, 0]);
    main.resize(1_024, 0);
    main.extend_from_slice(b"\x13 HYPERLINK \"https://a.ru\" \x14Hello\x15");
    main.resize(MAIN, b' ');
    let mut table = vec![2, 16, 0, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 8, 0, 0x40, 0, 0];
    table.extend_from_slice(&[0x0f, 0, 0, 0xf0, 8, 0, 0, 0, 0, 0, 6, 0xf0, 0, 0, 0, 0]);
    main.extend_from_slice(&table);
    main
}

fn doc(word: &[u8]) -> Vec<u8> {
    let (main, table) = word.split_at(MAIN.min(word.len()));
    let mut compound = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, data) in [("/WordDocument", main), ("/1Table", table)] {
        compound.create_stream(name).unwrap().write_all(data).unwrap();
    }
    compound.flush().unwrap();
    compound.into_inner().into_inner()
}

const DOCUMENT: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document \
    xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:fldChar \
    w:fldCharType=\"begin\"/><w:instrText> PA</w:instrText><w:instrText>GE </w:instrText><w:fldChar w:fldCharType='separate'/>\
    <w:t>1 &amp; &#50;</w:t><w:fldChar w:fldCharType=\"end\"/></w:r><w:fldSimple w:instr=\"DATE\"/></w:p></w:body></w:document>";

fn docx(document: &[u8]) -> Vec<u8> {
    let types = b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
        <Default Extension=\"rels\" ContentType=\"a/xml\"/><Override PartName=\"/word/document.xml\" \
        ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    let relations = b"<Relationships><Relationship Id=\"a\" Type=\"x/hyperlink\" Target=\"https://a.ru\" \
        TargetMode=\"External\"/></Relationships>";
    zip(&[
        ("[Content_Types].xml", types.as_slice()),
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", relations),
    ])
}

/// An archive without compression.
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut list) = (Vec::new(), Vec::new());
    for (name, data) in entries {
        let size = u32::try_from(data.len()).unwrap().to_le_bytes();
        let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let both = [&[0; 8][..], &crc32(data).to_le_bytes(), &size, &size, &name_length, &[0; 2]].concat();
        let at = u32::try_from(file.len()).unwrap().to_le_bytes();
        file.extend([b"PK\x03\x04\x14\0", &both[..], name.as_bytes(), data].concat());
        list.extend([b"PK\x01\x02\x14\0\x14\0", &both[..], &[0; 10], &at, name.as_bytes()].concat());
    }
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let size = u32::try_from(list.len()).unwrap().to_le_bytes();
    let at = u32::try_from(file.len()).unwrap().to_le_bytes();
    file.extend([&list[..], b"PK\x05\x06\0\0\0\0", &count, &count, &size, &at, &[0; 2]].concat());
    file
}

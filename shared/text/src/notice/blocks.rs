//! The parts of a letter, as plain text and as HTML for every mail program and screen reader.

use crate::Lang;
use std::fmt::Write;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(String),
    Facts { heading: String, rows: Vec<(String, String)> },
    List { heading: String, items: Vec<String> },
    Link { words: String, url: String },
}

/// Blocks apart by an empty line.
pub fn text(blocks: &[Block]) -> String {
    let parts: Vec<String> = blocks.iter().map(block_text).collect();
    parts.join("\n\n")
}

fn block_text(block: &Block) -> String {
    match block {
        Block::Paragraph(words) => words.clone(),
        Block::Facts { heading, rows } => {
            let rows: Vec<String> = rows.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            format!("{heading}\n{}", rows.join("\n"))
        }
        Block::List { heading, items } => {
            let items: Vec<String> = items.iter().map(|item| format!("- {item}")).collect();
            format!("{heading}\n{}", items.join("\n"))
        }
        Block::Link { words, url } => format!("{words}: {url}"),
    }
}

// Mail programs drop style sheets, so every element carries its own; all text has a contrast of at least 7:1.
const BODY: &str = "margin:0;padding:16px;background:#ffffff;color:#1a1a1a;\
                    font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5";
const PAGE: &str = "max-width:600px;margin:0 auto";
const H1: &str = "font-size:22px;line-height:1.3;margin:0 0 16px";
const H2: &str = "font-size:18px;line-height:1.3;margin:24px 0 8px";
const P: &str = "margin:0 0 16px";
const TABLE: &str = "border-collapse:collapse;width:100%;margin:0 0 16px";
const TH: &str = "text-align:left;vertical-align:top;padding:6px 12px 6px 0;font-weight:normal;color:#4a4a4a";
const TD: &str = "text-align:left;vertical-align:top;padding:6px 0;font-weight:bold";
const LIST: &str = "margin:0 0 16px;padding-left:24px";
const LINK: &str = "color:#0b3d91;text-decoration:underline;word-break:break-word";

/// A whole HTML document; every word from outside is escaped here and nowhere else.
pub fn html(lang: Lang, title: &str, blocks: &[Block]) -> String {
    let title = escape(title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n</head>\n\
         <body style=\"{BODY}\">\n<main style=\"{PAGE}\">\n<h1 style=\"{H1}\">{title}</h1>\n",
        lang.code()
    );
    for block in blocks {
        page.push_str(&block_html(block));
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn block_html(block: &Block) -> String {
    match block {
        Block::Paragraph(words) => format!("<p style=\"{P}\">{}</p>\n", escape(words)),
        Block::Facts { heading, rows } => {
            let mut table =
                format!("<h2 style=\"{H2}\">{}</h2>\n<table style=\"{TABLE}\">\n", escape(heading));
            for (name, value) in rows {
                // Writing to a String cannot fail.
                let _ = writeln!(
                    table,
                    "<tr><th scope=\"row\" style=\"{TH}\">{}</th><td style=\"{TD}\">{}</td></tr>",
                    escape(name),
                    escape(value)
                );
            }
            table + "</table>\n"
        }
        Block::List { heading, items } => {
            let mut list = format!("<h2 style=\"{H2}\">{}</h2>\n<ul style=\"{LIST}\">\n", escape(heading));
            for item in items {
                let _ = writeln!(list, "<li>{}</li>", escape(item));
            }
            list + "</ul>\n"
        }
        Block::Link { words, url } => {
            format!(
                "<p style=\"{P}\"><a href=\"{}\" style=\"{LINK}\">{}</a></p>\n",
                escape(url),
                escape(words)
            )
        }
    }
}

/// Safe in HTML text and in double- or single-quoted attributes.
pub fn escape(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

//! A picture as a list of marks, drawn the same way as SVG and as PNG.
//!
//! Coordinates are in pixels of a picture of [`WIDTH`] pixels, from the top left corner.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont};
use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontFamily, FontStyle, IntoFont, RGBColor, ShapeStyle, TextStyle, register_font};

use crate::results::{Error, Result};

/// Width of a picture.
pub const WIDTH: f64 = 900.0;
/// Height of a picture unless it needs more.
pub const HEIGHT: f64 = 540.0;

/// The shipped font, so that PNG pictures are the same on every machine. Its licence lies beside it.
static FONT: &[u8] = include_bytes!("../../assets/DejaVuSans.ttf");
const FONT_NAME: &str = "DejaVu Sans";
/// What browsers show SVG text in.
const FONT_FAMILY: &str = "DejaVu Sans, Arial, sans-serif";

static GLYPHS: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| {
    // Registering makes the font known to the drawing library; the parsed font measures text here.
    let _ = register_font(FONT_NAME, FontStyle::Normal, FONT);
    FontRef::try_from_slice(FONT).ok()
});

/// A point of the picture.
pub type Point = (f64, f64);
/// Red, green and blue.
pub type Colour = (u8, u8, u8);

/// The colour of text.
pub const INK: Colour = (0x22, 0x22, 0x22);
/// The colour of what is said in a low voice.
pub const GREY: Colour = (0x5a, 0x5a, 0x5a);
/// The colour of grid lines.
pub const PALE: Colour = (0xe2, 0xe2, 0xe2);
/// White.
pub const WHITE: Colour = (0xff, 0xff, 0xff);

/// Lengths of strokes and gaps, repeated along a line; empty for a solid line.
pub type Dash = &'static [f64];

/// Where a text stands relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// One thing drawn.
#[derive(Clone, Debug)]
pub enum Mark {
    /// A line through points.
    Line {
        /// The points.
        points: Vec<Point>,
        /// Its colour.
        colour: Colour,
        /// Its width.
        width: f64,
        /// Its strokes and gaps.
        dash: Dash,
    },
    /// A filled shape.
    Shape {
        /// Its corners.
        points: Vec<Point>,
        /// Its colour.
        colour: Colour,
        /// From 0 (not seen) to 1 (hides what is below).
        opacity: f64,
    },
    /// A filled circle with a rim.
    Circle {
        /// Its middle.
        centre: Point,
        /// Its radius.
        radius: f64,
        /// Its colour.
        colour: Colour,
        /// The colour of its rim.
        rim: Colour,
    },
    /// A line of text; `at` is on its base line.
    Text {
        /// Where it stands.
        at: Point,
        /// What it says.
        text: String,
        /// Height of the font.
        size: f64,
        /// Its colour.
        colour: Colour,
        /// Which part of it stands at the point.
        anchor: Anchor,
    },
}

/// Marks that a page may hide together.
#[derive(Clone, Debug)]
struct Part {
    /// What the page knows them by, as classes of one SVG group; none for what always shows.
    classes: String,
    marks: Vec<Mark>,
}

/// A picture.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Height; the width is always [`WIDTH`].
    pub height: f64,
    /// What is drawn, from the back to the front.
    parts: Vec<Part>,
}

/// The rectangle of a picture that is shown.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Scene {
    /// An empty picture.
    pub fn new(height: f64) -> Self {
        Self { height, parts: Vec::new() }
    }

    /// All of it from `top` downwards.
    pub fn below(&self, top: f64) -> Frame {
        Frame { left: 0.0, top, width: WIDTH, height: self.height - top }
    }

    /// What is drawn from here on belongs to a part with these classes, or with "" to none.
    pub fn part(&mut self, classes: impl Into<String>) {
        self.parts.push(Part { classes: classes.into(), marks: Vec::new() });
    }

    /// Lays another picture over this one.
    pub fn lay(&mut self, over: &Self) {
        self.parts.extend_from_slice(&over.parts);
        self.part("");
    }

    fn add(&mut self, mark: Mark) {
        if self.parts.is_empty() {
            self.part("");
        }
        if let Some(part) = self.parts.last_mut() {
            part.marks.push(mark);
        }
    }

    /// Adds a line.
    pub fn line(&mut self, points: Vec<Point>, colour: Colour, width: f64, dash: Dash) {
        self.add(Mark::Line { points, colour, width, dash });
    }

    /// Adds a filled shape.
    pub fn shape(&mut self, points: Vec<Point>, colour: Colour, opacity: f64) {
        self.add(Mark::Shape { points, colour, opacity });
    }

    /// Adds a filled rectangle.
    pub fn rectangle(&mut self, (left, top): Point, (right, bottom): Point, colour: Colour, opacity: f64) {
        self.shape(vec![(left, top), (right, top), (right, bottom), (left, bottom)], colour, opacity);
    }

    /// Adds a circle.
    pub fn circle(&mut self, centre: Point, radius: f64, colour: Colour, rim: Colour) {
        self.add(Mark::Circle { centre, radius, colour, rim });
    }

    /// Adds a line of text.
    pub fn text(&mut self, at: Point, text: impl Into<String>, size: f64, colour: Colour, anchor: Anchor) {
        self.add(Mark::Text { at, text: text.into(), size, colour, anchor });
    }

    /// What a frame of the picture shows as SVG, with a description for those who do not see it. It holds no
    /// identifiers, so that many can stand in one page.
    ///
    /// # Errors
    /// [`Error::Drawing`] when the drawing library refuses.
    pub fn to_svg(&self, description: &str, frame: Frame) -> Result<String> {
        // The library draws in whole units: a tenth of a pixel each.
        let scale = 10.0;
        let size = ((WIDTH * scale) as u32, (self.height * scale) as u32);
        let pen = Pen { scale, font: FONT_FAMILY, text: 1.24, rise: 0.76 };
        let mut body = String::new();
        for part in self.parts.iter().filter(|part| !part.marks.is_empty()) {
            let mut svg = String::new();
            let mut backend = SVGBackend::with_string(&mut svg, size);
            part.paint(&mut backend, &pen)?;
            backend.present().map_err(drawing)?;
            drop(backend);
            // The library writes a whole picture; what stands between its first and last tag is the part.
            let marks = svg.split_once('>').map_or("", |(_, marks)| marks);
            let marks = marks.rsplit_once("</svg>").map_or(marks, |(marks, _)| marks).trim();
            body += &match part.classes.as_str() {
                "" => format!("\n{marks}"),
                classes => format!("\n<g class=\"{}\">\n{marks}\n</g>", escape(classes)),
            };
        }
        let Frame { left, top, width, height } = frame;
        Ok(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{}\" width=\"{width}\" \
             height=\"{height}\" viewBox=\"{} {} {} {}\" stroke-linejoin=\"round\">{body}\n</svg>\n",
            escape(description),
            left * scale,
            top * scale,
            width * scale,
            height * scale,
        ))
    }

    /// The picture as PNG, at twice its size so that it prints well.
    ///
    /// # Errors
    /// [`Error::Drawing`] when the drawing library refuses.
    pub fn to_png(&self) -> Result<Vec<u8>> {
        // Drawn at four times the size, then each two by two pixels become one: that smooths the edges.
        let scale = 4.0;
        let (wide, high) = ((WIDTH * scale) as usize, (self.height * scale) as usize);
        let mut drawn = vec![0xff; wide * high * 3];
        {
            let mut backend = BitMapBackend::with_buffer(&mut drawn, (wide as u32, high as u32));
            let pen = Pen { scale, font: FONT_NAME, text: LINE_HEIGHT, rise: LINE_HEIGHT / 2.0 };
            self.parts.iter().try_for_each(|part| part.paint(&mut backend, &pen))?;
            backend.present().map_err(drawing)?;
        }
        let mut smooth = Vec::with_capacity(drawn.len() / 4);
        for row in 0..high / 2 {
            for column in 0..wide / 2 {
                let corner = (2 * row * wide + 2 * column) * 3;
                for channel in 0..3 {
                    let places = [0, 3, 3 * wide, 3 * wide + 3].map(|step| u16::from(drawn[corner + channel + step]));
                    smooth.push((places.iter().sum::<u16>() / 4) as u8);
                }
            }
        }
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, (wide / 2) as u32, (high / 2) as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::Best);
        let mut writer = encoder.write_header().map_err(drawing)?;
        writer.write_image_data(&smooth).map_err(drawing)?;
        writer.finish().map_err(drawing)?;
        Ok(bytes)
    }
}

impl Part {
    /// Draws every mark.
    fn paint<B: DrawingBackend>(&self, backend: &mut B, pen: &Pen) -> Result<()> {
        LazyLock::force(&GLYPHS);
        let place = |(x, y): Point| ((x * pen.scale).round() as i32, (y * pen.scale).round() as i32);
        let fill = |(r, g, b): Colour, opacity| ShapeStyle::from(RGBColor(r, g, b).mix(opacity)).filled();
        for mark in &self.marks {
            match mark {
                Mark::Line { points, colour: (r, g, b), width, dash } => {
                    let width = (width * pen.scale).round() as u32;
                    let style = ShapeStyle::from(RGBColor(*r, *g, *b)).stroke_width(width);
                    for piece in strokes(points, dash) {
                        backend.draw_path(piece.into_iter().map(place), &style).map_err(drawing)?;
                    }
                }
                Mark::Shape { points, colour, opacity } => {
                    backend
                        .fill_polygon(points.iter().copied().map(place), &fill(*colour, *opacity))
                        .map_err(drawing)?;
                }
                Mark::Circle { centre, radius, colour, rim } => {
                    for (radius, colour) in [(radius + 0.8, rim), (*radius, colour)] {
                        let radius = (radius * pen.scale).round() as u32;
                        backend.draw_circle(place(*centre), radius, &fill(*colour, 1.0), true).map_err(drawing)?;
                    }
                }
                Mark::Text { at, text, size, colour: (r, g, b), anchor } => {
                    let across = match anchor {
                        Anchor::Start => HPos::Left,
                        Anchor::Middle => HPos::Center,
                        Anchor::End => HPos::Right,
                    };
                    let height = size * pen.scale;
                    let colour = RGBColor(*r, *g, *b);
                    let style = TextStyle::from((FontFamily::Name(pen.font), height * pen.text).into_font())
                        .color(&colour)
                        .pos(Pos::new(across, VPos::Top));
                    let (x, y) = place(*at);
                    let y = y - (height * pen.rise).round() as i32;
                    backend.draw_text(text, &style, (x, y)).map_err(drawing)?;
                }
            }
        }
        Ok(())
    }
}

/// How a backend measures.
struct Pen {
    /// Its units per pixel.
    scale: f64,
    /// The font it asks for.
    font: &'static str,
    /// What it calls the size of a font, over the height of an em.
    text: f64,
    /// How far above the base line it puts the top of a text, in ems.
    rise: f64,
}

/// Height of a line over the height of an em, in the shipped font.
const LINE_HEIGHT: f64 = 1.164;

fn drawing(error: impl std::fmt::Display) -> Error {
    Error::Drawing { what: "a picture".into(), reason: error.to_string() }
}

/// The strokes of a dashed line.
fn strokes(points: &[Point], dash: Dash) -> Vec<Vec<Point>> {
    if dash.is_empty() || points.len() < 2 {
        return vec![points.to_vec()];
    }
    let mut pieces = Vec::new();
    let mut piece = vec![points[0]];
    let (mut turn, mut left) = (0, dash[0]);
    for ends in points.windows(2) {
        let (mut from, to) = (ends[0], ends[1]);
        loop {
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            if length <= left {
                left -= length;
                piece.push(to);
                break;
            }
            let part = left / length;
            from = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            piece.push(from);
            if turn % 2 == 0 {
                pieces.push(std::mem::take(&mut piece));
            }
            turn += 1;
            left = dash[turn % dash.len()];
            piece = vec![from];
        }
    }
    if turn % 2 == 0 && piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

/// The width of a text in the shipped font.
pub fn text_width(text: &str, size: f64) -> f64 {
    let Some(font) = GLYPHS.as_ref() else {
        return text.chars().count() as f64 * size * 0.6;
    };
    let font = font.as_scaled(PxScale::from((size * LINE_HEIGHT) as f32));
    text.chars().map(|letter| f64::from(font.h_advance(font.glyph_id(letter)))).sum()
}

/// The text, cut with an ellipsis if it is wider than `width`.
pub fn fit(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut cut = text.to_owned();
    while !cut.is_empty() && text_width(&cut, size) + text_width("…", size) > width {
        cut.pop();
    }
    cut.trim_end().to_owned() + "…"
}

/// The text broken at spaces into lines no wider than `width`.
pub fn wrap(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), size) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(fit(word, size, width)),
        }
    }
    lines
}

/// A text that means itself inside an SVG attribute.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_text_is_shown_and_not_obeyed() {
        let mut scene = Scene::new(HEIGHT);
        scene.text((10.0, 10.0), "<script>alert(\"1\")</script> & 'x'", 12.0, INK, Anchor::Start);
        let svg = scene.to_svg("say \"<b>\" & go", scene.below(0.0)).unwrap();
        assert!(!svg.contains("<script>") && !svg.contains("<b>"), "{svg}");
        assert!(svg.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &apos;x&apos;"), "{svg}");
        assert!(svg.contains("aria-label=\"say &quot;&lt;b&gt;&quot; &amp; go\""), "{svg}");
    }

    #[test]
    fn what_a_page_may_hide_stands_in_a_group_of_its_own() {
        let mut scene = Scene::new(HEIGHT);
        scene.text((10.0, 10.0), "always", 12.0, INK, Anchor::Start);
        let mut over = Scene::new(HEIGHT);
        over.part("s1 band");
        over.text((10.0, 30.0), "sometimes", 12.0, INK, Anchor::Start);
        scene.lay(&over);
        scene.text((10.0, 50.0), "always too", 12.0, INK, Anchor::Start);
        let svg = scene.to_svg("", scene.below(0.0)).unwrap();
        let (_, group) = svg.split_once("<g class=\"s1 band\">").expect("a group");
        let (group, after) = group.split_once("</g>").expect("its end");
        assert!(group.contains("sometimes") && !group.contains("always") && after.contains("always too"), "{svg}");
        assert_eq!((svg.matches("<svg").count(), svg.matches("</svg>").count()), (1, 1), "{svg}");
    }

    #[test]
    fn a_dashed_line_keeps_its_ends_and_its_lengths() {
        let pieces = strokes(&[(0.0, 0.0), (10.0, 0.0), (25.0, 0.0)], &[8.0, 4.0]);
        let ends: Vec<_> = pieces.iter().map(|piece| (piece[0].0, piece[piece.len() - 1].0)).collect();
        assert_eq!(ends, [(0.0, 8.0), (12.0, 20.0), (24.0, 25.0)]);
    }

    #[test]
    fn a_long_text_is_cut_to_its_width() {
        let cut = fit("a very long name of a place", 13.0, 80.0);
        assert!(cut.ends_with('…') && text_width(&cut, 13.0) <= 80.0);
    }
}

//! What is uploaded or imported: pictures and catalogues of other shops.

use std::io::Cursor;
use std::time::{Duration, Instant};

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use proptest::prelude::*;
use proptest::sample::select;
use wharf::base::{Currency, Handle};
use wharf::catalog::picture;
use wharf::catalog::picture::{Format, LONGEST_SIDE, MOST_PIXELS};
use wharf::importing::{Catalogue, Table, guarded, shopify};

use super::cases;
use super::damage::damaged;

/// Marks and lengths of the four kinds of pictures.
const PICTURE_PARTS: &[&[u8]] = &[
    b"\xff\xd8\xff",
    b"\xff\xc0\x00\x11\x08",
    b"\xff\xc4",
    b"\xff\xda",
    b"\xff\xdd\x00\x04\x00\x00",
    b"\xff\xe1\x00\x22Exif\0\0II*\0",
    b"\xff\xd9",
    b"\x89PNG\r\n\x1a\n",
    b"\0\0\0\rIHDR",
    b"IDAT",
    b"\0\0\0\0IEND",
    b"tRNS",
    b"PLTE",
    b"eXIf",
    b"acTL",
    b"fdAT",
    b"zTXt",
    b"iCCP",
    b"GIF89a",
    b"!\xf9\x04",
    b"!\xff\x0bNETSCAPE2.0",
    b",",
    b";",
    b"RIFF",
    b"WEBP",
    b"VP8 ",
    b"VP8L",
    b"VP8X",
    b"ALPH",
    b"ANIM",
    b"ANMF",
    b"ICCP",
    b"EXIF",
    b"\xff\xff\xff\xff",
    b"\0\0\0\0",
    b"\x7f\xff\xff\xff",
];

/// Small pictures of every kind, with holes and colours.
fn pictures() -> Vec<Vec<u8>> {
    let coloured = RgbaImage::from_fn(40, 24, |x, y| {
        Rgba([u8::try_from(6 * x).unwrap_or(255), u8::try_from(10 * y).unwrap_or(255), 77, if x < 9 { 0 } else { 255 }])
    });
    let coloured = DynamicImage::from(coloured);
    let plain: DynamicImage = coloured.to_rgb8().into();
    let grey: DynamicImage = coloured.to_luma8().into();
    let written = |picture: &DynamicImage, format| {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("a picture");
        bytes.into_inner()
    };
    vec![
        written(&plain, ImageFormat::Jpeg),
        written(&grey, ImageFormat::Jpeg),
        written(&coloured, ImageFormat::Png),
        written(&grey, ImageFormat::Png),
        written(&coloured, ImageFormat::Gif),
        written(&coloured, ImageFormat::WebP),
        // With loss, which no encoder of the crate writes.
        webp::Encoder::from_image(&plain).expect("a picture").encode(70.0).to_vec(),
    ]
}

const CATALOGUE_PARTS: &[&[u8]] = &[
    b",",
    b";",
    b"\t",
    b"\"",
    b"\"\"",
    b"\r\n",
    b"\n",
    b"\r",
    b"\n\n",
    b"\0",
    b"'",
    b"=1+1",
    b"-5",
    b"1.999",
    b"99999999999999999999",
    b"TRUE",
    b"shopify",
    b"deny",
    b"Default Title",
    b"https://cdn.example/a.jpg",
    b"javascript:alert(1)",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xc3\x28",
    b"\xc3\xa9",
    b"\xed\xa0\x80",
    b"Handle",
    b"Title",
    b"Option1 Value",
    b"Variant Price",
    b"Image Src",
    b"../..",
    b"<script>",
    b"a,b,c,d,e,f,g",
];

const CATALOGUE: &str = "Handle,Title,Body (HTML),Vendor,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,Status
teapot,Teapot,\"<p>Holds 0.8 l, \"\"dry\"\"
inside</p>\",Kiln,\"tea, pots\",TRUE,Colour,Chalk,Size,S,'0815,1200,shopify,7,deny,48.50,60,TRUE,TRUE,https://cdn.example/teapot.jpg,1,A teapot,FALSE,,active
teapot,,,,,,,Chalk,,L,0816,1500,shopify,3,continue,58,,TRUE,TRUE,https://cdn.example/teapot-2.jpg,2,,,,
teapot,,,,,,,,,,,,,,,,,,,https://cdn.example/teapot-3.jpg,3,,,,
lamp,Lamp,,Kiln,,FALSE,Title,Default Title,,,LAMP,0.0,,,deny,129,,TRUE,TRUE,,,,FALSE,Lamp,draft
,Third thing,,,,,,,,,T3,,,,,5,,,,,,,,,
";

/// The catalogue as spreadsheets and exports write it.
fn catalogues() -> Vec<Vec<u8>> {
    let utf16 = |join: fn(u16) -> [u8; 2]| CATALOGUE.encode_utf16().flat_map(join).collect::<Vec<u8>>();
    vec![
        CATALOGUE.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", CATALOGUE.replace('\n', "\r\n").as_bytes()].concat(),
        CATALOGUE.replace("tea, pots", "tea").replace(',', ";").into_bytes(),
        [b"\xff\xfe", utf16(u16::to_le_bytes).as_slice()].concat(),
        utf16(u16::to_be_bytes),
    ]
}

/// What the shop relies on when it applies a catalogue.
fn is_sound(catalogue: &Catalogue) -> Result<(), TestCaseError> {
    let (mut variants, mut images) = (0, 0);
    for product in &catalogue.products {
        prop_assert!(Handle::parse(&product.handle).is_some() && !product.title.is_empty(), "{}", product.handle);
        prop_assert!((1..=shopify::MAX_VARIANTS).contains(&product.variants.len()) && product.images.len() <= shopify::MAX_IMAGES);
        for (at, variant) in product.variants.iter().enumerate() {
            prop_assert_eq!(variant.option_values.len(), product.options.len());
            prop_assert!(product.variants[..at].iter().all(|other| other.option_values != variant.option_values));
            let amounts = [variant.price, variant.compare_at, variant.cost];
            prop_assert!(
                amounts.iter().flatten().all(|amount| (0..=10_000_000_000_000).contains(&amount.minor()) && amount.currency() == Currency::EUR)
            );
            prop_assert!(variant.weight_grams.is_none_or(|grams| grams >= 0));
        }
        let urls = product.images.iter().map(|image| &image.url).chain(product.variants.iter().filter_map(|variant| variant.image_url.as_ref()));
        for url in urls {
            let scheme = url.split("://").next().unwrap_or_default().to_ascii_lowercase();
            prop_assert!(matches!(scheme.as_str(), "http" | "https") && !url.contains(char::is_whitespace), "{url}");
        }
        prop_assert!(product.images.iter().all(|image| image.position > 0));
        variants += product.variants.len();
        images += product.images.len();
    }
    let counts = &catalogue.counts;
    prop_assert_eq!((counts.products, counts.variants, counts.images), (catalogue.products.len(), variants, images));
    prop_assert!(catalogue.problems.is_sorted_by_key(|problem| problem.line));
    Ok(())
}

proptest! {
    #![proptest_config(cases(300))]

    /// T32: a picture is refused with a sentence, or its size is within the limits and its files are what they say; no panic, and soon.
    #[test]
    fn a_picture_is_made_or_refused(bytes in damaged(pictures(), PICTURE_PARTS)) {
        let began = Instant::now();
        if let Ok(seen) = picture::inspect(&bytes) {
            let (width, height) = (seen.width, seen.height);
            prop_assert!(width > 0 && height > 0 && width.max(height) <= LONGEST_SIDE && u64::from(width) * u64::from(height) <= MOST_PIXELS);
            let widths = picture::widths(width, height);
            prop_assert!(!widths.is_empty() && widths.is_sorted());
            // What claims to be large costs seconds if the rest of it is sound; that it is bounded has tests of its own.
            if u64::from(width) * u64::from(height) <= 256 * 256 {
                for wanted in widths.into_iter().take(1).chain([7]) {
                    let Ok(Some(made)) = picture::derive_one(&bytes, wanted, Format::Webp) else { continue };
                    let seen = picture::inspect(&made).expect("a picture of our own making");
                    prop_assert_eq!((seen.kind, seen.width), (picture::Kind::Webp, wanted));
                }
            }
        }
        prop_assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    }

    /// A file is refused by line and byte, or what is read of it keeps what the shop relies on.
    #[test]
    fn a_catalogue_is_read_or_refused(bytes in damaged(catalogues(), CATALOGUE_PARTS)) {
        let lines = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
        let Ok(table) = Table::parse(&bytes) else { return Ok(()) };
        let letters: usize = table.header.iter().chain(table.rows.iter().flat_map(|row| &row.cells)).map(String::len).sum();
        prop_assert!(letters <= 2 * bytes.len(), "{letters} of {}", bytes.len());
        prop_assert!(table.rows.is_sorted_by(|one, next| one.line < next.line));
        prop_assert!(table.rows.iter().all(|row| row.line > 1 && usize::try_from(row.line).is_ok_and(|line| line <= lines)));
        if let Ok(catalogue) = shopify::read(&table, Currency::EUR) {
            is_sound(&catalogue)?;
        }
    }

    /// Whatever cells hold, a file that holds them is read as them: in each encoding and with each delimiter.
    #[test]
    fn cells_are_read_as_they_were_written(
        rows in prop::collection::vec(prop::collection::vec("[^\0]{0,8}|[,;\t\"\r\n']{0,4}", 3), 1..8),
        delimiter in select(vec![b',', b';', b'\t']),
        encoding in 0..4_u8,
    ) {
        let mut file = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        file.write_record(["Handle", "Title", "Vendor"]).expect("a header");
        for row in &rows {
            file.write_record(row).expect("a row");
        }
        let text = String::from_utf8(file.into_inner().expect("a file")).expect("UTF-8");
        let bytes = match encoding {
            0 => text.into_bytes(),
            1 => format!("\u{feff}{text}").into_bytes(),
            2 => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
            _ => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        };
        let table = Table::parse(&bytes).expect("a table");
        let read: Vec<&Vec<String>> = table.rows.iter().map(|row| &row.cells).collect();
        prop_assert_eq!(read, rows.iter().collect::<Vec<_>>());
        prop_assert_eq!(table.delimiter, char::from(delimiter));
    }

    /// T28: no cell that we write is run by a spreadsheet, whatever it begins with.
    #[test]
    fn no_cell_of_ours_is_a_formula(text in "[=+@\\-\t\r' ]{0,3}\\PC{0,6}") {
        let written = guarded(&text);
        prop_assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r']), "{written:?}");
    }
}

/// A file can be large in one place: one row of everything, one product of all rows, one cell of all tags.
#[test]
fn the_worst_catalogues_are_not_slow() {
    let head = "Handle,Title,Tags,Option1 Name,Option1 Value,Variant SKU,Image Src\n";
    let tags: Vec<String> = (0..60_000).map(|number| format!("tag{number}")).collect();
    let rows = |row: &dyn Fn(usize) -> String| format!("{head}{}", (0..20_000).map(row).collect::<String>());
    let worst = [
        ("tags", format!("{head}a,A,\"{}\",,,,\n", tags.join(","))),
        ("variants", rows(&|n| format!("a,A,,Size,{n},S{n},\n"))),
        ("pictures", rows(&|n| format!("a,A,,,,,https://cdn.example/{n}.jpg\n"))),
        ("the same picture", rows(&|_| "a,A,,,,,https://cdn.example/1.jpg\n".to_owned())),
        ("titles", rows(&|n| format!("a,A{n},,,,,\n"))),
        ("no handles", rows(&|n| format!(",A{},,,,,\n", n % 100))),
        ("quotes", format!("{head}{}", "\"\",".repeat(60_000))),
        ("ragged rows", format!("{head}{}", "a,".repeat(60_000))),
    ];
    for (name, text) in worst {
        let began = Instant::now();
        let table = Table::parse(text.as_bytes()).expect("a table");
        let catalogue = shopify::read(&table, Currency::EUR).expect("a catalogue");
        let took = began.elapsed();
        assert!(took < Duration::from_secs(5), "{name} took {took:?}");
        assert!(is_sound(&catalogue).is_ok(), "{name}");
    }
}

//! A ZIP archive (APPNOTE 6.3) that is written from its beginning to its end without ever going back: what is
//! ready is taken away while the rest is still to come, so that memory stays the same for any length.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::{self, Write};

/// Names are UTF-8, and sizes follow their content.
const FLAGS: u16 = 0x0808;
/// The version of the format that a reader must know.
const VERSION: u16 = 20;
const DEFLATED: u16 = 8;
/// 1980-01-01, the first day that the format knows: a file's own time says nothing here.
const DATE: u16 = 0x0021;

/// An archive in the making.
pub(super) struct Archive {
    out: Vec<u8>,
    /// Bytes that were taken away already.
    gone: u64,
    entries: Vec<Entry>,
    open: Option<Open>,
}

struct Entry {
    name: &'static str,
    checksum: u32,
    packed: u32,
    plain: u32,
    at: u32,
}

struct Open {
    name: &'static str,
    at: u64,
    packing: DeflateEncoder<Vec<u8>>,
    checksum: Crc,
    packed: u64,
    plain: u64,
}

impl Archive {
    pub(super) const fn new() -> Self {
        Self { out: Vec::new(), gone: 0, entries: Vec::new(), open: None }
    }

    fn at(&self) -> u64 {
        self.gone + self.out.len() as u64
    }

    /// Begins a file.
    pub(super) fn begin(&mut self, name: &'static str) -> io::Result<()> {
        self.end()?;
        let at = self.at();
        put(&mut self.out, &[0x0403_4b50]);
        put_short(&mut self.out, &[VERSION, FLAGS, DEFLATED, 0, DATE]);
        put(&mut self.out, &[0, 0, 0]);
        put_short(&mut self.out, &[short(name.len())?, 0]);
        self.out.extend_from_slice(name.as_bytes());
        let packing = DeflateEncoder::new(Vec::new(), Compression::fast());
        self.open = Some(Open { name, at, packing, checksum: Crc::new(), packed: 0, plain: 0 });
        Ok(())
    }

    /// Adds to the file that was begun.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(open) = &mut self.open else { return Err(io::Error::other("no file was begun")) };
        open.checksum.update(bytes);
        open.plain += bytes.len() as u64;
        open.packing.write_all(bytes)
    }

    fn end(&mut self) -> io::Result<()> {
        let Some(Open { name, at, packing, checksum, packed, plain }) = self.open.take() else { return Ok(()) };
        let rest = packing.finish()?;
        self.out.extend_from_slice(&rest);
        let entry = Entry {
            name,
            checksum: checksum.sum(),
            packed: long(packed + rest.len() as u64)?,
            plain: long(plain)?,
            at: long(at)?,
        };
        put(&mut self.out, &[0x0807_4b50, entry.checksum, entry.packed, entry.plain]);
        self.entries.push(entry);
        Ok(())
    }

    /// What is ready.
    pub(super) fn take(&mut self) -> Vec<u8> {
        if let Some(open) = &mut self.open {
            let packed = open.packing.get_mut();
            open.packed += packed.len() as u64;
            self.out.append(packed);
        }
        self.gone += self.out.len() as u64;
        std::mem::take(&mut self.out)
    }

    /// Ends the archive; the last of its bytes.
    pub(super) fn finish(&mut self) -> io::Result<Vec<u8>> {
        self.end()?;
        let from = self.at();
        for entry in &self.entries {
            put(&mut self.out, &[0x0201_4b50]);
            put_short(&mut self.out, &[VERSION, VERSION, FLAGS, DEFLATED, 0, DATE]);
            put(&mut self.out, &[entry.checksum, entry.packed, entry.plain]);
            put_short(&mut self.out, &[short(entry.name.len())?, 0, 0, 0, 0]);
            put(&mut self.out, &[0, entry.at]);
            self.out.extend_from_slice(entry.name.as_bytes());
        }
        let (size, count) = (long(self.at() - from)?, short(self.entries.len())?);
        put(&mut self.out, &[0x0605_4b50]);
        put_short(&mut self.out, &[0, 0, count, count]);
        put(&mut self.out, &[size, long(from)?]);
        put_short(&mut self.out, &[0]);
        Ok(self.take())
    }
}

fn put(out: &mut Vec<u8>, numbers: &[u32]) {
    for number in numbers {
        out.extend_from_slice(&number.to_le_bytes());
    }
}

fn put_short(out: &mut Vec<u8>, numbers: &[u16]) {
    for number in numbers {
        out.extend_from_slice(&number.to_le_bytes());
    }
}

fn long(number: u64) -> io::Result<u32> {
    u32::try_from(number).map_err(io::Error::other)
}

fn short(number: usize) -> io::Result<u16> {
    u16::try_from(number).map_err(io::Error::other)
}

//! Bytes that stand on the disk while a sweep is made and told, so that memory does not grow with its points.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, MutexGuard};

/// Bytes that are read and written together.
const PAGE: usize = 1 << 13;
/// Bytes of a number.
const NUMBER: usize = size_of::<u64>();
/// Pages that are kept in memory.
const PAGES: usize = 32;

/// A file without a name, which is gone when the program ends, however it ends. What was never written is zero.
///
/// Once the disk fails, [`Store::check`] says so, and what is read since then means nothing.
#[derive(Debug)]
pub struct Store(Mutex<Pages>);

#[derive(Debug)]
struct Pages {
    file: File,
    /// Page `n` stands in slot `n % PAGES`, if anywhere.
    slots: Vec<Option<Page>>,
    failed: Option<(io::ErrorKind, String)>,
}

#[derive(Debug)]
struct Page {
    number: u64,
    changed: bool,
    bytes: Box<[u8; PAGE]>,
}

impl Store {
    /// An empty one, where the system keeps temporary files.
    ///
    /// # Errors
    /// Where no file can be made.
    pub fn new() -> io::Result<Self> {
        let file = tempfile::tempfile()?;
        Ok(Self(Mutex::new(Pages { file, slots: (0..PAGES).map(|_| None).collect(), failed: None })))
    }

    fn lock(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().expect("no thread has panicked")
    }

    /// Reads what stands from a place on.
    pub fn read(&self, from: u64, into: &mut [u8]) {
        let mut rest = into;
        self.lock().each(from, rest.len(), |page, length| {
            let (now, later) = std::mem::take(&mut rest).split_at_mut(length);
            now.copy_from_slice(page);
            rest = later;
            false
        });
    }

    /// Writes from a place on.
    pub fn write(&self, from: u64, bytes: &[u8]) {
        let mut rest = bytes;
        self.lock().each(from, bytes.len(), |page, length| {
            let (now, later) = rest.split_at(length);
            page.copy_from_slice(now);
            rest = later;
            true
        });
    }

    /// The number that stands at a place, counted in numbers; nought where none was written.
    pub fn number(&self, place: u64) -> u64 {
        let mut bytes = [0; NUMBER];
        self.read(place * NUMBER as u64, &mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// Writes a number at a place, counted in numbers.
    pub fn put_number(&self, place: u64, number: u64) {
        self.write(place * NUMBER as u64, &number.to_le_bytes());
    }

    /// Whether the disk has done all that was asked of it.
    ///
    /// # Errors
    /// The first error that it gave.
    pub fn check(&self) -> io::Result<()> {
        match &self.lock().failed {
            None => Ok(()),
            Some((kind, said)) => Err(io::Error::new(*kind, format!("a temporary file: {said}"))),
        }
    }
}

impl Pages {
    /// Hands each part of a span that lies within one page to `use_it`, with its length; it answers whether it has changed it.
    fn each(&mut self, from: u64, length: usize, mut use_it: impl FnMut(&mut [u8], usize) -> bool) {
        let mut done = 0;
        while done < length {
            let place = from + done as u64;
            let start = (place % PAGE as u64) as usize;
            let now = (PAGE - start).min(length - done);
            match self.page(place / PAGE as u64) {
                Ok(page) => page.changed |= use_it(&mut page.bytes[start..start + now], now),
                Err(error) => {
                    self.failed.get_or_insert((error.kind(), error.to_string()));
                    return;
                }
            }
            done += now;
        }
    }

    fn page(&mut self, number: u64) -> io::Result<&mut Page> {
        let slot = (number % PAGES as u64) as usize;
        if let Some(page) = self.slots[slot].take_if(|page| page.number != number)
            && page.changed
        {
            self.file.seek(SeekFrom::Start(page.number * PAGE as u64))?;
            self.file.write_all(&page.bytes[..])?;
        }
        if self.slots[slot].is_none() {
            let mut bytes = Vec::with_capacity(PAGE);
            self.file.seek(SeekFrom::Start(number * PAGE as u64))?;
            Read::take(&self.file, PAGE as u64).read_to_end(&mut bytes)?;
            bytes.resize(PAGE, 0);
            let bytes = bytes.into_boxed_slice().try_into().expect("a page is as long as it is");
            self.slots[slot] = Some(Page { number, changed: false, bytes });
        }
        Ok(self.slots[slot].as_mut().expect("it has just been put there"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_wherever_pages_end() {
        let store = Store::new().unwrap();
        let place = |i: u64| i * 3 * PAGE as u64 - 5 + i;
        let bytes = |i: u64| -> Vec<u8> { (0..11).map(|b| (i * 17 + b) as u8).collect() };
        let many = 1..4 * PAGES as u64;
        many.clone().for_each(|i| store.write(place(i), &bytes(i)));
        let mut read = [1; 11];
        for i in many.rev() {
            store.read(place(i), &mut read);
            assert_eq!(read[..], bytes(i));
        }
        store.read(place(100_000), &mut read);
        assert_eq!(read, [0; 11], "what was never written");
        store.check().unwrap();
    }

    #[test]
    fn a_long_text_crosses_many_pages() {
        let store = Store::new().unwrap();
        let text: Vec<u8> = (0..5 * PAGE as u32 + 77).map(|b| (b * b) as u8).collect();
        store.write(1000, &text);
        let mut read = vec![0; text.len()];
        store.read(1000, &mut read);
        assert_eq!(read, text);
    }
}

//! Asking memory for what will be read soon. It changes nothing but time.

/// Bytes in a line of cache, on the processors of today.
const LINE: usize = 64;

/// Asks for the first and the last of a slice to be brought near: all of one that two lines of cache can hold.
#[inline(always)]
pub fn prefetch_ends<T>(slice: &[T]) {
    if let [first, .., last] = slice {
        prefetch_one(first);
        prefetch_one(last);
    } else if let [only] = slice {
        prefetch_one(only);
    }
}

/// Asks for where something stands to be brought near; where the processor cannot be asked, nothing happens.
#[inline(always)]
fn prefetch_one<T>(what: *const T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        // SAFETY: a prefetch is a hint; it reads nothing that the program can see and cannot fail, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(what.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = what;
}

/// Asks for a slice to be brought near, line by line.
#[inline(always)]
pub fn prefetch<T>(slice: &[T]) {
    for offset in (0..size_of_val(slice)).step_by(LINE) {
        prefetch_one(slice.as_ptr().cast::<u8>().wrapping_add(offset));
    }
}

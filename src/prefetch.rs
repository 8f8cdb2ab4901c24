//! Asking memory for what will be read soon. It changes nothing but time.

/// Bytes in a line of cache, on the processors of today.
const LINE: usize = 64;

/// Asks for a slice to be brought near, line by line; where the processor cannot be asked, nothing happens.
#[inline(always)]
pub fn prefetch<T>(slice: &[T]) {
    #[cfg(target_arch = "x86_64")]
    for offset in (0..size_of_val(slice)).step_by(LINE) {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        // SAFETY: a prefetch is a hint; it reads nothing that the program can see and cannot fail, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(slice.as_ptr().cast::<i8>().wrapping_add(offset)) };
    }
}

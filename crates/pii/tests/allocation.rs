//! A scan allocates nothing where nothing is found, once its memory has grown.
#![expect(unsafe_code, reason = "an allocator that counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use celador_pii::{Class, Scanner, Scratch};

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(scanner: &Scanner, text: &str) -> (usize, usize) {
    let (mut scratch, mut spans) = (Scratch::default(), Vec::new());
    for _ in 0..2 {
        scanner.scan_with(&mut scratch, text, "body", &mut spans);
    }
    let before = COUNT.get();
    scanner.scan_with(&mut scratch, text, "body", &mut spans);
    (COUNT.get() - before, spans.len())
}

#[test]
fn innocent_text_allocates_nothing() {
    let all = Scanner::builder().build().expect("the rules load");
    let structured = Scanner::builder()
        .classes(
            Class::ALL
                .into_iter()
                .filter(|class| ![Class::Person, Class::Address, Class::Place].contains(class)),
        )
        .build()
        .expect("the rules load");
    for (text, spans) in [
        ("", 0),
        (
            "The scheduler keeps a queue of tasks, and steals from the longest one.",
            0,
        ),
        (
            "2019-12-05T08:11:23.120Z INFO [cache-3] lease renewed in 41 ms (attempt 2, 512 bytes)",
            0,
        ),
        (
            r#"{"id":"b804805a-6b9c-4af3-8d5e-0a1b2c3d4e5f","priority":3,"note":"Bitte prüfen, danke."}"#,
            0,
        ),
    ] {
        assert_eq!(allocations(&structured, text), (0, spans), "{text}");
        assert_eq!(allocations(&all, text), (0, spans), "{text}");
    }
}

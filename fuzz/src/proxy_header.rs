//! The PROXY protocol: what the first bytes of a connection mean does not change when more come.

// The file alone, since the whole Portal would be compiled for it.
#[rustfmt::skip]
#[path = "../../crates/portal/src/address/proxy_header.rs"]
#[expect(unreachable_pub, reason = "it is public where it is at home")]
mod reader;

use reader::{ProxyHeader, V1_LIMIT, V2_LIMIT, parse};

/// The target.
pub fn run(data: &[u8]) {
    let mut settled = None;
    for end in 0..=data.len().min(V2_LIMIT + 1) {
        let now = parse(&data[..end]);
        match (&settled, now) {
            (None, Ok(ProxyHeader::Incomplete)) => assert!(end < V2_LIMIT.max(V1_LIMIT)),
            (None, now) => {
                if let Ok(ProxyHeader::Whole { length, .. }) = now {
                    assert!(length <= end);
                }
                settled = Some(now);
            }
            (Some(settled), now) => assert_eq!(&now, settled, "after {end} bytes"),
        }
    }
}

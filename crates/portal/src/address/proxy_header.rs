//! The PROXY protocol, versions 1 and 2: the header with which a proxy tells whom a connection is for.
//! After <https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt>, whose sections are named below.
//! The accept loop reads it, where the peer is trusted.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Longest header of version 1, its line end included (section 2.1: 107 bytes).
pub const V1_LIMIT: usize = 107;
/// Longest header of version 2 that is taken. Its extensions could make it 64 KiB long, but a proxy
/// has to send it in one piece, and real ones stay below a kilobyte.
pub const V2_LIMIT: usize = 4096;

/// What version 2 begins with (section 2.2).
const V2_SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";
/// Signature, version and command, family, length.
const V2_FIXED: usize = 16;
/// What version 1 begins with.
const V1_SIGNATURE: &[u8; 6] = b"PROXY ";

/// What the first bytes of a connection are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyHeader {
    /// The beginning of a header; more must come.
    Incomplete,
    /// No header: the client's own bytes.
    None,
    /// A whole one.
    Whole {
        /// Bytes that belong to it; what follows is the client's.
        length: usize,
        /// For whom the connection is; `None` when the proxy speaks for itself (a health check) or
        /// does not know.
        source: Option<IpAddr>,
    },
}

/// Why something that begins like a header is none. Displays as a clause for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProxyHeaderError {
    /// No line end within [`V1_LIMIT`].
    #[error("its line has more than {V1_LIMIT} bytes")]
    LongLine,
    /// The line is not of the form of section 2.1.
    #[error("its line is not of the form that version 1 has")]
    Line,
    /// A version that does not exist.
    #[error("its version is {0}, not 2")]
    Version(u8),
    /// A command that does not exist.
    #[error("its command is {0}, neither LOCAL nor PROXY")]
    Command(u8),
    /// A family that does not exist.
    #[error("its address family is {0:#04x}, which does not exist")]
    Family(u8),
    /// Less room than the addresses of that family need.
    #[error("its {0} bytes have no room for its addresses")]
    Short(usize),
    /// Longer than [`V2_LIMIT`].
    #[error("it has {0} bytes, more than {V2_LIMIT}")]
    Long(usize),
}

/// Reads the first bytes of a connection.
///
/// # Errors
/// They begin like a header and are none: the connection is to be closed (section 2).
pub fn parse(bytes: &[u8]) -> Result<ProxyHeader, ProxyHeaderError> {
    if begins(bytes, V2_SIGNATURE) {
        return if bytes.len() < V2_FIXED { Ok(ProxyHeader::Incomplete) } else { parse_v2(bytes) };
    }
    if begins(bytes, V1_SIGNATURE) {
        return if bytes.len() < V1_SIGNATURE.len() { Ok(ProxyHeader::Incomplete) } else { parse_v1(bytes) };
    }
    Ok(ProxyHeader::None)
}

/// Whether `bytes` begin with `signature`, as far as there are any.
fn begins(bytes: &[u8], signature: &[u8]) -> bool {
    let length = bytes.len().min(signature.len());
    bytes[..length] == signature[..length]
}

fn parse_v1(bytes: &[u8]) -> Result<ProxyHeader, ProxyHeaderError> {
    let Some(end) = bytes.iter().take(V1_LIMIT).position(|byte| *byte == b'\n') else {
        return if bytes.len() < V1_LIMIT {
            Ok(ProxyHeader::Incomplete)
        } else {
            Err(ProxyHeaderError::LongLine)
        };
    };
    let line = bytes[V1_SIGNATURE.len()..end].strip_suffix(b"\r").ok_or(ProxyHeaderError::Line)?;
    let line = std::str::from_utf8(line).map_err(|_| ProxyHeaderError::Line)?;
    let source = source_of_line(line).ok_or(ProxyHeaderError::Line)?;
    Ok(ProxyHeader::Whole { length: end + 1, source })
}

/// `TCP4 source destination port port`; `None` where it is not of this form.
fn source_of_line(line: &str) -> Option<Option<IpAddr>> {
    let mut words = line.split(' ');
    let family = words.next()?;
    if family == "UNKNOWN" {
        // Whatever follows is to be ignored.
        return Some(None);
    }
    let mut address = || -> Option<IpAddr> {
        let word = words.next()?;
        match family {
            "TCP4" => word.parse().ok().map(IpAddr::V4),
            "TCP6" => word.parse().ok().map(IpAddr::V6),
            _ => None,
        }
    };
    let (source, _destination) = (address()?, address()?);
    let ports = [words.next()?, words.next()?];
    let plain = |port: &str| port.parse::<u16>().is_ok_and(|number| number.to_string() == port);
    (words.next().is_none() && ports.iter().all(|port| plain(port))).then_some(Some(source.to_canonical()))
}

fn parse_v2(bytes: &[u8]) -> Result<ProxyHeader, ProxyHeaderError> {
    const LOCAL: u8 = 0;
    const PROXY: u8 = 1;
    let (version, command, family) = (bytes[12] >> 4, bytes[12] & 0x0f, bytes[13]);
    if version != 2 {
        return Err(ProxyHeaderError::Version(version));
    }
    let body = usize::from(u16::from_be_bytes([bytes[14], bytes[15]]));
    let length = V2_FIXED + body;
    if length > V2_LIMIT {
        return Err(ProxyHeaderError::Long(length));
    }
    if command > PROXY {
        return Err(ProxyHeaderError::Command(command));
    }
    // Length of both addresses and ports, by family and transport.
    let needed = match family {
        _ if command == LOCAL => 0,
        0x00 => 0,
        0x11 | 0x12 => 12,
        0x21 | 0x22 => 36,
        0x31 | 0x32 => 216,
        _ => return Err(ProxyHeaderError::Family(family)),
    };
    if body < needed {
        return Err(ProxyHeaderError::Short(body));
    }
    let Some(addresses) = bytes.get(V2_FIXED..length) else { return Ok(ProxyHeader::Incomplete) };
    let source = match family {
        _ if command == LOCAL => None,
        0x11 => addresses.first_chunk::<4>().map(|octets| Ipv4Addr::from(*octets).into()),
        0x21 => addresses.first_chunk::<16>().map(|octets| Ipv6Addr::from(*octets).into()),
        // Datagrams and unix sockets name nobody that could have connected here.
        _ => None,
    };
    Ok(ProxyHeader::Whole { length, source: source.map(|address: IpAddr| address.to_canonical()) })
}

#[cfg(test)]
mod tests;

//! What is sent compressed, by an encoder that two streams share, in flushes of any size: zlib itself reads
//! each flush at once and whole, and the end is clean. The first byte chooses the sizes.

use bytes::BytesMut;
use flate2::{Decompress, FlushDecompress, Status};
use meadow_protocol::compress::Deflater;

use crate::pieces::pieces;

/// Most flushes of one input; more of them only cost time.
const FLUSHES: usize = 48;

/// The target.
pub fn run(data: &[u8]) {
    let [seed, plain @ ..] = data else { return };
    let (mut wires, mut clients) = ([BytesMut::new(), BytesMut::new()], [client(), client()]);
    let mut deflaters = wires.each_mut().map(Deflater::begin);
    for (number, piece) in pieces(*seed, plain).take(FLUSHES).enumerate() {
        let turn = number % 2;
        deflaters[turn].write(piece, &mut wires[turn]);
        assert_eq!(read(&mut clients[turn], &wires[turn].split()), (piece.to_vec(), false));
    }
    for ((deflater, mut wire), mut client) in deflaters.into_iter().zip(wires).zip(clients) {
        deflater.end(&mut wire);
        assert_eq!(read(&mut client, &wire), (Vec::new(), true));
    }
}

fn client() -> Decompress {
    Decompress::new(true)
}

/// What a client reads, and whether the stream has ended.
fn read(client: &mut Decompress, wire: &[u8]) -> (Vec<u8>, bool) {
    let mut plain = Vec::with_capacity(2048);
    let before = client.total_in();
    let status = client.decompress_vec(wire, &mut plain, FlushDecompress::Sync).expect("a zlib stream");
    assert_eq!(client.total_in() - before, wire.len() as u64);
    (plain, status == Status::StreamEnd)
}

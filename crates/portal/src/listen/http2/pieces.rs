//! The body of an answer by HTTP/2, in pieces that are small enough to see whether the client takes them. A client may
//! read the connection and yet let nothing of an answer come (RFC 9113, section 5.2), so looking at the socket is not
//! enough.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use super::{activity::Asked, stalls::Stall};

/// Longest piece, in bytes: a frame of the usual size.
const PIECE: usize = 16 * 1024;

/// An answer that is under way.
#[derive(Debug)]
pub(super) struct Pieces {
    body: Body,
    /// What the body has given and we have not.
    rest: Bytes,
    /// The client has not taken the last piece.
    is_out: bool,
    stall: Arc<Stall>,
    asked: Asked,
}

impl Pieces {
    /// In the task of the request.
    pub(super) fn new(body: Body, asked: Asked) -> Pieces {
        Pieces { body, rest: Bytes::new(), is_out: false, stall: Stall::of_this_task(), asked }
    }

    fn take(&mut self) {
        if self.is_out {
            self.is_out = false;
            self.stall.take();
        }
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // Whoever asks for the next has got rid of the last.
        self.take();
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    self.asked.done();
                    return Poll::Ready(None);
                }
            }
        }
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        self.is_out = true;
        self.stall.give();
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, body) = (self.rest.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(rest + body.lower());
        if let Some(upper) = body.upper() {
            hint.set_upper(rest + upper);
        }
        hint
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        self.take();
        if self.is_end_stream() {
            self.asked.done();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::Instant;

    use super::{
        super::{Asker, activity::Activity},
        *,
    };

    #[tokio::test]
    async fn a_long_answer_comes_in_pieces_and_is_the_same() {
        let activity = Arc::new(Activity::new(Asker::Visitor, Instant::now()));
        let content: Vec<u8> = (0..100_000_u32).map(|number| (number % 251) as u8).collect();
        let mut pieces = Pieces::new(Body::from(content.clone()), activity.begin());
        assert_eq!(pieces.size_hint().exact(), Some(100_000));
        let mut came = Vec::new();
        while !pieces.is_end_stream() {
            let frame =
                poll_fn(|cx| Pin::new(&mut pieces).poll_frame(cx)).await.expect("more").expect("a frame");
            let data = frame.into_data().expect("data");
            assert!(!data.is_empty() && data.len() <= PIECE);
            came.extend_from_slice(&data);
            assert_eq!(pieces.size_hint().exact(), Some((content.len() - came.len()) as u64));
        }
        assert_eq!(came, content);
    }
}

//! Copies bytes both ways between two streams.
//!
//! What is read goes through one buffer that all relays of a thread share, and straight on. Only what the other side does not take
//! at once is kept, until it does: an idle tunnel, of which a school has thousands, holds no buffer at all.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Most bytes of one read: more, and the buffer no longer stays in the processor's own cache.
const MOST: usize = 64 * 1024;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// One direction.
#[derive(Debug, Default)]
struct Way {
    /// What was read and not yet taken, from `taken` on.
    kept: Vec<u8>,
    taken: usize,
    stage: Stage,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    #[default]
    Open,
    /// The reading side has ended; the other is to be told.
    Ending,
    Ended,
}

/// Copies until both sides have ended: the end of one is passed on to the other, which may go on sending.
///
/// # Errors
/// When either side fails; the other is left as it is.
pub(crate) async fn relay<A, B>(a: &mut A, b: &mut B) -> io::Result<()>
where
    A: AsyncRead + AsyncWrite + Unpin,
    B: AsyncRead + AsyncWrite + Unpin,
{
    let (mut there, mut back) = (Way::default(), Way::default());
    poll_fn(|context| {
        let there = there.poll(context, a, b)?;
        let back = back.poll(context, b, a)?;
        if there.is_ready() && back.is_ready() { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await
}

// === impl Way ===

impl Way {
    fn poll<R, W>(&mut self, context: &mut Context<'_>, from: &mut R, to: &mut W) -> Poll<io::Result<()>>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        loop {
            ready!(self.poll_kept(context, to))?;
            match self.stage {
                Stage::Open => ready!(self.poll_copy(context, from, to))?,
                Stage::Ending => {
                    ready!(Pin::new(&mut *to).poll_shutdown(context))?;
                    self.stage = Stage::Ended;
                }
                Stage::Ended => return Poll::Ready(Ok(())),
            }
        }
    }

    /// Hands on what was kept.
    fn poll_kept<W: AsyncWrite + Unpin>(&mut self, context: &mut Context<'_>, to: &mut W) -> Poll<io::Result<()>> {
        while let Some(rest) = self.kept.get(self.taken..).filter(|rest| !rest.is_empty()) {
            self.taken += ready!(poll_write(context, to, rest))?;
        }
        (self.kept, self.taken) = (Vec::new(), 0);
        Poll::Ready(Ok(()))
    }

    /// Reads once and hands on what it can.
    fn poll_copy<R, W>(&mut self, context: &mut Context<'_>, from: &mut R, to: &mut W) -> Poll<io::Result<()>>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        BUFFER.with_borrow_mut(|buffer| {
            buffer.resize(MOST, 0);
            let mut read = ReadBuf::new(buffer);
            if Pin::new(from).poll_read(context, &mut read)?.is_pending() {
                // A stream with a buffer of its own must not sit on the last of it while nothing more comes.
                ready!(Pin::new(to).poll_flush(context))?;
                return Poll::Pending;
            }
            let mut rest = read.filled();
            if rest.is_empty() {
                self.stage = Stage::Ending;
            }
            while !rest.is_empty() {
                match poll_write(context, to, rest)? {
                    Poll::Ready(taken) => rest = rest.get(taken..).unwrap_or_default(),
                    Poll::Pending => {
                        self.kept = rest.to_vec();
                        return Poll::Ready(Ok(()));
                    }
                }
            }
            Poll::Ready(Ok(()))
        })
    }
}

/// One write, of which at least a byte is taken.
fn poll_write<W: AsyncWrite + Unpin>(context: &mut Context<'_>, to: &mut W, bytes: &[u8]) -> Poll<io::Result<usize>> {
    let taken = ready!(Pin::new(to).poll_write(context, bytes))?;
    Poll::Ready(if taken == 0 { Err(ErrorKind::WriteZero.into()) } else { Ok(taken) })
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    /// Bytes that tell where they belong.
    fn bytes(len: usize) -> Vec<u8> {
        (0..len).map(|at| (at % 251) as u8).collect()
    }

    #[tokio::test]
    async fn what_is_sent_arrives_however_small_the_steps() {
        for room in [1, 7, 4096, 200_000] {
            let (mut reader, mut near) = duplex(room);
            let (mut far, mut origin) = duplex(64);
            let joined = tokio::spawn(async move { relay(&mut near, &mut far).await });
            let sent = bytes(150_000);
            let (mut seen, mut answered) = (Vec::new(), Vec::new());
            let asking = async {
                reader.write_all(&sent).await.expect("sent");
                reader.shutdown().await.expect("ended");
                reader.read_to_end(&mut answered).await.expect("answer");
            };
            let answering = async {
                origin.read_to_end(&mut seen).await.expect("request");
                origin.write_all(&seen[..seen.len() / 2]).await.expect("answered");
                origin.shutdown().await.expect("ended");
            };
            tokio::join!(asking, answering);
            assert!(seen == sent && answered == sent[..75_000], "room for {room}");
            joined.await.expect("relay").expect("both ended");
        }
    }

    #[tokio::test]
    async fn a_side_that_takes_nothing_stops_the_other() {
        let (mut reader, mut near) = duplex(16);
        let (mut far, mut origin) = duplex(16);
        let joined = tokio::spawn(async move { relay(&mut near, &mut far).await });
        let written = tokio::spawn(async move {
            reader.write_all(&bytes(1_000_000)).await.expect("sent");
            reader
        });
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
        assert!(!written.is_finished(), "a million bytes went somewhere though nobody took them");
        let mut seen = vec![0; 1_000_000];
        origin.read_exact(&mut seen).await.expect("taken");
        assert!(seen == bytes(1_000_000));
        drop((written.await.expect("sent"), origin));
        let _ = joined.await.expect("relay");
    }
}

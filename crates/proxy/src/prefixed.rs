//! A stream with bytes in front of it that were read before: how a greeting that was looked at reaches whoever answers it.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Reads the bytes in front first, then the stream. Writes go straight to the stream.
#[derive(Debug)]
pub struct PrefixedStream<S> {
    prefix: Bytes,
    inner: S,
}

// === impl PrefixedStream ===

impl<S> PrefixedStream<S> {
    /// `prefix` is what was already read from `inner`; it may be empty.
    pub fn new(prefix: impl Into<Bytes>, inner: S) -> Self {
        Self { prefix: prefix.into(), inner }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for PrefixedStream<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.prefix.is_empty() {
            return Pin::new(&mut this.inner).poll_read(context, buffer);
        }
        let length = buffer.remaining().min(this.prefix.len());
        buffer.put_slice(&this.prefix.split_to(length));
        if this.prefix.is_empty() {
            // An empty `Bytes` still holds its memory, and the connection may live for hours.
            this.prefix = Bytes::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PrefixedStream<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, context: &mut Context<'_>, parts: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    async fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("listen");
        let near = TcpStream::connect(listener.local_addr().expect("address")).await.expect("connect");
        (near, listener.accept().await.expect("accept").0)
    }

    #[tokio::test]
    async fn what_was_read_before_comes_first_in_pieces_of_any_size() {
        for size in [1, 3, 5, 64] {
            let (near, mut far) = pair().await;
            far.write_all(b" and after").await.expect("send");
            far.shutdown().await.expect("end");
            let mut stream = PrefixedStream::new(&b"hello"[..], near);
            let (mut all, mut piece) = (Vec::new(), vec![0; size]);
            loop {
                match stream.read(&mut piece).await.expect("read") {
                    0 => break,
                    length => all.extend_from_slice(&piece[..length]),
                }
            }
            assert_eq!(all, b"hello and after", "read {size} bytes at a time");
        }
    }

    #[tokio::test]
    async fn an_empty_read_takes_nothing_away() {
        let (near, _far) = pair().await;
        let mut stream = PrefixedStream::new(&b"hello"[..], near);
        assert_eq!(stream.read(&mut []).await.expect("read"), 0);
        let mut start = [0; 5];
        stream.read_exact(&mut start).await.expect("read");
        assert_eq!(&start, b"hello");
    }

    #[tokio::test]
    async fn writes_go_out_at_once_and_in_one_go_where_the_stream_can() {
        let (near, mut far) = pair().await;
        let mut stream = PrefixedStream::new(&b"never sent"[..], near);
        assert!(stream.is_write_vectored());
        let written = stream.write_vectored(&[IoSlice::new(b"head "), IoSlice::new(b"body")]).await.expect("write");
        assert_eq!(written, 9);
        stream.write_all(b", end").await.expect("write");
        stream.shutdown().await.expect("end");
        let mut all = Vec::new();
        far.read_to_end(&mut all).await.expect("read");
        assert_eq!(all, b"head body, end");
    }
}

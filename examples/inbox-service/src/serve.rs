//! Takes connections, and lets nobody hold one for nothing.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;

use crate::problem::Problem;

/// So many connections are open at once, which is fewer than a process may have files. Who comes next waits for one to end.
const CONNECTIONS: usize = 768;
/// As long the head of a request may take to come, and as long a connection may rest between two requests. `axum::serve` waits
/// for ever: a client that sends a byte now and then would hold its connection until the service ends.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// As long a request may take, its body included: who sends slower holds a connection and gets no more.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
/// So long an answer may wait for the client to take more of it.
const WRITE_TIMEOUT: Duration = Duration::from_secs(15);
/// As long the head of a request may be.
const HEAD_BYTES: usize = 64 * 1024;
/// So long it is waited where no connection can be taken, such as for want of files.
const PAUSE: Duration = Duration::from_millis(500);

/// Serves until it is told to stop, and then until what was begun has ended.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let (places, graceful) = (Arc::new(Semaphore::new(CONNECTIONS)), GracefulShutdown::new());
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_BYTES);
    let next = async || {
        // Nobody closes the semaphore.
        let place = Arc::clone(&places).acquire_owned().await.ok()?;
        Some((accept(&listener).await, place))
    };
    loop {
        let taken = tokio::select! {
            () = stop.cancelled() => None,
            taken = next() => taken,
        };
        let Some((stream, place)) = taken else { break };
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(WRITE_TIMEOUT));
        let stream = TokioIo::new(Box::pin(stream));
        let connection = http.serve_connection(stream, TowerToHyperService::new(router.clone()));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// The next connection. That one was broken off before it was taken is no fault of ours, and a want of files passes.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are small, and each is written at once: none waits to be joined with the next.
                _ = stream.set_nodelay(true);
                return stream;
            }
            Err(error) if is_the_clients(error.kind()) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

const fn is_the_clients(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

/// Answers 408 to a request that takes too long.
pub async fn in_time(request: Request, next: Next) -> Response {
    tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await.unwrap_or_else(|_| {
        let detail = format!("the request took more than {} seconds", REQUEST_TIMEOUT.as_secs());
        Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow", detail).into_response()
    })
}

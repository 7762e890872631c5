import type { Readable } from "node:stream";
import { S3Error } from "../../errors/S3Error.ts";

/**
 * The bytes of a request body as they come from the socket. A client that sends nothing for `idleTimeoutMs` gets RequestTimeout, one that
 * goes away in the middle IncompleteBody. Leaving early does not end the connection: the answer still has to go out.
 */
export async function* wireBytes(body: Readable, idleTimeoutMs: number): AsyncGenerator<Buffer, void, undefined> {
  let timedOut = false;
  const chunks = body.iterator({ destroyOnReturn: false });
  // An IncomingMessage cannot be made to fail without its socket; the race leaves the socket to the answer.
  let onIdle: ((cause: S3Error) => void) | undefined;
  const timer = setTimeout(() => {
    timedOut = true;
    onIdle?.(idle(idleTimeoutMs));
  }, idleTimeoutMs);
  try {
    for (;;) {
      const next = await new Promise<IteratorResult<Buffer>>((resolve, reject) => {
        onIdle = reject;
        if (timedOut) reject(idle(idleTimeoutMs));
        chunks.next().then(resolve, reject);
      });
      timer.refresh();
      if (next.done === true) return;
      yield next.value;
      // The time a slow disk takes is not the client's.
      timer.refresh();
    }
  } catch (cause) {
    throw cause instanceof S3Error ? cause : cut(cause);
  } finally {
    clearTimeout(timer);
  }
}

function idle(idleTimeoutMs: number): S3Error {
  return new S3Error("RequestTimeout", {
    explanation: `The body is not complete, and nothing came for ${idleTimeoutMs / 1000} seconds. The connection is closed; send the request again.`,
  });
}

function cut(cause: unknown): S3Error {
  return new S3Error("IncompleteBody", {
    message: "The request body terminated unexpectedly",
    explanation: "The connection was closed before the whole body had come.",
    cause,
  });
}

import type { ServerResponse } from "node:http";

/** HTTP/1.1 takes it for granted that a connection is kept, and S3 does not say so; Node would, on every answer. */
export function keepWithoutSaying(response: ServerResponse): void {
  if (response.req.httpVersion === "1.1" && response.shouldKeepAlive) response.removeHeader("Connection");
}

/** Asks for the body. While answers before this one are still due, Node would put that into the middle of this answer. */
export function askForBody(response: ServerResponse): void {
  const ask = (): void => {
    if (response.headersSent) return;
    response.writeContinue();
    // Not before: a final answer without the 100 ends the connection, for the body may or may not follow.
    keepWithoutSaying(response);
  };
  if (response.socket === null) response.once("socket", ask);
  else ask();
}

import type { ServerResponse } from "node:http";

/** HTTP/1.1 takes it for granted that a connection is kept, and S3 does not say so; Node would, on every answer. */
export function keepWithoutSaying(response: ServerResponse): void {
  if (response.req.httpVersion === "1.1" && response.shouldKeepAlive) response.removeHeader("Connection");
}

/** Asks for the body. */
export function askForBody(response: ServerResponse): void {
  response.writeContinue();
  // Not before: a final answer without the 100 ends the connection, for the body may or may not follow.
  keepWithoutSaying(response);
}

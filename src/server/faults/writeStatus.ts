import { commonHeaders, endAnswer, leavesBodyUnread } from "../http/respond.ts";
import type { Exchange, Outcome } from "../requests/Exchange.ts";

/**
 * Answers as a proxy in front of S3 does that knows nothing of it: a status, and no body, or one that is no error of S3's. The ids stay, so
 * that the request is found in the journal. What the client is still sending is read for a moment, and then the connection ends.
 */
export async function writeStatus(exchange: Exchange, status: number, text?: string): Promise<Outcome> {
  const { incoming, response } = exchange;
  if (response.headersSent) {
    // An answer has begun already: only the end of the connection can say so.
    response.destroy();
    return { status: response.statusCode, errorCode: undefined, sentSizeBytes: 0 };
  }
  const body = Buffer.from(text ?? "");
  const headers = commonHeaders(exchange);
  if (text !== undefined) headers.push("Content-Type", "text/html");
  headers.push("Content-Length", String(body.length));
  if (await leavesBodyUnread(incoming)) headers.push("Connection", "close");
  response.writeHead(status, headers);
  const sent = incoming.method === "HEAD" || body.length === 0 ? undefined : body;
  const isSent = await endAnswer(exchange, sent);
  return { status, errorCode: undefined, sentSizeBytes: isSent && sent !== undefined ? sent.length : 0 };
}

import { toS3Error } from "../../errors/toS3Error.ts";
import type { OperationResult } from "../../operations/Operation.ts";
import type { OperationName } from "../../protocol/generated/types.ts";
import { commonHeaders } from "../http/respond.ts";
import type { Exchange, Outcome } from "./Exchange.ts";
import { errorBody, reportFailure } from "./refuse.ts";

/** How often white space goes out while a long operation works, once its 200 has begun. */
export const WHITE_SPACE_INTERVAL_MS = 5_000;

/** Resolves with whether work ends, well or badly, within the time. */
export async function endsSoon(running: Promise<unknown>, timeMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeMs);
  });
  const ended = running.then(
    () => true,
    () => true,
  );
  const soon = await Promise.race([ended, late]);
  clearTimeout(timer);
  return soon;
}

/** Starts the 200, sends white space while the work lasts, then its result, or its error inside the 200. */
export async function finishLate(
  exchange: Exchange,
  operation: OperationName,
  running: Promise<OperationResult<OperationName>>,
): Promise<Outcome> {
  const { dialect, ids, response } = exchange;
  response.writeHead(200, [...commonHeaders(ids), "Content-Type", dialect.documentType]);
  response.write(dialect.opening);
  const timer = setInterval(() => response.write(" "), WHITE_SPACE_INTERVAL_MS);
  let body: Buffer;
  let errorCode: string | undefined;
  try {
    const { output } = await running;
    const { body: encoded } = await dialect.encode(operation, output, {});
    body = Buffer.isBuffer(encoded) ? encoded.subarray(dialect.opening.length) : Buffer.alloc(0);
  } catch (cause) {
    const error = toS3Error(cause);
    reportFailure(exchange, error, cause);
    errorCode = error.code;
    body = errorBody(exchange, error, true);
  } finally {
    clearInterval(timer);
  }
  response.end(body);
  return { status: 200, errorCode, sentSizeBytes: body.length };
}

import { toServiceError } from "../../errors/toServiceError.ts";
import type { OperationResult } from "../../operations/Operation.ts";
import type { AnyOperationName } from "../../protocol/operations.ts";
import { OtherAnswer } from "../faults/OtherAnswer.ts";
import { commonHeaders, end } from "../http/respond.ts";
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
  operation: AnyOperationName,
  running: Promise<OperationResult<AnyOperationName>>,
): Promise<Outcome> {
  const { dialect, response } = exchange;
  response.writeHead(200, [...commonHeaders(exchange), "Content-Type", dialect.documentType]);
  response.write(dialect.opening);
  const timer = setInterval(() => {
    // Of what a client does not take, more is of no use to it.
    if (response.writableLength === 0) response.write(" ");
  }, WHITE_SPACE_INTERVAL_MS);
  let body: Buffer;
  let errorCode: string | undefined;
  try {
    const { output } = await running;
    const { body: encoded } = await dialect.encode(operation, output, {}, exchange.ids);
    body = Buffer.isBuffer(encoded) ? encoded.subarray(dialect.opening.length) : Buffer.alloc(0);
  } catch (cause) {
    if (cause instanceof OtherAnswer) throw cause;
    const thrown = toServiceError(cause);
    reportFailure(exchange, thrown, cause);
    const error = dialect.translate(thrown);
    errorCode = error.code;
    exchange.stop(error, cause);
    body = errorBody(exchange, error, true);
  } finally {
    clearInterval(timer);
  }
  const isSent = await end(response, body);
  return { status: 200, errorCode, sentSizeBytes: isSent ? body.length : 0 };
}

// Compiled, not run: what a program in TypeScript knows of the package, without Node's types.
import { ClientError, errorCodes, explain, isRetryable, lookUp, parseError, readError, withRetries } from "holdfast/errors";
import type { ErrorCode, Retry } from "holdfast/errors";

const missing: ErrorCode = "NoSuchKey";
export const status: number = lookUp(missing).status;
export const perhaps: number | undefined = lookUp("a text")?.status;
// @ts-expect-error: there is no such code.
export const wrong: ErrorCode = "NoSuchThing";
export const codes: readonly ErrorCode[] = errorCodes;

export async function read(response: Response): Promise<ClientError> {
  return await readError(response);
}

export async function text(url: string, signal: AbortSignal): Promise<string> {
  const load = async (attempt: number): Promise<string> => {
    const response = await fetch(url, { headers: { "x-attempt": String(attempt) } });
    if (!response.ok) throw await readError(response);
    return await response.text();
  };
  return await withRetries(load, { attempts: 3, signal, mend: ({ code }) => code === "ExpiredToken" });
}

export function told(error: unknown): string {
  const advice: Retry = lookUp("SlowDown").advice.retry;
  const { requestId } = parseError(error);
  return `${explain(error).what} ${requestId ?? ""} ${isRetryable(error)} ${advice}`;
}

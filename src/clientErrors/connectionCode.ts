/** The requests that never reached a server: no address, no way, no connection. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "UND_ERR_CONNECT_TIMEOUT",
]);
/** The requests whose answer did not come, or not whole. */
const UNANSWERED: ReadonlySet<string> = new Set([
  "ECONNABORTED",
  "ECONNRESET",
  "EPIPE",
  "ERR_HTTP2_GOAWAY_SESSION",
  "ERR_HTTP2_STREAM_ERROR",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ETIMEDOUT",
  "HPE_INVALID_EOF_STATE",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
  "UND_ERR_SOCKET",
  // Names rather than codes: of SDKs, of `AbortSignal.timeout()`, and of the AWS SDK before version 3.
  "NetworkingError",
  "RequestTimeoutException",
  "TimeoutError",
]);
/** How browsers tell that a fetch failed: by a TypeError with one of these texts, which is all they say. */
const BROWSERS_TEXTS: ReadonlySet<string> = new Set([
  "Failed to fetch",
  "NetworkError when attempting to fetch resource.",
  "Load failed",
  "Network request failed",
  "The Internet connection appears to be offline.",
]);

/** Whether a failure with this code came before the request was sent. */
export function wasNeverSent(code: string): boolean {
  return NEVER_SENT.has(code);
}

/** How many causes deep a failure is looked for. */
const MAX_CAUSES = 6;

/** The code of a failed connection, of what was thrown or of its causes; `undefined` where no connection failed. */
export function connectionCode(thrown: unknown): string | undefined {
  let error = thrown;
  for (let depth = 0; depth < MAX_CAUSES && typeof error === "object" && error !== null; depth++) {
    const { code, name, message, cause, errors, originalError } = error as Readonly<Record<string, unknown>>;
    for (const word of [code, name]) if (isConnectionCode(word)) return word;
    if (name === "TypeError" && BROWSERS_TEXTS.has(message as string)) return "NetworkError";
    // One that tried several addresses has an error of each.
    error = cause ?? (Array.isArray(errors) ? errors[0] : undefined) ?? originalError;
  }
  return undefined;
}

function isConnectionCode(word: unknown): word is string {
  return typeof word === "string" && (NEVER_SENT.has(word) || UNANSWERED.has(word));
}

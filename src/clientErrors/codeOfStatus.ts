/** What an answer without a body mostly means: HEAD's answers have none, and S3 answers 304 without. */
const CODES: ReadonlyMap<number, string> = new Map([
  [301, "PermanentRedirect"],
  [302, "Found"],
  [304, "NotModified"],
  [307, "TemporaryRedirect"],
  [400, "BadRequest"],
  [403, "AccessDenied"],
  [404, "NotFound"],
  [405, "MethodNotAllowed"],
  [409, "OperationAborted"],
  [411, "MissingContentLength"],
  [412, "PreconditionFailed"],
  [416, "InvalidRange"],
  [429, "SlowDown"],
  [500, "InternalError"],
  [501, "NotImplemented"],
  [502, "BadGateway"],
  [503, "ServiceUnavailable"],
  [504, "GatewayTimeout"],
]);

/** S3 tells SlowDown from other shortages in the status line, where HTTP/1.1 has one. */
const SLOW_DOWN = /slow ?down|reduce your request rate/i;

/** The code that an HTTP status mostly stands for; `reason` is the text of its status line, where that is known. */
export function codeOfStatus(status: number, reason: string | undefined): string {
  if (status === 503 && SLOW_DOWN.test(reason ?? "")) return "SlowDown";
  return CODES.get(status) ?? `Http${status}`;
}

import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import type { Payload } from "../../src/protocol/Payload.ts";
import { openPayload } from "../../src/protocol/streaming/openPayload.ts";
import type { PayloadSecurity } from "../../src/protocol/streaming/PayloadSecurity.ts";
import type { Refusal } from "../auth/expectRefusal.ts";
import { wireRequestFor } from "../auth/wireRequestFor.ts";

/** Bodies without framing of their own, and what their requests say of them. */

/** What the bodies hold, unless a test says otherwise. */
export const CONTENT: Buffer = Buffer.from("Welcome to Amazon S3.");
const UNSIGNED: PayloadSecurity = { mode: "unsigned", sha256: undefined, chunks: undefined };

/** A body and what its request says of it; `Content-Length` is right unless said otherwise, and `undefined` leaves it out. */
export interface Upload {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly sha256?: string;
  readonly body?: Readable | readonly Buffer[];
  readonly trailers?: Readonly<Record<string, string>>;
  readonly operation?: OperationName;
  readonly maxSizeBytes?: number;
  readonly beforeFirstRead?: () => void;
}

/** The body, opened as the server does it, unread. */
export function open(upload: Upload): Payload {
  const { body = [CONTENT], operation = "PutObject", maxSizeBytes = 1e6, beforeFirstRead } = upload;
  const length = body instanceof Readable ? CONTENT.length : Buffer.concat(body).length;
  const headers = Object.entries({ "content-length": String(length), ...upload.headers });
  const request = wireRequestFor({
    method: "PUT",
    headers: Object.fromEntries(headers.filter((header): header is [string, string] => header[1] !== undefined)),
    body,
    ...(upload.trailers === undefined ? {} : { trailers: upload.trailers }),
  });
  const security: PayloadSecurity =
    upload.sha256 === undefined ? UNSIGNED : { mode: "hashed", sha256: upload.sha256, chunks: undefined };
  const options = {
    operation,
    maxSizeBytes,
    idleTimeoutMs: 20_000,
    ...(beforeFirstRead === undefined ? {} : { beforeFirstRead }),
  };
  return openPayload(request, security, options);
}

/** MD5 of bytes. */
export function md5(bytes: Buffer, encoding: "base64" | "hex" = "base64"): string {
  return createHash("md5").update(bytes).digest(encoding);
}

/** Other bytes, for digests that do not match. */
export const OTHER: Buffer = Buffer.from("other");

/** S3's refusal of a head that contradicts itself. */
export function invalid(message: string): Refusal {
  return { code: "InvalidRequest", status: 400, message, details: [] };
}

import { S3Error } from "./S3Error.ts";
import { ServiceError } from "./ServiceError.ts";
import { StorageFullError } from "./StorageFullError.ts";

/**
 * What a client is told of anything thrown: an error of a service's as it is, a full disk as ServiceUnavailable, everything else as InternalError.
 * The cause stays with the error for the log and the journal; nothing of it reaches the client.
 */
export function toServiceError(cause: unknown): ServiceError {
  if (cause instanceof ServiceError) return cause;
  if (cause instanceof StorageFullError) {
    return new S3Error("ServiceUnavailable", {
      cause,
      explanation:
        "The server has no room for this write. Nothing of it was kept, and reads go on; the operator must free space.",
    });
  }
  return new S3Error("InternalError", {
    cause,
    explanation:
      "The server failed at this request. Its log tells why, under this RequestId. A write may or may not have happened.",
  });
}

import { DamagedBytesError } from "./DamagedBytesError.ts";
import { S3Error } from "./S3Error.ts";
import { ServiceError } from "./ServiceError.ts";
import { StorageFullError } from "./StorageFullError.ts";

/**
 * What a client is told of anything thrown: an error of a service's as it is, a full disk as ServiceUnavailable, damaged bytes as MethodNotAllowed,
 * everything else as InternalError.
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
  if (cause instanceof DamagedBytesError && cause.isLost) return lostObject(cause);
  return new S3Error("InternalError", {
    cause,
    explanation:
      "The server failed at this request. Its log tells why, under this RequestId. A write may or may not have happened.",
  });
}

/** What is left to do with an object whose bytes are lost. */
const METHODS_OF_LOST_OBJECTS = "DELETE, HEAD, PUT";

/**
 * S3's answer for an object that it has lost ("If an RRS object is lost, … Amazon S3 returns a 405 error", Using Amazon S3 storage classes): 405,
 * where InternalError would have clients send the request again and again.
 */
function lostObject(cause: DamagedBytesError): S3Error {
  return new S3Error("MethodNotAllowed", {
    cause,
    headers: { Allow: METHODS_OF_LOST_OBJECTS },
    explanation:
      "The object's stored bytes are damaged, and to ask again does not help. Put the object again, or delete it; the server's log tells what is wrong, under this RequestId.",
  });
}

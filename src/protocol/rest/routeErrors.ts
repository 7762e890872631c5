import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { Route } from "../generated/routes.ts";

/** What S3 answers to requests that mean no operation. */

type Scope = Route["scope"];

/** S3's names of resources where they are not the subresource's own in capitals, by scope and subresource. */
const RESOURCE_TYPES: Readonly<Record<string, string>> = {
  "bucket delete": "MULTI_OBJECT_DELETE",
  "bucket logging": "LOGGING_STATUS",
  "bucket metadataConfiguration": "BUCKET_METADATA_CONFIGURATION",
  "bucket metadataTable": "BUCKET_METADATA_TABLE_CONFIGURATION",
  "bucket object-lock": "OBJECT_LOCK_CONFIGURATION",
  "bucket policy": "BUCKETPOLICY",
  "bucket versions": "BUCKETVERSIONS",
  "object attributes": "OBJECT_ATTRIBUTES",
  "object encryption": "OBJECT_ENCRYPTION",
  "object tagging": "OBJECT_TAGGING",
};

/**
 * What the access log and MethodNotAllowed call a target: BUCKET, ACL, PUBLIC_ACCESS_BLOCK … A subresource that buckets and objects have is
 * one type of resource, with the methods of both, unless S3 has two names for it.
 */
export function resourceType(scope: Scope, subresource: string | undefined): string {
  if (subresource === undefined) return scope.toUpperCase();
  const known = RESOURCE_TYPES[`${scope} ${subresource}`];
  return known ?? subresource.replace(/[A-Z]/g, "_$&").replaceAll("-", "_").toUpperCase();
}

/** What a person calls a target. */
export function targetName(scope: Scope, subresource: string | undefined): string {
  if (subresource !== undefined) return `?${subresource}`;
  return scope === "service" ? "the list of buckets" : `${scope === "object" ? "an" : "a"} ${scope}`;
}

/** A method that S3 knows, on something it does not act on, of a type and with a name. `allowed` are the methods that do. */
export function methodNotAllowed(method: string, type: string, name: string, allowed: readonly string[]): S3Error {
  return new S3Error("MethodNotAllowed", {
    details: [
      ["Method", method],
      ["ResourceType", type],
    ],
    headers: { Allow: allowed.join(", ") },
    explanation: `${method} does nothing to ${name}; ${allowed.join(", ")} would.`,
  });
}

/** A method S3 has no use for anywhere. */
export function unknownMethod(method: string): S3Error {
  return new S3Error("BadRequest", {
    explanation: `S3 does not know the method ${quoted(method)}; it takes GET, HEAD, PUT, POST, DELETE and OPTIONS.`,
  });
}

/** Several subresources at once. */
export function conflictingSubresources(names: readonly string[]): S3Error {
  const sorted = names.toSorted();
  return invalidArgument("ResourceType", sorted[0], {
    message: `Conflicting query string parameters: ${sorted.join(", ")}`,
    explanation: `Each of ?${sorted.join(", ?")} chooses an operation, and a request can name one; leave the others out.`,
  });
}

/** A subresource that exists and takes the method, but not of what the request addresses. */
export function misplacedSubresource(name: string, method: string, scope: Scope): S3Error {
  if (scope === "object") return subresourceOfBuckets(name, method);
  if (name === "torrent" && scope === "bucket") {
    return new S3Error("RequestTorrentOfBucketError", {
      explanation: "?torrent belongs to an object; the path names only a bucket.",
    });
  }
  if (name === "uploads" && scope === "bucket") return keyMissing(name);
  return invalidArgument("ResourceType", name, {
    message: "Unexpected query string parameter",
    explanation:
      scope === "service"
        ? `?${name} belongs to a bucket or an object; the path names neither.`
        : `?${name} belongs to an object; the path names only a bucket.`,
  });
}

function subresourceOfBuckets(name: string, method: string): S3Error {
  if (name === "logging") {
    return new S3Error("NoLoggingStatusForKey", { explanation: "Logging is set for buckets; the path names a key as well." });
  }
  const message =
    name === "uploads"
      ? `Key is not expected for the ${method} method ?uploads subresource`
      : `There is no such thing as the ?${name} sub-resource for a key`;
  return new S3Error("InvalidRequest", { message, explanation: `?${name} belongs to a bucket; the path names a key as well.` });
}

/** An upload, a part or the beginning of an upload of a bucket instead of an object. */
export function keyMissing(parameter: string): S3Error {
  return new S3Error("InvalidRequest", {
    message: "A key must be specified",
    explanation: `?${parameter} belongs to an object; the path names only a bucket.`,
  });
}

/** `partNumber` alone on a write, which would store a part of nothing. */
export function partWithoutUpload(partNumber: string): S3Error {
  return invalidArgument("partNumber", "partNumber", {
    message: "This operation does not accept partNumber without uploadId",
    explanation: `A part is named by uploadId and partNumber together; partNumber is ${quoted(partNumber)}, and uploadId is missing.`,
  });
}

/** A POST to a bucket is a browser's form, and has to look like one. */
export function formExpected(contentType: string | undefined): S3Error {
  return new S3Error("PreconditionFailed", {
    details: [["Condition", "Bucket POST must be of the enclosure-type multipart/form-data"]],
    explanation:
      `A POST to a bucket uploads by a form, or deletes objects with ?delete in the query. This one's Content-Type is ` +
      `${contentType === undefined ? "missing" : quoted(contentType)}, and ?delete is not there.`,
  });
}

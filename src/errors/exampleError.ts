import { catalogueEntry } from "./catalogue.ts";
import type { ErrorCode } from "./ErrorCode.ts";
import { S3Error } from "./S3Error.ts";

/** Values that details and the braces of texts could have. */
const EXAMPLE_VALUES: Readonly<Record<string, string>> = {
  ActualObjectSize: "52428",
  ActualPartCount: "3",
  AWSAccessKeyId: "AKIAIOSFODNN7EXAMPLE",
  Bucket: "example-bucket",
  BucketName: "example-bucket",
  Condition: "If-Match",
  Endpoint: "s3.eu-west-1.amazonaws.com",
  ETag: "9b2cf535f27731c974343645a3985328",
  Header: "If-None-Match",
  Key: "photos/cat.jpg",
  LocationConstraint: "eu-wset-1",
  MaxAllowedSkewMilliseconds: "900000",
  Method: "POST",
  MissingHeaderName: "x-amz-acl",
  PartNumber: "2",
  PartNumberRequested: "7",
  RangeRequested: "bytes=60000-",
  RequestTime: "20260301T113000Z",
  ResourceType: "OBJECT",
  ServerTime: "2026-03-01T12:00:00Z",
  StorageClass: "GLACIER",
  UploadId: "6Vt8Yp0Qm3",
  VersionId: "3HL4kqtJvjVBH40Nrjfkd",
  expected: "us-east-1",
  region: "eu-west-1",
};
/** Stands where no value is a better example than another. */
const ANY_VALUE = "…";

/** An error of this code as it could be raised, to show what its answer looks like. */
export function exampleError(code: ErrorCode): S3Error {
  const { message, details } = catalogueEntry(code);
  return new S3Error(code, {
    message: message.replace(/\{(\w+)\}/g, (_, name: string) => EXAMPLE_VALUES[name] ?? ANY_VALUE),
    details: details.map((name) => [name, EXAMPLE_VALUES[name] ?? ANY_VALUE] as const),
    explanation: "A sentence or two about this very request.",
  });
}

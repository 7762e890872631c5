import type { Row } from "./refusals.ts";
import { invalidArgument, invalidRequest, refusals } from "./refusals.ts";

/** What is wrong with a request before anybody asks who sends it, and what follows from its method and its bucket alone. */

refusals("Request", [
  {
    cause: "two subresources at once",
    asked: { method: "GET", path: "/bucket", query: { policy: "", acl: "" } },
    stage: "early",
    answer: invalidArgument(
      "Conflicting query string parameters: acl, policy",
      "ResourceType",
      "acl",
      "Each of ?acl, ?policy chooses an operation, and a request can name one; leave the others out.",
    ),
  },
  {
    cause: "an upload of a bucket instead of a key",
    asked: { method: "GET", path: "/bucket", query: { uploadId: "x" } },
    stage: "early",
    answer: invalidRequest("A key must be specified", "?uploadId belongs to an object; the path names only a bucket."),
  },
  {
    cause: "the beginning of an upload without a key",
    asked: { method: "POST", path: "/bucket", query: { uploads: "" } },
    stage: "early",
    answer: invalidRequest("A key must be specified", "?uploads belongs to an object; the path names only a bucket."),
  },
  {
    cause: "a part of a bucket instead of a key",
    asked: { method: "PUT", path: "/bucket", query: { partNumber: "1" } },
    stage: "early",
    answer: invalidRequest("A key must be specified", "?partNumber belongs to an object; the path names only a bucket."),
  },
  {
    cause: "a part number without an upload",
    asked: { method: "PUT", path: "/bucket/new", query: { partNumber: "7" } },
    stage: "early",
    answer: invalidArgument(
      "This operation does not accept partNumber without uploadId",
      "partNumber",
      "partNumber",
      'A part is named by uploadId and partNumber together; partNumber is "7", and uploadId is missing.',
    ),
  },
  {
    cause: "a bucket's subresource on a key",
    asked: { method: "GET", path: "/bucket/key", query: { versions: "" } },
    stage: "early",
    answer: invalidRequest(
      "There is no such thing as the ?versions sub-resource for a key",
      "?versions belongs to a bucket; the path names a key as well.",
    ),
  },
  {
    cause: "the list of uploads of a key",
    asked: { method: "GET", path: "/bucket/key", query: { uploads: "" } },
    stage: "early",
    answer: invalidRequest(
      "Key is not expected for the GET method ?uploads subresource",
      "?uploads belongs to a bucket; the path names a key as well.",
    ),
  },
  {
    cause: "the logging of a key",
    asked: { method: "GET", path: "/bucket/key", query: { logging: "" } },
    stage: "early",
    answer: {
      status: 400,
      code: "NoLoggingStatusForKey",
      message: "There is no such thing as the ?logging sub-resource for a key",
      says: "Logging is set for buckets; the path names a key as well.",
    },
  },
  {
    cause: "the torrent of a bucket",
    asked: { method: "GET", path: "/bucket", query: { torrent: "" } },
    stage: "early",
    answer: {
      status: 400,
      code: "RequestTorrentOfBucketError",
      message: "Requesting the torrent file of a bucket is not permitted.",
      says: "?torrent belongs to an object; the path names only a bucket.",
    },
  },
  {
    cause: "a subresource of nothing",
    asked: { method: "GET", path: "/", query: { acl: "" } },
    stage: "early",
    answer: invalidArgument(
      "Unexpected query string parameter",
      "ResourceType",
      "acl",
      "?acl belongs to a bucket or an object; the path names neither.",
    ),
  },
  {
    cause: "a website parameter with a value",
    asked: { method: "GET", path: "/bucket", query: { website: "x" } },
    stage: "early",
    answer: invalidArgument(
      "The website parameter must not have a value",
      "website",
      "x",
      '?website stands alone in the query; it came with "x".',
    ),
  },
  {
    cause: "an empty version id",
    asked: { method: "GET", path: "/bucket/key", query: { versionId: "" } },
    stage: "early",
    answer: invalidArgument(
      "Version id cannot be the empty string",
      "versionId",
      "",
      "versionId is in the query without a value; name a version or leave it out.",
    ),
  },
  {
    cause: "a version id for an operation without one",
    asked: { method: "PUT", path: "/bucket/key", query: { versionId: "null" } },
    stage: "early",
    answer: invalidArgument(
      "This operation does not accept a version-id.",
      "versionId",
      "null",
      'This operation acts on no version in particular; leave versionId="null" out.',
    ),
  },
  {
    cause: "a POST to a bucket that is no form",
    asked: { method: "POST", path: "/bucket", headers: { "Content-Type": "application/xml" }, body: "<a/>" },
    stage: "early",
    answer: {
      status: 412,
      code: "PreconditionFailed",
      message: "At least one of the pre-conditions you specified did not hold",
      details: { Condition: "Bucket POST must be of the enclosure-type multipart/form-data" },
      says: `A POST to a bucket uploads by a form, or deletes objects with ?delete in the query. This one's Content-Type is "application/xml", and ?delete is not there.`,
    },
  },
  {
    cause: "a method that S3 does not know",
    asked: { method: "PROPFIND", path: "/bucket/key" },
    stage: "early",
    answer: {
      status: 400,
      code: "BadRequest",
      message: "An error occurred when parsing the HTTP request.",
      says: 'S3 does not know the method "PROPFIND"; it takes GET, HEAD, PUT, POST, DELETE and OPTIONS.',
    },
  },
  wrongMethod(
    "POST",
    "/bucket/key",
    {},
    "OBJECT",
    "HEAD, DELETE, GET, PUT",
    "POST does nothing to an object; HEAD, DELETE, GET, PUT would.",
  ),
  wrongMethod("HEAD", "/bucket", { uploads: "" }, "UPLOADS", "POST, GET", ""),
  wrongMethod("HEAD", "/bucket/key", { versions: "" }, "BUCKETVERSIONS", "GET", ""),
  wrongMethod(
    "POST",
    "/bucket/key",
    { policy: "" },
    "BUCKETPOLICY",
    "DELETE, GET, PUT",
    "POST does nothing to ?policy; DELETE, GET, PUT would.",
  ),
  wrongMethod("DELETE", "/", {}, "SERVICE", "GET", "DELETE does nothing to the list of buckets; GET would."),
  wrongMethod("DELETE", "/bucket", { acl: "" }, "ACL", "GET, PUT", "DELETE does nothing to ?acl; GET, PUT would."),
  wrongMethod("GET", "/bucket", { delete: "" }, "MULTI_OBJECT_DELETE", "POST", "GET does nothing to ?delete; POST would."),
  wrongMethod(
    "POST",
    "/bucket/key",
    { tagging: "" },
    "OBJECT_TAGGING",
    "DELETE, GET, PUT",
    "POST does nothing to ?tagging; DELETE, GET, PUT would.",
  ),
  wrongMethod("HEAD", "/bucket/upload", { uploadId: "x" }, "UPLOAD", "DELETE, POST, GET", ""),
  wrongMethod(
    "POST",
    "/bucket/upload",
    { uploadId: "x", partNumber: "1" },
    "PART",
    "PUT",
    "POST does nothing to a part of an upload; PUT would.",
  ),
  {
    cause: "a bucket that is not there",
    asked: { method: "GET", path: "/nobucket/key" },
    stage: "early",
    answer: {
      status: 404,
      code: "NoSuchBucket",
      message: "The specified bucket does not exist",
      details: { BucketName: "nobucket" },
      says: 'There is no bucket called "nobucket" here; create it, or check the name and the endpoint.',
    },
  },
  {
    cause: "a name that no bucket can have",
    asked: { method: "GET", path: "/b/key" },
    stage: "early",
    answer: {
      status: 400,
      code: "InvalidBucketName",
      message: "The specified bucket is not valid.",
      details: { BucketName: "b" },
      says: 'No bucket can be called "b": its length is 1, and 3 to 63 characters are allowed.',
    },
  },
  {
    cause: "an expected owner that is no account",
    asked: { method: "GET", path: "/bucket/key", headers: { "x-amz-expected-bucket-owner": "tester" } },
    stage: "early",
    answer: {
      status: 400,
      code: "InvalidBucketOwnerAWSAccountID",
      message: "The value of the expected bucket owner parameter must be an AWS Account ID... [tester]",
      says: 'x-amz-expected-bucket-owner takes the twelve digits of an AWS account; "tester" came.',
    },
  },
  {
    cause: "an empty expected owner",
    asked: { method: "GET", path: "/bucket/key", headers: { "x-amz-expected-bucket-owner": "" } },
    stage: "early",
    answer: {
      status: 400,
      code: "InvalidBucketOwnerAWSAccountID",
      message: "The value of the expected bucket owner parameter must be an AWS Account ID... []",
      says: 'x-amz-expected-bucket-owner takes the twelve digits of an AWS account; "" came.',
    },
  },
  {
    cause: "another account than the bucket's",
    asked: { method: "GET", path: "/bucket/key", headers: { "x-amz-expected-bucket-owner": "000000000000" } },
    stage: "early",
    answer: {
      status: 403,
      code: "AccessDenied",
      message: "Access Denied",
      says: 'x-amz-expected-bucket-owner is 000000000000, and the bucket "bucket" belongs to another account.',
    },
  },
  {
    cause: "an operation that is not built",
    asked: { method: "GET", path: "/bucket", query: { metadataTable: "" } },
    declaration: false,
    answer: {
      status: 501,
      code: "NotImplemented",
      message: "A header you provided implies functionality that is not implemented",
      details: { additionalMessage: "GetBucketMetadataTableConfiguration is not implemented by this server" },
      headers: { "x-holdfast-missing-operation": "GetBucketMetadataTableConfiguration" },
      says: "GetBucketMetadataTableConfiguration is an operation of S3's that this store does not have yet. Nothing was done.",
    },
  },
  {
    cause: "a browser's form without a key",
    asked: { method: "POST", path: "/bucket", headers: { "Content-Type": "multipart/form-data; boundary=x" }, body: "--x--" },
    stage: "early",
    readsBody: true,
    answer: {
      status: 400,
      code: "InvalidArgument",
      message: "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      details: { ArgumentName: "key", ArgumentValue: "" },
      says: "No field key comes before the file. Fields behind the file are not read.",
    },
  },
]);

function wrongMethod(
  method: string,
  path: string,
  query: Readonly<Record<string, string>>,
  type: string,
  allow: string,
  says: string,
): Row {
  return {
    cause: `${method} on ${type}`,
    asked: { method, path, query },
    stage: "early",
    answer: {
      status: 405,
      code: "MethodNotAllowed",
      message: "The specified method is not allowed against this resource.",
      details: { Method: method, ResourceType: type },
      headers: { allow },
      says,
    },
  };
}

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { element } from "../server/TestServer.ts";
import type { Asked, Sender } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";
import type { Sendable } from "./signing.ts";
import { sha256 } from "./signing.ts";

/**
 * S3 answers a request with several faults with the fault it looks at first. Each table lists faults of one request in that order; every
 * two and every three of them that can be in one request are sent together.
 */

/** A request on the way to being wrong. */
interface Draft {
  asked: { method: string; path: string; query: Record<string, string>; headers: Record<string, string>; body: string };
  sender: Sender;
  /** What is changed once it is signed. */
  readonly spoil: ((request: Sendable) => Sendable)[];
}

/** One thing that can be wrong. */
interface Fault {
  readonly name: string;
  readonly code: string;
  /** The beginning of the message, where several faults have one code. */
  readonly message?: string;
  /** Faults that say the same part of a request differently cannot come together. */
  readonly part?: string;
  readonly commit: (draft: Draft) => void;
}

function header(name: string, value: string): Fault["commit"] {
  return ({ asked }) => void (asked.headers[name] = value);
}

function parameter(name: string, value: string): Fault["commit"] {
  return ({ asked }) => void (asked.query[name] = value);
}

/** Changes the Authorization header of the signed request. */
function authorization(from: string | RegExp, to: string): Fault["commit"] {
  return ({ spoil }) =>
    spoil.push((request) => ({
      ...request,
      headers: { ...request.headers, Authorization: request.headers["Authorization"]!.replace(from, to) },
    }));
}

/** Adds a header that is not signed. */
function unsigned(name: string, value: string): Fault["commit"] {
  return ({ spoil }) => spoil.push((request) => ({ ...request, headers: { ...request.headers, [name]: value } }));
}

const BEFORE_THE_CALLER: readonly Fault[] = [
  { name: "long headers", code: "RequestHeaderSectionTooLarge", commit: unsigned("x-long", "l".repeat(8192)) },
  {
    name: "two subresources",
    code: "InvalidArgument",
    message: "Conflicting query string parameters",
    part: "subresource",
    commit: ({ asked }) => Object.assign(asked.query, { acl: "", policy: "" }),
  },
];

const THE_CALLER: readonly Fault[] = [
  {
    name: "two mechanisms",
    code: "InvalidArgument",
    message: "Only one auth mechanism",
    commit: ({ spoil }) => spoil.push((request) => ({ ...request, query: { ...request.query, Signature: "s" } })),
  },
  {
    name: "no scheme of S3's",
    code: "InvalidArgument",
    message: "Unsupported Authorization Type",
    commit: authorization("AWS4-HMAC-SHA256", "Bearer"),
  },
  {
    name: "a body hash that is none",
    code: "InvalidArgument",
    message: "x-amz-content-sha256 must be",
    part: "sha256",
    commit: unsigned("x-amz-content-sha256", "none"),
  },
  { name: "an old date", code: "RequestTimeTooSkewed", commit: unsigned("x-amz-date", "20260228T120000Z") },
  {
    name: "no SignedHeaders",
    code: "AuthorizationHeaderMalformed",
    message: "The authorization header is malformed; the authorization header requires three",
    part: "components",
    commit: authorization("SignedHeaders=", "Headers="),
  },
  {
    name: "another region",
    code: "AuthorizationHeaderMalformed",
    message: "The authorization header is malformed; the region",
    commit: authorization("/us-east-1/", "/eu-west-1/"),
  },
  {
    name: "another service",
    code: "AuthorizationHeaderMalformed",
    message: "The authorization header is malformed; incorrect service",
    commit: authorization("/s3/", "/ec2/"),
  },
  {
    name: "another terminator",
    code: "AuthorizationHeaderMalformed",
    message: "The authorization header is malformed; incorrect terminal",
    commit: authorization("/aws4_request", "/aws5_request"),
  },
  {
    name: "another day",
    code: "AuthorizationHeaderMalformed",
    message: "The authorization header is malformed; Invalid credential date",
    commit: authorization("/20260301/", "/20260227/"),
  },
  {
    name: "an unsigned header",
    code: "AccessDenied",
    message: "There were headers present",
    commit: unsigned("x-amz-meta-unsigned", "1"),
  },
  { name: "an unknown key", code: "InvalidAccessKeyId", commit: authorization(/Credential=\w+/, "Credential=NOBODY") },
  { name: "another signature", code: "SignatureDoesNotMatch", commit: authorization(/Signature=\w+/, "Signature=0") },
];

const A_STRANGER: Fault = {
  name: "a stranger",
  code: "AccessDenied",
  message: "Access Denied",
  commit: (draft) => void (draft.sender = "stranger"),
};

const THE_BUCKET: readonly Fault[] = [
  {
    name: "no bucket",
    code: "NoSuchBucket",
    part: "bucket",
    commit: ({ asked }) => void (asked.path = asked.path.replace("/bucket", "/nobucket")),
  },
  {
    name: "no account as owner",
    code: "InvalidBucketOwnerAWSAccountID",
    commit: header("x-amz-expected-bucket-owner", "me"),
  },
  A_STRANGER,
];

const READ_PARAMETERS: readonly Fault[] = [
  {
    name: "a word for uploads",
    code: "InvalidRequest",
    message: "The value of x-amz-content-sha256",
    part: "sha256",
    commit: header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
  },
  {
    name: "no version id",
    code: "InvalidArgument",
    message: "Invalid version id specified",
    part: "version",
    commit: parameter("versionId", "v1"),
  },
  {
    name: "a range and a part",
    code: "InvalidRequest",
    message: "Cannot specify both Range",
    part: "range",
    commit: ({ asked }) => {
      asked.headers["Range"] = "bytes=0-1";
      asked.query["partNumber"] = "1";
    },
  },
  {
    name: "part 0",
    code: "InvalidArgument",
    message: "Part number must be",
    part: "range",
    commit: parameter("partNumber", "0"),
  },
  {
    name: "no checksum mode",
    code: "InvalidRequest",
    message: "Value for x-amz-checksum-mode",
    commit: header("x-amz-checksum-mode", "maybe"),
  },
];

const THE_OBJECT: readonly Fault[] = [
  { name: "no key", code: "NoSuchKey", commit: ({ asked }) => void (asked.path = asked.path.replace("/key", "/none")) },
  { name: "another ETag", code: "PreconditionFailed", commit: header("If-Match", '"other"') },
  { name: "no range of it", code: "InvalidRange", part: "range", commit: header("Range", "bytes=11-") },
];

const GET: Asked = { method: "GET", path: "/bucket/key" };

inOrder("GetObject", GET, [
  ...BEFORE_THE_CALLER,
  {
    name: "an empty version id",
    code: "InvalidArgument",
    message: "Version id cannot be the empty string",
    part: "version",
    commit: parameter("versionId", ""),
  },
  ...THE_CALLER,
  {
    name: "a method that does nothing here",
    code: "MethodNotAllowed",
    part: "subresource",
    commit: ({ asked }) => void (asked.method = "POST"),
  },
  ...THE_BUCKET,
  ...READ_PARAMETERS,
  ...THE_OBJECT,
]);

inOrder("PutObject", { method: "PUT", path: "/bucket/new", body: "hello" }, [
  ...BEFORE_THE_CALLER,
  {
    name: "a version id",
    code: "InvalidArgument",
    message: "This operation does not accept a version-id",
    part: "subresource",
    commit: parameter("versionId", "null"),
  },
  ...THE_CALLER,
  ...THE_BUCKET,
  { name: "no MD5", code: "InvalidDigest", part: "MD5", commit: header("Content-MD5", "none") },
  {
    name: "an unknown checksum",
    code: "InvalidRequest",
    message: "The algorithm type you specified",
    commit: header("x-amz-checksum-adler32", "AAAAAA=="),
  },
  {
    name: "two checksums",
    code: "InvalidRequest",
    message: "Expecting a single x-amz-checksum- header. Multiple",
    part: "checksum",
    commit: ({ asked }) =>
      Object.assign(asked.headers, { "x-amz-checksum-crc32": "AAAAAA==", "x-amz-checksum-crc32c": "AAAAAA==" }),
  },
  {
    name: "a checksum that is none",
    code: "InvalidRequest",
    message: "Value for x-amz-checksum-crc32 header",
    part: "checksum",
    commit: header("x-amz-checksum-crc32", "none"),
  },
  {
    name: "an SDK's other algorithm",
    code: "InvalidRequest",
    message: "x-amz-sdk-checksum-algorithm specified, but no corresponding",
    part: "checksum",
    commit: header("x-amz-sdk-checksum-algorithm", "SHA1"),
  },
  { name: "too many bytes", code: "EntityTooLarge", commit: header("Content-Length", "5368709121") },
  {
    name: "another body than was signed",
    code: "XAmzContentSHA256Mismatch",
    part: "sha256",
    commit: header("x-amz-content-sha256", sha256("other")),
  },
  {
    name: "another MD5",
    code: "BadDigest",
    message: "The Content-MD5 you specified",
    part: "MD5",
    commit: header("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="),
  },
  {
    name: "another CRC32",
    code: "BadDigest",
    message: "The CRC32 you specified",
    part: "checksum",
    commit: header("x-amz-checksum-crc32", "AAAAAA=="),
  },
]);

inOrder("ListObjectVersions", { method: "GET", path: "/bucket", query: { versions: "", "key-marker": "a" } }, [
  {
    name: "a limit that is no number",
    code: "InvalidArgument",
    message: "Provided max-keys not an integer",
    part: "limit",
    commit: parameter("max-keys", "many"),
  },
  ...THE_CALLER.slice(-2),
  ...THE_BUCKET,
  {
    name: "a version without a key",
    code: "InvalidArgument",
    message: "A version-id marker cannot be specified",
    part: "marker",
    commit: ({ asked }) => {
      asked.query["version-id-marker"] = "";
      delete asked.query["key-marker"];
    },
  },
  {
    name: "an empty version",
    code: "InvalidArgument",
    message: "A version-id marker cannot be empty",
    part: "marker",
    commit: parameter("version-id-marker", ""),
  },
  {
    name: "no version",
    code: "InvalidArgument",
    message: "Invalid version id specified",
    part: "marker",
    commit: parameter("version-id-marker", "v1"),
  },
  {
    name: "no encoding",
    code: "InvalidArgument",
    message: "Invalid Encoding Method",
    commit: parameter("encoding-type", "none"),
  },
  {
    name: "a negative limit",
    code: "InvalidArgument",
    message: "max-keys cannot be negative",
    part: "limit",
    commit: parameter("max-keys", "-1"),
  },
]);

inOrder("ListObjectsV2", { method: "GET", path: "/bucket", query: { "list-type": "2" } }, [
  {
    name: "a limit that is no number",
    code: "InvalidArgument",
    message: "Provided max-keys not an integer",
    part: "limit",
    commit: parameter("max-keys", "many"),
  },
  ...THE_CALLER.slice(-2),
  ...THE_BUCKET,
  {
    name: "no encoding",
    code: "InvalidArgument",
    message: "Invalid Encoding Method",
    commit: parameter("encoding-type", "none"),
  },
  {
    name: "no token",
    code: "InvalidArgument",
    message: "The continuation token provided is incorrect",
    commit: parameter("continuation-token", "none"),
  },
  {
    name: "a negative limit",
    code: "InvalidArgument",
    message: "Argument maxKeys must be",
    part: "limit",
    commit: parameter("max-keys", "-1"),
  },
]);

const DELETION = "<Delete><Object><Key>key</Key></Object></Delete>";

const MD5_OF_DELETION = "VUxjCEXWiErKatrg6+J0xA==";

inOrder(
  "DeleteObjects",
  { method: "POST", path: "/bucket", query: { delete: "" }, headers: { "Content-MD5": MD5_OF_DELETION }, body: DELETION },
  [
    ...THE_CALLER.slice(-2),
    ...THE_BUCKET.filter((fault) => fault !== A_STRANGER),
    {
      name: "an unknown checksum",
      code: "InvalidRequest",
      message: "The algorithm type you specified",
      commit: header("x-amz-checksum-adler32", "AAAAAA=="),
    },
    {
      name: "no digest",
      code: "InvalidRequest",
      message: "Missing required header for this request: Content-MD5",
      part: "MD5",
      commit: ({ asked }) => void delete asked.headers["Content-MD5"],
    },
    { name: "no body", code: "MalformedXML", part: "body", commit: deletionOf("") },
    { name: "another document", code: "MalformedXML", part: "body", commit: deletionOf("<Remove/>") },
    { name: "no objects", code: "MalformedXML", part: "body", commit: deletionOf("<Delete></Delete>") },
    {
      name: "an empty key",
      code: "InvalidRequest",
      message: "Object must have a valid key name.",
      part: "body",
      commit: deletionOf("<Delete><Object><Key></Key></Object></Delete>"),
    },
    {
      name: "another MD5",
      code: "BadDigest",
      message: "The Content-MD5 you specified",
      part: "MD5",
      commit: header("Content-MD5", md5("other")),
    },
    {
      name: "another body than was signed",
      code: "XAmzContentSHA256Mismatch",
      commit: header("x-amz-content-sha256", sha256("other")),
    },
    // Each key is authorised, not the request: this Code is the key's, inside a 200.
    A_STRANGER,
  ],
);

/** Another body, with the digest that it must bring. */
function deletionOf(body: string): Fault["commit"] {
  return ({ asked }) => {
    asked.body = body;
    if (asked.headers["Content-MD5"] === MD5_OF_DELETION) asked.headers["Content-MD5"] = md5(body);
  };
}

function md5(body: string): string {
  return createHash("md5").update(body).digest("base64");
}

let answers: AnswerServer;
before(async () => (answers = await AnswerServer.start()));
after(() => answers[Symbol.asyncDispose]());

function inOrder(operation: string, asked: Asked, faults: readonly Fault[]): void {
  for (const [index, first] of faults.entries()) {
    test(`Order of checks: ${operation} with ${first.name} answers ${first.code}, whatever else is wrong behind it`, async () => {
      const fingerprint = await answers.fingerprint();
      const later = faults.slice(index + 1);
      await expectFirst(asked, [first]);
      for (const [position, second] of later.entries()) {
        if (!isPossible([first, second])) continue;
        await expectFirst(asked, [first, second]);
        for (const third of later.slice(position + 1)) {
          if (isPossible([first, second, third])) await expectFirst(asked, [first, second, third]);
        }
      }
      assert.equal(await answers.fingerprint(), fingerprint);
    });
  }
}

function isPossible(faults: readonly Fault[]): boolean {
  const parts = faults.flatMap(({ part }) => part ?? []);
  return new Set(parts).size === parts.length;
}

async function expectFirst(base: Asked, faults: readonly Fault[]): Promise<void> {
  const { method, path, query = {}, headers = {}, body = "" } = base;
  const draft: Draft = {
    asked: { method, path, query: { ...query }, headers: { ...headers }, body: String(body) },
    sender: "header",
    spoil: [],
  };
  for (const { commit } of faults) commit(draft);
  const request = draft.spoil.reduce((spoiled, spoil) => spoil(spoiled), answers.signed(draft.asked, draft.sender));
  const answer = await answers.sendInTurn(answers.wireBytes(request));
  const [first] = faults;
  const names = faults.map(({ name }) => name).join(" + ");
  assert.equal(element(answer, "Code"), first!.code, `${names}: ${element(answer, "Message")}`);
  if (first!.message !== undefined) {
    assert.ok(element(answer, "Message")?.startsWith(first!.message), `${names}: ${element(answer, "Message")}`);
  }
}

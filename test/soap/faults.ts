import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import { TEST_KEYS } from "../serverProcess.ts";
import type { Call } from "./calls.ts";
import { OTHER_KEYS, TOO_LARGE_SIZE_BYTES } from "./fixture.ts";
import { signed } from "./steps.ts";

/** A call that fails, and the fault that a client has to find. */
export interface FaultCase {
  readonly about: string;
  readonly call: Call;
  /** Of S3's error; its text is that of the catalogue. */
  readonly code: ErrorCode;
  /** Elements of the detail: their text, or a pattern of it. Details, which explain the fault, come beside them. */
  readonly detail: Readonly<Record<string, string | RegExp>>;
}

const UNKNOWN_KEYS = { accessKeyId: "HFNOBODYNOBODY000000", secretAccessKey: "n".repeat(40) };
const WRONG_KEYS = { accessKeyId: TEST_KEYS.accessKeyId, secretAccessKey: "w".repeat(40) };
const AN_HOUR_SECONDS = 3_600;

const READ = { GetMetadata: true, GetData: true, InlineData: true };
const OBJECT = { Bucket: "listed", Key: "object" };
const MISSING = { Bucket: "listed", Key: "Fred" };

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

const NO_SUCH_KEY = { code: "NoSuchKey", detail: { Key: "Fred" } } as const;
const INLINE_DATA_TOO_LARGE = { code: "InlineDataTooLarge", detail: {} } as const;

/** Each of them leaves the server as it was. */
export const FAULTS: readonly FaultCase[] = [
  { about: "an object that is not there, read", call: signed("GetObject", { ...MISSING, ...READ }), ...NO_SUCH_KEY },
  { about: "an object that is not there, deleted", call: signed("DeleteObject", MISSING), ...NO_SUCH_KEY },
  {
    about: "a bucket that is not there",
    call: signed("ListBucket", { Bucket: "missing", MaxKeys: 0 }),
    code: "NoSuchBucket",
    detail: { BucketName: "missing" },
  },
  {
    about: "an access key that nobody has",
    call: signed("ListAllMyBuckets", {}, { as: UNKNOWN_KEYS }),
    code: "InvalidAccessKeyId",
    detail: { AWSAccessKeyId: UNKNOWN_KEYS.accessKeyId },
  },
  {
    about: "a signature by another secret",
    call: signed("ListAllMyBuckets", {}, { as: WRONG_KEYS }),
    code: "SignatureDoesNotMatch",
    detail: {
      AWSAccessKeyId: WRONG_KEYS.accessKeyId,
      StringToSign: /^AmazonS3ListAllMyBuckets\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
      SignatureProvided: /^[A-Za-z0-9+/]{27}=$/,
      StringToSignBytes: /^41 6d 61 7a 6f 6e 53 33( [0-9a-f]{2})+$/,
    },
  },
  {
    about: "a message that was signed an hour ago",
    call: signed("ListAllMyBuckets", {}, { ageSeconds: AN_HOUR_SECONDS }),
    code: "RequestTimeTooSkewed",
    detail: { RequestTime: TIME, ServerTime: TIME, MaxAllowedSkewMilliseconds: "900000" },
  },
  {
    about: "somebody who does not sign",
    call: { operation: "GetObject", arguments: { ...OBJECT, ...READ } },
    code: "AccessDenied",
    detail: {},
  },
  {
    about: "a bucket's name that somebody else has",
    call: signed("CreateBucket", { Bucket: "listed" }, { as: OTHER_KEYS }),
    code: "BucketAlreadyExists",
    detail: { BucketName: "listed" },
  },
  {
    about: "a write without what it writes",
    call: signed("PutObject", { Bucket: "listed", Key: "unattached", ContentLength: 5 }),
    code: "MissingAttachment",
    detail: {},
  },
  {
    about: "an object too large for a message, read",
    call: signed("GetObject", { Bucket: "listed", Key: "large", ...READ }),
    ...INLINE_DATA_TOO_LARGE,
  },
  {
    about: "an object too large for a message, written",
    call: signed("PutObjectInline", {
      ...{ Bucket: "listed", Key: "larger", Data: Buffer.alloc(TOO_LARGE_SIZE_BYTES).toString("base64") },
      ContentLength: TOO_LARGE_SIZE_BYTES,
    }),
    ...INLINE_DATA_TOO_LARGE,
  },
  {
    about: "a time that is none",
    call: signed("ListAllMyBuckets", {}, { timestamp: "yesterday" }),
    code: "InvalidSOAPRequest",
    detail: {},
  },
  {
    about: "an entity tag that the object does not have",
    call: signed("GetObjectExtended", { ...OBJECT, ...READ, IfMatch: ['"another"'] }),
    code: "PreconditionFailed",
    detail: { Condition: "If-Match" },
  },
  {
    about: "a copy of something that has changed since",
    call: signed("CopyObject", {
      ...{ SourceBucket: "listed", SourceKey: "object", DestinationBucket: "listed", DestinationKey: "copy" },
      CopySourceIfMatch: ['"another"'],
    }),
    code: "PreconditionFailed",
    detail: { Condition: "x-amz-copy-source-If-Match" },
  },
];

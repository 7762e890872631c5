import { createHash } from "node:crypto";
import { TEST_KEYS } from "../serverProcess.ts";
import type { Call } from "./calls.ts";
import { OTHER_EMAIL } from "./fixture.ts";
import type { SoapFixture } from "./fixture.ts";

/** A call and what a client has to make of its answer, as `alike` says it. */
export interface Step {
  readonly call: Call;
  readonly result: unknown;
  /** What is attached to the answer, in base64. */
  readonly attachment?: string;
}

/** What a client can do beside messages. */
interface Abilities {
  readonly attaches: readonly ("mime" | "dime")[];
  readonly readsAttachments: boolean;
}

const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";

const CONTENT = Buffer.from("ha-ha");
/** Larger than may stand in a message, and than a record of DIME that Axis writes. */
const LARGE_CONTENT: Buffer = Buffer.from(Uint8Array.from({ length: 1_100_003 }, (_, index) => index % 251));

/** Every operation but PutObject, in an order in which each shows what those before have done. */
export function steps({ ownerId, otherId }: SoapFixture, { attaches, readsAttachments }: Abilities): Step[] {
  return [
    ...buckets(ownerId),
    ...objects(ownerId),
    ...attaches.flatMap((encapsulation) => attachedWrites(encapsulation)),
    ...(readsAttachments ? attachedReads() : []),
    ...acls("Bucket", { Bucket: "listed" }, ownerId, otherId),
    ...acls("Object", { Bucket: "listed", Key: "object" }, ownerId, otherId),
    ...logging(),
    ...removal(attaches),
  ];
}

/** A call of the first account's. */
export function signed(operation: string, args: Call["arguments"], more: Partial<Call> = {}): Call {
  return { operation, arguments: args, as: TEST_KEYS, ...more };
}

/** The entity tag of some bytes. */
function etag(content: Buffer): string {
  return `"${createHash("md5").update(content).digest("hex")}"`;
}

function written(content: Buffer): unknown {
  return { ETag: etag(content), LastModified: "now" };
}

function entries(values: Readonly<Record<string, string>>): unknown[] {
  return Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
}

const DESCRIBED = { "Content-Type": "text/plain", family: "Müntz & Söhne" };

function buckets(ownerId: string): Step[] {
  const created = ["listed", "logs", "quotes"].map((Name) => ({ CreationDate: "now", Name }));
  return [
    { call: signed("CreateBucket", { Bucket: "quotes" }), result: { BucketName: "quotes" } },
    { call: signed("ListAllMyBuckets", {}), result: { Owner: { ID: ownerId }, Buckets: { Bucket: created } } },
  ];
}

function objects(ownerId: string): Step[] {
  const nelson = { Bucket: "quotes", Key: "notes/Nelson" };
  const read = { Status: { Code: "200", Description: "OK" }, LastModified: "now", ETag: etag(CONTENT) };
  const put = { ...nelson, Metadata: entries(DESCRIBED), Data: CONTENT.toString("base64"), ContentLength: CONTENT.length };
  const whole = { GetMetadata: true, GetData: true, InlineData: true };
  const copied = { "Content-Type": "text/x-copy", family: "Simpson" };
  return [
    { call: signed("PutObjectInline", { ...put, StorageClass: "STANDARD" }), result: written(CONTENT) },
    {
      call: signed("GetObject", { ...nelson, ...whole }),
      result: { ...read, Metadata: entries(DESCRIBED), Data: CONTENT.toString("base64") },
    },
    { call: signed("GetObject", { ...nelson, GetMetadata: false, GetData: false, InlineData: true }), result: read },
    {
      call: signed("GetObjectExtended", {
        ...{ ...nelson, GetMetadata: false, GetData: true, InlineData: true, ByteRangeStart: 3, ByteRangeEnd: 4 },
        ...{ IfModifiedSince: "2006-03-01T12:00:00.000Z", IfMatch: ['"another"', etag(CONTENT)] },
      }),
      result: { ...read, Status: { Code: "206", Description: "Partial Content" }, Data: CONTENT.subarray(3).toString("base64") },
    },
    {
      call: signed("GetObjectExtended", { ...nelson, ...whole, IfNoneMatch: [etag(CONTENT)] }),
      result: { ...read, Status: { Code: "304", Description: "Not Modified" } },
    },
    {
      call: signed("CopyObject", {
        ...{ SourceBucket: "quotes", SourceKey: "notes/Nelson", DestinationBucket: "quotes", DestinationKey: "Homer" },
        ...{ MetadataDirective: "REPLACE", Metadata: entries(copied) },
      }),
      result: written(CONTENT),
    },
    {
      call: signed("GetObject", { Bucket: "quotes", Key: "Homer", GetMetadata: true, GetData: false, InlineData: true }),
      result: { ...read, Metadata: entries(copied) },
    },
    {
      call: signed("ListBucket", { Bucket: "quotes", Prefix: "", MaxKeys: 10, Delimiter: "/" }),
      result: {
        ...{ Name: "quotes", MaxKeys: "10", Delimiter: "/", IsTruncated: "false", CommonPrefixes: [{ Prefix: "notes/" }] },
        Contents: [
          {
            ...{ Key: "Homer", LastModified: "now", ETag: etag(CONTENT), Size: String(CONTENT.length) },
            ...{ Owner: { ID: ownerId }, StorageClass: "STANDARD" },
          },
        ],
      },
    },
  ];
}

/** What is written comes back whole, for who can attach can read what is attached. */
function attachedWrites(encapsulation: "mime" | "dime"): Step[] {
  return Object.entries({ small: CONTENT, large: LARGE_CONTENT }).flatMap(([size, content]) => {
    const object = { Bucket: "quotes", Key: `${encapsulation} ${size}` };
    const put = { ...object, Metadata: entries(DESCRIBED), ContentLength: content.length };
    const attachment = content.toString("base64");
    return [
      {
        call: signed("PutObject", put, { attachment, ...(encapsulation === "dime" && { encapsulation }) }),
        result: written(content),
      },
      {
        call: signed("GetObject", { ...object, GetMetadata: false, GetData: true, InlineData: false }),
        result: { Status: { Code: "200", Description: "OK" }, LastModified: "now", ETag: etag(content) },
        attachment,
      },
    ];
  });
}

function attachedReads(): Step[] {
  const args = { Bucket: "quotes", Key: "notes/Nelson", GetMetadata: true, GetData: true, InlineData: false };
  const read = { LastModified: "now", ETag: etag(CONTENT) };
  return [
    {
      call: signed("GetObject", args),
      result: { ...read, Status: { Code: "200", Description: "OK" }, Metadata: entries(DESCRIBED) },
      attachment: CONTENT.toString("base64"),
    },
    {
      call: signed("GetObjectExtended", { ...args, GetMetadata: false, ByteRangeStart: 0, ByteRangeEnd: 1 }),
      result: { ...read, Status: { Code: "206", Description: "Partial Content" } },
      attachment: CONTENT.subarray(0, 2).toString("base64"),
    },
  ];
}

function acls(of: "Bucket" | "Object", args: Call["arguments"], ownerId: string, otherId: string): Step[] {
  const grants = (grantee: unknown): unknown => ({
    Grant: [
      { Grantee: { type: "CanonicalUser", ID: ownerId }, Permission: "FULL_CONTROL" },
      { Grantee: grantee, Permission: "READ_ACP" },
      { Grantee: { type: "Group", URI: ALL_USERS }, Permission: "READ" },
    ],
  });
  const byEmail = grants({ type: "AmazonCustomerByEmail", EmailAddress: OTHER_EMAIL });
  return [
    { call: signed(`Set${of}AccessControlPolicy`, { ...args, AccessControlList: byEmail }), result: {} },
    {
      call: signed(`Get${of}AccessControlPolicy`, args),
      result: { Owner: { ID: ownerId }, AccessControlList: grants({ type: "CanonicalUser", ID: otherId }) },
    },
  ];
}

function logging(): Step[] {
  const quotes = { Bucket: "quotes" };
  const enabled = { LoggingEnabled: { TargetBucket: "logs", TargetPrefix: "quotes/" } };
  return [
    { call: signed("GetBucketLoggingStatus", quotes), result: {} },
    { call: signed("SetBucketLoggingStatus", { ...quotes, BucketLoggingStatus: enabled }), result: {} },
    { call: signed("GetBucketLoggingStatus", quotes), result: enabled },
    { call: signed("SetBucketLoggingStatus", { ...quotes, BucketLoggingStatus: {} }), result: {} },
    { call: signed("GetBucketLoggingStatus", quotes), result: {} },
  ];
}

function removal(attaches: Abilities["attaches"]): Step[] {
  const keys = ["notes/Nelson", "Homer", ...attaches.flatMap((way) => [`${way} small`, `${way} large`])];
  return [
    ...keys.map((Key) => ({
      call: signed("DeleteObject", { Bucket: "quotes", Key }),
      result: { Code: "200", Description: "OK" },
    })),
    { call: signed("DeleteBucket", { Bucket: "quotes" }), result: { Code: "204", Description: "No Content" } },
  ];
}

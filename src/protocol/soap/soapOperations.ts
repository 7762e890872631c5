import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import type { OperationName } from "../generated/types.ts";
import { encodedWords } from "../rest/encodedWords.ts";
import { isHeaderValue } from "../rest/headerTexts.ts";
import type { SoapElement, SoapFields } from "./SoapElement.ts";
import { documentOf } from "./documentOf.ts";

/** The bytes that a message brings. */
export interface SoapContent {
  /** As ContentLength says. */
  readonly sizeBytes: number;
  /** In base64; `undefined` where they are attached. */
  readonly inline: string | undefined;
}

/** What the answer to a read is to hold. */
export interface WantedParts {
  readonly metadata: boolean;
  readonly data: "none" | "inline" | "attached";
}

/** What a message means: an operation of S3's, and what its request would say in REST. */
export interface SoapMeaning {
  readonly operation: OperationName;
  readonly bucket?: string;
  readonly key?: string;
  /** Parameters of the query; those that are `undefined` are not sent. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Lower-case names and values; those that are `undefined` are not sent. */
  readonly headers?: readonly (readonly [name: string, value: string | undefined])[];
  /** Whom it lets in, where REST would have headers or a document for it. */
  readonly accessControlList?: SoapElement | undefined;
  /** The document that is REST's body. */
  readonly document?: Buffer;
  readonly content?: SoapContent;
  readonly wants?: WantedParts;
  /** True where conditions that fail turn a range into the whole object. */
  readonly wholeWhereConditionsFail?: boolean | undefined;
}

/** An operation of SOAP's. */
export interface SoapOperation {
  readonly name: SoapOperationName;
  /** The operation of S3's that does it. */
  readonly operation: OperationName;
  /** Says what a message means by its elements. Throws InvalidSOAPRequest, and InvalidArgument for metadata that no header can carry. */
  read(fields: SoapFields): SoapMeaning;
}

/** The operations of S3's SOAP interface. */
export type SoapOperationName =
  | "CopyObject"
  | "CreateBucket"
  | "DeleteBucket"
  | "DeleteObject"
  | "GetBucketAccessControlPolicy"
  | "GetBucketLoggingStatus"
  | "GetObject"
  | "GetObjectAccessControlPolicy"
  | "GetObjectExtended"
  | "ListAllMyBuckets"
  | "ListBucket"
  | "PutObject"
  | "PutObjectInline"
  | "SetBucketAccessControlPolicy"
  | "SetBucketLoggingStatus"
  | "SetObjectAccessControlPolicy";

/** How many Metadata, and how many entity tags of each condition, the schema allows. */
const MAX_REPEATS = 100;

const OPERATIONS: readonly SoapOperation[] = [
  ofService("ListAllMyBuckets", "ListBuckets"),
  ofBucket("CreateBucket", "CreateBucket", (fields) => ({ accessControlList: fields.element("AccessControlList") })),
  ofBucket("DeleteBucket", "DeleteBucket"),
  ofBucket("ListBucket", "ListObjects", (fields) => ({
    query: {
      prefix: fields.text("Prefix"),
      marker: fields.text("Marker"),
      "max-keys": fields.integer("MaxKeys"),
      delimiter: fields.text("Delimiter"),
    },
  })),
  ofBucket("GetBucketAccessControlPolicy", "GetBucketAcl"),
  ofBucket("SetBucketAccessControlPolicy", "PutBucketAcl", (fields) => ({
    accessControlList: fields.element("AccessControlList"),
  })),
  ofBucket("GetBucketLoggingStatus", "GetBucketLogging"),
  ofBucket("SetBucketLoggingStatus", "PutBucketLogging", (fields) => {
    const status = fields.element("BucketLoggingStatus");
    if (status === undefined) throw fields.missing("BucketLoggingStatus");
    return { document: documentOf(status) };
  }),
  ofObject("PutObject", "PutObject", (fields) => ({
    ...described(fields),
    content: { sizeBytes: requiredCount(fields, "ContentLength"), inline: undefined },
  })),
  ofObject("PutObjectInline", "PutObject", (fields) => ({
    ...described(fields),
    content: { sizeBytes: requiredCount(fields, "ContentLength"), inline: fields.required("Data") },
  })),
  ofObject("GetObject", "GetObject", read),
  ofObject("GetObjectExtended", "GetObject", (fields) => {
    const meaning = read(fields);
    return {
      ...meaning,
      headers: [["range", rangeOf(fields)], ...conditionsOf(fields, "If", "if-")],
      wholeWhereConditionsFail: fields.boolean("ReturnCompleteObjectOnConditionFailure"),
    };
  }),
  {
    name: "CopyObject",
    operation: "CopyObject",
    read(fields) {
      const source = `${encodeURIComponent(fields.required("SourceBucket"))}/${encodeURIComponent(fields.required("SourceKey"))}`;
      const { headers, ...others } = described(fields);
      return {
        operation: "CopyObject",
        bucket: fields.required("DestinationBucket"),
        key: fields.required("DestinationKey"),
        ...others,
        headers: [
          ["x-amz-copy-source", source],
          ["x-amz-metadata-directive", fields.text("MetadataDirective")?.trim()],
          ...conditionsOf(fields, "CopySourceIf", "x-amz-copy-source-if-"),
          ...headers,
        ],
      };
    },
  },
  // S3's guide shows a fault for what is not there, where REST says nothing.
  ofObject("DeleteObject", "DeleteObject", () => ({ headers: [["if-match", "*"]] })),
  ofObject("GetObjectAccessControlPolicy", "GetObjectAcl"),
  ofObject("SetObjectAccessControlPolicy", "PutObjectAcl", (fields) => {
    const accessControlList = fields.element("AccessControlList");
    if (accessControlList === undefined) throw fields.missing("AccessControlList");
    return { accessControlList };
  }),
];

/** The operations by name. */
export const soapOperations: ReadonlyMap<string, SoapOperation> = new Map(
  OPERATIONS.map((operation) => [operation.name, operation]),
);

type Beyond = Omit<SoapMeaning, "operation" | "bucket" | "key"> & { readonly operation?: OperationName };

function ofService(name: SoapOperationName, operation: OperationName): SoapOperation {
  return { name, operation, read: () => ({ operation }) };
}

function ofBucket(name: SoapOperationName, operation: OperationName, beyond?: (fields: SoapFields) => Beyond): SoapOperation {
  return {
    name,
    operation,
    read: (fields) => ({ operation, bucket: fields.required("Bucket"), ...beyond?.(fields) }),
  };
}

function ofObject(name: SoapOperationName, operation: OperationName, beyond?: (fields: SoapFields) => Beyond): SoapOperation {
  return {
    name,
    operation,
    read: (fields) => ({ operation, bucket: fields.required("Bucket"), key: fields.required("Key"), ...beyond?.(fields) }),
  };
}

function requiredCount(fields: SoapFields, name: string): number {
  const count = fields.count(name);
  if (count === undefined) throw fields.missing(name);
  return count;
}

function requiredBoolean(fields: SoapFields, name: string): boolean {
  const value = fields.boolean(name);
  if (value === undefined) throw fields.missing(name);
  return value;
}

/** Who wants no data asks for what HEAD tells in REST. */
function read(fields: SoapFields): Beyond {
  const metadata = requiredBoolean(fields, "GetMetadata");
  const wantsData = requiredBoolean(fields, "GetData");
  const isInline = requiredBoolean(fields, "InlineData");
  if (!wantsData) return { operation: "HeadObject", wants: { metadata, data: "none" } };
  return { wants: { metadata, data: isInline ? "inline" : "attached" } };
}

/** The bytes from ByteRangeStart to ByteRangeEnd; what is not sent is the beginning, or the end. */
function rangeOf(fields: SoapFields): string | undefined {
  const start = fields.count("ByteRangeStart");
  const end = fields.count("ByteRangeEnd");
  return start === undefined && end === undefined ? undefined : `bytes=${start ?? 0}-${end ?? ""}`;
}

type Headers = (readonly [name: string, value: string | undefined])[];

/** The four conditions, as headers whose names begin with `header`, of elements whose names begin with `element`. */
function conditionsOf(fields: SoapFields, element: string, header: string): Headers {
  const tags = (name: string): string | undefined => {
    const texts = fields.texts(element + name, MAX_REPEATS);
    return texts.length === 0 ? undefined : texts.join(",");
  };
  const date = (name: string): string | undefined => {
    const timeMs = fields.dateTime(element + name);
    return timeMs === undefined ? undefined : new Date(timeMs).toUTCString();
  };
  return [
    [`${header}match`, tags("Match")],
    [`${header}none-match`, tags("NoneMatch")],
    [`${header}modified-since`, date("ModifiedSince")],
    [`${header}unmodified-since`, date("UnmodifiedSince")],
  ];
}

/** Metadata that HTTP and S3 know; all other names are the user's. */
const SYSTEM_METADATA: ReadonlySet<string> = new Set([
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
]);

const USER_PREFIX = "x-amz-meta-";

/** What is said of an object that is written: its metadata, its storage class, whom it is for. */
function described(fields: SoapFields): Beyond & { readonly headers: Headers } {
  const headers: Headers = fields.repeated("Metadata", MAX_REPEATS).map((entry) => {
    const name = entry.required("Name").toLowerCase();
    const value = entry.required("Value");
    if (!SYSTEM_METADATA.has(name)) return [USER_PREFIX + withoutPrefix(name), encodedWords(value)];
    if (isHeaderValue(value)) return [name, value];
    throw invalidArgument("Metadata", value, {
      explanation: `The value of the metadata ${quoted(name)} is sent in a header of HTTP, which cannot hold all of its characters.`,
    });
  });
  headers.push(["x-amz-storage-class", fields.text("StorageClass")?.trim()]);
  return { headers, accessControlList: fields.element("AccessControlList") };
}

function withoutPrefix(name: string): string {
  return name.startsWith(USER_PREFIX) ? name.slice(USER_PREFIX.length) : name;
}

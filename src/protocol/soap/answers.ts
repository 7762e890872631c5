import { escapeXml } from "../../errors/escapeXml.ts";
import type { BesideOutput } from "../Dialect.ts";
import type {
  AccessControlPolicy,
  Bucket,
  CopyObjectOutput,
  GetBucketLoggingOutput,
  Grant,
  ListBucketsOutput,
  ListObjectsOutput,
  Object as ListedObject,
  Owner,
  PutObjectOutput,
} from "../generated/types.ts";
import { formatDateTime } from "../rest/timestamps.ts";
import { container } from "../xml/elements.ts";
import { S3_NAMESPACE } from "../xml/writeXml.ts";
import type { SoapMeaning, SoapOperationName } from "./soapOperations.ts";

/** What stands in the answer's element: a result of the same name as a rule, and nothing for operations that only do something. */
type Answer = (output: never, meaning: SoapMeaning, beside: BesideOutput) => string;

/** Reads of objects have a place of their own. */
const ANSWERS: Readonly<Record<Exclude<SoapOperationName, "GetObject" | "GetObjectExtended">, Answer>> = {
  ListAllMyBuckets: (output: ListBucketsOutput) =>
    result("ListAllMyBuckets", canonicalUser("Owner", output.Owner!) + element("Buckets", output.Buckets!.map(bucket).join(""))),
  CreateBucket: (_output, { bucket: name }) => element("CreateBucketReturn", text("BucketName", name!)),
  DeleteBucket: () => result("DeleteBucket", status(204)),
  ListBucket: (output: ListObjectsOutput) => result("ListBucket", list(output)),
  GetBucketAccessControlPolicy: (output: AccessControlPolicy) => result("GetBucketAccessControlPolicy", policy(output)),
  SetBucketAccessControlPolicy: () => "",
  GetBucketLoggingStatus: (output: GetBucketLoggingOutput) => result("GetBucketLoggingStatus", logging(output)),
  SetBucketLoggingStatus: () => "",
  PutObject: (output: PutObjectOutput, _meaning, beside) => result("PutObject", written(output, beside)),
  PutObjectInline: (output: PutObjectOutput, _meaning, beside) => result("PutObjectInline", written(output, beside)),
  CopyObject({ CopyObjectResult: copied }: CopyObjectOutput) {
    return element("CopyObjectResult", time("LastModified", copied!.LastModified!) + text("ETag", copied!.ETag!));
  },
  DeleteObject: () => result("DeleteObject", status(200)),
  GetObjectAccessControlPolicy: (output: AccessControlPolicy) => result("GetObjectAccessControlPolicy", policy(output)),
  SetObjectAccessControlPolicy: () => "",
};

/** What the body of the envelope holds. Names, order and nesting are the schema's. */
export function plainAnswer(name: SoapOperationName, output: unknown, meaning: SoapMeaning, beside: BesideOutput): string {
  const answer = ANSWERS[name as keyof typeof ANSWERS];
  return response(name, answer(output as never, meaning, beside));
}

/** The element that answers an operation. */
export function response(name: SoapOperationName, inside: string): string {
  return container(`<${name}Response xmlns="${S3_NAMESPACE}"`, inside, `</${name}Response>`);
}

/** What is in it: an element that is called the same. */
function result(name: SoapOperationName, inside: string): string {
  return element(`${name}Response`, inside);
}

/** An element that holds elements. */
export function element(name: string, inside: string): string {
  return container(`<${name}`, inside, `</${name}>`);
}

/** An element that holds text. */
export function text(name: string, value: string): string {
  return `<${name}>${escapeXml(value)}</${name}>`;
}

/** An element that holds a time. */
export function time(name: string, value: Date): string {
  return text(name, formatDateTime(value.getTime()));
}

const DESCRIPTIONS = { 200: "OK", 204: "No Content", 206: "Partial Content", 304: "Not Modified" } as const;

/** How REST would answer: a status of HTTP, and what it is called. */
export function status(code: keyof typeof DESCRIPTIONS): string {
  return text("Code", String(code)) + text("Description", DESCRIPTIONS[code]);
}

function optional(name: string, value: string | undefined): string {
  return value === undefined ? "" : text(name, value);
}

function bucket({ Name, CreationDate }: Bucket): string {
  return element("Bucket", text("Name", Name!) + time("CreationDate", CreationDate!));
}

function canonicalUser(name: string, { ID, DisplayName }: Owner): string {
  return element(name, text("ID", ID!) + optional("DisplayName", DisplayName));
}

function list(output: ListObjectsOutput): string {
  return (
    text("Name", output.Name!) +
    text("Prefix", output.Prefix ?? "") +
    text("Marker", output.Marker ?? "") +
    optional("NextMarker", output.NextMarker) +
    text("MaxKeys", String(output.MaxKeys)) +
    optional("Delimiter", output.Delimiter) +
    text("IsTruncated", String(output.IsTruncated)) +
    (output.Contents ?? []).map(listedObject).join("") +
    (output.CommonPrefixes ?? []).map(({ Prefix }) => element("CommonPrefixes", text("Prefix", Prefix!))).join("")
  );
}

function listedObject(object: ListedObject): string {
  return element(
    "Contents",
    text("Key", object.Key!) +
      time("LastModified", object.LastModified!) +
      text("ETag", object.ETag!) +
      text("Size", String(object.Size)) +
      (object.Owner === undefined ? "" : canonicalUser("Owner", object.Owner)) +
      text("StorageClass", storageClass(object.StorageClass)),
  );
}

/** The schema is older than the other classes, and has a word for what it does not know. */
const STORAGE_CLASSES: ReadonlySet<string> = new Set(["STANDARD", "REDUCED_REDUNDANCY", "GLACIER"]);

function storageClass(name = "STANDARD"): string {
  return STORAGE_CLASSES.has(name) ? name : "UNKNOWN";
}

function policy({ Owner: owner, Grants }: AccessControlPolicy): string {
  return canonicalUser("Owner", owner!) + element("AccessControlList", grants(Grants!));
}

function grants(all: readonly Grant[]): string {
  return all.map(({ Grantee, Permission }) => element("Grant", grantee(Grantee!) + text("Permission", Permission!))).join("");
}

/** The type stands without a prefix: it is S3's, as the element's default namespace says. */
function grantee({ Type, ID, DisplayName, EmailAddress, URI }: NonNullable<Grant["Grantee"]>): string {
  const inside =
    optional("ID", ID) + optional("DisplayName", DisplayName) + optional("EmailAddress", EmailAddress) + optional("URI", URI);
  return `<Grantee xsi:type="${Type}">${inside}</Grantee>`;
}

function logging({ LoggingEnabled: enabled }: GetBucketLoggingOutput): string {
  if (enabled === undefined) return "";
  const { TargetBucket, TargetPrefix, TargetGrants } = enabled;
  return element(
    "LoggingEnabled",
    text("TargetBucket", TargetBucket) +
      text("TargetPrefix", TargetPrefix) +
      (TargetGrants === undefined ? "" : element("TargetGrants", grants(TargetGrants))),
  );
}

function written({ ETag }: PutObjectOutput, { lastModifiedMs }: BesideOutput): string {
  return text("ETag", ETag!) + time("LastModified", new Date(lastModifiedMs!));
}

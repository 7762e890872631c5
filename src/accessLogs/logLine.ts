import { isUnreserved, percentDecode, percentEncode } from "../protocol/rest/percent.ts";

/** What one line of a server access log says; `undefined` wherever S3 writes "-" for what is unknown or was not there. */
export interface LogEntry {
  /** Canonical id. */
  readonly bucketOwnerId: string;
  readonly bucket: string;
  /** When the request came, in milliseconds since 1970 by S3's time. */
  readonly timeMs: number;
  readonly remoteAddress: string | undefined;
  /** The canonical id of a root, the ARN of everybody else who signs. */
  readonly requester: string | undefined;
  readonly requestId: string;
  /** Such as REST.GET.OBJECT. */
  readonly operation: string;
  /** As it is, not encoded. */
  readonly key: string | undefined;
  /** What the request's head says; `undefined` for what has no request of its own: a copy's source, each object of a list. */
  readonly head: LoggedHead | undefined;
  /** `undefined` for what was no request. */
  readonly status: number | undefined;
  readonly errorCode: string | undefined;
  readonly sentSizeBytes: number;
  readonly objectSizeBytes: number | undefined;
  /** From the request's head to the end of its answer, in milliseconds. */
  readonly totalMs: number | undefined;
  /** From the end of the request to the beginning of its answer. */
  readonly turnAroundMs: number | undefined;
  readonly versionId: string | undefined;
  readonly hostId: string;
  readonly signatureVersion: "SigV4" | "SigV2" | undefined;
  /** As OpenSSL calls it. */
  readonly cipherSuite: string | undefined;
  readonly authenticationType: "AuthHeader" | "QueryString" | undefined;
  readonly hostHeader: string | undefined;
  /** Such as "1.3". */
  readonly tlsVersion: string | undefined;
  /** True where the request needed an ACL, or sets one. */
  readonly aclRequired: boolean;
}

/** What a line says of a request's head, as it came: each character is a byte. */
export interface LoggedHead {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** "1.1" or "1.0". */
  readonly httpVersion: string;
  readonly referer: string | undefined;
  readonly userAgent: string | undefined;
}

/** Operations whose keys S3 encodes once; those of all others it encodes twice. */
const ENCODED_ONCE: ReadonlySet<string> = new Set(["BATCH.DELETE.OBJECT", "S3.EXPIRE.OBJECT"]);

const MILLISECONDS_PER_SECOND = 1000;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * A line of a server access log with its line break, all of its fields in S3's order. Each character is a byte: what clients sent stands there
 * as they sent it, but for the signature of a presigned URL, which would let its readers in. Quotation marks within quoted fields stay what they are, as in S3's logs; nothing that HTTP lets through ends a line.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
export function logLine(entry: LogEntry): string {
  const { bucketOwnerId, bucket, requestId, operation, key, head, status, sentSizeBytes, hostId, tlsVersion } = entry;
  const request = head === undefined ? "-" : `"${head.method} ${withoutSignature(head.target)} HTTP/${head.httpVersion}"`;
  const sender = head === undefined ? "- -" : `"${head.referer ?? "-"}" "${head.userAgent ?? "-"}"`;
  const whose = `${bucketOwnerId} ${bucket} ${logTime(entry.timeMs)} ${word(entry.remoteAddress)} ${entry.requester ?? "-"}`;
  const what = `${requestId} ${operation} ${key === undefined ? "-" : encodedKey(key, operation)} ${request}`;
  const sizes = `${sentSizeBytes === 0 ? "-" : sentSizeBytes} ${entry.objectSizeBytes ?? "-"}`;
  const times = `${whole(entry.totalMs)} ${whole(entry.turnAroundMs)}`;
  const answer = `${status ?? "-"} ${entry.errorCode ?? "-"} ${sizes} ${times}`;
  const signature = `${entry.signatureVersion ?? "-"} ${entry.cipherSuite ?? "-"} ${entry.authenticationType ?? "-"}`;
  const connection = `${word(entry.hostHeader)} ${tlsVersion === undefined ? "-" : `TLSv${tlsVersion}`}`;
  // Between them the access point, of which there are none here; at the end the region of AWS's that the request came from.
  const end = `- ${entry.aclRequired ? "Yes" : "-"} -`;
  return `${whose} ${what} ${answer} ${sender} ${word(entry.versionId)} ${hostId} ${signature} ${connection} ${end}\n`;
}

/** The second of the latest line, and how it is written: many lines are of one second. */
let latestSecond = Number.NaN;
let latestTime = "";

/** `[06/Feb/2019:00:00:38 +0000]`. */
function logTime(timeMs: number): string {
  const second = Math.floor(timeMs / MILLISECONDS_PER_SECOND);
  if (second === latestSecond) return latestTime;
  const time = new Date(timeMs).toISOString();
  latestSecond = second;
  latestTime = `[${time.slice(8, 10)}/${MONTHS[Number(time.slice(5, 7)) - 1]}/${time.slice(0, 4)}:${time.slice(11, 19)} +0000]`;
  return latestTime;
}

function encodedKey(key: string, operation: string): string {
  if (isUnreserved(key, true)) return key;
  const once = percentEncode(Buffer.from(key), true);
  return ENCODED_ONCE.has(operation) ? once : once.replaceAll("%", "%25");
}

/** Parameters of a query whose values S3 does not show, and what its lines have in place of them. */
const SIGNATURES: ReadonlySet<string> = new Set(["X-Amz-Signature", "Signature"]);
const HIDDEN: string = "X".repeat(32);

function withoutSignature(target: string): string {
  const start = target.indexOf("?") + 1;
  if (start === 0) return target;
  return target.slice(0, start) + target.slice(start).split("&").map(shownParameter).join("&");
}

function shownParameter(parameter: string): string {
  const [name, value] = parameter.split("=", 2) as [string, string?];
  return value !== undefined && SIGNATURES.has(percentDecode(name).toString("latin1")) ? `${name}=${HIDDEN}` : parameter;
}

function whole(milliseconds: number | undefined): string {
  return milliseconds === undefined ? "-" : String(Math.round(milliseconds));
}

const ONE_WORD = /^[!#-~]+$/;

/** Text of a client's in a field without quotation marks: what would end the field is written as %XX. */
function word(text: string | undefined): string {
  if (text === undefined || text === "") return "-";
  return ONE_WORD.test(text) ? text : text.replaceAll(/[^!#-~]/g, (character) => percentEncode(Buffer.from(character), false));
}

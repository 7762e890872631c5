import type { Caller } from "../../auth/Caller.ts";
import { shortTarget } from "../../journal/masked.ts";
import type { RequestRecord } from "../../journal/RequestRecord.ts";
import { tlsFactsOf } from "../http/tlsFacts.ts";
import { claimedAccessKeyId } from "./claimedAccessKeyId.ts";
import type { Exchange, Outcome } from "./Exchange.ts";
import { requestStory } from "./requestStory.ts";
import { signatureOf } from "./signatureOf.ts";

/** What an SDK says of its attempts: "attempt=2; max=3". */
const ATTEMPT = /^attempt=(\d{1,4})(?:;|$)/;

/** Longer texts of what was sent are cut. */
const MAX_TEXT_LENGTH = 2_048;

/** What is kept of a request that has ended, and took so many milliseconds. It is made of every request: nothing is looked up that few have. */
export function requestRecord(exchange: Exchange, outcome: Outcome, milliseconds: number): RequestRecord {
  const { ids, incoming, life, request, sender, service } = exchange;
  const { headers, url = "" } = incoming;
  const query = request !== undefined && request.rawQuery !== "" ? request.query : undefined;
  const { address } = exchange;
  const bucket = life?.bucket;
  // Before it is known who asks there is no caller, whatever the type says.
  const caller: Caller | undefined = life?.caller;
  const isKnown = caller !== undefined && caller.kind !== "anonymous";
  return {
    requestId: ids.requestId,
    hostId: ids.hostId,
    atMs: service.store.realClock() - milliseconds,
    method: incoming.method ?? "",
    target: bounded(query === undefined ? url : shortTarget(url)),
    operation: exchange.operation,
    bucket: bounded(address?.bucket),
    key: bounded(address?.key),
    versionId: bounded(query?.get("versionId")),
    uploadId: bounded(query?.get("uploadId")),
    partNumber: wholeNumber(query?.get("partNumber")),
    objectSizeBytes: life?.objectSizeBytes,
    status: outcome.status,
    errorCode: outcome.errorCode,
    receivedSizeBytes: incoming.receivedSizeBytes,
    sentSizeBytes: outcome.sentSizeBytes,
    milliseconds,
    stages: exchange.stageTimes,
    remoteAddress: sender.address,
    userAgent: bounded(headers["user-agent"]),
    host: bounded(headers.host),
    referer: bounded(headers.referer),
    httpVersion: incoming.httpVersion === "1.1" ? undefined : incoming.httpVersion,
    tls: sender.secure && !sender.isForwarded ? tlsOf(exchange) : undefined,
    signature: signatureOf(exchange),
    accessKeyId: isKnown ? caller.accessKeyId : request === undefined ? undefined : claimedAccessKeyId(request),
    caller: isKnown ? caller.arn : undefined,
    canonicalId: isKnown && caller.kind === "root" && caller.canonicalId !== bucket?.ownerId ? caller.canonicalId : undefined,
    bucketOwnerId: bucket?.ownerId,
    usedAcl: bucket !== undefined && life?.aclBuckets?.has(bucket.id) === true ? true : undefined,
    loggedAs: exchange.routed?.loggedAs,
    attempt: attemptIn(headers["amz-sdk-request"]),
    invocationId: bounded(headers["amz-sdk-invocation-id"] as string | undefined),
    faults: struckBy(exchange),
    story: requestStory(exchange),
  };
}

function attemptIn(header: string | readonly string[] | undefined): number | undefined {
  return typeof header === "string" ? wholeNumber(ATTEMPT.exec(header)?.[1]) : undefined;
}

/** A number that was sent; `undefined` for what is none. */
function wholeNumber(text: string | undefined): number | undefined {
  const number = Number(text);
  return text !== undefined && Number.isSafeInteger(number) ? number : undefined;
}

function tlsOf({ incoming }: Exchange): string | undefined {
  const facts = tlsFactsOf(incoming.socket);
  return facts === undefined ? undefined : `${facts.version ?? "-"} ${facts.cipherSuite}`;
}

/** The ids of the rules that struck it. */
function struckBy({ faults }: Exchange): readonly string[] | undefined {
  return faults === undefined || faults.ids.length === 0 ? undefined : faults.ids;
}

function bounded<Text extends string | undefined>(text: Text): Text {
  return text !== undefined && text.length > MAX_TEXT_LENGTH ? (`${text.slice(0, MAX_TEXT_LENGTH)}…` as Text) : text;
}

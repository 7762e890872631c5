import { permissionsFor } from "../../access/Permission.ts";
import type { LogEntry } from "../../accessLogs/logLine.ts";
import type { ServerAccessLogs } from "../../accessLogs/ServerAccessLogs.ts";
import type { Caller } from "../../auth/Caller.ts";
import type { LoggedBeside } from "../../operations/RequestContext.ts";
import type { OperationName } from "../../protocol/generated/types.ts";
import { loggedOperation } from "../../protocol/rest/loggedOperation.ts";
import { rest } from "../../protocol/rest/rest.ts";
import type { SentMembers } from "../../protocol/SentMembers.ts";
import type { Address, WireRequest } from "../../protocol/WireRequest.ts";
import { isPossibleBucketName } from "../../store/buckets/bucketNames.ts";
import { findBucket } from "../../store/buckets/buckets.ts";
import type { BucketLogging } from "../../store/buckets/logging.ts";
import { findLogging } from "../../store/buckets/logging.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import { tlsFactsOf } from "../http/tlsFacts.ts";
import type { Exchange, Outcome } from "./Exchange.ts";
import { signatureFields } from "./loggedRecord.ts";
import { signatureOf } from "./signatureOf.ts";

/**
 * Enters an answered request, and how many milliseconds it took, into the server access log of its bucket, and what it did to other objects
 * into those of theirs. A request whose bucket cannot be told is in no log, as on S3. Never throws.
 */
export function logRequest(exchange: Exchange, outcome: Outcome, milliseconds: number, logs: ServerAccessLogs): void {
  const { life, request } = exchange;
  // Only REST's requests tell by their heads what they are about.
  if (request === undefined || (exchange.dialect !== rest && exchange.routed?.loggedAs === undefined)) return;
  const bucket = life?.bucket;
  const hasOthers = life?.loggedBeside !== undefined;
  // Nearly every request ends here.
  if (bucket?.configurationRevision === 0 && !hasOthers) return;
  // What ends on a store that was replaced meanwhile is nobody's any more.
  if (life !== undefined && life.store !== logs.store) return;
  const failed = (cause: unknown): void => exchange.service.onFailure(exchange.ids.requestId, cause, exchange.subject);
  try {
    const logged = new LoggedRequest(exchange, request, outcome, milliseconds);
    if (bucket === undefined || hasOthers) {
      void logEverywhere(logged, logs).catch(failed);
      return;
    }
    const logging = findLogging(logs.store, bucket);
    if (logging instanceof Promise) void logging.then((found) => logged.enter(logs, bucket, found)).catch(failed);
    else logged.enter(logs, bucket, logging);
  } catch (cause) {
    failed(cause);
  }
}

async function logEverywhere(logged: LoggedRequest, logs: ServerAccessLogs): Promise<void> {
  const { store } = logs;
  for (const beside of logged.beside()) {
    const logging = await findLogging(store, beside.bucket);
    if (logging !== undefined) logs.add(beside.bucket, logging, logged.besideEntry(beside));
  }
  const { bucket: found, bucketName } = logged;
  const bucket =
    found ?? (bucketName !== undefined && isPossibleBucketName(bucketName) ? await findBucket(store, bucketName) : undefined);
  if (bucket !== undefined) logged.enter(logs, bucket, await findLogging(store, bucket));
}

/** A request on its way into logs. */
class LoggedRequest {
  readonly #exchange: Exchange;
  readonly #request: WireRequest;
  readonly #outcome: Outcome;
  readonly #milliseconds: number;
  readonly #startedAt: number;

  constructor(exchange: Exchange, request: WireRequest, outcome: Outcome, milliseconds: number) {
    this.#exchange = exchange;
    this.#request = request;
    this.#outcome = outcome;
    this.#milliseconds = milliseconds;
    this.#startedAt = performance.now() - milliseconds;
  }

  /** Its bucket, if that was found. */
  get bucket(): BucketRecord | undefined {
    return this.#exchange.life?.bucket;
  }

  /** What it addresses, as its dialect understood it. */
  get bucketName(): string | undefined {
    return this.#address.bucket;
  }

  get #address(): Address {
    return this.#exchange.address ?? this.#request.address;
  }

  /** What it was to do to objects that it does not address. */
  beside(): readonly LoggedBeside[] {
    return this.#exchange.life?.loggedBeside?.() ?? [];
  }

  /** Enters it into the log of its bucket, if that has one. */
  enter(logs: ServerAccessLogs, bucket: BucketRecord, logging: BucketLogging | undefined): void {
    if (logging !== undefined) logs.add(bucket, logging, this.#entry(bucket));
  }

  #entry(bucket: BucketRecord): LogEntry {
    const { incoming, life, operation, routed } = this.#exchange;
    const { status, errorCode, sentSizeBytes } = this.#outcome;
    const { key } = this.#address;
    const method = incoming.method ?? "";
    // As they came, each byte a character.
    const { referer, "user-agent": userAgent } = incoming.headers;
    return {
      ...this.#common(bucket),
      operation: routed?.loggedAs ?? loggedOperation(method, operation as OperationName | undefined, key),
      key,
      head: { method, target: incoming.url ?? "", httpVersion: incoming.httpVersion, referer, userAgent },
      status,
      // S3's logs call it no error.
      errorCode: status === 304 ? undefined : errorCode,
      sentSizeBytes,
      objectSizeBytes: life?.objectSizeBytes,
      totalMs: this.#milliseconds,
      turnAroundMs: this.#turnAroundMs(),
      versionId: this.#sent?.text("VersionId"),
      aclRequired: this.#usedAcl(bucket) || this.#setsAcl(),
    };
  }

  /** The line of an object beside the addressed one. It has nothing of the request's head, and no times. */
  besideEntry({ bucket, ...line }: LoggedBeside): LogEntry {
    return {
      ...this.#common(bucket),
      ...line,
      errorCode: line.errorCode,
      objectSizeBytes: line.objectSizeBytes,
      head: undefined,
      sentSizeBytes: 0,
      totalMs: undefined,
      turnAroundMs: undefined,
      aclRequired: this.#usedAcl(bucket),
    };
  }

  /** What all lines of a request have alike. */
  #common(bucket: BucketRecord) {
    const { ids, incoming, life, sender, service } = this.#exchange;
    const tls = sender.isForwarded ? undefined : tlsFactsOf(incoming.socket);
    return {
      bucketOwnerId: bucket.ownerId,
      bucket: bucket.name,
      timeMs: life?.nowMs ?? service.store.clock(),
      remoteAddress: sender.address,
      requester: requesterOf(life?.caller),
      requestId: ids.requestId,
      hostId: ids.hostId,
      ...signatureFields(signatureOf(this.#exchange)),
      cipherSuite: tls?.cipherSuite,
      hostHeader: incoming.headers.host,
      tlsVersion: tls?.version,
    };
  }

  /** Not there before it is known who asks, whatever the type says. */
  get #sent(): SentMembers | undefined {
    return this.#exchange.life?.sent;
  }

  #turnAroundMs(): number | undefined {
    const { answerBeganAt, incoming } = this.#exchange;
    const { complete, endedAt = 0 } = incoming;
    // Where the answer begins before the request has ended, there is no such time.
    if (answerBeganAt === undefined || !complete || endedAt > answerBeganAt) return undefined;
    return answerBeganAt - Math.max(endedAt, this.#startedAt);
  }

  #usedAcl({ id }: BucketRecord): boolean {
    return this.#exchange.life?.aclBuckets?.has(id) === true;
  }

  /** Whether it sets an ACL, be it with an object; one that gives everything to the bucket's owner does not count. */
  #setsAcl(): boolean {
    const { operation: name, service } = this.#exchange;
    const operation = name === undefined ? undefined : service.operations.get(name);
    const sent = this.#sent;
    if (operation === undefined || sent === undefined || sent.text("ACL") === "bucket-owner-full-control") return false;
    return permissionsFor(operation.permissions, sent).some(({ action }) => SETS_ACL.test(action));
  }
}

const SETS_ACL = /^s3:Put(?:Bucket|Object|ObjectVersion)Acl$/;

/** The canonical id of an account's root, and the ARN of whoever else signs; `undefined` where nobody does, and before it is known. */
function requesterOf(caller: Caller | undefined): string | undefined {
  if (caller === undefined || caller.kind === "anonymous") return undefined;
  return caller.kind === "root" ? caller.canonicalId : caller.arn;
}

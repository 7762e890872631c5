import type { FaultRule } from "../faults/FaultRule.ts";
import type { RequestRecord } from "../journal/RequestRecord.ts";

/** What a client could see of an attempt. */
export interface Attempt {
  readonly record: RequestRecord;
  /** What it failed with, as the client sees it: a code, a status where no code came, or what happened to the connection; `undefined` for success. */
  readonly failure: string | undefined;
  /** The server did what it was asked, whatever the client saw. */
  readonly tookEffect: boolean;
  /** The failure stood inside a 200. */
  readonly insideSuccess: boolean;
  /** From the end of the attempt before it, in milliseconds; `undefined` for the first one. */
  readonly waitMs: number | undefined;
}

/** One thing that a client wanted: its attempts, until one succeeded or it gave up. */
export interface Call {
  readonly operation: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly partNumber: number | undefined;
  readonly attempts: readonly Attempt[];
}

/** Attempts without an id of their call belong together when they ask for the same within this time after a failure. */
const SAME_CALL_WITHIN_MS = 120_000;

/** What a struck request looks like to its client, by the action of the rule. */
const BROKEN_ANSWERS: Readonly<Partial<Record<FaultRule["action"]["kind"], string>>> = {
  disconnect: "connection lost",
  contentLength: "wrong length",
  corrupt: "wrong bytes",
};

/** Puts the requests of a client together to the calls that they were attempts of, in the order in which calls began. */
export function callsOf(records: readonly RequestRecord[], rules: ReadonlyMap<string, FaultRule>): Call[] {
  const calls: OpenCall[] = [];
  const open = new Map<string, OpenCall>();
  for (const record of records.toSorted((a, b) => a.atMs - b.atMs)) {
    // What is no operation of S3's is none of the application's calls.
    if (record.operation === undefined) continue;
    // One that was sent empty says as little as none.
    const hasInvocation = record.invocationId !== undefined && record.invocationId !== "";
    const name = hasInvocation ? record.invocationId : subjectOf(record);
    const before = open.get(name);
    const goesOn = before !== undefined && (hasInvocation || before.awaitsRetry(record.atMs));
    const call = goesOn ? before : new OpenCall(record);
    if (!goesOn) {
      calls.push(call);
      open.set(name, call);
    }
    call.add(record, rules);
  }
  return calls;
}

class OpenCall implements Call {
  readonly operation: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly partNumber: number | undefined;
  readonly attempts: Attempt[] = [];

  constructor({ operation, bucket, key, partNumber }: RequestRecord) {
    this.operation = operation!;
    this.bucket = bucket;
    this.key = key;
    this.partNumber = partNumber;
  }

  awaitsRetry(nowMs: number): boolean {
    const last = this.attempts.at(-1)!;
    return last.failure !== undefined && nowMs - endOf(last.record) < SAME_CALL_WITHIN_MS;
  }

  add(record: RequestRecord, rules: ReadonlyMap<string, FaultRule>): void {
    const last = this.attempts.at(-1);
    const failure = failureOf(record, rules);
    this.attempts.push({
      record,
      failure,
      tookEffect: tookEffect(record, rules),
      insideSuccess: record.status === 200 && record.errorCode !== undefined,
      waitMs: last === undefined ? undefined : Math.max(record.atMs - endOf(last.record), 0),
    });
  }
}

function subjectOf({ method, operation, bucket, key, uploadId, partNumber, userAgent }: RequestRecord): string {
  return JSON.stringify([method, operation, bucket, key, uploadId, partNumber, userAgent]);
}

function endOf({ atMs, milliseconds }: RequestRecord): number {
  return atMs + milliseconds;
}

function failureOf(record: RequestRecord, rules: ReadonlyMap<string, FaultRule>): string | undefined {
  for (const id of record.faults ?? []) {
    const rule = rules.get(id);
    const broken = rule === undefined ? undefined : BROKEN_ANSWERS[rule.action.kind];
    if (broken !== undefined && !cameWhole(record, rule!)) return broken;
  }
  if (record.errorCode !== undefined) return record.errorCode;
  return record.status >= 400 ? `HTTP ${record.status}` : undefined;
}

/** Whether a connection was ended in order, and only behind the last byte of an object: then nobody is the wiser. */
function cameWhole({ status, sentSizeBytes, objectSizeBytes }: RequestRecord, { action, stage }: FaultRule): boolean {
  if (action.kind !== "disconnect" || action.how === "reset" || stage !== "sending") return false;
  return status === 200 && sentSizeBytes === objectSizeBytes;
}

/** Whether the server did what it was asked. */
function tookEffect({ status, errorCode, faults = [] }: RequestRecord, rules: ReadonlyMap<string, FaultRule>): boolean {
  const struck = faults.map((id) => rules.get(id));
  // Such a rule strikes only what has been done, whatever it then answers.
  if (struck.some((rule) => rule?.stage === "afterCommit")) return true;
  return status < 300 && errorCode === undefined && !struck.some(wasPrevented);
}

/** Whether a broken answer means that nothing was done either: before the operation, and while its body was under way. */
function wasPrevented(rule: FaultRule | undefined): boolean {
  if (rule === undefined || BROKEN_ANSWERS[rule.action.kind] === undefined) return false;
  return rule.stage === "beforeAuthentication" || rule.stage === "beforeExecution" || rule.stage === "receiving";
}

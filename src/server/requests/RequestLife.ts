import type { Caller } from "../../auth/Caller.ts";
import { accessDenied } from "../../access/accessDenied.ts";
import { authorize } from "../../access/authorize.ts";
import type { Conditions } from "../../access/conditions.ts";
import { conditionValues } from "../../access/conditions.ts";
import type { Need } from "../../access/Question.ts";
import type { SignatureFacts } from "../../auth/Authentication.ts";
import type { Journal, JournalEntry } from "../../journal/Journal.ts";
import type { RequestContext } from "../../operations/RequestContext.ts";
import type { Payload } from "../../protocol/Payload.ts";
import type { SentMembers } from "../../protocol/SentMembers.ts";
import type { Address, WireRequest } from "../../protocol/WireRequest.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { Store } from "../../store/Store.ts";
import type { Service } from "../Service.ts";
import type { RequestIds } from "./requestIds.ts";

/** Steps the journal keeps of a request, the last one always among them; a list of a thousand keys could be refused in as many. */
const MAX_JOURNAL_STEPS = 64;

/** The context of one request: made once, filled in as the stations find out more, read by its operation. */
export class RequestLife implements RequestContext, Conditions {
  readonly requestId: string;
  readonly hostId: string;
  readonly nowMs: number;
  readonly region: string;
  readonly store: Store;
  /** With the headers a presigned URL carries in its query. */
  readonly request: WireRequest;
  /** As it came: what was signed. */
  readonly sentRequest: WireRequest;
  caller!: Caller;
  signature: SignatureFacts | undefined;
  sent!: SentMembers;
  /** The addressed bucket, once found; absent for operations of the service. */
  bucket: BucketRecord | undefined;
  payload!: Payload;
  readonly #journal: Journal;
  #entry: JournalEntry | undefined;
  readonly #clock: () => number;
  #abort: AbortController | undefined;
  #gone = false;

  constructor(service: Service, ids: RequestIds, sentRequest: WireRequest, request: WireRequest) {
    this.requestId = ids.requestId;
    this.hostId = ids.hostId;
    this.nowMs = service.store.clock();
    this.region = service.region;
    this.store = service.store;
    this.request = request;
    this.sentRequest = sentRequest;
    this.#clock = service.store.clock;
    this.#journal = service.journal;
  }

  get secure(): boolean {
    return this.request.secure;
  }

  get host(): string {
    return this.request.headers.get("host") ?? "localhost";
  }

  get addressStyle(): Address["style"] {
    return this.request.address.style;
  }

  /** Made only when somebody asks: most operations are over before a client could leave. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#gone) this.#abort.abort();
    }
    return this.#abort.signal;
  }

  /** The client has gone. */
  leave(): void {
    this.#gone = true;
    this.#abort?.abort();
  }

  /** Whether this was thrown because the client has gone: then nothing failed, and nobody is left to hear of it. */
  wasLeft(cause: unknown): boolean {
    return this.#gone && cause === this.#abort?.signal.reason;
  }

  require({ action, bucket, key, anonymousRefusal, explanation }: Need): Soon<void> {
    const question = { caller: this.caller, conditions: this, action, bucket, key, anonymousRefusal, explanation };
    const decision = authorize(question);
    if (decision.allowed) return;
    this.note("refused", { reasons: decision.reasons });
    throw accessDenied(question, decision);
  }

  values(key: string): readonly string[] {
    return conditionValues(key, this);
  }

  note(step: string, facts?: Readonly<Record<string, unknown>>): void {
    const { steps } = (this.#entry ??= this.#enter());
    if (steps.length === MAX_JOURNAL_STEPS) steps.pop();
    steps.push({ atMs: this.#clock(), step, facts });
  }

  /** Made with the first step: most requests have none. */
  #enter(): JournalEntry {
    const { requestId, nowMs, request } = this;
    const { method, rawPath: target } = request;
    // Before authentication there is no caller, whatever the type says.
    const caller = this.caller as Caller | undefined;
    const entry = { requestId, startedAtMs: nowMs, method, target, accessKeyId: caller?.accessKeyId, steps: [] };
    this.#journal.enter(entry);
    return entry;
  }
}

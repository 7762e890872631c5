import type { Caller } from "../../auth/Caller.ts";
import { accessDenied } from "../../access/accessDenied.ts";
import { authorize } from "../../access/authorize.ts";
import type { RequestFacts } from "../../access/conditionKeys/ConditionKey.ts";
import type { RequestDocument } from "../../access/conditionKeys/RequestDocument.ts";
import { NO_DOCUMENT } from "../../access/conditionKeys/RequestDocument.ts";
import type { Conditions } from "../../access/conditions.ts";
import { RequestConditions } from "../../access/conditions.ts";
import type { Grounds } from "../../access/grounds.ts";
import type { Sessions } from "../../access/sessions/Sessions.ts";
import { groundsOf, OWNERS_GROUNDS, PLAIN_GROUNDS, resourceFacts } from "../../access/grounds.ts";
import type { Asked, Need } from "../../access/Question.ts";
import { checkPayer, isRequesterPaying } from "../../access/requesterPays.ts";
import type { SignatureFacts } from "../../auth/Authentication.ts";
import type { JournalStep } from "../../journal/RequestRecord.ts";
import type { LoggedBeside, RequestContext } from "../../operations/RequestContext.ts";
import type { Payload } from "../../protocol/Payload.ts";
import type { SentMembers } from "../../protocol/SentMembers.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { Store } from "../../store/Store.ts";
import type { Service } from "../Service.ts";
import type { RequestIds } from "./requestIds.ts";

/** Steps the journal keeps of a request, the last one always among them; a list of a thousand keys could be refused in as many. */
const MAX_JOURNAL_STEPS = 64;

/** So many refusals of a request are told statement by statement; the keys of a list would be refused alike. */
const MAX_TOLD_REFUSALS = 8;

/** Most requests have nothing that waits. */
const NO_NEEDS: Need[] = [];
const NO_STEPS: JournalStep[] = [];

/** The context of one request: made once, filled in as the stations find out more, read by its operation. */
export class RequestLife implements RequestContext, RequestFacts {
  readonly requestId: string;
  readonly hostId: string;
  readonly nowMs: number;
  /** The first of the server's until it is known which one the request is for. */
  region: string;
  readonly regions: readonly string[];
  /** The service's; for an operation that a planned fault strikes, one around it. */
  store: Store;
  readonly sessions: Sessions;
  readonly identityProviders: RequestContext["identityProviders"];
  /** With the headers a presigned URL carries in its query; where the body says what is meant, the request that it tells. */
  request: WireRequest;
  /** As it came: what was signed. */
  readonly sentRequest: WireRequest;
  caller!: Caller;
  signature: SignatureFacts | undefined;
  sent!: SentMembers;
  createsObject = true;
  document: RequestDocument = NO_DOCUMENT;
  /** The addressed bucket, once found; absent for operations of the service. */
  bucket: BucketRecord | undefined;
  payload!: Payload;
  /** True once something was done at the caller's cost. */
  isCharged = false;
  /** What operations say for access logs. */
  objectSizeBytes: number | undefined;
  loggedBeside: (() => readonly LoggedBeside[]) | undefined;
  /** The ids of buckets where an ACL gave what policies do not. */
  aclBuckets: Set<string> | undefined;
  readonly blocksCustomerKeys: boolean;
  readonly #mfaWithoutTls: boolean;
  readonly #sseCOverHttp: boolean;
  #steps: JournalStep[] = NO_STEPS;
  #refusals = 0;
  readonly #clock: () => number;
  #abort: AbortController | undefined;
  /** What is asked again once the document is read. */
  #postponed: Need[] = NO_NEEDS;
  #gone = false;

  constructor(service: Service, ids: RequestIds, sentRequest: WireRequest, request: WireRequest) {
    this.requestId = ids.requestId;
    this.hostId = ids.hostId;
    this.nowMs = service.store.clock();
    this.region = service.region;
    this.regions = service.regions;
    this.store = service.store;
    this.sessions = service.sessions;
    this.identityProviders = service.identityProviders;
    this.request = request;
    this.sentRequest = sentRequest;
    this.blocksCustomerKeys = service.blocksCustomerKeys;
    this.#mfaWithoutTls = service.mfaWithoutTls;
    this.#sseCOverHttp = service.sseCOverHttp;
    this.#clock = service.store.clock;
  }

  get method(): string {
    return this.request.method;
  }

  get secure(): boolean {
    return this.request.secure;
  }

  get takesMfa(): boolean {
    return this.secure || this.#mfaWithoutTls;
  }

  get takesKeys(): boolean {
    return this.secure || this.#sseCOverHttp;
  }

  get signatureVersion(): RequestContext["signatureVersion"] {
    return this.signature?.version;
  }

  get host(): string {
    return this.request.headers.get("host") ?? "localhost";
  }

  get ownDomain(): string | undefined {
    const { endpoint } = this.request;
    return endpoint?.kind === "plain" ? undefined : endpoint?.domain;
  }

  get addressStyle(): RequestContext["addressStyle"] {
    return this.request.address.style === "path" ? "path" : "virtual";
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

  require(need: Need): Soon<void> {
    const asked: Asked = { ...need, caller: this.caller };
    const grounds = groundsOf(this.store, asked);
    if (grounds === OWNERS_GROUNDS) return;
    return grounds instanceof Promise ? grounds.then((found) => this.#decide(asked, found)) : this.#decide(asked, grounds);
  }

  #decide(asked: Asked, grounds: Grounds): void {
    const conditions = new RequestConditions(this, asked.action, resourceFacts(asked, grounds));
    const question = { ...asked, conditions };
    const { unanswered } = this.document;
    const decision = authorize(question, grounds);
    if (this.document.unanswered > unanswered) {
      this.#postpone(asked);
      return;
    }
    if (!decision.allowed) {
      this.#refusals += 1;
      const facts = this.#refusals > MAX_TOLD_REFUSALS ? undefined : decision.facts();
      this.note("refused", { reasons: decision.reasons, ...facts });
      throw accessDenied(question, decision);
    }
    if (decision.byAcl === true && typeof asked.bucket === "object") (this.aclBuckets ??= new Set()).add(asked.bucket.id);
    if (!isRequesterPaying(asked)) return;
    checkPayer(asked, this.request.headers.get("x-amz-request-payer"));
    this.isCharged = true;
  }

  conditionsFor(action: string): Conditions {
    const asked: Asked = { action, bucket: this.bucket, caller: this.caller };
    return new RequestConditions(this, action, resourceFacts(asked, PLAIN_GROUNDS));
  }

  /** What policies say of this may depend on what the document says: it is decided when that is read. */
  #postpone(need: Need): void {
    if (this.#postponed === NO_NEEDS) this.#postponed = [];
    this.#postponed.push(need);
  }

  /** Takes the operation's input, with the document, and decides what waited for it. Throws AccessDenied. */
  async readDocument(input: unknown): Promise<void> {
    this.document.read(input);
    for (const need of this.#postponed) await this.require(need);
  }

  logObjectSize(sizeBytes: number): void {
    this.objectSizeBytes = sizeBytes;
  }

  logBeside(lines: () => readonly LoggedBeside[]): void {
    this.loggedBeside = lines;
  }

  note(step: string, facts?: Readonly<Record<string, unknown>>): void {
    if (this.#steps === NO_STEPS) this.#steps = [];
    if (this.#steps.length === MAX_JOURNAL_STEPS) this.#steps.pop();
    this.#steps.push({ atMs: this.#clock(), step, facts });
  }

  /** What it has to tell. */
  get steps(): readonly JournalStep[] {
    return this.#steps;
  }
}

import type { IncomingMessage } from "node:http";
import type { Sessions } from "../access/sessions/Sessions.ts";
import type { ServerAccessLogs } from "../accessLogs/ServerAccessLogs.ts";
import type { CredentialSource } from "../auth/Caller.ts";
import type { IdentityProvider } from "../auth/webIdentity.ts";
import type { FaultSubject, PlannedFault } from "../faults/FaultRule.ts";
import type { Journal } from "../journal/Journal.ts";
import type { RequestRecord } from "../journal/RequestRecord.ts";
import type { AnyOperationName } from "../protocol/operations.ts";
import type { AnyOperation } from "../operations/Operation.ts";
import type { Soon } from "../store/metadata/MetadataEngine.ts";
import type { Store } from "../store/Store.ts";
import type { AccessLog } from "./figures/AccessLog.ts";
import type { Places } from "./limits/Places.ts";
import type { WebsiteName } from "./http/hostNames.ts";
import type { RequestLimiter } from "./limits/RequestLimiter.ts";
import type { Sender, TrustedProxies } from "./http/TrustedProxies.ts";
import type { OnMissingOperation } from "./requests/missingOperations.ts";
import type { RequestMetrics } from "./figures/RequestMetrics.ts";

/** Time limits of a server, in milliseconds. */
export interface TimeLimits {
  /** A body that is not complete and sends nothing for this long is RequestTimeout. */
  readonly idleTimeoutMs: number;
  /** Work longer than this starts its 200 early, where S3 does, and sends white space until the result is known. */
  readonly keepAliveAfterMs: number;
  /** A client that takes nothing of its answer for this long is cut off. */
  readonly stalledAnswerMs: number;
}

/** What a request is about, as far as it got: for whoever has to find a damaged object by its name. */
export interface RequestSubject {
  readonly method: string;
  readonly operation: string | undefined;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  /** As it was asked for; without it, the current version. */
  readonly versionId: string | undefined;
  /** As it was sent. */
  readonly copySource: string | undefined;
}

/** Hears of failures that are the server's own. */
export type OnFailure = (requestId: string, cause: unknown, request?: RequestSubject) => void;

/** Hears of each request that has ended: what is kept of it, and the headers that it came with, without what is secret in them. */
export type RequestLog = (record: RequestRecord, headers: () => readonly (readonly [name: string, value: string])[]) => void;

/** Everything requests are answered with; one for each process, shared by all its requests. */
export interface Service {
  readonly store: Store;
  readonly credentials: CredentialSource;
  /** Temporary credentials. */
  readonly sessions: Sessions;
  /** Who may vouch for web identities. */
  readonly identityProviders: readonly IdentityProvider[];
  /** Where a request is for that says nothing of it: the first of the regions. */
  readonly region: string;
  /** Every region that is served, each once. */
  readonly regions: readonly string[];
  /** Lower-case domains below which host names begin with a bucket. */
  readonly domains: readonly string[];
  /** Lower-case names below which host names begin with the bucket of a website; the longest first. */
  readonly websites: readonly WebsiteName[];
  /** The proxies whose word counts for where a request comes from; not there when no proxy is trusted. */
  readonly proxies: TrustedProxies | undefined;
  /** True where codes of MFA devices are taken over plain HTTP too. */
  readonly mfaWithoutTls: boolean;
  /** True where customers' keys, and bytes under keys of KMS, are taken over plain HTTP too. */
  readonly sseCOverHttp: boolean;
  /** True where buckets that do not say whether they take customers' keys do not. */
  readonly blocksCustomerKeys: boolean;
  /** True where SOAP's messages are taken over plain HTTP too. */
  readonly soapOverHttp: boolean;
  readonly operations: ReadonlyMap<AnyOperationName, AnyOperation>;
  readonly limits: TimeLimits;
  /** Where requests under way are counted, so that there are not too many. */
  readonly places: Places;
  /** Refuses those who send too fast; not there when nothing is limited. */
  readonly limiter: RequestLimiter | undefined;
  readonly journal: Journal;
  /** Faults that are planned; not there where none may strike. */
  readonly faults: FaultPlans | undefined;
  /** True where a request may bring a fault for itself, in a header. */
  readonly faultHeader: boolean;
  readonly metrics: RequestMetrics;
  /** True once the server stops: requests that still arrive are turned away with ServiceUnavailable. */
  readonly stopping: () => boolean;
  readonly onFailure: OnFailure;
  readonly accessLog: AccessLog | undefined;
  /** Tells of every request; not there where the server's log does not go that far. */
  readonly requestLog: RequestLog | undefined;
  readonly onMissingOperation: OnMissingOperation;
  /** The logs of buckets, as S3 delivers them; not there where none are kept. */
  readonly serverAccessLogs: ServerAccessLogs | undefined;
  /** Paths outside any bucket's name, such as /-/health. */
  readonly ownPaths: ReadonlyMap<string, OwnPath>;
}

/** The faults that rules of a store plan. */
export interface FaultPlans {
  /** Those that strike a request, which this counts as a match of their rules; mostly none, and then at once. */
  plan(store: Store, subject: FaultSubject): Soon<readonly PlannedFault[]>;
}

/** Answers for one of the server's own paths, as `sender` asks. Throws `S3Error` for who may not ask. */
export type OwnPath = (incoming: IncomingMessage, sender: Sender) => Promise<OwnAnswer>;

/** The answer of one of the server's own paths. */
export interface OwnAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

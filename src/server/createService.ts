import { sessionOwners } from "../access/sessions/sessionOwners.ts";
import { Sessions } from "../access/sessions/Sessions.ts";
import type { ServerAccessLogs, Warn } from "../accessLogs/ServerAccessLogs.ts";
import type { IdentityProvider } from "../auth/webIdentity.ts";
import type { Journal } from "../journal/Journal.ts";
import { MemoryJournal } from "../journal/MemoryJournal.ts";
import type { AnyOperation } from "../operations/Operation.ts";
import { operations, queryOperations } from "../operations/registry.ts";
import type { AnyOperationName } from "../protocol/operations.ts";
import type { Store } from "../store/Store.ts";
import { findCredential } from "../store/accounts/credentials.ts";
import type { AccessLog } from "./figures/AccessLog.ts";
import { Places } from "./limits/Places.ts";
import type { RequestLimiter } from "./limits/RequestLimiter.ts";
import { packageVersion } from "./packageVersion.ts";
import { RequestMetrics } from "./figures/RequestMetrics.ts";
import { metricsAccess } from "./figures/metricsAccess.ts";
import { sharedResult } from "./figures/sharedResult.ts";
import type { FaultPlans, OnFailure, OwnAnswer, OwnPath, RequestLog, Service } from "./Service.ts";
import { STALLED_ANSWER_MS } from "./http/stalledAnswers.ts";
import { TrustedProxies } from "./http/TrustedProxies.ts";
import { websiteNamesOf } from "./http/hostNames.ts";
import { missingOperations } from "./requests/missingOperations.ts";
import { BUILT_IN_DOMAINS } from "./http/wireRequest.ts";

const ALL_OPERATIONS: Service["operations"] = new Map<AnyOperationName, AnyOperation>([...operations, ...queryOperations]);

/** After this, work that S3 answers with an early 200 begins its answer. */
export const KEEP_ALIVE_AFTER_MS = 10_000;

/** Metrics are at most this old, and made no more often. */
const METRICS_LIFETIME_MS = 1_000;

/** What a service is made of, beside its store. */
export interface ServiceOptions {
  /** One region, or several, of which the first is the default. */
  readonly region: string | readonly string[];
  readonly domains: readonly string[];
  readonly idleTimeoutMs: number;
  /** Who may vouch for web identities. Default: nobody. */
  readonly identityProviders?: readonly IdentityProvider[];
  /** Networks of proxies whose word counts for where a request comes from. Default: none. */
  readonly trustProxy?: readonly string[];
  /** Default: `false`. */
  readonly mfaWithoutTls?: boolean;
  /** Default: `false`. */
  readonly soapOverHttp?: boolean;
  /** Default: `false`. */
  readonly sseCOverHttp?: boolean;
  /** Default: `false`. */
  readonly blocksCustomerKeys?: boolean;
  readonly stopping: () => boolean;
  readonly onFailure: OnFailure;
  readonly accessLog?: AccessLog | undefined;
  /** Hears of what the operator may want to do something about. Default: nobody. */
  readonly warn?: Warn | undefined;
  /** Hears of every request that has ended. */
  readonly requestLog?: RequestLog | undefined;
  /** The logs of buckets of this store. Default: none are kept. */
  readonly serverAccessLogs?: ServerAccessLogs;
  /** Answers /-/metrics; not there in the library. */
  readonly metricsText?: () => Promise<string>;
  /** With it, other machines may ask for the metrics. */
  readonly metricsToken?: string | undefined;
  /** Faults that are planned. Default: none may strike. */
  readonly faults?: FaultPlans | undefined;
  /** Whether a request may bring a fault for itself, where faults may strike. Default: `false`. */
  readonly faultHeader?: boolean;
  /** Where requests are remembered. Default: in the memory of this process. */
  readonly journal?: Journal;
  readonly keepAliveAfterMs?: number;
  readonly stalledAnswerMs?: number;
  /** Default: `MAX_REQUESTS_UNDER_WAY`. */
  readonly maxRequestsUnderWay?: number;
  /** Refuses those who send too fast. Default: nobody is refused. */
  readonly limiter?: RequestLimiter | undefined;
}

/** A service on a store: what a process answers its requests with. */
export function createService(store: Store, options: ServiceOptions): Service {
  const { metricsText, metricsToken } = options;
  const ownPaths = new Map<string, OwnPath>([["/-/health", () => health(options.stopping())]]);
  if (metricsText !== undefined) ownPaths.set("/-/metrics", metricsPath(metricsText, metricsToken));
  const regions = [...new Set([options.region].flat())];
  const sessions = new Sessions(store, sessionOwners(store));
  // The longest first: one may end in another.
  const domains = [...options.domains, ...BUILT_IN_DOMAINS]
    .map((domain) => domain.toLowerCase())
    .toSorted((a, b) => b.length - a.length);
  return {
    store,
    credentials: { find: (accessKeyId) => findCredential(store, accessKeyId), open: sessions.open },
    sessions,
    identityProviders: options.identityProviders ?? [],
    region: regions[0]!,
    regions,
    domains,
    websites: websiteNamesOf(domains, regions),
    proxies: trustedProxies(options.trustProxy),
    mfaWithoutTls: options.mfaWithoutTls ?? false,
    soapOverHttp: options.soapOverHttp ?? false,
    sseCOverHttp: options.sseCOverHttp ?? false,
    blocksCustomerKeys: options.blocksCustomerKeys ?? false,
    operations: ALL_OPERATIONS,
    limits: {
      idleTimeoutMs: options.idleTimeoutMs,
      keepAliveAfterMs: options.keepAliveAfterMs ?? KEEP_ALIVE_AFTER_MS,
      stalledAnswerMs: options.stalledAnswerMs ?? STALLED_ANSWER_MS,
    },
    places: new Places(options.maxRequestsUnderWay),
    limiter: options.limiter,
    faults: options.faults,
    faultHeader: options.faultHeader ?? false,
    journal: options.journal ?? new MemoryJournal(),
    metrics: new RequestMetrics(),
    stopping: options.stopping,
    onFailure: options.onFailure,
    accessLog: options.accessLog,
    requestLog: options.requestLog,
    onMissingOperation: missingOperations(options.warn ?? (() => undefined)),
    serverAccessLogs: options.serverAccessLogs,
    ownPaths,
  };
}

function trustedProxies(networks: readonly string[] = []): TrustedProxies | undefined {
  return networks.length === 0 ? undefined : new TrustedProxies(networks);
}

function metricsPath(metricsText: () => Promise<string>, token: string | undefined): OwnPath {
  const mayAsk = metricsAccess(token);
  const text = sharedResult(metricsText, METRICS_LIFETIME_MS);
  return async (incoming) => {
    mayAsk(incoming);
    return { status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: await text() };
  };
}

async function health(stopping: boolean): Promise<OwnAnswer> {
  return {
    status: stopping ? 503 : 200,
    contentType: "application/json",
    body: JSON.stringify({ status: stopping ? "stopping" : "ok", version: packageVersion() }),
  };
}

import { Journal } from "../journal/Journal.ts";
import { operations } from "../operations/registry.ts";
import type { Store } from "../store/Store.ts";
import { findUser } from "../store/users/users.ts";
import type { AccessLog } from "./figures/AccessLog.ts";
import { Places } from "./limits/Places.ts";
import type { RequestLimiter } from "./limits/RequestLimiter.ts";
import { RequestMetrics } from "./figures/RequestMetrics.ts";
import type { OnFailure, OwnAnswer, Service } from "./Service.ts";
import { BUILT_IN_DOMAINS } from "./http/wireRequest.ts";

/** After this, work that S3 answers with an early 200 begins its answer. */
export const KEEP_ALIVE_AFTER_MS = 10_000;

/** What a service is made of, beside its store. */
export interface ServiceOptions {
  readonly region: string;
  readonly domains: readonly string[];
  readonly idleTimeoutMs: number;
  readonly stopping: () => boolean;
  readonly onFailure: OnFailure;
  readonly accessLog?: AccessLog | undefined;
  /** Answers /-/metrics; not there in the library. */
  readonly metricsText?: () => Promise<string>;
  readonly keepAliveAfterMs?: number;
  /** Default: `MAX_REQUESTS_UNDER_WAY`. */
  readonly maxRequestsUnderWay?: number;
  /** Refuses those who send too fast. Default: nobody is refused. */
  readonly limiter?: RequestLimiter | undefined;
}

/** A service on a store: what a process answers its requests with. */
export function createService(store: Store, options: ServiceOptions): Service {
  const { metricsText } = options;
  const ownPaths = new Map<string, () => Promise<OwnAnswer>>([["/-/health", () => health(options.stopping())]]);
  if (metricsText !== undefined) {
    ownPaths.set("/-/metrics", async () => ({
      status: 200,
      contentType: "text/plain; version=0.0.4; charset=utf-8",
      body: await metricsText(),
    }));
  }
  return {
    store,
    credentials: { find: (accessKeyId) => findUser(store, accessKeyId) },
    region: options.region,
    // The longest first: one may end in another.
    domains: [...options.domains, ...BUILT_IN_DOMAINS]
      .map((domain) => domain.toLowerCase())
      .toSorted((a, b) => b.length - a.length),
    operations,
    limits: { idleTimeoutMs: options.idleTimeoutMs, keepAliveAfterMs: options.keepAliveAfterMs ?? KEEP_ALIVE_AFTER_MS },
    places: new Places(options.maxRequestsUnderWay),
    limiter: options.limiter,
    journal: new Journal(),
    metrics: new RequestMetrics(),
    stopping: options.stopping,
    onFailure: options.onFailure,
    accessLog: options.accessLog,
    ownPaths,
  };
}

async function health(stopping: boolean): Promise<OwnAnswer> {
  return {
    status: stopping ? 503 : 200,
    contentType: "application/json",
    body: JSON.stringify({ status: stopping ? "stopping" : "ok" }),
  };
}

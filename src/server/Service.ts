import type { CredentialSource } from "../auth/Caller.ts";
import type { Journal } from "../journal/Journal.ts";
import type { OperationName } from "../protocol/generated/types.ts";
import type { AnyOperation } from "../operations/Operation.ts";
import type { Store } from "../store/Store.ts";
import type { AccessLog } from "./figures/AccessLog.ts";
import type { Places } from "./limits/Places.ts";
import type { RequestLimiter } from "./limits/RequestLimiter.ts";
import type { RequestMetrics } from "./figures/RequestMetrics.ts";

/** Time limits of a server, in milliseconds. */
export interface TimeLimits {
  /** A body that is not complete and sends nothing for this long is RequestTimeout. */
  readonly idleTimeoutMs: number;
  /** Work longer than this starts its 200 early, where S3 does, and sends white space until the result is known. */
  readonly keepAliveAfterMs: number;
}

/** What a request is about, as far as it got: for whoever has to find a damaged object by its name. */
export interface RequestSubject {
  readonly method: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  /** As it was sent. */
  readonly copySource: string | undefined;
}

/** Hears of failures that are the server's own. */
export type OnFailure = (requestId: string, cause: unknown, request?: RequestSubject) => void;

/** Everything requests are answered with; one for each process, shared by all its requests. */
export interface Service {
  readonly store: Store;
  readonly credentials: CredentialSource;
  readonly region: string;
  /** Lower-case domains below which host names begin with a bucket. */
  readonly domains: readonly string[];
  readonly operations: ReadonlyMap<OperationName, AnyOperation>;
  readonly limits: TimeLimits;
  /** Where requests under way are counted, so that there are not too many. */
  readonly places: Places;
  /** Refuses those who send too fast; not there when nothing is limited. */
  readonly limiter: RequestLimiter | undefined;
  readonly journal: Journal;
  readonly metrics: RequestMetrics;
  /** True once the server stops: requests that still arrive are turned away with ServiceUnavailable. */
  readonly stopping: () => boolean;
  readonly onFailure: OnFailure;
  readonly accessLog: AccessLog | undefined;
  /** Paths outside any bucket's name, such as /-/health. */
  readonly ownPaths: ReadonlyMap<string, () => Promise<OwnAnswer>>;
}

/** The answer of one of the server's own paths. */
export interface OwnAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

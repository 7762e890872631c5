import type { Need } from "../access/Question.ts";
import type { Caller } from "../auth/Caller.ts";
import type { Payload } from "../protocol/Payload.ts";
import type { Soon } from "../store/metadata/MetadataEngine.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import type { Store } from "../store/Store.ts";

/** How the client addressed this server: what the URLs in answers are made of. */
export interface Endpoint {
  /** True over TLS. */
  readonly secure: boolean;
  /** With the port, if it is said; "localhost" where the request names none. */
  readonly host: string;
  /** Whether the bucket stands in the path or in the name of the host. */
  readonly addressStyle: "path" | "virtual";
}

/**
 * Everything an operation knows of its request beyond its input. Made once per request; nothing else holds per-request state.
 */
export interface RequestContext extends Endpoint {
  /** 16 characters of Crockford base32, as in `x-amz-request-id`. */
  readonly requestId: string;
  readonly hostId: string;
  /** Milliseconds since 1970, read once when the request arrived. */
  readonly nowMs: number;
  readonly region: string;
  readonly caller: Caller;
  readonly store: Store;
  /** The verified body of operations with a streaming input; its XML siblings get theirs decoded in the input. */
  readonly payload: Payload;
  /** Aborted when the client has gone away. */
  readonly signal: AbortSignal;
  /**
   * Throws AccessDenied unless the caller may do this as well: to what only the handler finds (a copy's source, the keys of a list), or to
   * learn that a key is missing.
   */
  require(need: Need): Soon<void>;
  /** Adds a step to the journal of this request; never a secret. */
  note(step: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** The context of an operation on a bucket or on an object in one. */
export interface BucketContext extends RequestContext {
  /** The addressed bucket. */
  readonly bucket: BucketRecord;
}

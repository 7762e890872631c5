import type { Sessions } from "../access/sessions/Sessions.ts";
import type { Conditions } from "../access/conditions.ts";
import type { Need } from "../access/Question.ts";
import type { SignatureFacts } from "../auth/Authentication.ts";
import type { Caller } from "../auth/Caller.ts";
import type { IdentityProvider } from "../auth/webIdentity.ts";
import type { Payload } from "../protocol/Payload.ts";
import type { Endpoint } from "../protocol/rest/urlOf.ts";
import type { Soon } from "../store/metadata/MetadataEngine.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import type { Store } from "../store/Store.ts";

/** What a request does to an object beside the one it addresses: it gets a line of its own in the access log of the object's bucket. */
export interface LoggedBeside {
  /** As S3's logs call it. */
  readonly operation: "BATCH.DELETE.OBJECT" | "REST.COPY.OBJECT_GET" | "REST.COPY.PART_GET";
  readonly bucket: BucketRecord;
  readonly key: string;
  /** As it was named; `undefined` for the current object. */
  readonly versionId: string | undefined;
  readonly status: number;
  readonly errorCode?: string | undefined;
  readonly objectSizeBytes?: number | undefined;
}

/**
 * Everything an operation knows of its request beyond its input. Made once per request; nothing else holds per-request state.
 */
export interface RequestContext extends Endpoint {
  /** 16 characters of Crockford base32, as in `x-amz-request-id`. */
  readonly requestId: string;
  readonly hostId: string;
  /** As it came, such as "HEAD". */
  readonly method: string;
  /** Milliseconds since 1970, read once when the request arrived. */
  readonly nowMs: number;
  /** The one of the server's regions that the request is for. */
  readonly region: string;
  /** Every region that the server has. */
  readonly regions: readonly string[];
  /** True where the code of an MFA device may be sent: over TLS, or where the operator allows it without. */
  readonly takesMfa: boolean;
  /**
   * True where customers' keys may be sent, and bytes under keys of KMS come and go: over TLS, or where the operator allows it without.
   */
  readonly takesKeys: boolean;
  /** True where customers' keys are refused for what is new in buckets that do not say whether they take them. */
  readonly blocksCustomerKeys: boolean;
  /** How the request is signed; `undefined` where it is not. */
  readonly signatureVersion: SignatureFacts["version"] | undefined;
  readonly caller: Caller;
  readonly store: Store;
  /** Issues temporary credentials. */
  readonly sessions: Pick<Sessions, "issue">;
  /** Whose tokens are believed. */
  readonly identityProviders: readonly IdentityProvider[];
  /** The verified body of operations with a streaming input; its XML siblings get theirs decoded in the input. */
  readonly payload: Payload;
  /** Aborted when the client has gone away. */
  readonly signal: AbortSignal;
  /**
   * Throws AccessDenied unless the caller may do this as well: to what only the handler finds (a copy's source, the keys of a list), or to
   * learn that a key is missing.
   */
  require(need: Need): Soon<void>;
  /** What the conditions of policies can ask about this request, were it for an action on its bucket. */
  conditionsFor(action: string): Conditions;
  /** Says for the bucket's access log how large the object in question is, in bytes. */
  logObjectSize(sizeBytes: number): void;
  /** Says for access logs what is done to other objects, in place of what was said before. Asked only if somebody logs it. */
  logBeside(lines: () => readonly LoggedBeside[]): void;
  /** Adds a step to the journal of this request; never a secret. */
  note(step: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** The context of an operation on a bucket or on an object in one. */
export interface BucketContext extends RequestContext {
  /** The addressed bucket. */
  readonly bucket: BucketRecord;
}

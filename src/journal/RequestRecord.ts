/** The stations of a request in their order; the last one that it entered is where a refusal stopped it. */
export const STAGES = ["head", "authentication", "authorization", "input", "execution", "answer"] as const;

/** One of them. */
export type Stage = (typeof STAGES)[number];

/** A step of a request that has something to tell: what happened, when, and facts about it. Never a secret. */
export interface JournalStep {
  readonly atMs: number;
  readonly step: string;
  readonly facts: Readonly<Record<string, unknown>> | undefined;
}

/** How a request is signed, in the words of S3's access logs: the version, and where it stands; SOAP's has no word for that. */
export type Signature = "SigV4 AuthHeader" | "SigV4 QueryString" | "SigV2 AuthHeader" | "SigV2 QueryString" | "SigV2";

/** What became of a request. Every request leaves one; texts are bounded, and secrets masked, before they stand here. */
export interface RequestRecord {
  /** 16 characters, `x-amz-request-id`. */
  readonly requestId: string;
  /** `x-amz-id-2`. */
  readonly hostId: string;
  /** When its head had been read, in milliseconds since 1970, by real time. */
  readonly atMs: number;
  readonly method: string;
  /** Path and query as they were sent, without what is secret in the query. */
  readonly target: string;
  /** S3's, IAM's or STS's name; not there where it was not understood so far. */
  readonly operation?: string | undefined;
  readonly bucket?: string | undefined;
  readonly key?: string | undefined;
  readonly versionId?: string | undefined;
  readonly uploadId?: string | undefined;
  readonly partNumber?: number | undefined;
  /** The size of the object it is about, where that is known. */
  readonly objectSizeBytes?: number | undefined;
  readonly status: number;
  readonly errorCode?: string | undefined;
  /** Of the body, without framing. */
  readonly receivedSizeBytes: number;
  readonly sentSizeBytes: number;
  /** From its head to the end of its answer. */
  readonly milliseconds: number;
  /** Milliseconds in each of `STAGES`, as far as it came. */
  readonly stages: readonly number[];
  readonly remoteAddress: string;
  readonly userAgent?: string | undefined;
  readonly host?: string | undefined;
  readonly referer?: string | undefined;
  /** Where it is not 1.1. */
  readonly httpVersion?: string | undefined;
  /** What was negotiated for its connection, such as "1.3 TLS_AES_256_GCM_SHA384"; not there without TLS, and behind a proxy. */
  readonly tls?: string | undefined;
  /** As it was claimed. */
  readonly signature?: Signature | undefined;
  /** As it was claimed; `caller` says whether it was proven. */
  readonly accessKeyId?: string | undefined;
  /** The ARN of who asks, once proven. */
  readonly caller?: string | undefined;
  /** The canonical id of a root who asks for what is not in a bucket of its own account. */
  readonly canonicalId?: string | undefined;
  /** The canonical id of who owns the bucket. */
  readonly bucketOwnerId?: string | undefined;
  /** True where an ACL allowed it, and nothing else did. */
  readonly usedAcl?: true | undefined;
  /** What S3's access logs call it, where operation and method do not tell. */
  readonly loggedAs?: string | undefined;
  /** What SDKs say of themselves: which attempt it is, 1 for the first, and what all attempts of one call have alike. */
  readonly attempt?: number | undefined;
  readonly invocationId?: string | undefined;
  /** The ids of the planned faults that struck it. */
  readonly faults?: readonly string[] | undefined;
  /** Of requests that were refused, failed, or took an unusual way. */
  readonly story?: RequestStory | undefined;
}

/** How a request came to its end, for who wants to know why. */
export interface RequestStory {
  /** The station where it stopped. */
  readonly stage: Stage;
  /** Names and values as they came, secrets masked. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly steps: readonly JournalStep[];
  /** What was answered. */
  readonly error?:
    | {
        readonly code: string;
        readonly message: string;
        readonly details: readonly (readonly [name: string, value: string])[];
        readonly explanation?: string | undefined;
      }
    | undefined;
  /** As the server computed them; secrets in headers masked. */
  readonly canonicalRequest?: string | undefined;
  readonly stringToSign?: string | undefined;
  /** Of what was thrown, where that is no answer of S3's. */
  readonly stack?: string | undefined;
}

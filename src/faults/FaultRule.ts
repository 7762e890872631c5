import type { ErrorCode } from "../errors/ErrorCode.ts";

/**
 * Where on its way a request is struck: before it is asked who sends it, before its operation runs, after that has committed and before the
 * answer begins, while the answer is sent, while the body is received.
 */
export type FaultStage = "beforeAuthentication" | "beforeExecution" | "afterCommit" | "sending" | "receiving";

/** Which requests a rule is about. All that is given must fit; a rule without any of it is about every request of S3's API. */
export interface FaultMatch {
  /** Any of these operations, by S3's names. */
  readonly operations?: readonly string[];
  readonly bucket?: string;
  readonly key?: string;
  /** With what the key begins, or the prefix of a list. */
  readonly prefix?: string;
  readonly method?: string;
  /** The access key id that the request claims. */
  readonly caller?: string;
  readonly partNumber?: number;
  /** ISO 8601, by the server's clock: from this moment on, and before this one. */
  readonly from?: string;
  readonly until?: string;
}

/** Which of the requests that match are struck; counted over all processes. What is left out strikes each. */
export interface FaultChance {
  /** Only these, counted from 1. */
  readonly nth?: readonly number[];
  /** Every so many, the first one that is counted at this number. */
  readonly every?: number;
  /** Above 0, up to 1; the same seed strikes the same ones of them. */
  readonly probability?: number;
  /** Left out, that of the scenario, or 0. */
  readonly seed?: number;
  /** Struck so often, the rule rests. */
  readonly times?: number;
}

/** What happens to a request; `docs/faults.md` tells each. */
export type FaultAction =
  /** Any code of the catalogue, answered as S3 does. */
  | { readonly kind: "error"; readonly code: ErrorCode; readonly message?: string }
  /**
   * SlowDown for what goes beyond a budget: within each second of the server's clock, so many requests go on, counted over all processes, and
   * the others are struck. A budget is for each prefix unless `per` says otherwise: for each bucket with a key up to its last "/", or with the
   * prefix of a list.
   */
  | { readonly kind: "slowDown"; readonly requestsPerSecond: number; readonly per?: "prefix" | "bucket" | "rule" }
  /** A status as a proxy in front of S3 answers it: without a body, or with one that is no error of S3's. */
  | { readonly kind: "status"; readonly status: 500 | 502 | 503 | 504; readonly body?: string }
  /** A 200 that turns out to be an error: CopyObject, CompleteMultipartUpload, UploadPartCopy. */
  | { readonly kind: "errorInside200"; readonly code: ErrorCode }
  /**
   * DeleteObjects: these keys are not deleted, and told so. Without `keys`, all that the rule's `key` and `prefix` fit, which say nothing
   * about the request itself here; see `strikesKey`.
   */
  | { readonly kind: "keyErrors"; readonly code: ErrorCode; readonly keys?: readonly string[] }
  | { readonly kind: "delay"; readonly delayMs: number }
  | { readonly kind: "throttle"; readonly bytesPerSecond: number }
  /** Nothing goes on for so long, from this byte of the body on. */
  | { readonly kind: "stall"; readonly stallMs: number; readonly atByte?: number }
  /** The connection is reset, or ended, or only this side of it ended; while bodies are on their way, at this byte. */
  | { readonly kind: "disconnect"; readonly how: "reset" | "end" | "halfClose"; readonly atByte?: number }
  /** Content-Length says so many bytes more, or fewer. */
  | { readonly kind: "contentLength"; readonly byBytes: number }
  /** Wrong bytes under a right checksum, or right bytes under a wrong one. */
  | { readonly kind: "corrupt"; readonly what: "body" | "checksum" }
  /** The server's clock is so far ahead for this request, or behind. */
  | { readonly kind: "clock"; readonly aheadMs: number }
  | { readonly kind: "redirect"; readonly status: 301 | 307; readonly endpoint?: string }
  /** Reads and lists tell what was so long ago. */
  | { readonly kind: "stale"; readonly staleMs: number }
  /** The disk has no room, or takes its time. */
  | { readonly kind: "disk"; readonly how: "full" }
  | { readonly kind: "disk"; readonly how: "slow"; readonly delayMs: number };

/** The name of what happens. */
export type FaultKind = FaultAction["kind"];

/** The action of one kind. */
export type FaultActionOf<Kind extends FaultKind> = Extract<FaultAction, { readonly kind: Kind }>;

/** A planned fault. */
export interface FaultRule {
  /** 1 to 64 letters, digits, ".", "_" and "-". */
  readonly id: string;
  readonly match: FaultMatch;
  readonly chance: FaultChance;
  readonly action: FaultAction;
  /** One of the stages that the action can have; left out, its first. */
  readonly stage: FaultStage;
}

/** A rule that is to be added, which may have no id yet. */
export interface NewFaultRule extends Omit<FaultRule, "id"> {
  readonly id: string | undefined;
}

/** Rules under one name, as files in `faults/` have them. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  /** For the rules that have a probability and no seed of their own. */
  readonly seed: number;
  readonly rules: readonly NewFaultRule[];
}

/** A rule or scenario that cannot be; the message names the member and says what would fit. */
export class FaultRuleError extends Error {
  override readonly name = "FaultRuleError";
}

/** A request as rules see it. */
export interface FaultSubject {
  readonly operation: string;
  readonly method: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  /** Of a list. */
  readonly prefix: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly partNumber: number | undefined;
  /** By the server's clock. */
  readonly nowMs: number;
}

/** A rule that strikes a request. */
export interface PlannedFault {
  readonly rule: FaultRule;
  /** Which of the rule's matches it is, counted from 1. */
  readonly matchNumber: number;
}

import type { Judgement } from "./judge.ts";

/** What was found in the store when the application had ended. */
export interface LeftBehind {
  /** Uploads that were neither completed nor aborted. */
  readonly uploads: readonly {
    readonly bucket: string;
    readonly key: string;
    readonly uploadId: string;
    readonly parts: number;
  }[];
  readonly objects: number;
  readonly sizeBytes: number;
}

/** A file and the object that should hold its bytes. */
export interface Difference {
  readonly path: string;
  readonly bucket: string;
  readonly key: string;
  /** "missing": no such object; "differs": other bytes; "extra": an object that no file is the source of. */
  readonly problem: "missing" | "differs" | "extra";
}

/** How a command did against a store that fails on purpose. */
export interface TrialResult {
  readonly scenario: string;
  readonly command: readonly string[];
  /** `undefined` when a signal ended it, or the time was up. */
  readonly exitCode: number | undefined;
  readonly timedOut: boolean;
  readonly milliseconds: number;
  readonly judgement: Judgement;
  /** How often each rule struck. */
  readonly struck: readonly { readonly id: string; readonly struck: number }[];
  readonly left: LeftBehind;
  /** `undefined` where nothing was to be compared. */
  readonly differences: readonly Difference[] | undefined;
}

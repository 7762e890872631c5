/** How sure it is that S3 answers so: by its documentation, by answers of S3 that were seen, or by deduction. */
export type Confidence = "documented" | "observed" | "inferred";

/** One of the texts that S3 sends with a code. */
export interface MessageVariant {
  /** S3's exact text; what varies stands in {braces}. */
  readonly text: string;
  /** What brings this text and no other. */
  readonly when: string;
  /** Names of the detail elements with this text, where they are not the code's own. */
  readonly details?: readonly string[];
  /** Where it is not the code's own. */
  readonly confidence?: Confidence;
}

/** What a person wants to know of a code. Never needed to answer a request, and so never loaded for one. */
export interface Explanation {
  /** How one comes to see this code. */
  readonly cause: string;
  /** What to do about it. */
  readonly remedy: string;
  /** The parts of S3 it belongs to. */
  readonly areas: readonly string[];
  readonly confidence: Confidence;
  /** Every text of the code, the catalogue's first one included; left out where that is the only one. */
  readonly messages?: readonly MessageVariant[];
}

/** Makes the explanations of codes that are alike: known by S3's documentation and of the same areas. */
export function documented(areas: readonly string[]): (cause: string, remedy: string) => Explanation {
  return (cause, remedy) => ({ cause, remedy, areas, confidence: "documented" });
}

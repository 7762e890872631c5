import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Delivery, FuzzCase } from "./cases.ts";
import type { ExpectedAnswer } from "./Draft.ts";
import { requestOfBytes } from "./Draft.ts";

const PATH = join(import.meta.dirname, "corpus.json");

/** A case that once found a defect. Its bytes are kept, because its seed makes other ones when the generator changes. */
export interface CorpusEntry {
  /** What it found. */
  readonly finding: string;
  readonly delivery: Delivery;
  readonly sentinel: boolean;
  readonly requests: readonly {
    readonly isFramed: boolean;
    readonly isForged: boolean;
    readonly expects?: ExpectedAnswer | undefined;
    /** A character for each byte. */
    readonly text: string;
  }[];
}

/** Every case of the corpus. */
export function corpus(): readonly CorpusEntry[] {
  return JSON.parse(readFileSync(PATH, "utf8")) as CorpusEntry[];
}

/** An entry as it is sent. */
export function corpusCase({ finding, delivery, sentinel, requests }: CorpusEntry): FuzzCase {
  const sent = requests.map(({ text, ...facts }) => requestOfBytes([`corpus: ${finding}`], Buffer.from(text, "latin1"), facts));
  return { index: -1, requests: sent, delivery, sentinel, awaitsClose: true };
}

/** Adds a case to the corpus. */
export function keepCase({ delivery, sentinel, requests }: FuzzCase, finding: string): void {
  const kept = requests.map(({ isFramed, isForged, expects, bytes }) => ({
    isFramed,
    isForged,
    expects,
    text: bytes.toString("latin1"),
  }));
  const entries = [...corpus(), { finding, delivery, sentinel, requests: kept }];
  writeFileSync(PATH, `${JSON.stringify(entries, undefined, 2)}\n`);
}

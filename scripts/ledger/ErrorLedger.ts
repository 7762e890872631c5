import { errorCodes } from "../../src/errors/catalogue.ts";
import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import { UNREACHABLE, WAITING } from "../../src/errors/unraised.ts";
import type { SourceFile } from "../checks/SourceFile.ts";
import type { LedgerMessage } from "./messageEvidence.ts";
import { messageEvidence } from "./messageEvidence.ts";
import { raisedCodes } from "./raisedCodes.ts";
import type { ShowingTest } from "./shownCodes.ts";
import { shownCodes } from "./shownCodes.ts";

/** Where a code of the catalogue stands. A code that the sources raise is raised, whatever the lists say. */
export interface LedgerEntry {
  readonly code: ErrorCode;
  /** The operations that raise it; empty where none does. */
  readonly raisedBy: readonly string[];
  /** Tests that expect it, plainest first. */
  readonly tests: readonly ShowingTest[];
  /** Its texts; empty where none is known. */
  readonly messages: readonly LedgerMessage[];
  /** The operation or feature it waits for. */
  readonly waitsFor: string | undefined;
  /** Why no request can bring it. */
  readonly reason: string | undefined;
}

/** The whole catalogue against these sources, in alphabetical order. */
export function errorLedger(files: readonly SourceFile[]): LedgerEntry[] {
  const raised = raisedCodes(files);
  const shown = shownCodes(files);
  let evidence: ReturnType<typeof messageEvidence> | undefined;
  const waiting = new Map(WAITING.flatMap(({ waitsFor, codes }) => codes.map((code) => [code, waitsFor] as const)));
  const unreachable = new Map(UNREACHABLE.flatMap(({ reason, codes }) => codes.map((code) => [code, reason] as const)));
  return errorCodes().map((code) => ({
    code,
    raisedBy: raised.get(code) ?? [],
    tests: shown.get(code) ?? [],
    // A third of all the work, and only the page of errors asks for it.
    get messages() {
      evidence ??= messageEvidence(files);
      return evidence(code, shown.get(code)!.length > 0);
    },
    waitsFor: waiting.get(code),
    reason: unreachable.get(code),
  }));
}

/** The rules of the house that a program can check, as `npm run check` holds them. See CONTRIBUTING.md. */
import { checkDocstrings, checkUnusedExports } from "./documentation.ts";
import { checkInjection } from "./injection.ts";
import { checkOperations, checkTests } from "./operations.ts";
import { checkPatterns } from "./patterns.ts";
import { checkPeculiarities } from "./peculiarities.ts";
import type { Problem } from "./Problem.ts";
import { checkCycles, checkRooms } from "./rooms.ts";
import { checkSizes } from "./sizes.ts";
import type { SourceFile } from "./SourceFile.ts";
import { checkWording } from "./wording.ts";

const RULES: readonly ((files: readonly SourceFile[]) => Problem[])[] = [
  checkRooms,
  checkCycles,
  checkSizes,
  checkDocstrings,
  checkUnusedExports,
  checkInjection,
  checkWording,
  checkOperations,
  checkTests,
  checkPeculiarities,
  checkPatterns,
];

/** Everything in these files that is against a rule. */
export function checkHouseRules(files: readonly SourceFile[]): Problem[] {
  return RULES.flatMap((rule) => rule(files));
}

import { codeOf, stepAt } from "../../../src/store/accounts/totp.ts";

/** How long a code is shown. */
export const STEP_MS = 30_000;

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The codes that an authenticator app with this secret, in base32, shows: the one before a moment, and its own. */
export function codesOf(secret: string, nowMs: number): [before: string, now: string] {
  const bits = [...secret].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from(bits.match(/.{8}/g)!.map((eight) => Number.parseInt(eight, 2)));
  return [codeOf(bytes, stepAt(nowMs - STEP_MS)), codeOf(bytes, stepAt(nowMs))];
}

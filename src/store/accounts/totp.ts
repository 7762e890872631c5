import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * One-time codes by time, as authenticator apps make them: SHA-1, 30 seconds, six digits.
 * @see https://www.rfc-editor.org/rfc/rfc6238
 */

/** As long as a SHA-1, which RFC 4226 recommends. */
export const SECRET_SIZE_BYTES = 20;
const STEP_MS = 30_000;
const DIGITS = 6;
/** How many steps a device's clock may be before or behind this one's. */
const DRIFT_STEPS = 1;

/** The step of a moment, in milliseconds since 1970. */
export function stepAt(timeMs: number): number {
  return Math.floor(timeMs / STEP_MS);
}

/** The code of a step. */
export function codeOf(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const offset = mac[mac.length - 1]! & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/**
 * The latest step, at most a drift away from this moment, of which these are the codes, the last one its own and those before it of the steps
 * before. Takes the same time whatever is wrong with them, if their number is the same.
 */
export function stepOf(secret: Buffer, codes: readonly string[], nowMs: number): number | undefined {
  const now = stepAt(nowMs);
  let found: number | undefined;
  for (let step = now - DRIFT_STEPS; step <= now + DRIFT_STEPS; step++) {
    const right = codes.map((_, index) => codeOf(secret, step - (codes.length - 1 - index))).join();
    if (isSame(right, codes.join())) found = step;
  }
  return found;
}

function isSame(right: string, given: string): boolean {
  const bytes = Buffer.from(given);
  return bytes.length === right.length && timingSafeEqual(Buffer.from(right), bytes);
}

const BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A secret as people type it into a device: base32, without padding, for which its size leaves no need. */
export function base32(secret: Buffer): string {
  const bits = [...secret].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.replaceAll(/.{5}/g, (five) => BASE_32[Number.parseInt(five, 2)]!);
}

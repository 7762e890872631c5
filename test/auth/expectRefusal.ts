import assert from "node:assert/strict";
import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import { S3Error } from "../../src/errors/S3Error.ts";

/** What a refusal must be: all of it that S3 sends. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly status: number;
  /** `undefined` for the catalogue's first text. */
  readonly message?: string;
  /** In S3's order. */
  readonly details?: readonly (readonly [string, string])[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Runs work that must be refused, checks how, and returns the error. Every refusal explains itself. */
export async function expectRefusal(work: () => unknown, expected: Refusal): Promise<S3Error> {
  let error: unknown;
  try {
    await work();
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined) assert.fail(`expected ${expected.code}, and nothing was refused`);
  if (!(error instanceof S3Error)) throw error;
  assert.deepEqual([error.code, error.status], [expected.code, expected.status], error.explanation);
  if (expected.message !== undefined) assert.equal(error.message, expected.message);
  const details = error.details.filter(([, value]) => value !== undefined);
  if (expected.details !== undefined) assert.deepEqual(details, expected.details);
  assert.deepEqual(error.headers, expected.headers ?? {});
  assert.ok(error.explanation, `${error.code} explains nothing`);
  assert.ok(!/undefined|NaN|\[object/.test(error.explanation), error.explanation);
  return error;
}

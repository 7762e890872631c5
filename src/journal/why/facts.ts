import type { JournalStep, RequestRecord } from "../RequestRecord.ts";

/** The facts of the last step of this name. They come from a file, perhaps of another version: nothing about their shape is sure. */
export function lastFacts(record: RequestRecord, step: string): Readonly<Record<string, unknown>> | undefined {
  return stepsNamed(record, step).at(-1)?.facts;
}

/** The steps of this name, in their order. */
export function stepsNamed({ story }: RequestRecord, step: string): readonly JournalStep[] {
  return (story?.steps ?? []).filter((one) => one.step === step);
}

/** A text, or `undefined` for anything else. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The texts of a list. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The objects of a list. */
export function objects(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** True for an object that is no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

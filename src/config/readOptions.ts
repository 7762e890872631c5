import { inspect } from "node:util";
import { brokenNameRule } from "../store/buckets/bucketNames.ts";
import { checkVaultOptions } from "./checkVault.ts";
import { readIssuers } from "./issuers.ts";
import { suggestion } from "./nearest.ts";
import { readNetwork } from "./networks.ts";
import { OptionError } from "./OptionError.ts";
import type { OptionRow, OptionType } from "./optionTable.ts";
import { describeType, OPTIONS } from "./optionTable.ts";
import { readStorageClassFolders } from "./storageClassFolders.ts";
import type { ServerSettings } from "./ServerSettings.ts";

/** A value somebody gave for an option. */
export interface GivenValue {
  readonly value: unknown;
  /** As it was written, where it was given as text. */
  readonly written?: string;
  /** Where it was given, to begin a sentence with. */
  readonly origin: string;
}

/** What the option table covers of a server's settings. */
export type OptionSettings = Omit<ServerSettings, "firstUser" | "users">;

/** Numbers of more digits are beyond every limit, and some beyond what a number holds. */
const INTEGER = /^\d{1,15}$/;
const RATES = /^(\d{1,15})\/(\d{1,15})$/;

/** Settings from what was given for each option, and the defaults for the rest. Throws `OptionError`. */
export function readOptions(given: (row: OptionRow) => GivenValue | undefined): OptionSettings {
  const settings: Partial<Record<OptionRow["name"], unknown>> = {};
  for (const row of OPTIONS) {
    const found = given(row);
    if (found !== undefined) check(row.type, found);
    settings[row.name] = found === undefined ? row.defaultValue : found.value;
  }
  if ((settings.tlsCertificatePath === undefined) !== (settings.tlsPrivateKeyPath === undefined)) {
    throw new OptionError("HTTPS needs both a certificate and its private key: --tls-cert and --tls-key.");
  }
  checkVaultOptions(settings as Partial<ServerSettings>);
  checkBucketNames(settings.buckets as readonly string[]);
  readIssuers(settings.oidcIssuers as readonly string[], "--oidc-issuer");
  readStorageClassFolders(settings.storageClasses as readonly string[], "--storage-class");
  // Each value has the type its row tells of: the names are the settings' own, and `check` has seen every one.
  return settings as unknown as OptionSettings;
}

/** Throws `OptionError` for names that S3 gives to no new bucket. */
function checkBucketNames(names: readonly string[]): void {
  for (const name of names) {
    const rule = brokenNameRule(name);
    if (rule !== undefined) throw new OptionError(`--bucket ${name}: no bucket can be called so: ${rule}.`);
  }
}

/** The value that a text stands for; a text that stands for none is its own value, to be refused as it was written. */
export function givenText(type: OptionType, text: string | readonly string[], origin: string): GivenValue {
  const written = typeof text === "string" ? text : text.join(",");
  const isList = typeof text !== "string" && (type.kind === "texts" || (type.kind === "textOrTexts" && text.length > 1));
  return { value: isList ? text : valueOf(type, written), written, origin };
}

function valueOf(type: OptionType, text: string): unknown {
  if (type.kind === "texts" || type.kind === "networks") return text.split(",");
  if (type.kind === "textOrTexts") return text.includes(",") ? text.split(",") : text;
  if (type.kind === "switch" && (text === "true" || text === "false")) return text === "true";
  if (type.kind === "integer" && INTEGER.test(text)) return Number(text);
  const [, writes, reads] = (type.kind === "rates" && RATES.exec(text)) || [];
  return writes === undefined ? text : { writesPerSecond: Number(writes), readsPerSecond: Number(reads) };
}

function check(type: OptionType, { value, written, origin }: GivenValue): void {
  if (isOf(type, value)) return;
  const given = type.kind === "secret" ? "not shown here" : shown(written ?? value);
  throw new OptionError(`${origin} is ${given}; it must be ${describeType(type)}${meantChoice(type, value)}`);
}

/** The end of the sentence about a value that is not one to choose: the one that was most likely meant, if any. */
function meantChoice(type: OptionType, value: unknown): string {
  if (type.kind !== "choice" || typeof value !== "string") return ".";
  return suggestion(value, type.values, (name) => `"${name}"`);
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : inspect(value, { breakLength: Number.POSITIVE_INFINITY });
}

function isOf(type: OptionType, value: unknown): boolean {
  switch (type.kind) {
    case "integer":
      return isInteger(value, type.min, type.max);
    case "switch":
      return typeof value === "boolean";
    case "rates":
      return isRates(value, type.max);
    case "choice":
      return type.values.includes(value as string);
    case "path":
      return typeof value === "string" && value !== "" && !value.includes("\0");
    case "text":
    case "secret":
      return typeof value === "string" && type.form.test(value);
    case "textOrTexts":
      return typeof value === "string" ? type.form.test(value) : isListOf(type.form, value) && value.length > 0;
    case "networks":
      return Array.isArray(value) && value.every((text) => typeof text === "string" && readNetwork(text) !== undefined);
    case "texts":
      return isListOf(type.form, value);
  }
}

function isListOf(form: RegExp, value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string" && form.test(text));
}

function isInteger(value: unknown, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

function isRates(value: unknown, max: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { writesPerSecond, readsPerSecond, ...more } = value as Record<string, unknown>;
  return isInteger(writesPerSecond, 1, max) && isInteger(readsPerSecond, 1, max) && Object.keys(more).length === 0;
}

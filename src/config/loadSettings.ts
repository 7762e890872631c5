import { parseArgs } from "node:util";
import type { ConfiguredUser, ServerSettings } from "./ServerSettings.ts";
import { nearest } from "./nearest.ts";
import type { OptionRow } from "./optionTable.ts";
import { describeType, OPTIONS, variableOf } from "./optionTable.ts";

/** What was wrong with the command line, the environment or the option file: one sentence for the person who wrote it. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

/** Where settings come from. */
export interface SettingSources {
  /** Arguments behind the command. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads a text file; throws if it cannot be read. */
  readonly readFile: (path: string) => string;
}

type Values = Record<string, unknown>;

/**
 * The settings of a server: flags count before environment variables, these before the option file, and that before the defaults.
 * Throws `OptionError`.
 */
export function loadSettings({ args, environment, readFile }: SettingSources): ServerSettings {
  const flags = readFlags(args);
  const configPath = (flags["config"] as string | undefined) ?? environment["HOLDFAST_CONFIG"];
  const file = configPath === undefined ? {} : readOptionFile(configPath, readFile);
  const settings: Values = {};
  for (const row of OPTIONS) {
    const variable = variableOf(row);
    const [origin, value] =
      flags[row.flag] !== undefined
        ? [`--${row.flag}`, flags[row.flag]]
        : environment[variable] !== undefined && environment[variable] !== ""
          ? [variable, environment[variable]]
          : [`${row.name} in ${configPath}`, file[row.name]];
    settings[row.name] = value === undefined ? row.defaultValue : convert(row, value, origin);
  }
  checkTls(settings);
  return { ...settings, users: usersOf(file, configPath), firstUser: firstUserOf(environment) } as unknown as ServerSettings;
}

function readFlags(args: readonly string[]): Values {
  const options: Record<string, { type: "string"; multiple: boolean }> = { config: { type: "string", multiple: false } };
  for (const row of OPTIONS) options[row.flag] = { type: "string", multiple: row.type.kind === "texts" };
  const unknown = args.find((arg) => arg.startsWith("--") && options[arg.slice(2).split("=")[0]!] === undefined);
  if (unknown !== undefined) throw new OptionError(unknownOption(unknown, Object.keys(options)));
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    throw new OptionError(`${(cause as Error).message.split(". ")[0]}. See holdfast --help.`);
  }
}

function unknownOption(given: string, flags: readonly string[]): string {
  const name = given.slice(2).split("=")[0]!;
  const similar = nearest(name, flags);
  return `There is no option --${name}${similar === undefined ? "" : `; did you mean --${similar}?`} See holdfast --help.`;
}

function readOptionFile(path: string, readFile: (path: string) => string): Values {
  let value: unknown;
  try {
    value = JSON.parse(readFile(path));
  } catch (cause) {
    throw new OptionError(`The option file ${path} cannot be read: ${(cause as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new OptionError(`The option file ${path} must hold a JSON object.`);
  }
  const known = [...OPTIONS.map((row) => row.name), "users"];
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const similar = nearest(unknown, known);
    throw new OptionError(
      `The option file ${path} has an unknown option "${unknown}"${similar === undefined ? "" : `; did you mean "${similar}"?`}`,
    );
  }
  return value as Values;
}

function convert(row: OptionRow, value: unknown, origin: string): unknown {
  const { type } = row;
  const wrong = (): OptionError => new OptionError(`${origin} is ${JSON.stringify(value)}; it must be: ${describeType(type)}.`);
  if (type.kind === "texts") {
    const texts = typeof value === "string" ? value.split(",") : value;
    if (!Array.isArray(texts) || texts.some((text) => typeof text !== "string" || text === "")) throw wrong();
    return texts;
  }
  const whole = (text: unknown, min: number, max: number): number => {
    const number = typeof text === "number" ? text : typeof text === "string" && /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(number) || number < min || number > max) throw wrong();
    return number;
  };
  if (type.kind === "integer") return whole(value, type.min, type.max);
  if (typeof value !== "string" || value === "") throw wrong();
  if (type.kind === "rates") {
    const [writes, reads, ...more] = value.split("/");
    if (more.length > 0) throw wrong();
    return { writesPerSecond: whole(writes, 1, type.max), readsPerSecond: whole(reads, 1, type.max) };
  }
  if (type.kind === "choice" && !type.values.includes(value)) throw wrong();
  return value;
}

function checkTls(settings: Values): void {
  if ((settings["tlsCertificatePath"] === undefined) === (settings["tlsPrivateKeyPath"] === undefined)) return;
  throw new OptionError("HTTPS needs both --tls-cert and --tls-key.");
}

function usersOf(file: Values, path: string | undefined): readonly ConfiguredUser[] {
  const { users = [] } = file as { users?: unknown };
  const isUser = (user: unknown): user is ConfiguredUser =>
    typeof user === "object" &&
    user !== null &&
    ["name", "accessKeyId", "secretAccessKey"].every(
      (name) => typeof (user as Values)[name] === "string" && (user as Values)[name] !== "",
    );
  if (Array.isArray(users) && users.every(isUser)) return users;
  throw new OptionError(`"users" in ${path} must be a list of objects with name, accessKeyId and secretAccessKey.`);
}

function firstUserOf(environment: SettingSources["environment"]): ServerSettings["firstUser"] {
  const accessKeyId = environment["HOLDFAST_ACCESS_KEY_ID"];
  const secretAccessKey = environment["HOLDFAST_SECRET_ACCESS_KEY"];
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId === undefined || accessKeyId === "" || secretAccessKey === undefined || secretAccessKey === "") {
    throw new OptionError("HOLDFAST_ACCESS_KEY_ID and HOLDFAST_SECRET_ACCESS_KEY are set together or not at all.");
  }
  return { accessKeyId, secretAccessKey };
}

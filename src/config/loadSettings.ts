import { MEMORY_ROW, memoryDefault, refuseFolderOptions } from "./memoryOptions.ts";
import { nearest, suggestion } from "./nearest.ts";
import { OptionError } from "./OptionError.ts";
import type { OptionRow } from "./optionTable.ts";
import { OPTIONS, variableOf } from "./optionTable.ts";
import type { ArgumentForm, Arguments } from "./readArguments.ts";
import type { GivenValue } from "./readOptions.ts";
import { readOptions, givenText } from "./readOptions.ts";
import { readFirstUser, readUsers } from "./readUsers.ts";
import type { ServerSettings } from "./ServerSettings.ts";

/** Where the settings of a command come from. */
export interface SettingSources {
  readonly flags: Arguments["flags"];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads a text file; throws if it cannot be read. */
  readonly readFile: (path: string) => string;
}

const CONFIG_VARIABLE = "HOLDFAST_CONFIG";
const ACCESS_KEY_VARIABLE = "HOLDFAST_ACCESS_KEY_ID";
const SECRET_KEY_VARIABLE = "HOLDFAST_SECRET_ACCESS_KEY";
const VARIABLE_PREFIX = "HOLDFAST_";
const ACCESS_KEY_FLAG = "access-key";
/** The flag of the first user's secret; it has a value in servers in memory alone. */
export const SECRET_KEY_FLAG = "secret-key";

const REPEATABLE: ReadonlySet<OptionRow["type"]["kind"]> = new Set(["texts", "textOrTexts", "networks"]);

/** The flags of the settings: one for each option, the one that names the option file, and those of the first user's key. */
export const SETTING_FLAGS: ArgumentForm = {
  flags: ["config", ACCESS_KEY_FLAG, SECRET_KEY_FLAG, ...OPTIONS.map((row) => row.flag)],
  switches: OPTIONS.filter((row) => row.type.kind === "switch").map((row) => row.flag),
  repeatable: OPTIONS.filter(({ type }) => REPEATABLE.has(type.kind)).map((row) => row.flag),
};

/**
 * The settings of a server: flags count before environment variables, these before the option file, and that before the defaults.
 * Throws `OptionError`.
 */
export function loadSettings({ flags, environment, readFile }: SettingSources): ServerSettings {
  refuseMisspeltVariables(environment);
  const path = (flags.get("config") as string | undefined) ?? set(environment, CONFIG_VARIABLE);
  const file = path === undefined ? {} : readOptionFile(path, readFile);
  const find = (row: OptionRow): GivenValue | undefined => given(row, { flags, environment, file, path });
  const isMemory = find(MEMORY_ROW)?.value === true;
  if (isMemory) refuseFolderOptions(find);
  const settings = readOptions((row) => find(row) ?? (isMemory ? memoryDefault(row) : undefined));
  const { users: listed = [] } = file;
  const users = readUsers(listed, `"users" in ${path}`);
  return { ...settings, users, firstUser: firstUserOf({ flags, environment }, users, isMemory) };
}

/**
 * Settings from values under their names in the option file, as a program gives them, with defaults of its own; `undefined` counts as not
 * given. Throws `OptionError`.
 */
export function settingsFromValues(
  { users = [], ...options }: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): Omit<ServerSettings, "firstUser"> {
  refuseUnknownNames(options, "There is no option");
  const settings = readOptions(({ name }) => {
    const value = options[name] === undefined ? defaults[name] : options[name];
    return value === undefined ? undefined : { value, origin: name };
  });
  return { ...settings, users: readUsers(users, '"users"') };
}

interface Sources extends Pick<SettingSources, "flags" | "environment"> {
  readonly file: Readonly<Record<string, unknown>>;
  readonly path: string | undefined;
}

function given(row: OptionRow, { flags, environment, file, path }: Sources): GivenValue | undefined {
  const flag = flags.get(row.flag);
  if (flag !== undefined) return givenText(row.type, flag, `--${row.flag}`);
  const variable = variableOf(row);
  const text = set(environment, variable);
  if (text !== undefined) return givenText(row.type, text, variable);
  return file[row.name] === undefined ? undefined : { value: file[row.name], origin: `"${row.name}" in ${path}` };
}

/** The value of a variable; one that is set to nothing is not set. */
function set(environment: SettingSources["environment"], name: string): string | undefined {
  return environment[name] === "" ? undefined : environment[name];
}

function readOptionFile(path: string, readFile: (path: string) => string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFile(path);
  } catch (cause) {
    throw new OptionError(`The option file ${path} cannot be read: ${(cause as Error).message}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new OptionError(`The option file ${path} is not valid JSON: ${withoutExcerpt((cause as Error).message)}.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new OptionError(`The option file ${path} must hold a JSON object.`);
  }
  refuseUnknownNames(value, `The option file ${path} has an unknown option`);
  return value as Readonly<Record<string, unknown>>;
}

/** What JSON.parse says, without the piece of the text that it may show: that could be a secret. */
function withoutExcerpt(message: string): string {
  return message.replace(/, (?:\.{3})?".*$/s, "");
}

function refuseUnknownNames(values: object, beginning: string): void {
  const known = [...OPTIONS.map((row) => row.name), "users"];
  const unknown = Object.keys(values).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new OptionError(`${beginning} "${unknown}"${suggestion(unknown, known, (name) => `"${name}"`)}`);
  }
}

/**
 * A variable that nearly has an option's name was meant to be it. Others that begin with HOLDFAST_ are left alone: Kubernetes, for one,
 * sets HOLDFAST_SERVICE_HOST for a service of that name.
 */
function refuseMisspeltVariables(environment: SettingSources["environment"]): void {
  const known = [...OPTIONS.map(variableOf), CONFIG_VARIABLE, ACCESS_KEY_VARIABLE, SECRET_KEY_VARIABLE].map((name) =>
    name.slice(VARIABLE_PREFIX.length),
  );
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(VARIABLE_PREFIX) || known.includes(name.slice(VARIABLE_PREFIX.length))) continue;
    const meant = nearest(name.slice(VARIABLE_PREFIX.length), known);
    if (meant !== undefined) {
      throw new OptionError(`There is no variable ${name}; did you mean ${VARIABLE_PREFIX}${meant}? See holdfast --help.`);
    }
  }
}

function firstUserOf(
  { flags, environment }: Pick<SettingSources, "flags" | "environment">,
  users: ServerSettings["users"],
  isMemory: boolean,
): ServerSettings["firstUser"] {
  if (flags.has(SECRET_KEY_FLAG) && !isMemory) {
    throw new OptionError(
      `--${SECRET_KEY_FLAG} is for servers in memory (--memory), for every user of this machine can read flags: set ${SECRET_KEY_VARIABLE}.`,
    );
  }
  const accessKeyId = (flags.get(ACCESS_KEY_FLAG) as string | undefined) ?? set(environment, ACCESS_KEY_VARIABLE);
  const secretAccessKey = (flags.get(SECRET_KEY_FLAG) as string | undefined) ?? set(environment, SECRET_KEY_VARIABLE);
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  const byFlags = flags.has(ACCESS_KEY_FLAG) || flags.has(SECRET_KEY_FLAG);
  const names = byFlags ? `--${ACCESS_KEY_FLAG} and --${SECRET_KEY_FLAG}` : `${ACCESS_KEY_VARIABLE} and ${SECRET_KEY_VARIABLE}`;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new OptionError(`${names} are set together or not at all.`);
  }
  return readFirstUser({ accessKeyId, secretAccessKey }, users, names);
}

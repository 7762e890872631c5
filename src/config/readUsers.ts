import type { NewAccount } from "../store/accounts/accountForms.ts";
import { checkAccountForms, FIRST_USER_NAME, AccountError } from "../store/accounts/accountForms.ts";
import { suggestion } from "./nearest.ts";
import { OptionError } from "./OptionError.ts";
import type { ConfiguredUser } from "./ServerSettings.ts";

const MEMBERS = ["name", "accessKeyId", "secretAccessKey"];

/** The users a list names, once each of them could be added; `origin` is where the list was given. Throws `OptionError`. */
export function readUsers(value: unknown, origin: string): readonly ConfiguredUser[] {
  if (!Array.isArray(value))
    throw new OptionError(`${origin} must be a list of objects with name, accessKeyId and secretAccessKey.`);
  const names = new Map<string, string>();
  for (const [index, user] of value.entries()) {
    const which = `User ${index + 1} of ${origin}`;
    if (!isUser(user)) throw new OptionError(`${which} must be an object with the texts name, accessKeyId and secretAccessKey.`);
    const unknown = Object.keys(user).find((name) => !MEMBERS.includes(name));
    if (unknown !== undefined) {
      throw new OptionError(`${which} has an unknown member "${unknown}"${suggestion(unknown, MEMBERS, (name) => `"${name}"`)}`);
    }
    checkUser(user, which);
    const other = names.get(user.accessKeyId);
    if (other !== undefined)
      throw new OptionError(`${which} has the access key ${user.accessKeyId}, which is that of "${other}".`);
    names.set(user.accessKeyId, user.name);
  }
  return value;
}

/** The first user's keys, once they could be set; `origin` is where they were given. Throws `OptionError`. */
export function readFirstUser(
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
  users: readonly ConfiguredUser[],
  origin: string,
): typeof keys {
  const first = { name: FIRST_USER_NAME, ...keys };
  if (!isUser(first)) throw new OptionError(`${origin} must be texts.`);
  checkUser(first, origin);
  const other = users.find((user) => user.accessKeyId === keys.accessKeyId);
  if (other === undefined) return keys;
  throw new OptionError(`${origin}: the access key ${keys.accessKeyId} is that of "${other.name}" already.`);
}

/** Whether a user could be added; `origin` is who asks for it. Throws `OptionError`. */
export function checkUser(user: NewAccount, origin: string): void {
  try {
    checkAccountForms(user);
  } catch (cause) {
    throw cause instanceof AccountError ? new OptionError(`${origin}: ${cause.message}`) : cause;
  }
}

function isUser(value: unknown): value is ConfiguredUser {
  return (
    typeof value === "object" &&
    value !== null &&
    MEMBERS.every((name) => typeof (value as Record<string, unknown>)[name] === "string")
  );
}

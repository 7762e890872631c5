import { OptionError } from "./OptionError.ts";

/** A provider of web identities. */
export interface IssuerSetting {
  /** As its tokens name it. */
  readonly issuer: string;
  /** Where its JSON Web Key Set is: a path, or a URL. */
  readonly keys: string;
  readonly audiences: readonly string[];
}

const LOOPBACK_HOSTS = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The providers of option values, "ISSUER KEYS AUDIENCE…" each. Throws `OptionError`. */
export function readIssuers(values: readonly string[], origin: string): readonly IssuerSetting[] {
  const settings = values.map((value) => readIssuer(value, origin));
  const twice = settings.find(({ issuer }, index) => settings.findIndex((other) => other.issuer === issuer) < index);
  if (twice !== undefined) throw new OptionError(`${origin} names the issuer ${twice.issuer} twice.`);
  return settings;
}

function readIssuer(value: string, origin: string): IssuerSetting {
  const [issuer, keys, ...audiences] = value.split(/\s+/);
  if (issuer === undefined || keys === undefined || audiences.length === 0) {
    throw new OptionError(`${origin}: "${value}" must be an issuer, its keys and at least one audience, with spaces between.`);
  }
  if (!URL.canParse(issuer) || !/^https?:\/\/[^\s?#]+$/.test(issuer)) {
    throw new OptionError(`${origin}: the issuer "${issuer}" must be a URL that begins with https:// or http://.`);
  }
  checkKeys(keys, origin);
  return { issuer, keys, audiences };
}

/** Keys that come over the network unprotected would be anybody's. */
function checkKeys(keys: string, origin: string): void {
  if (!/^[a-z]+:\/\//.test(keys)) return;
  const url = URL.canParse(keys) ? new URL(keys) : undefined;
  if (url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK_HOSTS.test(url.hostname))) return;
  throw new OptionError(`${origin}: the keys "${keys}" must be a file, an https:// URL, or an http:// URL of this machine.`);
}

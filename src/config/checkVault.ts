import { X509Certificate } from "node:crypto";
import { OptionError } from "./OptionError.ts";
import type { ServerSettings } from "./ServerSettings.ts";

/** What a server knows of a Vault that keeps keys for it. */
export type VaultSettings = Pick<ServerSettings, "vaultAddress" | "vaultTokenPath" | "vaultMount" | "vaultCaPath">;

const LOOPBACK_HOSTS = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Makes sure that options about Vault belong together. Throws `OptionError`. */
export function checkVaultOptions({ vaultAddress, vaultTokenPath, vaultCaPath }: Partial<VaultSettings>): void {
  if ((vaultAddress === undefined) !== (vaultTokenPath === undefined)) {
    throw new OptionError("Vault needs both its address and a file with a token: --vault-address and --vault-token-file.");
  }
  if (vaultAddress === undefined) {
    if (vaultCaPath !== undefined) throw new OptionError("--vault-ca is for --vault-address, which is not given.");
    return;
  }
  const url = URL.canParse(vaultAddress) ? new URL(vaultAddress) : undefined;
  // Keys that come over the network unprotected would be anybody's.
  if (url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK_HOSTS.test(url.hostname))) return;
  throw new OptionError(`--vault-address is "${vaultAddress}"; it must be an https:// URL, or an http:// URL of this machine.`);
}

/** Makes sure that the files of the options about Vault can be read, before a server is started with them. Throws `OptionError`. */
export function checkVaultFiles({ vaultTokenPath, vaultCaPath }: VaultSettings, readFile: (path: string) => string): void {
  if (vaultTokenPath !== undefined && read(vaultTokenPath, "token", readFile).trim() === "") {
    throw new OptionError(`The file ${vaultTokenPath} holds no token of Vault's.`);
  }
  if (vaultCaPath === undefined) return;
  const pem = read(vaultCaPath, "certificates", readFile);
  try {
    void new X509Certificate(pem);
  } catch {
    throw new OptionError(`${vaultCaPath} holds no certificate in PEM.`);
  }
}

function read(path: string, what: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch (cause) {
    throw new OptionError(`The file ${path} with Vault's ${what} cannot be read: ${(cause as Error).message}.`);
  }
}

import { readFile } from "node:fs/promises";
import { checkTlsFiles } from "../../config/checkTlsFiles.ts";
import type { ServerSettings } from "../../config/ServerSettings.ts";

/** Certificate and private key of a server that speaks TLS, in PEM. */
export interface TlsMaterial {
  readonly certificate: string;
  readonly privateKey: string;
}

/**
 * Reads certificate and private key; `undefined` where the settings name none. Throws `OptionError` for what cannot be read or does not belong
 * together.
 */
export async function readTlsMaterial(
  settings: Pick<ServerSettings, "tlsCertificatePath" | "tlsPrivateKeyPath">,
): Promise<TlsMaterial | undefined> {
  const { tlsCertificatePath: certificatePath, tlsPrivateKeyPath: keyPath } = settings;
  if (certificatePath === undefined || keyPath === undefined) return undefined;
  const texts = new Map<string, string>();
  for (const path of [certificatePath, keyPath]) texts.set(path, await readFile(path, "utf8"));
  // What is checked is what is used, also where the files are being replaced.
  checkTlsFiles(settings, (path) => texts.get(path)!);
  return { certificate: texts.get(certificatePath)!, privateKey: texts.get(keyPath)! };
}

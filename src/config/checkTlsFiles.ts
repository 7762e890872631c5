import type { KeyObject } from "node:crypto";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { OptionError } from "./OptionError.ts";
import type { ServerSettings } from "./ServerSettings.ts";

/**
 * Makes sure that the certificate and the private key can be read, and belong together, before a server is started with them.
 * Throws `OptionError`.
 */
export function checkTlsFiles(
  settings: Pick<ServerSettings, "tlsCertificatePath" | "tlsPrivateKeyPath">,
  readFile: (path: string) => string,
): void {
  const { tlsCertificatePath, tlsPrivateKeyPath } = settings;
  if (tlsCertificatePath === undefined || tlsPrivateKeyPath === undefined) return;
  const certificatePem = read(`The certificate ${tlsCertificatePath}`, () => readFile(tlsCertificatePath));
  const privateKeyPem = read(`The private key ${tlsPrivateKeyPath}`, () => readFile(tlsPrivateKeyPath));
  const certificate = parse(`${tlsCertificatePath} holds no certificate in PEM.`, () => new X509Certificate(certificatePem));
  const privateKey: KeyObject = parse(`${tlsPrivateKeyPath} holds no private key in PEM that opens without a passphrase.`, () =>
    createPrivateKey(privateKeyPem),
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new OptionError(`The private key ${tlsPrivateKeyPath} is not that of the certificate ${tlsCertificatePath}.`);
  }
  // OpenSSL refuses more than that, keys too short to be safe for instance.
  read(`The certificate ${tlsCertificatePath}`, () => createSecureContext({ cert: certificatePem, key: privateKeyPem }));
}

function read<Value>(what: string, load: () => Value): Value {
  try {
    return load();
  } catch (cause) {
    throw new OptionError(`${what} cannot be used: ${(cause as Error).message}.`);
  }
}

function parse<Value>(sentence: string, load: () => Value): Value {
  try {
    return load();
  } catch {
    throw new OptionError(sentence);
  }
}

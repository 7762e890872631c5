import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Where the certificate of the tests stands. Signed by itself, for localhost and 127.0.0.1, until 2126; made by
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -addext subjectAltName=DNS:localhost,IP:127.0.0.1`.
 */
export const CERTIFICATE_PATH: string = join(import.meta.dirname, "testCertificate.pem");
/** Where its private key stands. */
export const PRIVATE_KEY_PATH: string = join(import.meta.dirname, "testPrivateKey.pem");
/** Another certificate, made in the same way, and its private key. */
export const OTHER_CERTIFICATE_PATH: string = join(import.meta.dirname, "otherCertificate.pem");
export const OTHER_PRIVATE_KEY_PATH: string = join(import.meta.dirname, "otherPrivateKey.pem");
/** The certificate, for clients to trust. */
export const CERTIFICATE: string = readFileSync(CERTIFICATE_PATH, "utf8");

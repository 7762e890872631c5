import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { S3Error } from "../errors/S3Error.ts";
import type { SessionContent } from "./SessionContent.ts";

/**
 * Session tokens: what temporary credentials are, sealed with AES-256-GCM, so that no server has to remember them and nobody else can make
 * them. In base64url:
 *
 * ```
 * version (1 byte) | id of the sealing key (8) | nonce (12) | sealed content | tag (16)
 * ```
 *
 * The access key is sealed in with them, unseen: a token opens beside its own access key alone. The secret access key is in no token; it is
 * made of sealing key, nonce and access key.
 */

const VERSION = 1;
const KEY_ID_SIZE_BYTES = 8;
/** Random bytes that each token needs. */
export const NONCE_SIZE_BYTES = 12;
const TAG_SIZE_BYTES = 16;
const HEAD_SIZE_BYTES: number = 1 + KEY_ID_SIZE_BYTES + NONCE_SIZE_BYTES;
/** 40 characters of base64. */
const SECRET_SIZE_BYTES = 30;

/** The longest token, in characters: it has to fit into a header or a URL with everything else. Checked before anything is decoded. */
export const MAX_TOKEN_LENGTH = 4_096;
/** What a content may come to once it is inflated. */
const MAX_CONTENT_SIZE_BYTES: number = 64 * 1024;

const CIPHER = "aes-256-gcm";

/** A key that tokens are sealed with. */
export interface SealingKey {
  /** 16 hexadecimal characters. */
  readonly keyId: string;
  /** 32 bytes, in hexadecimal. */
  readonly secret: string;
}

/** Temporary credentials, as who asked for them gets them. */
export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** What a token turned out to hold. */
export interface OpenedToken {
  readonly content: SessionContent;
  readonly secretAccessKey: string;
}

/**
 * Makes temporary credentials. `nonce` is 12 random bytes, never the same for one key. Throws `RangeError` for a content that is too
 * large for a token, which who asks has to have refused before.
 */
export function sealSession(content: SessionContent, accessKeyId: string, key: SealingKey, nonce: Buffer): TemporaryCredentials {
  const head = Buffer.concat([Buffer.of(VERSION), Buffer.from(key.keyId, "hex"), nonce]);
  const cipher = createCipheriv(CIPHER, derivedKey(key, "session token"), nonce, { authTagLength: TAG_SIZE_BYTES });
  cipher.setAAD(boundTo(head, accessKeyId));
  const sealed = [head, cipher.update(packed(content)), cipher.final(), cipher.getAuthTag()];
  const sessionToken = Buffer.concat(sealed).toString("base64url");
  if (sessionToken.length > MAX_TOKEN_LENGTH)
    throw new RangeError(`A session token of ${sessionToken.length} characters is too long.`);
  const secretAccessKey = secretOf(accessKeyId, key, nonce);
  return { accessKeyId, secretAccessKey, sessionToken, expiresAtMs: content.session.expiresAtMs };
}

/** The id of the key that a token says it is sealed with; `undefined` for what has not the form of a token. */
export function sealingKeyIdOf(sessionToken: string): string | undefined {
  return bytesOf(sessionToken)?.toString("hex", 1, 1 + KEY_ID_SIZE_BYTES);
}

/** What a token holds, if this key has sealed it for this access key, and nobody changed a bit of it; `undefined` otherwise. */
export function openSession(sessionToken: string, accessKeyId: string, key: SealingKey): OpenedToken | undefined {
  const bytes = bytesOf(sessionToken);
  if (bytes === undefined) return undefined;
  const nonce = bytes.subarray(1 + KEY_ID_SIZE_BYTES, HEAD_SIZE_BYTES);
  const decipher = createDecipheriv(CIPHER, derivedKey(key, "session token"), nonce, { authTagLength: TAG_SIZE_BYTES });
  decipher.setAAD(boundTo(bytes.subarray(0, HEAD_SIZE_BYTES), accessKeyId));
  decipher.setAuthTag(bytes.subarray(-TAG_SIZE_BYTES));
  const content = decipher.update(bytes.subarray(HEAD_SIZE_BYTES, -TAG_SIZE_BYTES));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return { content: unpacked(content), secretAccessKey: secretOf(accessKeyId, key, nonce) };
}

/** S3's error for a token that was not issued here, or not with this access key. */
export function invalidToken(sessionToken: string, explanation: string): S3Error {
  return new S3Error("InvalidToken", { details: [["Token-0", sessionToken]], explanation });
}

/** How many bytes a text takes in a token, before base64: what a request may pass is measured so. */
export function packedSizeBytes(text: string): number {
  return deflateRawSync(text).length;
}

function packed(content: SessionContent): Buffer {
  return deflateRawSync(JSON.stringify(content));
}

function unpacked(bytes: Buffer): SessionContent {
  return JSON.parse(inflateRawSync(bytes, { maxOutputLength: MAX_CONTENT_SIZE_BYTES }).toString()) as SessionContent;
}

/** The bytes of what has the form of a token. There is one way only to write them: a token that could be written otherwise would be two. */
function bytesOf(sessionToken: string): Buffer | undefined {
  if (sessionToken.length > MAX_TOKEN_LENGTH) return undefined;
  const bytes = Buffer.from(sessionToken, "base64url");
  if (bytes[0] !== VERSION || bytes.length < HEAD_SIZE_BYTES + TAG_SIZE_BYTES) return undefined;
  return bytes.toString("base64url") === sessionToken ? bytes : undefined;
}

/** What is authenticated without being in the sealed part. */
function boundTo(head: Buffer, accessKeyId: string): Buffer {
  return Buffer.concat([head, Buffer.from(accessKeyId)]);
}

function secretOf(accessKeyId: string, key: SealingKey, nonce: Buffer): string {
  const mac = createHmac("sha256", derivedKey(key, "secret access key")).update(nonce).update(accessKeyId).digest();
  return mac.toString("base64", 0, SECRET_SIZE_BYTES);
}

/** A key for each purpose: what one of them makes tells nothing of the other. */
function derivedKey({ secret }: SealingKey, purpose: "session token" | "secret access key"): Buffer {
  return createHmac("sha256", Buffer.from(secret, "hex")).update(`holdfast ${purpose}`).digest();
}

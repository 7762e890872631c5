import { createHmac, timingSafeEqual } from "node:crypto";
import { S3Error } from "../../errors/S3Error.ts";
import {
  damagedDataKey,
  invalidState,
  noSuchAlias,
  noSuchKey,
  notAKeyId,
  notForEncryption,
  otherRegion,
  pendingDeletion,
  tooManyKeyRequests,
} from "../kmsErrors.ts";
import type { EncryptionContext, KeyService, ServiceDataKey } from "../Keys.ts";
import { readKeyName } from "../keyNames.ts";
import { DEFAULT_ALIAS } from "../ringChanges.ts";
import { canonicalContext, DATA_KEY_SIZE_BYTES } from "../serviceDataKeys.ts";
import type { VaultAnswer, VaultClient } from "./VaultClient.ts";

/** What a service on Vault needs from outside. */
export interface VaultKeyServiceOptions {
  readonly client: Pick<VaultClient, "post">;
  /** Where keys are that name no region. */
  readonly region: string;
  /** Whose keys they are, twelve digits; asked when it is needed. */
  readonly accountId: () => string | Promise<string>;
  /** Hears of trouble with Vault when it begins. Never of a secret. */
  readonly warn?: (facts: Readonly<Record<string, unknown>>, what: string) => void;
}

/** The key of Vault's that stands for alias/aws/s3. */
const DEFAULT_VAULT_KEY = "aws-s3";

const CHECK_SIZE_BYTES = 16;

/**
 * The keys of a transit engine of HashiCorp Vault or OpenBao as a key management service. A key NAME of the engine is the key
 * arn:aws:kms:REGION:ACCOUNT:key/NAME.
 *
 * Vault takes a context only for keys with derivation (it is sent in any case), so the context is bound here as well: what Vault gives
 * is taken as a secret of which data key and check value are made by HMAC-SHA256, each with the context. What is kept of a data key
 * is the check value and what Vault opens.
 */
export class VaultKeyService implements KeyService {
  readonly #options: VaultKeyServiceOptions;
  #isInTrouble = false;

  constructor(options: VaultKeyServiceOptions) {
    this.#options = options;
  }

  /** As of the port, but for this: whether there is such a key, Vault says when it is used. */
  async resolve(keyId: string | undefined, region: string = this.#options.region): Promise<string> {
    const accountId = await this.#options.accountId();
    const name = readKeyName(keyId ?? DEFAULT_ALIAS);
    if (name === undefined) throw notAKeyId(keyId ?? "");
    if (name.region !== undefined && name.region !== region) throw otherRegion(name.region);
    const place = `arn:aws:kms:${region}:${name.accountId ?? accountId}`;
    if (name.alias !== undefined && name.alias !== DEFAULT_ALIAS) throw noSuchAlias(`${place}:${name.alias}`);
    const arn = `${place}:key/${name.alias === undefined ? name.keyId : DEFAULT_VAULT_KEY}`;
    if (name.accountId !== undefined && name.accountId !== accountId) throw noSuchKey(arn);
    return arn;
  }

  async generateDataKey(keyArn: string, context: EncryptionContext): Promise<ServiceDataKey> {
    const name = nameIn(keyArn);
    const path = `datakey/plaintext/${encodeURIComponent(name)}`;
    const wanted = { bits: 8 * DATA_KEY_SIZE_BYTES, context: canonicalContext(context).toString("base64") };
    let answer = await this.#post(path, wanted);
    if (isMissingKey(answer) && name === DEFAULT_VAULT_KEY) {
      // As on AWS, the default key is made when it is first needed; where it is there by now, this changes nothing.
      this.#expectDone(keyArn, await this.#post(`keys/${DEFAULT_VAULT_KEY}`, {}));
      answer = await this.#post(path, wanted);
    }
    this.#expectDone(keyArn, answer);
    const { plaintext, ciphertext } = answer.data;
    const secret = Buffer.from(typeof plaintext === "string" ? plaintext : "", "base64");
    if (secret.length !== DATA_KEY_SIZE_BYTES || typeof ciphertext !== "string") throw this.#unusable(answer);
    this.#isInTrouble = false;
    return {
      plaintext: made(secret, "key", context),
      ciphertext: Buffer.concat([checkOf(secret, context), Buffer.from(ciphertext)]),
    };
  }

  async decrypt(keyArn: string, ciphertext: Buffer, context: EncryptionContext): Promise<Buffer> {
    if (ciphertext.length <= CHECK_SIZE_BYTES) throw damagedDataKey(keyArn);
    const answer = await this.#post(`decrypt/${encodeURIComponent(nameIn(keyArn))}`, {
      ciphertext: ciphertext.toString("utf8", CHECK_SIZE_BYTES),
      context: canonicalContext(context).toString("base64"),
    });
    this.#expectDone(keyArn, answer);
    this.#isInTrouble = false;
    const { plaintext } = answer.data;
    const secret = Buffer.from(typeof plaintext === "string" ? plaintext : "", "base64");
    if (!timingSafeEqual(checkOf(secret, context), ciphertext.subarray(0, CHECK_SIZE_BYTES))) throw damagedDataKey(keyArn);
    return made(secret, "key", context);
  }

  async #post(path: string, body: Readonly<Record<string, unknown>>): Promise<VaultAnswer> {
    try {
      return await this.#options.client.post(path, body);
    } catch (cause) {
      throw this.#trouble((cause as Error).message, cause);
    }
  }

  /** Throws what Vault's refusal is in KMS's words. */
  #expectDone(keyArn: string, answer: VaultAnswer): void {
    const { status, errors } = answer;
    if (status === 200 || status === 204) return;
    if (isMissingKey(answer)) throw noSuchKey(keyArn);
    if (status === 429) throw tooManyKeyRequests();
    if (status === 403) {
      this.#tell("Vault refuses this server's token");
      throw new S3Error("AccessDenied", {
        explanation: "Vault does not let this server use the key: either its token has run out, or its policies do not allow it.",
      });
    }
    const said = errors.join("; ");
    if (status === 400 && UNFIT.test(said)) throw notForEncryption(keyArn);
    if (status === 400 && DELETED.test(said)) throw pendingDeletion(keyArn);
    if (status === 400 && BARRED.test(said)) throw invalidState(keyArn);
    if (status === 400 && DAMAGED.test(said)) throw damagedDataKey(keyArn);
    throw this.#unusable(answer);
  }

  #unusable({ status, errors }: VaultAnswer): S3Error {
    return this.#trouble(`it answers ${status}${errors.length > 0 ? `: ${errors.join("; ")}` : ", without what was asked for"}`);
  }

  #trouble(problem: string, cause?: unknown): S3Error {
    this.#tell(problem);
    return new S3Error("ServiceUnavailable", {
      explanation:
        "The service that keeps the key cannot be reached, or does not answer as it should. Send the request again later.",
      cause,
    });
  }

  #tell(problem: string): void {
    if (this.#isInTrouble) return;
    this.#isInTrouble = true;
    this.#options.warn?.({ problem }, "keys of Vault cannot be used");
  }
}

/** What Vault and OpenBao say of keys that are there and cannot do it. */
const UNFIT = /not supported for key type|unsupported (?:key type|operation)/;
/** OpenBao keeps such a key until somebody restores or removes it. */
const DELETED = /soft-deleted key/;
const BARRED = /disallowed by policy/;
const DAMAGED = /authentication failed|invalid ciphertext|decrypt/;

function isMissingKey({ status, errors }: VaultAnswer): boolean {
  return (status === 400 || status === 404) && errors.some((error) => error.includes("encryption key not found"));
}

function nameIn(arn: string): string {
  return arn.slice(arn.indexOf(":key/") + ":key/".length);
}

function made(secret: Buffer, what: "key" | "check", context: EncryptionContext): Buffer {
  return createHmac("sha256", secret).update(`holdfast ${what}\0`).update(canonicalContext(context)).digest();
}

function checkOf(secret: Buffer, context: EncryptionContext): Buffer {
  return made(secret, "check", context).subarray(0, CHECK_SIZE_BYTES);
}

import { damagedDataKey, disabledKey, noSuchAlias, noSuchKey, notAKeyId, otherRegion, pendingDeletion } from "./kmsErrors.ts";
import { readKeyName } from "./keyNames.ts";
import type { EncryptionContext, KeyService, ServiceDataKey } from "./Keys.ts";
import type { Ring } from "./Ring.ts";
import { DEFAULT_ALIAS, ensureDefaultKey } from "./ringChanges.ts";
import type { KmsKey } from "./RingContent.ts";
import { stateOf } from "./RingContent.ts";
import { DATA_KEY_SALT_SIZE_BYTES, DATA_KEY_SIZE_BYTES, openDataKey, sealDataKey } from "./serviceDataKeys.ts";

/** What a local key service needs from outside. */
export interface LocalKeyServiceOptions {
  /** Real time, in milliseconds since 1970. */
  readonly realClock: () => number;
  readonly randomBytes: (sizeBytes: number) => Buffer;
  /** Where keys are that name no region. */
  readonly region: string;
  /** Whose keys are meant that name no account, twelve digits; asked when it is needed. */
  readonly accountId: () => string | Promise<string>;
}

/** A key management service of this server's own: its keys lie in the key ring. */
export class LocalKeyService implements KeyService {
  readonly #ring: Ring;
  readonly #options: LocalKeyServiceOptions;

  constructor(ring: Ring, options: LocalKeyServiceOptions) {
    this.#ring = ring;
    this.#options = options;
  }

  async resolve(keyId: string | undefined, region: string = this.#options.region): Promise<string> {
    const accountId = await this.#options.accountId();
    const place = `arn:aws:kms:${region}:${accountId}`;
    const name = readKeyName(keyId ?? DEFAULT_ALIAS);
    if (name === undefined) throw notAKeyId(keyId ?? "");
    if (name.region !== undefined && name.region !== region) throw otherRegion(name.region);
    const namedPlace = name.accountId === undefined ? place : `arn:aws:kms:${region}:${name.accountId}`;
    if (name.alias === undefined) return (await this.#find(`${namedPlace}:key/${name.keyId}`)).arn;
    const found = this.#lookFor((key) => key.arn.startsWith(`${namedPlace}:key/`) && key.aliases.includes(name.alias!));
    if (found !== undefined) return found.arn;
    if (name.alias !== DEFAULT_ALIAS || namedPlace !== place) throw noSuchAlias(`${namedPlace}:${name.alias}`);
    const { randomBytes } = this.#options;
    const made = await this.#ring.change((content) =>
      ensureDefaultKey(content, { region, accountId }, { nowMs: this.#options.realClock(), randomBytes }),
    );
    return made.arn;
  }

  async generateDataKey(keyArn: string, context: EncryptionContext): Promise<ServiceDataKey> {
    const key = await this.#usable(keyArn);
    const { randomBytes } = this.#options;
    // A copy: what is handed in may be a piece of a larger buffer.
    const plaintext = Buffer.from(randomBytes(DATA_KEY_SIZE_BYTES));
    return { plaintext, ciphertext: sealDataKey(key, plaintext, context, randomBytes(DATA_KEY_SALT_SIZE_BYTES)) };
  }

  async decrypt(keyArn: string, ciphertext: Buffer, context: EncryptionContext): Promise<Buffer> {
    const key = await this.#usable(keyArn);
    const opened = openDataKey(key, ciphertext, context);
    if (opened !== undefined) return opened;
    // Another process may have rotated the key a moment ago.
    this.#ring.look();
    const again = openDataKey(await this.#usable(keyArn), ciphertext, context);
    if (again === undefined) throw damagedDataKey(keyArn);
    return again;
  }

  async #usable(keyArn: string): Promise<KmsKey> {
    const key = await this.#find(keyArn);
    const state = stateOf(key, this.#options.realClock());
    if (state === "Disabled") throw disabledKey(keyArn);
    if (state === "PendingDeletion") throw pendingDeletion(keyArn);
    return key;
  }

  async #find(keyArn: string): Promise<KmsKey> {
    const found = this.#lookFor(({ arn }) => arn === keyArn);
    if (found === undefined) throw noSuchKey(keyArn);
    return found;
  }

  /** A key that is there, if need be after a look at what others have changed. */
  #lookFor(isMeant: (key: KmsKey) => boolean): KmsKey | undefined {
    const nowMs = this.#options.realClock();
    const find = (): KmsKey | undefined =>
      this.#ring.content.kmsKeys.find((key) => isMeant(key) && stateOf(key, nowMs) !== "Gone");
    const known = find();
    if (known !== undefined) return known;
    this.#ring.look();
    return find();
  }
}

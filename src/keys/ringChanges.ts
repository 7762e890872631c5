import { KeyRingError } from "./KeyRingError.ts";
import type { RingChange } from "./Ring.ts";
import type { BackingKey, KmsKey, RingContent, RingMaster } from "./RingContent.ts";
import { stateOf } from "./RingContent.ts";

/** What can be done to a key ring, as pure changes of its content. Time and chance are handed in. */

/** Time and chance of a change. */
export interface RingCircumstances {
  readonly nowMs: number;
  readonly randomBytes: (sizeBytes: number) => Buffer;
}

/** The alias of the key that is used where nobody names one. @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk */
export const DEFAULT_ALIAS = "alias/aws/s3";

const KEY_SIZE_BYTES = 32;
const RING_ID_SIZE_BYTES = 16;
const NAME_SIZE_BYTES = 8;
const UUID_SIZE_BYTES = 16;
const DAY_MS = 86_400_000;
/** KMS's limits. @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
export const SHORTEST_DELETION_DAYS = 7;
/** See `SHORTEST_DELETION_DAYS`; also the default. */
export const LONGEST_DELETION_DAYS = 30;
/** KMS's limit of a description. @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html */
const MAX_DESCRIPTION_CHARACTERS = 8_192;
/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
const ALIAS = /^alias\/[a-zA-Z0-9/_-]{1,250}$/;
/** Aliases that belong to the service itself. */
const RESERVED_ALIAS = /^alias\/aws\//;
/** So that the file stays one that is read and written at once. */
const MAX_KMS_KEYS = 10_000;

/** A ring of its own, with one master key. */
export function newRing(at: RingCircumstances): RingContent {
  return { ringId: at.randomBytes(RING_ID_SIZE_BYTES).toString("hex"), masters: [newMaster(at)], kmsKeys: [] };
}

/** A new master key seals from now on. Results in it. */
export function addMaster(content: RingContent, at: RingCircumstances): RingChange<RingMaster> {
  const master = newMaster(at);
  return { content: { ...content, masters: [...content.masters, master] }, result: master };
}

/** Where a new key is, and what it is called. */
export interface NewKmsKey {
  readonly region: string;
  readonly accountId: string;
  readonly alias?: string | undefined;
  readonly description?: string | undefined;
}

/** A new key of the service. Results in it. Throws `KeyRingError` for an alias that cannot be or is taken. */
export function createKmsKey(content: RingContent, wanted: NewKmsKey, at: RingCircumstances): RingChange<KmsKey> {
  if (wanted.alias !== undefined) checkAlias(wanted.alias);
  return addKmsKey(content, wanted, at);
}

/** The service's default key of an account and region, made if it is not there. */
export function ensureDefaultKey(
  content: RingContent,
  { region, accountId }: NewKmsKey,
  at: RingCircumstances,
): RingChange<KmsKey> {
  const there = content.kmsKeys.find(({ arn, aliases }) => isIn(arn, region, accountId) && aliases.includes(DEFAULT_ALIAS));
  if (there !== undefined) return { content, result: there };
  const description = "Default key that protects my S3 objects when no other key is defined";
  return addKmsKey(content, { region, accountId, alias: DEFAULT_ALIAS, description }, at);
}

/** A new backing key of a key seals from now on. */
export function rotateKmsKey(content: RingContent, keyId: string, at: RingCircumstances): RingChange<KmsKey> {
  return replaceKey(content, keyId, at, (key) => {
    if (key.deletionAtMs !== undefined) throw new KeyRingError(`${key.arn} is pending deletion; cancel that first.`);
    return { ...key, backingKeys: [...key.backingKeys, newBackingKey(at)] };
  });
}

/** Enables or disables a key. Throws `KeyRingError` for one that is pending deletion, and for the default key. */
export function setKmsKeyEnabled(
  content: RingContent,
  keyId: string,
  isEnabled: boolean,
  at: RingCircumstances,
): RingChange<KmsKey> {
  return replaceKey(content, keyId, at, (key) => {
    if (!isEnabled) refuseDefault(key, "disabled");
    if (key.deletionAtMs !== undefined) throw new KeyRingError(`${key.arn} is pending deletion; cancel that first.`);
    return { ...key, isEnabled };
  });
}

/** Lets a key go after some days, in which nobody can use it. Throws `KeyRingError` for the default key, and for a wait that is none of KMS's. */
export function scheduleDeletion(content: RingContent, keyId: string, days: number, at: RingCircumstances): RingChange<KmsKey> {
  if (!Number.isInteger(days) || days < SHORTEST_DELETION_DAYS || days > LONGEST_DELETION_DAYS) {
    throw new KeyRingError(`A key waits ${SHORTEST_DELETION_DAYS} to ${LONGEST_DELETION_DAYS} days for its deletion.`);
  }
  return replaceKey(content, keyId, at, (key) => {
    refuseDefault(key, "deleted");
    if (key.deletionAtMs !== undefined) throw new KeyRingError(`${key.arn} is pending deletion already.`);
    return { ...key, deletionAtMs: at.nowMs + days * DAY_MS };
  });
}

/** Keeps a key after all; as KMS leaves it, it is disabled then. */
export function cancelDeletion(content: RingContent, keyId: string, at: RingCircumstances): RingChange<KmsKey> {
  return replaceKey(content, keyId, at, (key) => {
    if (key.deletionAtMs === undefined) throw new KeyRingError(`${key.arn} is not pending deletion.`);
    return { ...key, deletionAtMs: undefined, isEnabled: false };
  });
}

/** Gives a key an alias, which another one of its account and region may have had until now. */
export function setAlias(content: RingContent, keyId: string, alias: string, at: RingCircumstances): RingChange<KmsKey> {
  checkAlias(alias);
  const changed = replaceKey(content, keyId, at, (key) => ({
    ...key,
    aliases: [...key.aliases.filter((one) => one !== alias), alias],
  }));
  const { arn } = changed.result;
  const kmsKeys = changed.content.kmsKeys.map((key) =>
    key.keyId === changed.result.keyId || placeOf(key.arn) !== placeOf(arn)
      ? key
      : { ...key, aliases: key.aliases.filter((one) => one !== alias) },
  );
  return { content: { ...changed.content, kmsKeys }, result: changed.result };
}

/** Takes an alias from a key. */
export function removeAlias(content: RingContent, keyId: string, alias: string, at: RingCircumstances): RingChange<KmsKey> {
  checkAlias(alias);
  return replaceKey(content, keyId, at, (key) => {
    if (!key.aliases.includes(alias)) throw new KeyRingError(`${key.arn} has no alias ${alias}.`);
    return { ...key, aliases: key.aliases.filter((one) => one !== alias) };
  });
}

/** What is in front of ":key/" in an ARN: partition, service, region and account. */
function placeOf(arn: string): string {
  return arn.slice(0, arn.indexOf(":key/"));
}

function isIn(arn: string, region: string, accountId: string): boolean {
  return placeOf(arn) === `arn:aws:kms:${region}:${accountId}`;
}

function addKmsKey(content: RingContent, wanted: NewKmsKey, at: RingCircumstances): RingChange<KmsKey> {
  const { region, accountId, alias, description = "" } = wanted;
  const left = withoutGone(content, at.nowMs);
  if (left.kmsKeys.length >= MAX_KMS_KEYS) throw new KeyRingError(`The ring holds ${MAX_KMS_KEYS} KMS keys, and takes no more.`);
  if (description.length > MAX_DESCRIPTION_CHARACTERS) {
    throw new KeyRingError(`A description has at most ${MAX_DESCRIPTION_CHARACTERS} characters.`);
  }
  const keyId = newUuid(at);
  const key: KmsKey = {
    keyId,
    arn: `arn:aws:kms:${region}:${accountId}:key/${keyId}`,
    aliases: alias === undefined ? [] : [alias],
    description,
    createdAtMs: at.nowMs,
    isEnabled: true,
    deletionAtMs: undefined,
    backingKeys: [newBackingKey(at)],
  };
  const owner = left.kmsKeys.find(
    ({ arn, aliases }) => isIn(arn, region, accountId) && alias !== undefined && aliases.includes(alias),
  );
  if (owner !== undefined) throw new KeyRingError(`${alias} is an alias of ${owner.arn} already.`);
  return { content: { ...left, kmsKeys: [...left.kmsKeys, key] }, result: key };
}

function replaceKey(
  content: RingContent,
  keyId: string,
  { nowMs }: RingCircumstances,
  replace: (key: KmsKey) => KmsKey,
): RingChange<KmsKey> {
  const left = withoutGone(content, nowMs);
  const key = left.kmsKeys.find((one) => one.keyId === keyId);
  if (key === undefined) throw new KeyRingError(`The ring has no KMS key ${keyId}.`);
  const result = replace(key);
  return { content: { ...left, kmsKeys: left.kmsKeys.map((one) => (one === key ? result : one)) }, result };
}

/** Keys whose day is over go with the next change. */
function withoutGone(content: RingContent, nowMs: number): RingContent {
  return { ...content, kmsKeys: content.kmsKeys.filter((key) => stateOf(key, nowMs) !== "Gone") };
}

function refuseDefault({ aliases, arn }: KmsKey, what: string): void {
  if (!aliases.includes(DEFAULT_ALIAS)) return;
  throw new KeyRingError(`${arn} is the default key, ${DEFAULT_ALIAS}, which cannot be ${what}.`);
}

function checkAlias(alias: string): void {
  if (!ALIAS.test(alias)) {
    throw new KeyRingError(`"${alias}" is no alias: it is alias/ and up to 250 letters, digits and /_-`);
  }
  if (RESERVED_ALIAS.test(alias)) throw new KeyRingError("Aliases that begin with alias/aws/ are the service's own.");
}

function newMaster(at: RingCircumstances): RingMaster {
  return { name: `m-${at.randomBytes(NAME_SIZE_BYTES).toString("hex")}`, ...newSecret(at) };
}

function newBackingKey(at: RingCircumstances): BackingKey {
  return { id: at.randomBytes(NAME_SIZE_BYTES).toString("hex"), ...newSecret(at) };
}

function newSecret({ nowMs, randomBytes }: RingCircumstances): { readonly createdAtMs: number; readonly secret: string } {
  return { createdAtMs: nowMs, secret: randomBytes(KEY_SIZE_BYTES).toString("base64") };
}

/** A UUID of version 4. */
function newUuid({ randomBytes }: RingCircumstances): string {
  const bytes = Buffer.from(randomBytes(UUID_SIZE_BYTES));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

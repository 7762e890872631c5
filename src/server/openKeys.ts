import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ServerSettings } from "../config/ServerSettings.ts";
import type { FileRing, WarnOfRing } from "../keys/FileRing.ts";
import type { Keys } from "../keys/Keys.ts";
import { keysOf } from "../keys/memoryKeys.ts";
import type { UsedRing } from "../keys/openKeyRing.ts";
import { openKeyRing } from "../keys/openKeyRing.ts";
import type { Ring } from "../keys/Ring.ts";
import { VaultClient } from "../keys/vault/VaultClient.ts";
import { VaultKeyService } from "../keys/vault/VaultKeyService.ts";
import { FIRST_USER_NAME } from "../store/accounts/accountForms.ts";
import { findAccount } from "../store/accounts/findAccount.ts";
import type { DataFolder } from "../store/folder/dataFolder.ts";
import type { KeyRingRecord } from "../store/records/KeyRingRecord.ts";
import { KEY_RING_ROW } from "../store/records/KeyRingRecord.ts";
import { put } from "../store/records/Row.ts";
import type { Store } from "../store/Store.ts";
import { transact } from "../store/transact.ts";

/** What a server's settings say of its keys. */
export type KeySettings = Partial<
  Pick<ServerSettings, "keyRingPath" | "region" | "vaultAddress" | "vaultTokenPath" | "vaultMount" | "vaultCaPath">
>;

const RING_FOLDER = "keys";
const RING_FILE = "ring.json";
const DEFAULT_REGION = "us-east-1";
const DEFAULT_VAULT_MOUNT = "transit";
/** Whose the keys are of a store that has no users yet. */
const NO_ACCOUNT = "000000000000";

/** Where the key ring of a data folder lies, absolute. */
export function keyRingPathOf({ keyRingPath }: KeySettings, { path }: Pick<DataFolder, "path">): string {
  return keyRingPath === undefined ? join(path, RING_FOLDER, RING_FILE) : resolve(keyRingPath);
}

/** How the ring of a data folder is opened. */
export interface RingOptions {
  /** Whether a store that never had a ring gets one. */
  readonly mayMake: boolean;
  readonly warn?: WarnOfRing | undefined;
}

/** Opens the key ring of a data folder, the one that its index says was `used`. Throws `KeyRingError`, and `StorageFullError` for a new one on a full disk. */
export async function openRing(
  folder: DataFolder,
  used: UsedRing | undefined,
  settings: KeySettings,
  { mayMake, warn }: RingOptions,
): Promise<FileRing> {
  const making = mayMake ? { nowMs: Date.now(), randomBytes } : undefined;
  const path = keyRingPathOf(settings, folder);
  return folder.reserve.help(() => openKeyRing({ path, used, making, warn }));
}

/** Lets a store remember which ring it seals with, before it does; and, after a rotation, the newest master key. */
export async function noteRing(store: Store, ring: Ring): Promise<void> {
  // Another process may have rotated a moment ago.
  ring.look();
  const { content } = ring;
  const record: KeyRingRecord = { ringId: content.ringId, masterName: content.masters.at(-1)!.name };
  await transact(store, { known: KEY_RING_ROW }, ({ known }) => {
    const isKnown = known?.ringId === record.ringId && known.masterName === record.masterName;
    return { changes: isKnown ? [] : [put(KEY_RING_ROW, record)], result: undefined };
  });
}

/** The keys of a ring, with the key service that the settings name. `store` is asked whose the keys are, once it is there. */
export function keysFor(ring: Ring, settings: KeySettings, store: () => Store, warn?: WarnOfRing): Keys {
  const region = [settings.region ?? DEFAULT_REGION].flat()[0]!;
  const accountId = firstAccountId(store);
  const local = keysOf(ring, { realClock: Date.now, randomBytes, region, accountId });
  const close = (): void => (ring as Partial<FileRing>).close?.();
  if (settings.vaultAddress === undefined || settings.vaultTokenPath === undefined) return { ...local, close };
  const client = new VaultClient({
    address: settings.vaultAddress,
    tokenPath: settings.vaultTokenPath,
    mount: settings.vaultMount ?? DEFAULT_VAULT_MOUNT,
    ca: settings.vaultCaPath === undefined ? undefined : readFileSync(settings.vaultCaPath, "utf8"),
  });
  const service = new VaultKeyService({ client, region, accountId, ...(warn === undefined ? {} : { warn }) });
  return {
    masters: local.masters,
    service,
    close() {
      close();
      client.close();
    },
  };
}

/** The account of the first user, whose the keys of the server are; it is the same for ever. */
function firstAccountId(store: () => Store): () => Promise<string> {
  let known: string | undefined;
  return async () => {
    known ??= (await findAccount(store(), { displayName: FIRST_USER_NAME }))?.accountId;
    return known ?? NO_ACCOUNT;
  };
}

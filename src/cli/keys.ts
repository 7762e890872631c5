import { randomBytes } from "node:crypto";
import { OptionError } from "../config/OptionError.ts";
import type { FileRing } from "../keys/FileRing.ts";
import { KeyRingError } from "../keys/KeyRingError.ts";
import { keyNamed } from "../keys/keyNamed.ts";
import type { RingChange } from "../keys/Ring.ts";
import type { RingCircumstances } from "../keys/ringChanges.ts";
import {
  addMaster,
  cancelDeletion,
  createKmsKey,
  LONGEST_DELETION_DAYS,
  removeAlias,
  rotateKmsKey,
  scheduleDeletion,
  setAlias,
  setKmsKeyEnabled,
  SHORTEST_DELETION_DAYS,
} from "../keys/ringChanges.ts";
import type { KmsKey, RingContent } from "../keys/RingContent.ts";
import { stateOf } from "../keys/RingContent.ts";
import { keyRingPathOf, noteRing, openRing } from "../server/openKeys.ts";
import { accountOf } from "./accountOption.ts";
import type { DataFolder } from "../store/folder/dataFolder.ts";
import { KEY_RING_ROW } from "../store/records/KeyRingRecord.ts";
import type { Store } from "../store/Store.ts";
import { readRow } from "../store/transact.ts";
import { commandOfActions, flagOf } from "./actions.ts";
import { listed } from "./columns.ts";
import type { Command } from "./Command.ts";
import type { DataArguments } from "./dataOption.ts";
import { onDataFolder } from "./dataOption.ts";

const KMS_FLAG = "kms";
const DAYS_FLAG = "days";

/** `holdfast keys`: the key ring, and what can be done to its keys, also while the server runs. */
export const keys: Command = commandOfActions("keys", {
  list,
  rotate,
  create,
  disable: (read, name) => setEnabled(read, name, false),
  enable: (read, name) => setEnabled(read, name, true),
  delete: remove,
  "cancel-deletion": keep,
  "alias set": nameKey,
  "alias remove": unnameKey,
});

/** Works on the ring of a data folder. */
async function onRing<Result>(
  { settings }: DataArguments,
  work: (ring: FileRing, store: Store, folder: DataFolder) => Promise<Result>,
): Promise<Result> {
  return onDataFolder(settings, async (store, folder) => {
    const ring = await openRing(folder, await readRow(store, KEY_RING_ROW), settings, { mayMake: false });
    try {
      return await work(ring, store, folder);
    } finally {
      ring.close();
    }
  });
}

/** Changes one of the local KMS keys. Throws `KeyRingError` where they are Vault's. */
async function changeKey(
  read: DataArguments,
  name: string,
  change: (content: RingContent, keyId: string, at: RingCircumstances) => RingChange<KmsKey>,
): Promise<KmsKey> {
  refuseVault(read);
  return onRing(read, (ring) =>
    ring.change((content) => {
      const at = circumstances();
      return change(content, keyNamed(content, name, at.nowMs).keyId, at);
    }),
  );
}

function refuseVault({ settings: { vaultAddress } }: DataArguments): void {
  if (vaultAddress === undefined) return;
  throw new KeyRingError(
    `The KMS keys are those of Vault at ${vaultAddress}; its own command changes them. Nothing was changed.`,
  );
}

function circumstances(): RingCircumstances {
  return { nowMs: Date.now(), randomBytes };
}

/** A line for the ring, one for each master key, and one for each KMS key. */
async function list(read: DataArguments): Promise<string> {
  const { settings } = read;
  return onRing(read, async ({ content }, _store, folder) => {
    const { ringId, masters, kmsKeys } = content;
    const nowMs = Date.now();
    const rows = [
      ["ring", ringId, "", "", keyRingPathOf(settings, folder)],
      ...masters.map(({ name, createdAtMs }, index) => {
        return ["master", name, timeOf(createdAtMs), index === masters.length - 1 ? "current" : "opens", ""];
      }),
      ...kmsKeys
        .filter((key) => stateOf(key, nowMs) !== "Gone")
        .map((key) => ["kms", key.arn, timeOf(key.createdAtMs), describeState(key, nowMs), describeKey(key)]),
    ];
    const vault = settings.vaultAddress === undefined ? "" : `KMS keys are those of Vault at ${settings.vaultAddress}\n`;
    return listed(rows) + vault;
  });
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

function describeState(key: KmsKey, nowMs: number): string {
  return key.deletionAtMs === undefined ? stateOf(key, nowMs) : `PendingDeletion ${timeOf(key.deletionAtMs)}`;
}

function describeKey({ aliases, description, backingKeys }: KmsKey): string {
  const rotations = backingKeys.length - 1;
  const rotated = rotations === 0 ? "" : `rotated ${rotations === 1 ? "once" : `${rotations} times`}`;
  return [aliases.join(" "), rotated, description].filter((text) => text !== "").join(", ");
}

async function rotate(read: DataArguments): Promise<string> {
  const name = flagOf(read, KMS_FLAG);
  if (name !== undefined) {
    const { arn } = await changeKey(read, name, rotateKmsKey);
    return `${arn} has a new backing key; the older ones still open\n`;
  }
  return onRing(read, async (ring, store) => {
    const master = await ring.change((content) => addMaster(content, circumstances()));
    await noteRing(store, ring);
    return `${master.name} is the master key now; the older ones still open. Back the key ring up.\n`;
  });
}

async function create(read: DataArguments): Promise<string> {
  refuseVault(read);
  const alias = flagOf(read, "alias");
  const description = flagOf(read, "description");
  const region = [read.settings.region].flat()[0]!;
  return onRing(read, async (ring, store) => {
    const { accountId } = await accountOf(store, read);
    const wanted = { region, accountId, alias, description };
    const made = await ring.change((content) => createKmsKey(content, wanted, circumstances()));
    return `key id        ${made.keyId}\narn           ${made.arn}\n${alias === undefined ? "" : `alias         ${alias}\n`}`;
  });
}

async function setEnabled(read: DataArguments, name: string, isEnabled: boolean): Promise<string> {
  const { arn } = await changeKey(read, name, (content, keyId, at) => setKmsKeyEnabled(content, keyId, isEnabled, at));
  return `${isEnabled ? "enabled" : "disabled"} ${arn}\n`;
}

async function remove(read: DataArguments, name: string): Promise<string> {
  const given = flagOf(read, DAYS_FLAG) ?? String(LONGEST_DELETION_DAYS);
  const days = /^\d{1,3}$/.test(given) ? Number(given) : Number.NaN;
  if (!(days >= SHORTEST_DELETION_DAYS && days <= LONGEST_DELETION_DAYS)) {
    throw new OptionError(
      `--days is "${given}"; it must be a whole number from ${SHORTEST_DELETION_DAYS} to ${LONGEST_DELETION_DAYS}.`,
    );
  }
  const { arn, deletionAtMs } = await changeKey(read, name, (content, keyId, at) => scheduleDeletion(content, keyId, days, at));
  return (
    `${arn} is pending deletion, and gone after ${timeOf(deletionAtMs!)}\n` +
    "What it encrypted cannot be read until holdfast keys cancel-deletion and enable, and never again after that.\n"
  );
}

async function keep(read: DataArguments, name: string): Promise<string> {
  const { arn } = await changeKey(read, name, cancelDeletion);
  return `${arn} stays, and is disabled\n`;
}

async function nameKey(read: DataArguments, alias: string): Promise<string> {
  const name = flagOf(read, KMS_FLAG)!;
  const { arn } = await changeKey(read, name, (content, keyId, at) => setAlias(content, keyId, alias, at));
  return `${alias} is ${arn} now\n`;
}

async function unnameKey(read: DataArguments, alias: string): Promise<string> {
  const { arn } = await changeKey(read, alias, (content, keyId, at) => removeAlias(content, keyId, alias, at));
  return `${alias} is ${arn} no longer\n`;
}

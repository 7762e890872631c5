import type { Change, Soon } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import { bucketRow } from "../records/BucketRecord.ts";
import { put, remove } from "../records/Row.ts";
import type { SettingRecord } from "../records/SettingRecord.ts";
import { settingRow } from "../records/SettingRecord.ts";
import { whenHere } from "../soon.ts";
import type { Store } from "../Store.ts";
import { readRow, readRows, transact } from "../transact.ts";
import { presentBucket } from "./buckets.ts";

/**
 * Settings of buckets: documents, each in a row of its own. The bucket's own record says in which revision they are, and every request
 * reads that record: so whoever keeps what is made of a document knows whether it is still the one, in every process and on every host,
 * without being told.
 */

/** The document of a setting, if the bucket has it. A bucket that never had a setting is not looked for. */
export function readSetting(store: Store, bucket: BucketRecord, kind: string): Soon<string | undefined> {
  if (bucket.configurationRevision === 0) return undefined;
  return whenHere(readRow(store, settingRow(bucket.id, kind)), (setting) => setting?.document);
}

/** Gives a bucket a setting, in place of one of the same kind. Throws NoSuchBucket. */
export async function putSetting(store: Store, bucket: BucketRecord, kind: string, document: string): Promise<void> {
  await changeSetting(store, bucket, kind, () => put(settingRow(bucket.id, kind), { document }));
}

/** Gives a bucket a setting that is made of the one it has, inside the commit. Throws NoSuchBucket, and what `described` throws. */
export async function changeDocument(
  store: Store,
  bucket: BucketRecord,
  kind: string,
  described: (document: string | undefined) => string,
): Promise<void> {
  await changeSetting(store, bucket, kind, (setting) =>
    put(settingRow(bucket.id, kind), { document: described(setting?.document) }),
  );
}

/** Takes a setting from a bucket; one that it does not have is no error. Throws NoSuchBucket. */
export async function deleteSetting(store: Store, bucket: BucketRecord, kind: string): Promise<void> {
  if (bucket.configurationRevision === 0) return;
  await changeSetting(store, bucket, kind, (setting) =>
    setting === undefined ? undefined : remove(settingRow(bucket.id, kind)),
  );
}

/** Commits a change of a setting together with the bucket's new revision. */
async function changeSetting(
  store: Store,
  bucket: BucketRecord,
  kind: string,
  change: (setting: SettingRecord | undefined) => Change | undefined,
): Promise<void> {
  const row = bucketRow(bucket.name);
  await transact(store, { committed: row, setting: settingRow(bucket.id, kind) }, ({ committed, setting }) => {
    const present = presentBucket(committed, bucket);
    const changed = change(setting);
    if (changed === undefined) return { changes: [], result: undefined };
    const revised = { ...present, configurationRevision: present.configurationRevision + 1 };
    return { changes: [changed, put(row, revised)], result: undefined };
  });
}

/**
 * What `parse` makes of a setting's document, `undefined` without one. Kept per process until the bucket's settings change; a kind must
 * always be parsed alike. Throws what `parse` throws.
 */
export function parsedSetting<Parsed>(
  store: Store,
  bucket: BucketRecord,
  kind: string,
  parse: (document: string) => Parsed,
): Soon<Parsed | undefined> {
  if (bucket.configurationRevision === 0) return undefined;
  const kept = store.settings.find(bucket, kind);
  if (kept !== undefined) return kept.parsed as Parsed | undefined;
  // Both from one moment: what is kept must be that revision's.
  const wanted = { committed: bucketRow(bucket.name), setting: settingRow(bucket.id, kind) };
  return whenHere(readRows(store, wanted), ({ committed, setting }) => {
    const parsed = setting === undefined ? undefined : parse(setting.document);
    if (committed?.id === bucket.id) store.settings.keep(committed, kind, parsed);
    return parsed;
  });
}

import type { Soon } from "../metadata/MetadataEngine.ts";
import type { PublicAccessBlock } from "../records/PublicAccessBlock.ts";
import { accountBlockRow } from "../records/PublicAccessBlock.ts";
import { put, remove } from "../records/Row.ts";
import { whenHere } from "../soon.ts";
import type { Store } from "../Store.ts";
import { readRow, transact } from "../transact.ts";

/**
 * What keeps the public out of every bucket of an account, by its canonical id; `undefined`: nothing was set. It holds besides each bucket's
 * own.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html
 */
export function accountBlockOf(store: Store, canonicalId: string): Soon<PublicAccessBlock | undefined> {
  return whenHere(readRow(store, accountBlockRow(canonicalId)), (row) => row?.publicAccessBlock);
}

/** Sets an account's block in place of the one it has; `undefined` takes it away. */
export async function putAccountBlock(store: Store, canonicalId: string, block: PublicAccessBlock | undefined): Promise<void> {
  const row = accountBlockRow(canonicalId);
  const changes = [block === undefined ? remove(row) : put(row, { publicAccessBlock: block })];
  await transact(store, {}, () => ({ changes, result: undefined }));
}

/** What both blocks together keep out: a switch is on if it is on in one of them. */
export function joinedBlock(
  one: PublicAccessBlock | undefined,
  other: PublicAccessBlock | undefined,
): PublicAccessBlock | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    blockPublicAcls: one.blockPublicAcls || other.blockPublicAcls,
    ignorePublicAcls: one.ignorePublicAcls || other.ignorePublicAcls,
    blockPublicPolicy: one.blockPublicPolicy || other.blockPublicPolicy,
    restrictPublicBuckets: one.restrictPublicBuckets || other.restrictPublicBuckets,
  };
}

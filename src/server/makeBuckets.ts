import type { ServerSettings } from "../config/ServerSettings.ts";
import { FIRST_USER_NAME } from "../store/accounts/accountForms.ts";
import { createBucket, findBucket } from "../store/buckets/buckets.ts";
import type { Store } from "../store/Store.ts";

/**
 * Makes the buckets that the settings name, as CreateBucket makes them, in the first of the regions. Those that are there stay as they are,
 * whoever owns them. `ownerId` is the first user's.
 */
export async function makeBuckets(
  store: Store,
  { buckets, region }: Pick<ServerSettings, "buckets" | "region">,
  ownerId: string,
): Promise<void> {
  for (const name of buckets) {
    if ((await findBucket(store, name)) !== undefined) continue;
    await createBucket(store, {
      name,
      region: [region].flat()[0]!,
      ownerId,
      ownerName: FIRST_USER_NAME,
      createdAtMs: store.clock(),
      objectOwnership: "BucketOwnerEnforced",
    });
  }
}

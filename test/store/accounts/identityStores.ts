import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { addAccount } from "../../../src/store/accounts/accounts.ts";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { newFolder } from "../../newFolder.ts";
import type { TestStore } from "../testStore.ts";
import { openTestStore, openUncheckedStore } from "../testStore.ts";

/** A store with one account, and the number of that. */
export interface IdentityStore {
  readonly store: TestStore;
  readonly accountId: string;
  /** The access key of its root. */
  readonly rootKeyId: string;
}

const ENGINES: Readonly<Record<string, (t: TestContext) => Promise<TestStore>>> = {
  memory: () => openTestStore(),
  LMDB: async (t) => {
    const path = join(newFolder(t), "index");
    const metadata = await LmdbMetadataEngine.open({ path, durability: "written", mapSizeBytes: 2 ** 28 });
    t.after(() => metadata.close());
    return openUncheckedStore({ metadata });
  },
};

/** A test on every engine. */
export function onEveryEngine(name: string, run: (opened: IdentityStore) => Promise<void>): void {
  for (const [engine, open] of Object.entries(ENGINES)) {
    test(`${engine}: ${name}`, async (t) => {
      const store = await open(t);
      const { accountId, accessKeyId } = await addAccount(store, { name: "acme" });
      await run({ store, accountId, rootKeyId: accessKeyId });
    });
  }
}

/** Takes every document. */
export const ANY_DOCUMENT = (): undefined => undefined;

/** A document of so many characters that count. */
export function documentOf(characters: number): string {
  return `{"x": "${"y".repeat(characters - 8)}"}`;
}

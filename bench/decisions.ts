/**
 * `npm run bench:decisions`: what it costs to decide whether a caller may, in microseconds: what is read for it from a durable index, and the
 * decision. `--record` writes the table of docs/performance.md.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { authorize } from "../src/access/authorize.ts";
import { BUCKET_POLICY_KIND } from "../src/access/BucketPolicy.ts";
import { groundsOf } from "../src/access/grounds.ts";
import type { Asked } from "../src/access/Question.ts";
import type { SignedCaller } from "../src/auth/Caller.ts";
import { attachPolicy } from "../src/store/accounts/attachments.ts";
import { addAccount } from "../src/store/accounts/accounts.ts";
import { findCredential } from "../src/store/accounts/credentials.ts";
import { createAccessKey } from "../src/store/accounts/accessKeys.ts";
import { createPolicy } from "../src/store/accounts/managedPolicies.ts";
import { createUser } from "../src/store/accounts/users.ts";
import { MemoryBlobEngine } from "../src/store/blobs/memory/MemoryBlobEngine.ts";
import { createBucket, findBucket } from "../src/store/buckets/buckets.ts";
import { putSetting } from "../src/store/buckets/settings.ts";
import { createStore } from "../src/store/createStore.ts";
import { LmdbMetadataEngine } from "../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import type { BucketRecord } from "../src/store/records/BucketRecord.ts";
import type { Store } from "../src/store/Store.ts";
import { OptionError, runCommand } from "./command.ts";
import { writeSection } from "./record.ts";
import { withFolder } from "./servers.ts";
import { median } from "./statistics.ts";
import { figure, markdownTable, plainTable } from "./table.ts";

const HELP = `npm run bench:decisions -- [--record]
`;
const ROUNDS = 21;
const DECISIONS_PER_ROUND = 20_000;
const STATEMENTS = 10;

/** A bucket and a key in it, and those who ask for them. */
interface Scene {
  readonly store: Store;
  readonly plain: BucketRecord;
  readonly governed: BucketRecord;
  readonly owner: SignedCaller;
  readonly user: SignedCaller;
  readonly stranger: SignedCaller;
}

/** Ten statements with what statements have: lists of actions, wildcards, conditions. The last one allows what is asked. */
function tenStatements(bucket: string, principal: object): string {
  const statements = Array.from({ length: STATEMENTS }, (_, index) => ({
    Sid: `Statement${index}`,
    Effect: index % 3 === 1 ? "Deny" : "Allow",
    ...principal,
    Action: index === STATEMENTS - 1 ? ["s3:GetObject", "s3:GetObjectVersion"] : ["s3:Get*", "s3:PutObject"],
    Resource: index === STATEMENTS - 1 ? `arn:aws:s3:::${bucket}/*` : `arn:aws:s3:::${bucket}/team${index}/*/reports/*`,
    Condition: { IpAddress: { "aws:SourceIp": ["192.0.2.0/24", "2001:db8::/32"] }, StringLike: { "aws:UserAgent": "*client*" } },
  }));
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

async function rootOf(store: Store, name: string): Promise<SignedCaller> {
  const { accessKeyId } = await addAccount(store, { name });
  return (await findCredential(store, accessKeyId))!.caller;
}

async function setScene(store: Store): Promise<Scene> {
  const owner = await rootOf(store, "owner");
  const stranger = await rootOf(store, "stranger");
  const { accountId, canonicalId: ownerId, displayName: ownerName } = owner;
  const newBucket = { region: "us-east-1", ownerId, ownerName, createdAtMs: 0 };
  const plain = await createBucket(store, { ...newBucket, name: "plain" });
  const made = await createBucket(store, { ...newBucket, name: "governed" });
  const principal = { Principal: { AWS: [stranger.accountId, accountId] } };
  await putSetting(store, made, BUCKET_POLICY_KIND, tenStatements("governed", principal));
  await createUser(store, { accountId, userName: "ann" });
  const { policyArn } = await createPolicy(
    store,
    { accountId, policyName: "ten", document: tenStatements("plain", {}) },
    () => undefined,
  );
  await attachPolicy(store, { kind: "user", accountId, name: "ann" }, policyArn);
  const { accessKeyId } = await createAccessKey(store, { accountId, userName: "ann" });
  const user = (await findCredential(store, accessKeyId))!.caller;
  return { store, plain, governed: (await findBucket(store, "governed"))!, owner, user, stranger };
}

/** Who asks for an object of which bucket. */
const CASES: readonly { readonly name: string; readonly of: (scene: Scene) => Pick<Asked, "bucket" | "caller"> }[] = [
  { name: "the owner's root, no policy", of: ({ plain, owner }) => ({ bucket: plain, caller: owner }) },
  {
    name: "the owner's root, a bucket policy of ten statements",
    of: ({ governed, owner }) => ({ bucket: governed, caller: owner }),
  },
  { name: "a user by a policy of ten statements", of: ({ plain, user }) => ({ bucket: plain, caller: user }) },
  {
    name: "another account by a bucket policy of ten statements",
    of: ({ governed, stranger }) => ({ bucket: governed, caller: stranger }),
  },
];

const VALUES: ReadonlyMap<string, readonly string[]> = new Map([
  ["aws:sourceip", ["192.0.2.7"]],
  ["aws:useragent", ["some client of 1.0"]],
]);
const conditions = { values: (key: string) => VALUES.get(key) };

/** Microseconds that each decision takes, of very many. */
async function measure({ store }: Scene, who: Pick<Asked, "bucket" | "caller">): Promise<number> {
  const asked: Asked = { ...who, action: "s3:GetObject", key: "team1/a/b/c.txt" };
  const startedAt = performance.now();
  for (let count = 0; count < DECISIONS_PER_ROUND; count += 1) {
    const found = groundsOf(store, asked);
    const grounds = found instanceof Promise ? await found : found;
    if (!authorize({ ...asked, conditions }, grounds).allowed) throw new Error("what is measured must be allowed");
  }
  return ((performance.now() - startedAt) * 1000) / DECISIONS_PER_ROUND;
}

async function run(folder: string, record: boolean): Promise<void> {
  const metadata = await LmdbMetadataEngine.open({
    path: join(folder, "metadata"),
    durability: "written",
    mapSizeBytes: 2 ** 28,
  });
  const scene = await setScene(
    createStore({ metadata, blobs: new MemoryBlobEngine(), clock: Date.now, realClock: Date.now, randomBytes }),
  );
  const times = CASES.map((): number[] => []);
  // Interleaved, so that a busy moment of the machine disturbs all alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, { of }] of CASES.entries()) times[index]!.push(await measure(scene, of(scene)));
  }
  await metadata.close();
  const table = {
    head: ["who asks for an object", "µs"],
    rows: CASES.map(({ name }, index) => [name, figure(median(times[index]!))]),
  };
  process.stdout.write(plainTable(table));
  if (record) writeSection("decisions", markdownTable(table));
}

async function main(): Promise<void> {
  let values;
  try {
    values = parseArgs({ options: { record: { type: "boolean" }, help: { type: "boolean" } } }).values;
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : String(cause));
  }
  if (values.help === true) return void process.stdout.write(HELP);
  await withFolder((folder) => run(folder, values.record === true));
}

runCommand(main, HELP);

import assert from "node:assert/strict";
import { test } from "node:test";
import { load, refusal } from "./load.ts";

const KEYS = { accessKeyId: "HFFIXED", secretAccessKey: "a-secret-for-tests" };
const KEY_FLAGS = ["--access-key", KEYS.accessKeyId, "--secret-key", KEYS.secretAccessKey];

test("--memory: is one process whose faults may strike, and takes customers' keys over plain HTTP", () => {
  const { memory, workers, faults, sseCOverHttp } = load({ args: ["--memory"] });
  assert.deepEqual({ memory, workers, faults, sseCOverHttp }, { memory: true, workers: 1, faults: true, sseCOverHttp: true });
  const other = load({ args: ["--memory", "--faults=false"], file: { sseCOverHttp: false, workers: 1 } });
  assert.deepEqual([other.faults, other.sseCOverHttp, other.workers], [false, false, 1]);
});

test("--memory: what only a data folder has is refused, wherever it was said", () => {
  const sentence = "is for servers with a data folder, and a server in memory has none. Leave one of them out.";
  for (const flags of [
    ["--data", "./here"],
    ["--durability", "synced"],
    ["--storage-class", "GLACIER=/mnt"],
    ["--map-size-bytes", "1073741824"],
    ["--key-ring", "ring.json"],
    ["--test-clock"],
    ["--metrics-token", "0123456789abcdef"],
  ]) {
    assert.equal(
      refusal(() => load({ args: ["--memory", ...flags] })),
      `${flags[0]} ${sentence}`,
    );
  }
  assert.equal(
    refusal(() => load({ args: ["--memory"], environment: { HOLDFAST_DATA: "/data" } })),
    `HOLDFAST_DATA ${sentence}`,
  );
  assert.equal(
    refusal(() => load({ file: { memory: true, data: "/data" } })),
    `"data" in holdfast.json ${sentence}`,
  );
  assert.equal(
    refusal(() => load({ args: ["--memory", "--workers", "2"] })),
    "--workers is for servers with a data folder: a server in memory is one process. Leave one of them out.",
  );
});

test("--access-key, --secret-key: are the first user's key in memory, before the variables", () => {
  const environment = { HOLDFAST_ACCESS_KEY_ID: "HFOTHER", HOLDFAST_SECRET_ACCESS_KEY: "another-secret" };
  assert.deepEqual(load({ args: ["--memory", ...KEY_FLAGS] }).firstUser, KEYS);
  assert.deepEqual(load({ args: ["--memory", ...KEY_FLAGS], environment }).firstUser, KEYS);
  assert.deepEqual(load({ args: ["--memory"], environment }).firstUser, {
    accessKeyId: "HFOTHER",
    secretAccessKey: "another-secret",
  });
  assert.equal(
    refusal(() => load({ args: ["--memory", "--access-key", "HFFIXED"] })),
    "--access-key and --secret-key are set together or not at all.",
  );
  assert.equal(
    refusal(() => load({ args: ["--memory", "--access-key", "a b", "--secret-key", "a-secret-for-tests"] })),
    '--access-key and --secret-key: "a b" cannot be an access key: 3 to 128 letters, digits, "_", "." or "-", please.',
  );
});

test("--secret-key: is refused where the secret protects something that lasts", () => {
  assert.equal(
    refusal(() => load({ args: KEY_FLAGS })),
    "--secret-key is for servers in memory (--memory), for every user of this machine can read flags: set HOLDFAST_SECRET_ACCESS_KEY.",
  );
  const environment = { HOLDFAST_SECRET_ACCESS_KEY: KEYS.secretAccessKey };
  assert.deepEqual(load({ args: KEY_FLAGS.slice(0, 2), environment }).firstUser, KEYS);
});

test("--bucket: may be given several times, and has to be a name that S3 gives to new buckets", () => {
  assert.deepEqual(load({ args: ["--bucket", "photos", "--bucket", "logs"] }).buckets, ["photos", "logs"]);
  assert.equal(
    refusal(() => load({ args: ["--bucket", "xn--photos"] })),
    '--bucket xn--photos: no bucket can be called so: the beginning "xn--" is reserved.',
  );
});

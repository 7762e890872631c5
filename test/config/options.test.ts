import assert from "node:assert/strict";
import { test } from "node:test";
import type { OptionRow } from "../../src/config/optionTable.ts";
import { describeType, OPTIONS, variableOf } from "../../src/config/optionTable.ts";
import { configurationPage, optionHelp } from "../../src/config/optionTexts.ts";
import { load, refusal } from "./load.ts";

interface Samples {
  /** Texts, and the values they stand for. */
  readonly valid: readonly (readonly [text: string, value: unknown])[];
  readonly invalid: readonly string[];
  /** Of the wrong type, where a value has one. */
  readonly invalidInFile: readonly unknown[];
}

const DURATION: Samples = { valid: [["3600000", 3_600_000]], invalid: ["3600001", "1s", "-1"], invalidInFile: ["1000", 1.5] };
const PATH: Samples = { valid: [["some/path", "some/path"]], invalid: [""], invalidInFile: [7, null, ["a"], "nul\0"] };

const SWITCH: Samples = {
  valid: [
    ["true", true],
    ["false", false],
  ],
  invalid: ["yes", "TRUE", "1"],
  invalidInFile: ["true", 1, null],
};

/** Every option of the table; the compiler misses the one that a new row adds. */
const samples: Readonly<Record<OptionRow["name"], Samples>> = {
  port: {
    valid: [
      ["0", 0],
      ["65535", 65_535],
    ],
    invalid: ["65536", "-1", "80.5", "0x50", " 80", "http", "9".repeat(400)],
    invalidInFile: ["9000", 80.5, null, true, {}],
  },
  host: {
    valid: [
      ["0.0.0.0", "0.0.0.0"],
      ["::1", "::1"],
      ["localhost", "localhost"],
    ],
    invalid: ["a b", "http://here"],
    invalidInFile: [1],
  },
  data: PATH,
  memory: SWITCH,
  buckets: {
    valid: [["my.photos", ["my.photos"]]],
    invalid: ["Photos", "ab", "a_bucket", "x".repeat(64), "photos,"],
    invalidInFile: ["photos", [1], ["Photos"]],
  },
  readyFilePath: PATH,
  untilStdinEnds: SWITCH,
  region: {
    valid: [
      ["eu-central-1", "eu-central-1"],
      ["us-east-1,local", ["us-east-1", "local"]],
    ],
    invalid: ["eu/central", "a b", "x".repeat(65), "us-east-1,", "us-east-1,a b"],
    invalidInFile: [1, null, [], [1], [""], ["us-east-1", "a b"]],
  },
  domains: {
    valid: [["s3.example.com", ["s3.example.com"]]],
    invalid: ["http://s3.example.com", ".example.com", "a,b", "*.example.com"],
    invalidInFile: ["s3.example.com", [1], [""]],
  },
  oidcIssuers: {
    valid: [["https://idp.example/a /etc/keys.json sts b", ["https://idp.example/a /etc/keys.json sts b"]]],
    invalid: ["https://idp.example", "https://idp.example keys.json", "idp.example keys.json sts"],
    invalidInFile: ["https://idp.example keys.json sts", [1], [""]],
  },
  storageClasses: {
    valid: [["GLACIER=/mnt/a=b", ["GLACIER=/mnt/a=b"]]],
    invalid: ["GLACIER", "GLACIER=", "glacier=/mnt/a", "=/mnt/a"],
    invalidInFile: ["GLACIER=/mnt/a", [1], [""]],
  },
  restoreTimes: {
    valid: [
      ["instant", "instant"],
      ["s3", "s3"],
    ],
    invalid: ["S3", "0"],
    invalidInFile: [0, null],
  },
  workers: {
    valid: [
      ["1", 1],
      ["256", 256],
    ],
    invalid: ["0", "257", "many"],
    invalidInFile: ["2", null],
  },
  durability: {
    valid: [
      ["synced", "synced"],
      ["written", "written"],
    ],
    invalid: ["fsync", "SYNCED"],
    invalidInFile: [true, null],
  },
  tlsCertificatePath: PATH,
  tlsPrivateKeyPath: PATH,
  limitRequests: { valid: [["1000000", 1_000_000]], invalid: ["0", "1000001", "ten"], invalidInFile: ["7", null] },
  limitPrefix: {
    valid: [["3500/5500", { writesPerSecond: 3500, readsPerSecond: 5500 }]],
    invalid: ["3500", "3500/", "/5500", "0/5500", "1/2/3", "a/b", "1.5/2", "-1/2", "1/1000001"],
    invalidInFile: ["3500/5500", 3500, null, { writesPerSecond: 3500 }, { writesPerSecond: 1, readsPerSecond: 1, more: 1 }],
  },
  idleTimeoutMs: { ...DURATION, invalid: ["99", ...DURATION.invalid] },
  shutdownTimeoutMs: { ...DURATION, valid: [["0", 0], ...DURATION.valid] },
  mapSizeBytes: { valid: [["16777216", 16_777_216]], invalid: ["16777215", "1G"], invalidInFile: ["16777216"] },
  metricsToken: {
    valid: [
      ["sixteen.letters0", "sixteen.letters0"],
      [`${"x".repeat(250)}~+/-_=`, `${"x".repeat(250)}~+/-_=`],
    ],
    invalid: ["fifteen.letters", "x".repeat(257), "with a space in it", "ümlauts.ümlauts.ümlauts"],
    invalidInFile: [1, null],
  },
  accessLogPath: PATH,
  logDeliveryMs: {
    valid: [
      ["100", 100],
      ["86400000", 86_400_000],
    ],
    invalid: ["99", "86400001", "1.5", "5m"],
    invalidInFile: ["1000", null, true],
  },
  lifecycleRunMs: {
    valid: [
      ["1000", 1_000],
      ["86400000", 86_400_000],
    ],
    invalid: ["999", "86400001", "1.5", "1h"],
    invalidInFile: ["1000", null, true],
  },
  defaultEncryption: {
    valid: [
      ["AES256", "AES256"],
      ["off", "off"],
    ],
    invalid: ["aws:kms", "OFF", "none"],
    invalidInFile: [false, null],
  },
  keyRingPath: PATH,
  vaultAddress: {
    valid: [
      ["https://vault.example.com:8200", "https://vault.example.com:8200"],
      ["http://127.0.0.1:8200", "http://127.0.0.1:8200"],
    ],
    invalid: ["vault.example.com", "ftp://vault.example.com", "https://a b"],
    invalidInFile: [1, null],
  },
  vaultTokenPath: PATH,
  vaultMount: {
    valid: [
      ["transit", "transit"],
      ["team/transit-2", "team/transit-2"],
    ],
    invalid: ["/transit", "transit/", "a b", "a//b"],
    invalidInFile: [1, null],
  },
  vaultCaPath: PATH,
  logLevel: {
    valid: [
      ["silent", "silent"],
      ["trace", "trace"],
    ],
    invalid: ["loud"],
    invalidInFile: [30],
  },
  trustProxy: {
    valid: [
      ["10.0.0.0/8,fd00::/8", ["10.0.0.0/8", "fd00::/8"]],
      ["127.0.0.1", ["127.0.0.1"]],
      ["::1", ["::1"]],
      ["0.0.0.0/0", ["0.0.0.0/0"]],
    ],
    invalid: ["10.0.0.0/33", "::/129", "10.0.0/8", "localhost", "10.0.0.0/", "/8", "10.0.0.0/8, ::1", "fe80::1%eth0"],
    invalidInFile: ["10.0.0.0/8", [1], [""], null],
  },
  mfaWithoutTls: SWITCH,
  sseCOverHttp: SWITCH,
  blockSseC: SWITCH,
  soapOverHttp: SWITCH,
  testClock: SWITCH,
  faults: SWITCH,
  faultHeader: SWITCH,
  journalSizeBytes: {
    valid: [
      ["0", 0],
      ["1048576", 1_048_576],
    ],
    invalid: ["-1", "1.5", "64MB"],
    invalidInFile: ["0", null, true],
  },
  journalAgeMs: {
    valid: [
      ["1000", 1_000],
      ["86400000", 86_400_000],
    ],
    invalid: ["999", "1.5", "7d"],
    invalidInFile: ["1000", null, true],
  },
};

/** The others of options that belong together, so that one of them can be tried alone. */
function companion(row: OptionRow): string[] {
  const vault = ["--vault-address=https://v", "--vault-token-file=t"];
  const others: Readonly<Record<string, string[]>> = {
    tlsCertificatePath: ["--tls-key=k"],
    tlsPrivateKeyPath: ["--tls-cert=c"],
    vaultAddress: vault.slice(1),
    vaultTokenPath: vault.slice(0, 1),
    vaultCaPath: vault,
  };
  return others[row.name] ?? [];
}

/** The sentence that refuses what is done, without the value that was most likely meant. */
function plainRefusal(work: () => unknown): string {
  return refusal(work).replace(/; did you mean "[^"]+"\?$/, ".");
}

for (const row of OPTIONS) {
  const { valid, invalid, invalidInFile } = samples[row.name];
  const must = `it must be ${describeType(row.type)}.`;

  test(`--${row.flag}: a value that can be is taken from flag, variable and file alike`, () => {
    for (const [text, value] of valid) {
      const args = companion(row);
      const words = row.type.kind === "switch" ? [`--${row.flag}=${text}`] : [`--${row.flag}`, text];
      assert.deepEqual(load({ args: [...words, ...args] })[row.name], value);
      assert.deepEqual(load({ args: [`--${row.flag}=${text}`, ...args] })[row.name], value);
      assert.deepEqual(load({ args, environment: { [variableOf(row)]: text } })[row.name], value);
      assert.deepEqual(load({ args, file: { [row.name]: value } })[row.name], value);
    }
  });

  test(`--${row.flag}: a value that cannot be is refused in a sentence that says what can`, () => {
    for (const text of invalid) {
      const sentence = `is ${row.type.kind === "secret" ? "not shown here" : JSON.stringify(text)}; ${must}`;
      assert.equal(
        plainRefusal(() => load({ args: [`--${row.flag}=${text}`] })),
        `--${row.flag} ${sentence}`,
      );
      if (text === "" || row.type.kind === "texts") continue; // Nothing is not set, and commas are between texts.
      assert.equal(
        plainRefusal(() => load({ environment: { [variableOf(row)]: text } })),
        `${variableOf(row)} ${sentence}`,
      );
    }
    for (const value of invalidInFile) {
      const sentence = plainRefusal(() => load({ file: { [row.name]: value } }));
      assert.ok(sentence.startsWith(`"${row.name}" in holdfast.json is `) && sentence.endsWith(`; ${must}`), sentence);
    }
  });

  test(`--${row.flag}: stands in --help and on the page, with its default`, () => {
    assert.match(optionHelp(), new RegExp(`^  --${row.flag} +\\S`, "m"));
    assert.ok(configurationPage().includes(`| \`--${row.flag}\` | \`${variableOf(row)}\` | \`${row.name}\` |`));
    assert.deepEqual(load({})[row.name], row.defaultValue);
  });
}

test("Options: a value that is nearly one to choose is told which", () => {
  const said = (...args: string[]): string => refusal(() => load({ args }));
  assert.equal(said("--durability", "sync"), '--durability is "sync"; it must be one of synced, written; did you mean "synced"?');
  assert.match(said("--log-level", "warning"), /silent; did you mean "warn"\?$/);
  assert.match(said("--durability", "safe"), /one of synced, written\.$/);
});

test("Options: a switch alone says yes, and takes nothing that stands behind it", () => {
  assert.equal(load({ args: ["--test-clock", "--port", "1"] }).testClock, true);
  assert.equal(load({ args: ["--port", "1", "--test-clock"], environment: { HOLDFAST_TEST_CLOCK: "false" } }).testClock, true);
  assert.equal(load({ args: ["--test-clock=false"], environment: { HOLDFAST_TEST_CLOCK: "true" } }).testClock, false);
  assert.equal(
    refusal(() => load({ args: ["--test-clock", "true"] })),
    'The argument "true" has no meaning here. See holdfast --help.',
  );
});

test("Options: what must be is said in words", () => {
  assert.equal(
    refusal(() => load({ args: ["--port", "http"] })),
    '--port is "http"; it must be a whole number from 0 to 65535.',
  );
  assert.equal(
    refusal(() => load({ environment: { HOLDFAST_DURABILITY: "fsync" } })),
    'HOLDFAST_DURABILITY is "fsync"; it must be one of synced, written.',
  );
  assert.equal(
    refusal(() => load({ file: { data: 7 } })),
    '"data" in holdfast.json is 7; it must be a path.',
  );
  assert.equal(
    refusal(() => load({ args: ["--region", "eu/central"] })),
    '--region is "eu/central"; it must be 1 to 64 letters, digits and hyphens.',
  );
});

test("Options: each has a flag and a name of its own", () => {
  for (const member of ["name", "flag"] as const) assert.equal(new Set(OPTIONS.map((row) => row[member])).size, OPTIONS.length);
});

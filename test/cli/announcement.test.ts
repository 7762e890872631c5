import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { announcement } from "../../src/cli/announcement.ts";
import type { RunningMemoryServer } from "../../src/server/startMemoryServer.ts";
import type { RunningServer } from "../../src/server/startServer.ts";
import { load } from "../config/load.ts";
import { newFolder } from "../newFolder.ts";
import { CERTIFICATE, CERTIFICATE_PATH, PRIVATE_KEY_PATH } from "../server/http/testCertificate.ts";

const MEMORY_SERVER: RunningMemoryServer = {
  endpoint: "http://127.0.0.1:9000",
  port: 9000,
  firstUser: {
    accessKeyId: "HFMADE",
    secretAccessKey: "made-at-random",
    accountId: "123456789012",
    state: "usable",
    created: true,
  },
  stopped: new Promise(() => undefined),
  renew: async () => undefined,
  stop: async () => 0,
};

const DURABLE_SERVER = { ...MEMORY_SERVER, dataFolder: "/data", testClockAheadMs: 0 } as unknown as RunningServer;

/** What is said of options behind "To use it with the AWS CLI". */
function commands(args: readonly string[], server = MEMORY_SERVER): string {
  const text = announcement(server, load({ args: ["--memory", ...args] }), false);
  return text.slice(text.indexOf("To use it with"));
}

test("announcement: the commands work with every AWS CLI", () => {
  assert.equal(
    commands([]),
    `To use it with the AWS CLI (from 1.29 and 2.13 on, AWS_ENDPOINT_URL does instead of --endpoint-url):

  export AWS_ACCESS_KEY_ID=HFMADE AWS_SECRET_ACCESS_KEY=made-at-random
  export AWS_DEFAULT_REGION=us-east-1
  aws --endpoint-url http://127.0.0.1:9000 s3 mb s3://first-bucket

`,
  );
});

test("announcement: a certificate that vouches for itself is what clients are to believe", () => {
  assert.match(
    commands(["--tls-cert", CERTIFICATE_PATH, "--tls-key", PRIVATE_KEY_PATH]),
    new RegExp(`\\n {2}export AWS_CA_BUNDLE=${CERTIFICATE_PATH}\\n`),
  );
});

test("announcement: of a certificate that another vouches for, the issuer's is asked for", (t) => {
  const path = join(newFolder(t), "none.pem");
  writeFileSync(path, CERTIFICATE.replaceAll("CERTIFICATE", "OTHER"));
  assert.match(commands(["--tls-cert", path, "--tls-key", "key.pem"]), /\n {2}# If this machine does not know who issued/);
});

test("announcement: a secret stands in the shell's quotes where it has to", () => {
  const firstUser = { ...MEMORY_SERVER.firstUser, secretAccessKey: "it's $HOME" };
  assert.ok(commands([], { ...MEMORY_SERVER, firstUser }).includes(`AWS_SECRET_ACCESS_KEY='it'\\''s $HOME'\n`));
});

test("announcement: users of the option file are counted and named", () => {
  const users = Array.from({ length: 7 }, (_, index) => ({
    name: `user ${index}`,
    accessKeyId: `HFUSER${index}`,
    secretAccessKey: "a-secret-of-theirs",
  }));
  const text = announcement(DURABLE_SERVER, load({ file: { users } }), false);
  assert.match(text, /^ {2}users +7 more, of the option file: user 0, user 1, user 2, user 3, user 4, and 2 more$/m);
  assert.ok(!text.includes("a-secret-of-theirs"));
});

test("announcement: a secret that is kept is read from there, and one that was made is shown once", () => {
  const settings = load({});
  assert.match(
    announcement(DURABLE_SERVER, settings, false),
    /secret key +made-at-random {3}\(shown this once; kept in \/data\/credentials\.json\)/,
  );
  const kept = { ...DURABLE_SERVER, firstUser: { ...DURABLE_SERVER.firstUser, created: false } };
  const text = announcement(kept, settings, false);
  assert.ok(!text.includes("made-at-random"));
  assert.match(text, /AWS_SECRET_ACCESS_KEY="\$\(sed -n .* '\/data\/credentials\.json'\)"\n/);
});

test("announcement: a first key that opens nothing has no commands", () => {
  const firstUser = { ...DURABLE_SERVER.firstUser, created: false, state: "disabled" } as const;
  const text = announcement({ ...DURABLE_SERVER, firstUser }, load({}), false);
  assert.match(text, /access key +HFMADE {3}\(disabled; holdfast user list shows the others\)/);
  assert.ok(!text.includes("aws --endpoint-url"));
});

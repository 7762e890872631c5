import assert from "node:assert/strict";
import { createHmac, hash, randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import type { SessionContent } from "../../src/auth/SessionContent.ts";
import type { SealingKey } from "../../src/auth/sessionTokens.ts";
import {
  MAX_TOKEN_LENGTH,
  NONCE_SIZE_BYTES,
  openSession,
  packedSizeBytes,
  sealingKeyIdOf,
  sealSession,
} from "../../src/auth/sessionTokens.ts";
import { anyCharacter } from "../anyCharacter.ts";

const KEY: SealingKey = { keyId: "0123456789abcdef", secret: "5a".repeat(32) };
const ACCESS_KEY_ID = "ASIAIOSFODNN7EXAMPLE";

const CONTENT: SessionContent = {
  principal: {
    kind: "assumed-role",
    accountId: "111122223333",
    canonicalId: "c0".repeat(32),
    displayName: "tester",
    roleName: "reader",
    uniqueId: "AROAEXAMPLE",
    sessionName: "ann",
    tags: { team: "blau" },
  },
  session: {
    kind: "AssumeRole",
    issuedAtMs: 1_800_000_000_000,
    expiresAtMs: 1_800_003_600_000,
    mfaAtMs: undefined,
    sourceIdentity: "ann",
    transitiveTagKeys: ["team"],
    federatedProvider: undefined,
    policies: ['{"Version":"2012-10-17","Statement":[]}'],
    policyArns: [],
  },
};

/** What CONTENT was sealed to, with a nonce of twelve letters n. */
const EARLIER_TOKEN =
  "AQEjRWeJq83vbm5ubm5ubm5ubm5ux6e9xHCfd3JtmalZhG6HdcixRD2X2kSkr472T7b4HpLThQN4AjJNENAbGwbt3vJ811pKos2_Iwl4VbWER1Q6XyCpWJOX" +
  "PNAwGoLunk0Im_8VVgMG0c1o1iPL8iwloqCq3pNhgbuYEjYLJt4mow8Mp9U_x6-1YS6NrFeJyOI4zgoq4gnAu6rQTu_mbB9ve9Z_NUcziyHW0yxYweNRhAIK" +
  "IJfnS7sBBPtXhXr28Er8bV39G314XSLjCUChDtuvt6j7IuRrZOHWskHyBZZ1GyDzVEwId8K-syo_a3v6T20_kZRIj7nuaGW_0LoQxvq83SfEG3fZxKbT43bC" +
  "FzMXRqGs6zdF7ZaWCPrZuVBYc3Y57dtgyuzfbBt8";

/** What comes back of a content: members that are `undefined` are left out. */
function asKept(content: SessionContent): unknown {
  return JSON.parse(JSON.stringify(content));
}

test("sealSession: the token opens beside its access key, with the secret that was given out", () => {
  const made = sealSession(CONTENT, ACCESS_KEY_ID, KEY, randomBytes(NONCE_SIZE_BYTES));
  assert.equal(made.accessKeyId, ACCESS_KEY_ID);
  assert.equal(made.expiresAtMs, CONTENT.session.expiresAtMs);
  assert.match(made.secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
  assert.equal(sealingKeyIdOf(made.sessionToken), KEY.keyId);
  const opened = openSession(made.sessionToken, ACCESS_KEY_ID, KEY);
  assert.equal(opened?.secretAccessKey, made.secretAccessKey);
  assert.deepEqual(opened.content, asKept(CONTENT));
});

test("sealSession: a token and its secret of an earlier version of this server are as they were", () => {
  const nonce = Buffer.alloc(12, "n");
  assert.equal(NONCE_SIZE_BYTES, nonce.length);
  const key = createHmac("sha256", Buffer.alloc(32, 0x5a)).update("holdfast secret access key").digest();
  const secret = createHmac("sha256", key).update(nonce).update(ACCESS_KEY_ID).digest("base64").slice(0, 40);
  assert.equal(sealSession(CONTENT, ACCESS_KEY_ID, KEY, nonce).secretAccessKey, secret);
  assert.deepEqual(openSession(EARLIER_TOKEN, ACCESS_KEY_ID, KEY), { content: asKept(CONTENT), secretAccessKey: secret });
});

test("sealSession: neither secret nor content can be read off a token, and two of the same content share nothing but their head", () => {
  const [one, other] = [1, 2].map(() => sealSession(CONTENT, ACCESS_KEY_ID, KEY, randomBytes(NONCE_SIZE_BYTES)));
  const bytes = Buffer.from(one!.sessionToken, "base64url").toString("latin1");
  for (const word of ["reader", "team", one!.secretAccessKey]) assert.ok(!bytes.includes(word));
  assert.notEqual(one!.secretAccessKey, other!.secretAccessKey);
  assert.equal(one!.sessionToken.slice(0, 12), other!.sessionToken.slice(0, 12));
  assert.notEqual(one!.sessionToken.slice(12, 40), other!.sessionToken.slice(12, 40));
});

test("openSession: a token of which any bit is another is none", () => {
  const { sessionToken } = sealSession(CONTENT, ACCESS_KEY_ID, KEY, randomBytes(NONCE_SIZE_BYTES));
  const bytes = Buffer.from(sessionToken, "base64url");
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const forged = Buffer.from(bytes);
    forged[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(openSession(forged.toString("base64url"), ACCESS_KEY_ID, KEY), undefined, `bit ${bit}`);
  }
});

test("openSession: a token of which any character is another, or that is written otherwise, is none", () => {
  const { sessionToken } = sealSession(CONTENT, ACCESS_KEY_ID, KEY, randomBytes(NONCE_SIZE_BYTES));
  for (let index = 0; index < sessionToken.length; index++) {
    for (const character of ["A", "B", "_", "-", "=", " ", "+"]) {
      if (sessionToken[index] === character) continue;
      const forged = sessionToken.slice(0, index) + character + sessionToken.slice(index + 1);
      assert.equal(openSession(forged, ACCESS_KEY_ID, KEY), undefined, `${character} at ${index}`);
    }
  }
  for (const forged of [`${sessionToken}=`, `${sessionToken}A`, sessionToken.slice(1), sessionToken.slice(0, -1), ""]) {
    assert.equal(openSession(forged, ACCESS_KEY_ID, KEY), undefined);
  }
});

test("openSession: a token opens beside no other access key, and with no other sealing key", () => {
  const { sessionToken } = sealSession(CONTENT, ACCESS_KEY_ID, KEY, randomBytes(NONCE_SIZE_BYTES));
  assert.equal(openSession(sessionToken, "ASIAIOSFODNN7EXAMPLF", KEY), undefined);
  assert.equal(openSession(sessionToken, ACCESS_KEY_ID, { ...KEY, secret: "5b".repeat(32) }), undefined);
});

test("openSession: the cut of a token and an access key cannot be moved", () => {
  // The access key is authenticated behind the head: what is cut off one must not count with the other.
  const { sessionToken } = sealSession(CONTENT, `${ACCESS_KEY_ID}AB`, KEY, randomBytes(NONCE_SIZE_BYTES));
  assert.equal(openSession(sessionToken, ACCESS_KEY_ID, KEY), undefined);
});

test("sealingKeyIdOf: the key that a token names, and none of what is too short or of another version", () => {
  const { sessionToken } = sealSession(CONTENT, ACCESS_KEY_ID, KEY, randomBytes(NONCE_SIZE_BYTES));
  assert.equal(sealingKeyIdOf(sessionToken), KEY.keyId);
  const bytes = Buffer.from(sessionToken, "base64url");
  for (const version of [0, 2]) {
    const other = Buffer.concat([Buffer.of(version), bytes.subarray(1)]).toString("base64url");
    assert.equal(sealingKeyIdOf(other), undefined);
  }
  // One byte of version, eight of the key's id, and the nonce; behind them a tag of sixteen, be there anything else or not.
  const leastBytes = 1 + 8 + 12 + 16;
  assert.equal(sealingKeyIdOf(bytes.subarray(0, leastBytes).toString("base64url")), KEY.keyId);
  assert.equal(sealingKeyIdOf(bytes.subarray(0, leastBytes - 1).toString("base64url")), undefined);
});

test("openSession: whatever text comes, it is no token", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.uint8Array({ maxLength: 400 }).map(tokenLike)), (text) => {
      assert.equal(openSession(text, ACCESS_KEY_ID, KEY), undefined);
    }),
  );
});

/** Bytes behind the head of a token. */
function tokenLike(bytes: Uint8Array): string {
  return Buffer.concat([Buffer.of(1), Buffer.from(KEY.keyId, "hex"), bytes]).toString("base64url");
}

test("sealSession: what is sealed is what is opened, whatever it is", () => {
  const text = fc.string({ unit: anyCharacter, maxLength: 64 });
  const tags = fc.dictionary(text, text, { maxKeys: 5 });
  fc.assert(
    fc.property(fc.string(), text, tags, fc.array(text, { maxLength: 3 }), (accessKeyId, sessionName, given, policies) => {
      const content: SessionContent = {
        principal: { ...CONTENT.principal, kind: "assumed-role", roleName: "r", uniqueId: "AROA", sessionName, tags: given },
        session: { ...CONTENT.session, policies },
      };
      const { sessionToken } = sealSession(content, accessKeyId, KEY, randomBytes(NONCE_SIZE_BYTES));
      assert.deepEqual(openSession(sessionToken, accessKeyId, KEY)?.content, asKept(content));
    }),
  );
});

test("sealSession: a token has a greatest length, and longer text is no token", () => {
  const noise = randomBytes(MAX_TOKEN_LENGTH).toString("hex");
  const content = { ...CONTENT, session: { ...CONTENT.session, policies: [noise] } };
  assert.throws(() => sealSession(content, ACCESS_KEY_ID, KEY, randomBytes(NONCE_SIZE_BYTES)), RangeError);
  assert.equal(MAX_TOKEN_LENGTH, 4_096);
  const ofLength = (length: number): string => tokenLike(Buffer.alloc(length)).slice(0, length);
  assert.equal(sealingKeyIdOf(ofLength(MAX_TOKEN_LENGTH)), KEY.keyId);
  assert.equal(sealingKeyIdOf(ofLength(MAX_TOKEN_LENGTH + 4)), undefined);
});

test("sealSession: the longest token opens, and a content of 64 KiB, which in a token may take much less", () => {
  const contentOf = (policy: string): SessionContent => ({ ...CONTENT, session: { ...CONTENT.session, policies: [policy] } });
  const sealed = (policy: string): string =>
    sealSession(contentOf(policy), ACCESS_KEY_ID, KEY, randomBytes(NONCE_SIZE_BYTES)).sessionToken;
  // What hashes write cannot be packed below half of its length, so that a character more makes a token longer by less than one.
  const hashes = Array.from({ length: 100 }, (_, index) => hash("sha256", String(index))).join("");
  let noise = hashes.slice(0, 5_000);
  while (sealed(noise).length < MAX_TOKEN_LENGTH) noise = hashes.slice(0, noise.length + 1);
  const longest = sealed(noise);
  assert.equal(longest.length, MAX_TOKEN_LENGTH);
  assert.deepEqual(openSession(longest, ACCESS_KEY_ID, KEY)?.content, asKept(contentOf(noise)));

  const room = 64 * 1024 - JSON.stringify(contentOf("")).length;
  assert.deepEqual(openSession(sealed("a".repeat(room)), ACCESS_KEY_ID, KEY)?.content, asKept(contentOf("a".repeat(room))));
  assert.throws(() => openSession(sealed("a".repeat(room + 1)), ACCESS_KEY_ID, KEY), RangeError);
});

test("packedSizeBytes: what repeats itself takes little room", () => {
  assert.ok(packedSizeBytes("s3:GetObject".repeat(100)) < 60);
  assert.ok(packedSizeBytes(randomBytes(1000).toString("latin1")) >= 1000);
});

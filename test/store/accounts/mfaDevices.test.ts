import assert from "node:assert/strict";
import { test } from "node:test";
import { accountSummary } from "../../../src/store/accounts/accountSummary.ts";
import { createUser, deleteUser, updateUser } from "../../../src/store/accounts/users.ts";
import { accountIdOf } from "../../../src/store/accounts/accountIds.ts";
import {
  addMfaDevice,
  enableMfaDevice,
  mfaDeviceOf,
  mfaSerialOf,
  removeMfaDevice,
  useMfaCode,
} from "../../../src/store/accounts/mfaDevices.ts";
import { AccountError } from "../../../src/store/accounts/accountForms.ts";
import { addAccount, listAccounts, removeAccount } from "../../../src/store/accounts/accounts.ts";
import { openTestStore } from "../testStore.ts";
import { codesOf, STEP_MS } from "./authenticator.ts";

const MINUTE_MS = 60_000;

/** A store with ann, and her device, which is enabled in the step before. */
async function opened() {
  const store = await openTestStore();
  const { canonicalId } = await addAccount(store, { name: "ann" });
  const device = await addMfaDevice(store, "ann");
  const code = (afterMs = 0): string => codesOf(device.secret, store.realClock() + afterMs)[1];
  await enableMfaDevice(store, "ann", codesOf(device.secret, store.realClock()));
  store.nowMs += STEP_MS;
  return { store, canonicalId, device, code, use: (text: string) => useMfaCode(store, canonicalId, text) };
}

async function deviceOfAnn(store: Parameters<typeof listAccounts>[0]) {
  return (await listAccounts(store)).find(({ account }) => account.displayName === "ann")?.mfaDevice;
}

test("addMfaDevice: shows what an authenticator app needs, and a serial number like that of a root's device on AWS", async () => {
  const store = await openTestStore();
  const { canonicalId } = await addAccount(store, { name: "Ann & Zoë" });
  const { serial, secret, uri } = await addMfaDevice(store, "Ann & Zoë");
  assert.equal(serial, `arn:aws:iam::${accountIdOf(canonicalId)}:mfa/root-account-mfa-device`);
  assert.equal(serial, mfaSerialOf(canonicalId));
  assert.match(secret, /^[A-Z2-7]{32}$/);
  assert.equal(uri, `otpauth://totp/Holdfast:Ann%20%26%20Zo%C3%AB?secret=${secret}&issuer=Holdfast`);
});

test("addMfaDevice: one that was never enabled is replaced, one in use is not", async () => {
  const store = await openTestStore();
  await assert.rejects(addMfaDevice(store, "ann"), AccountError);
  await addAccount(store, { name: "ann" });
  const first = await addMfaDevice(store, "ann");
  const second = await addMfaDevice(store, "ann");
  assert.notEqual(first.secret, second.secret);
  await assert.rejects(
    enableMfaDevice(store, "ann", codesOf(first.secret, store.nowMs)),
    /^AccountError: These are not two codes/,
  );
  await enableMfaDevice(store, "ann", codesOf(second.secret, store.nowMs));
  await assert.rejects(addMfaDevice(store, "ann"), AccountError);
  await assert.rejects(enableMfaDevice(store, "ann", codesOf(second.secret, store.nowMs)), /enabled already/);
});

test("useMfaCode: a code counts once, and no older one after it", async () => {
  const { code, use } = await opened();
  assert.equal(await use(code(-STEP_MS)), "used", "the one that enabled the device");
  assert.equal(await use(code(STEP_MS)), "right", "of a device that is ahead");
  assert.equal(await use(code(STEP_MS)), "used");
  assert.equal(await use(code()), "used");
  assert.equal(await use(code(2 * STEP_MS)), "wrong");
});

test("useMfaCode: codes at the same time count once", async () => {
  const { code, use } = await opened();
  const verdicts = await Promise.all([code(), code(), code()].map(use));
  assert.deepEqual(verdicts.toSorted(), ["right", "used", "used"]);
});

test("useMfaCode: after five wrong codes in a row none is looked at for a quarter of an hour, and a right one forgives", async () => {
  const { store, code, use } = await opened();
  for (let tries = 0; tries < 4; tries++) assert.equal(await use("wrong"), "wrong");
  assert.equal(await use(code()), "right");
  // Sent again it is no guess.
  for (let tries = 0; tries < 6; tries++) assert.equal(await use(code()), "used");
  for (let tries = 0; tries < 5; tries++) assert.equal(await use("wrong"), "wrong");
  store.nowMs += 15 * MINUTE_MS - 1;
  assert.equal(await use(code()), "paused");
  store.nowMs += 1;
  assert.equal(await use("wrong"), "wrong");
  assert.equal(await use(code()), "paused");
  store.nowMs += 15 * MINUTE_MS;
  assert.equal(await use(code()), "right");
  assert.equal(await use("wrong"), "wrong");
  assert.equal(await use(code(STEP_MS)), "right");
});

test("useMfaCode: no device, one that is not enabled yet, and one that was removed are not in use", async () => {
  const { store, canonicalId, code, use } = await opened();
  assert.equal(await useMfaCode(store, "0".repeat(64), code()), "inactive");
  assert.equal((await deviceOfAnn(store))?.isActive, true);
  assert.equal(await removeMfaDevice(store, "ann"), mfaSerialOf(canonicalId));
  assert.equal(await deviceOfAnn(store), undefined);
  assert.equal(await use(code()), "inactive");
  await assert.rejects(removeMfaDevice(store, "ann"), AccountError);
  await assert.rejects(enableMfaDevice(store, "ann", ["000000", "000000"]), AccountError);
  const { secret } = await addMfaDevice(store, "ann");
  assert.equal((await deviceOfAnn(store))?.isActive, false);
  assert.equal(await use(codesOf(secret, store.nowMs)[1]), "inactive");
});

test("removeAccount: the device goes with its user", async () => {
  const { store, code, use } = await opened();
  await removeAccount(store, "ann");
  assert.equal(await use(code()), "inactive");
});

test("addMfaDevice: a user inside an account has one too, which is not the root's", async () => {
  const { store, canonicalId, use } = await opened();
  const accountId = accountIdOf(canonicalId);
  const ben = await createUser(store, { accountId, userName: "ben" });
  await assert.rejects(addMfaDevice(store, "ann", "carl"), AccountError);
  const { serial, secret } = await addMfaDevice(store, "ann", "ben");
  assert.equal(serial, `arn:aws:iam::${accountId}:mfa/ben`);
  const caller = { kind: "user", accountId, canonicalId, userId: ben.uniqueId } as const;
  assert.deepEqual(await mfaDeviceOf(store, caller), { ownerId: ben.uniqueId, serial });
  assert.equal(await enableMfaDevice(store, "ann", codesOf(secret, store.nowMs), "ben"), serial);
  store.nowMs += STEP_MS;
  const [, code] = codesOf(secret, store.nowMs);
  assert.equal(await use(code), "wrong", "of another device");
  assert.equal(await useMfaCode(store, ben.uniqueId, code), "right");
  assert.equal((await accountSummary(store, accountId))["MFADevicesInUse"], 2);
  await assert.rejects(deleteUser(store, accountId, "ben"), /must delete MFA device first/);
  await updateUser(store, accountId, "ben", { newUserName: "benjamin" });
  assert.equal(await removeMfaDevice(store, "ann", "benjamin"), serial);
  assert.equal((await accountSummary(store, accountId))["MFADevicesInUse"], 1);
  assert.deepEqual(await mfaDeviceOf(store, { ...caller, kind: "root", userId: accountId }), {
    ownerId: canonicalId,
    serial: mfaSerialOf(canonicalId),
  });
  assert.equal(await mfaDeviceOf(store, { ...caller, kind: "federated-user" }), undefined);
  assert.equal(await mfaDeviceOf(store, caller), undefined);
});

import type { SignedCaller } from "../../auth/Caller.ts";
import type { Change, Decision, Soon } from "../metadata/MetadataEngine.ts";
import type { AccountRecord } from "../records/AccountRecord.ts";
import type { MfaDeviceRecord } from "../records/MfaDeviceRecord.ts";
import { mfaDeviceRow } from "../records/MfaDeviceRecord.ts";
import { put, remove } from "../records/Row.ts";
import type { UserRecord } from "../records/UserRecord.ts";
import { whenHere } from "../soon.ts";
import type { Store } from "../Store.ts";
import { readRow, transact } from "../transact.ts";
import { AccountError } from "./accountForms.ts";
import { accountIdOf } from "./accountIds.ts";
import { knownAccount } from "./accounts.ts";
import { changeIdentity, findIdentity } from "./identities.ts";
import { base32, SECRET_SIZE_BYTES, stepOf } from "./totp.ts";

/**
 * MFA devices of roots and users: at most one each, as an authenticator app makes them. A device lives in real time, whatever time S3's rules
 * go by.
 */

/** After this many wrong codes in a row, whoever has a user's key could be guessing. */
const MAX_WRONG_CODES = 5;
/** For so long after such a wrong code none is looked at: then a guesser comes on a right one in years. */
const PAUSE_MS: number = 15 * 60_000;

/**
 * The serial number of the device of an account's root: a virtual one's is its ARN, and this is what it is called on AWS too.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_checking-status.html
 */
export function mfaSerialOf(canonicalId: string): string {
  return serial(accountIdOf(canonicalId), "root-account-mfa-device");
}

function serial(accountId: string, name: string): string {
  return `arn:aws:iam::${accountId}:mfa/${name}`;
}

/** A device that somebody could show the codes of. */
export interface OwnMfaDevice {
  /** Under which `useMfaCode` knows it. */
  readonly ownerId: string;
  readonly serial: string;
}

/** The device of a caller, whether it is in use or not; `undefined` for who has none, and for sessions of roles and federated users. */
export function mfaDeviceOf(
  store: Store,
  { kind, accountId, canonicalId, userId }: Pick<SignedCaller, "kind" | "accountId" | "canonicalId" | "userId">,
): Soon<OwnMfaDevice | undefined> {
  if (kind !== "root" && kind !== "user") return undefined;
  const ownerId = kind === "root" ? canonicalId : userId;
  return whenHere(readRow(store, mfaDeviceRow(ownerId)), (device) => {
    if (device === undefined) return undefined;
    return { ownerId, serial: device.name === undefined ? mfaSerialOf(canonicalId) : serial(accountId, device.name) };
  });
}

/** What an authenticator app needs to become a device. */
export interface NewMfaDevice {
  readonly serial: string;
  /** In base32. */
  readonly secret: string;
  /** The same as an authenticator app reads it, mostly from a QR code. */
  readonly uri: string;
}

/**
 * Makes a device for the root of the account of a name, or for a user in it; one that was never enabled is replaced. Throws `AccountError`,
 * and `IdentityError` for a user who is not there.
 */
export async function addMfaDevice(store: Store, name: string, userName?: string): Promise<NewMfaDevice> {
  const bytes = store.randomBytes(SECRET_SIZE_BYTES);
  return decide(store, name, userName, ({ ownerId, label, deviceName, serial: number }, device) => {
    if (device?.isActive === true) {
      throw new AccountError(`"${label}" has an MFA device; take it away first with holdfast user mfa remove.`);
    }
    const made = {
      ownerId,
      name: deviceName,
      secret: bytes.toString("hex"),
      isActive: false,
      usedStep: 0,
      wrongCodes: 0,
      wrongAtMs: 0,
    };
    const secret = base32(bytes);
    const uri = `otpauth://totp/Holdfast:${encodeURIComponent(label)}?secret=${secret}&issuer=Holdfast`;
    return { device: made, result: { serial: number, secret, uri } };
  });
}

/**
 * Takes a device into use, once two codes in a row have shown that it has the secret and the time. Resolves with its serial number. Throws
 * as `addMfaDevice` does.
 */
export async function enableMfaDevice(store: Store, name: string, codes: readonly string[], userName?: string): Promise<string> {
  return decide(store, name, userName, ({ label, serial: number }, device, nowMs) => {
    if (device === undefined) throw noDevice(label);
    if (device.isActive) throw new AccountError(`The MFA device of "${label}" is enabled already.`);
    const step = stepOf(Buffer.from(device.secret, "hex"), codes, nowMs);
    if (step === undefined) {
      throw new AccountError(
        `These are not two codes in a row of the MFA device of "${label}", the second one its present one; look at its clock, and at this machine's.`,
      );
    }
    return { device: { ...device, isActive: true, usedStep: step }, result: number };
  });
}

/** Takes a device away. Resolves with its serial number. Throws as `addMfaDevice` does. */
export async function removeMfaDevice(store: Store, name: string, userName?: string): Promise<string> {
  return decide(store, name, userName, ({ label, serial: number }, device) => {
    if (device === undefined) throw noDevice(label);
    return { device: undefined, result: number };
  });
}

function noDevice(name: string): AccountError {
  return new AccountError(`"${name}" has no MFA device; make one with holdfast user mfa add.`);
}

/** Whose a device is, or is to be. */
interface DeviceOwner {
  readonly ownerId: string;
  /** What people call them. */
  readonly label: string;
  readonly deviceName: string | undefined;
  readonly serial: string;
}

function ownerOf(
  { accountId, canonicalId, displayName }: AccountRecord,
  user?: UserRecord,
  device?: MfaDeviceRecord,
): DeviceOwner {
  if (user === undefined) {
    return { ownerId: canonicalId, label: displayName, deviceName: undefined, serial: mfaSerialOf(canonicalId) };
  }
  const deviceName = device?.name ?? user.name;
  return { ownerId: user.uniqueId, label: user.name, deviceName, serial: serial(accountId, deviceName) };
}

/** What is decided about a device: what it is from then on. */
type DecideAboutDevice<Result> = (
  owner: DeviceOwner,
  device: MfaDeviceRecord | undefined,
  nowMs: number,
) => { readonly device: MfaDeviceRecord | undefined; readonly result: Result };

/** Commits a decision about the device of a root or user, at a moment of real time. */
async function decide<Result>(
  store: Store,
  name: string,
  userName: string | undefined,
  about: DecideAboutDevice<Result>,
): Promise<Result> {
  const account = await knownAccount(store, name);
  const { accountId } = account;
  if (userName === undefined) {
    const row = mfaDeviceRow(account.canonicalId);
    return transact(store, { device: row }, ({ device }, { realNowMs }) => {
      const decided = about(ownerOf(account), device, realNowMs);
      return { changes: [changeOf(account.canonicalId, decided.device)], result: decided.result };
    });
  }
  if ((await findIdentity(store, "user", accountId, userName)) === undefined) {
    throw new AccountError(`There is no user "${userName}" in the account "${name}"; holdfast user list --account shows them.`);
  }
  const prepare = async ({ uniqueId }: UserRecord): Promise<MfaDeviceRecord | undefined> =>
    readRow(store, mfaDeviceRow(uniqueId));
  return changeIdentity(
    store,
    { kind: "user", accountId, name: userName },
    prepare,
    (user, device, identities, { realNowMs }) => {
      const decided = about(ownerOf(account, user, device), device, realNowMs);
      const more = Number(decided.device?.isActive === true) - Number(device?.isActive === true);
      return {
        changes: [changeOf(user.uniqueId, decided.device)],
        counts: { mfaDevices: identities.mfaDevices + more },
        result: decided.result,
      };
    },
  );
}

function changeOf(ownerId: string, device: MfaDeviceRecord | undefined): Change {
  const row = mfaDeviceRow(ownerId);
  return device === undefined ? remove(row) : put(row, device);
}

/**
 * What a code is worth: `used` when it or a later one came before, `inactive` where there is no device in use, `paused` when it was not looked
 * at because of the wrong ones before it.
 */
export type CodeVerdict = "right" | "wrong" | "used" | "inactive" | "paused";

/** Uses a code of a device, which is right once; `ownerId` is the canonical id of a root's account, or the unique id of a user. */
export async function useMfaCode(store: Store, ownerId: string, code: string): Promise<CodeVerdict> {
  const row = mfaDeviceRow(ownerId);
  return transact(store, { device: row }, ({ device }, { realNowMs: nowMs }): Decision<CodeVerdict> => {
    if (device?.isActive !== true) return { changes: [], result: "inactive" };
    if (device.wrongCodes >= MAX_WRONG_CODES && nowMs < device.wrongAtMs + PAUSE_MS) return { changes: [], result: "paused" };
    const step = stepOf(Buffer.from(device.secret, "hex"), [code], nowMs);
    if (step === undefined) {
      const counted = { ...device, wrongCodes: device.wrongCodes + 1, wrongAtMs: nowMs };
      return { changes: [put(row, counted)], result: "wrong" };
    }
    // Sent twice is no guess.
    if (step <= device.usedStep) return { changes: [], result: "used" };
    return { changes: [put(row, { ...device, usedStep: step, wrongCodes: 0 })], result: "right" };
  });
}

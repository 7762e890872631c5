import type { Credential, SignedCaller } from "../../auth/Caller.ts";
import { rootCaller } from "../../auth/rootCaller.ts";
import type { Soon } from "../metadata/MetadataEngine.ts";
import type { AccessKeyRecord } from "../records/AccessKeyRecord.ts";
import { accessKeyRow } from "../records/AccessKeyRecord.ts";
import type { UserRecord } from "../records/UserRecord.ts";
import { userRow } from "../records/UserRecord.ts";
import { whenHere } from "../soon.ts";
import type { Store } from "../Store.ts";
import { readRow } from "../transact.ts";
import { identityArn } from "./arns.ts";

/** What was made of a key's record, and of its user's. */
interface Made {
  readonly user: UserRecord | undefined;
  readonly credential: Credential;
}

/** By the record of the key, which is the same as long as its row is. */
const made = new WeakMap<AccessKeyRecord, Made>();

/** An access key of a root or user, and whom it belongs to: the same object as long as neither has changed. */
export function findCredential(store: Store, accessKeyId: string): Soon<Credential | undefined> {
  const found = readRow(store, accessKeyRow(accessKeyId));
  // Every request asks: a function is made only for what is not at hand.
  return found instanceof Promise ? found.then((key) => credentialOf(store, key)) : credentialOf(store, found);
}

function credentialOf(store: Store, key: AccessKeyRecord | undefined): Soon<Credential | undefined> {
  if (key === undefined) return undefined;
  if (key.userName === undefined) return (made.get(key) ?? remember(key, undefined, rootCaller(key, key.accessKeyId))).credential;
  return whenHere(readRow(store, userRow(key.accountId, key.userName)), (user) => {
    // A key never outlives its user, whom another one of the name is not.
    if (user === undefined || user.uniqueId !== key.userId) return undefined;
    const known = made.get(key);
    return (known?.user === user ? known : remember(key, user, userCaller(key, user))).credential;
  });
}

function remember(key: AccessKeyRecord, user: UserRecord | undefined, caller: SignedCaller): Made {
  const { accessKeyId, secretAccessKey, disabled } = key;
  const one = { user, credential: { accessKeyId, secretAccessKey, caller, disabled } };
  made.set(key, one);
  return one;
}

/** Who signs with a key of a user. */
function userCaller(key: AccessKeyRecord, user: UserRecord): SignedCaller {
  const arn = identityArn("user", user);
  return {
    kind: "user",
    canonicalId: key.canonicalId,
    displayName: key.displayName,
    accessKeyId: key.accessKeyId,
    accountId: key.accountId,
    arn,
    userId: user.uniqueId,
    userName: user.name,
    principalArn: arn,
    tags: Object.fromEntries(user.tags),
    session: undefined,
  };
}

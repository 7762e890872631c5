import type { Credential, SignedCaller } from "../../auth/Caller.ts";
import type { Session } from "../../auth/Session.ts";
import type { SessionContent } from "../../auth/SessionContent.ts";
import type { OpenedToken, SealingKey, TemporaryCredentials } from "../../auth/sessionTokens.ts";
import { invalidToken, NONCE_SIZE_BYTES, openSession, sealingKeyIdOf, sealSession } from "../../auth/sessionTokens.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import { BoundedMap } from "../../store/BoundedMap.ts";
import { currentSealingKey, findSealingKey } from "../../store/sessions/sealingKeys.ts";
import type { Store } from "../../store/Store.ts";
import { newTemporaryKeyId } from "./temporaryKeyIds.ts";

/** Most tokens that a process keeps open; the one opened first makes room. */
export const MAX_OPEN_TOKENS = 1_000;

/** Whose a session is, as the store knows them now. */
export interface SessionOwner {
  /** All that a caller is, but for what their token says. */
  readonly caller: Omit<SignedCaller, "accessKeyId" | "session">;
  /** The documents of the managed policies that their session is limited to. */
  readonly managedPolicies: readonly string[];
}

/**
 * Finds whose a session is: `undefined` when they are not there any more, or not the same. As long as nothing of it has changed, what is
 * found is `known`, which was found for this session before.
 */
export type FindSessionOwner = (content: SessionContent, known: SessionOwner | undefined) => Soon<SessionOwner | undefined>;

/** A token that this process has opened, and what was made of it last. */
interface KeptToken {
  readonly accessKeyId: string;
  readonly opened: OpenedToken;
  owner: SessionOwner | undefined;
  credential: Credential | undefined;
}

/**
 * Temporary credentials: issues them, and tells whose a session token is. All processes of a store open the same tokens, and after a restart
 * they still do.
 */
export class Sessions {
  readonly #store: Store;
  readonly #findOwner: FindSessionOwner;
  readonly #kept = new BoundedMap<string, KeptToken>(MAX_OPEN_TOKENS);

  constructor(store: Store, findOwner: FindSessionOwner) {
    this.#store = store;
    this.#findOwner = findOwner;
  }

  /** Makes temporary credentials of an account. */
  async issue(content: SessionContent): Promise<TemporaryCredentials> {
    const key = await currentSealingKey(this.#store);
    const { randomBytes: random } = this.#store;
    return sealSession(content, newTemporaryKeyId(content.principal.accountId, random), key, random(NONCE_SIZE_BYTES));
  }

  /**
   * The temporary credentials that a session token holds, whether or not their time has run out; `undefined` where whose they are is not
   * there any more. Throws InvalidToken for a token that was not issued here, or with another access key.
   */
  readonly open = (sessionToken: string, accessKeyId: string): Soon<Credential | undefined> => {
    const kept = this.#kept.get(sessionToken);
    if (kept !== undefined) {
      if (kept.accessKeyId !== accessKeyId) throw ofAnotherKey(sessionToken);
      return this.#credentialOf(kept);
    }
    const keyId = sealingKeyIdOf(sessionToken);
    if (keyId === undefined)
      throw invalidToken(sessionToken, "The session token has not the form of those that this server issues.");
    const key = findSealingKey(this.#store, keyId);
    return key instanceof Promise
      ? key.then((found) => this.#openWith(found, sessionToken, accessKeyId))
      : this.#openWith(key, sessionToken, accessKeyId);
  };

  #openWith(key: SealingKey | undefined, sessionToken: string, accessKeyId: string): Soon<Credential | undefined> {
    const opened = key === undefined ? undefined : openSession(sessionToken, accessKeyId, key);
    if (opened === undefined) throw ofAnotherKey(sessionToken);
    const kept = { accessKeyId, opened, owner: undefined, credential: undefined };
    this.#kept.set(sessionToken, kept);
    return this.#credentialOf(kept);
  }

  #credentialOf(kept: KeptToken): Soon<Credential | undefined> {
    const owner = this.#findOwner(kept.opened.content, kept.owner);
    return owner instanceof Promise ? owner.then((found) => credentialFor(kept, found)) : credentialFor(kept, owner);
  }
}

/** The credential of a token for an owner as they are now; the same one while they are the same. */
function credentialFor(kept: KeptToken, owner: SessionOwner | undefined): Credential | undefined {
  if (owner === undefined) return undefined;
  if (kept.owner !== owner) {
    const { accessKeyId, opened } = kept;
    const caller = { ...owner.caller, accessKeyId, session: sessionOf(opened.content, owner) };
    kept.owner = owner;
    kept.credential = { accessKeyId, secretAccessKey: opened.secretAccessKey, caller };
  }
  return kept.credential;
}

/** What a token says of its session, with the documents of its managed policies among its policies. */
function sessionOf({ session }: SessionContent, { managedPolicies }: SessionOwner): Session {
  if (session.policyArns.length === 0) return session;
  return { ...session, policies: [...(session.policies ?? []), ...managedPolicies] };
}

function ofAnotherKey(sessionToken: string): Error {
  return invalidToken(
    sessionToken,
    "The session token was not issued by this server, not with this access key, or is not complete; take key, secret and token of one answer.",
  );
}

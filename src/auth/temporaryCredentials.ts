import type { CredentialSource } from "./Caller.ts";
import type { Session } from "./Session.ts";

/** What every temporary access key begins with. */
export const TEMPORARY_PREFIX = "ASIA";

/** The key that a request says it is signed with, and the session token that came along. */
interface ClaimedKey {
  readonly accessKeyId: string;
  readonly sessionToken: string | undefined;
}

/** The credential of a claimed key; that of temporary credentials stands in their token. Throws InvalidToken. */
export function claimedCredential(
  { accessKeyId, sessionToken }: ClaimedKey,
  credentials: CredentialSource,
): ReturnType<CredentialSource["find"]> {
  const isTemporary = sessionToken !== undefined && accessKeyId.startsWith(TEMPORARY_PREFIX);
  return isTemporary && credentials.open !== undefined
    ? credentials.open(sessionToken, accessKeyId)
    : credentials.find(accessKeyId);
}

/** True for a session whose time has run out; a long-term key has none. */
export function hasEnded(session: Session | undefined, nowMs: number): session is Session {
  return session !== undefined && session.expiresAtMs <= nowMs;
}

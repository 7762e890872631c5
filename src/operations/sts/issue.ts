import type { Session } from "../../auth/Session.ts";
import type { SessionPrincipal } from "../../auth/SessionContent.ts";
import type { Credentials } from "../../protocol/generated/stsTypes.ts";
import type { RequestContext } from "../RequestContext.ts";

/** What a session is that begins now. */
export interface NewSession extends Omit<Partial<Session>, "issuedAtMs" | "expiresAtMs"> {
  readonly kind: Session["kind"];
  readonly durationSeconds: number;
}

/** Issues temporary credentials from now on. */
export async function issue(
  { sessions, nowMs }: RequestContext,
  principal: SessionPrincipal,
  { durationSeconds, ...session }: NewSession,
): Promise<Credentials> {
  // Clients are told whole seconds.
  const issuedAtMs = Math.floor(nowMs / 1000) * 1000;
  const issued = await sessions.issue({
    principal,
    session: { ...NOTHING_SAID, ...session, issuedAtMs, expiresAtMs: issuedAtMs + durationSeconds * 1000 },
  });
  const { accessKeyId, secretAccessKey, sessionToken, expiresAtMs } = issued;
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: new Date(expiresAtMs),
  };
}

const NOTHING_SAID: Omit<Session, "kind" | "issuedAtMs" | "expiresAtMs"> = {
  mfaAtMs: undefined,
  sourceIdentity: undefined,
  transitiveTagKeys: [],
  federatedProvider: undefined,
  policies: undefined,
  policyArns: [],
};

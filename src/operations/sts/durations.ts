import type { SignedCaller } from "../../auth/Caller.ts";
import { QueryError } from "../../errors/QueryError.ts";
import type { RoleRecord } from "../../store/records/RoleRecord.ts";

/**
 * How long sessions last, in seconds. What nobody may ask for is refused before, with the rest of an input.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
 */

/** What a role's session lasts where nothing was said; the longest of an account's root, and of a role that was assumed in a session. */
const HOUR_SECONDS = 3_600;
/** What a user's session lasts where nothing was said. */
const USER_DEFAULT_SECONDS = 43_200;

/** How long a session is to last that a user asks for. A root's last an hour, whatever was asked for. */
export function userDurationSeconds(wanted: number = USER_DEFAULT_SECONDS, { kind }: SignedCaller): number {
  return kind === "root" ? Math.min(wanted, HOUR_SECONDS) : wanted;
}

/** How long a role's session is to last. Throws ValidationError for longer than the role allows, and than an hour in a chain of roles. */
export function roleDurationSeconds(wanted: number = HOUR_SECONDS, role: RoleRecord, isChained: boolean): number {
  if (isChained && wanted > HOUR_SECONDS) {
    throw new QueryError("ValidationError", {
      message: "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
      explanation: "The caller has temporary credentials: those of a role that are got with them last an hour.",
    });
  }
  if (wanted > role.maxSessionDurationSeconds) {
    throw new QueryError("ValidationError", {
      message: "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
      explanation: `The role's sessions last ${role.maxSessionDurationSeconds} seconds at most.`,
    });
  }
  return wanted;
}

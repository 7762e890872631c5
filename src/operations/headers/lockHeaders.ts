import { invalidArgument } from "../../errors/invalidArgument.ts";

/** The members by which a write asks for retention. */
export interface LockMembers {
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
}

const MODE = "x-amz-object-lock-mode";
const DATE = "x-amz-object-lock-retain-until-date";

/**
 * Refuses a retention that is half said, or over already. Throws InvalidArgument.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export function checkLockHeaders({ ObjectLockMode: mode, ObjectLockRetainUntilDate: until }: LockMembers, nowMs: number): void {
  if ((mode === undefined) !== (until === undefined)) {
    const [sent, missing] = mode === undefined ? [DATE, MODE] : [MODE, DATE];
    throw invalidArgument(missing, undefined, {
      message: "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
      explanation: `${sent} came without ${missing}; send both, or neither.`,
    });
  }
  if (until === undefined || until.getTime() > nowMs) return;
  const sent = until.toISOString();
  throw invalidArgument(DATE, sent, {
    message: "The retain until date must be in the future!",
    explanation: `${DATE} is ${sent}, and the server's time is ${new Date(nowMs).toISOString()}.`,
  });
}

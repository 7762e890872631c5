import { STAGES } from "../../journal/RequestRecord.ts";
import type { Exchange } from "./Exchange.ts";

/** The stages before the answer. */
const STAGES_BEFORE_ANSWER = STAGES.length - 1;

/**
 * S3's turn-around time of an exchange that has ended, in milliseconds: from the last byte of the request to the first of the answer. `undefined`
 * where the answer began before the request had ended.
 */
export function turnAroundMs({ incoming, stageTimes, startedAt }: Exchange): number | undefined {
  const { complete, endedAt = 0 } = incoming;
  let answerBeganAt = startedAt;
  for (let index = 0; index < Math.min(stageTimes.length, STAGES_BEFORE_ANSWER); index += 1) answerBeganAt += stageTimes[index]!;
  if (!complete || endedAt > answerBeganAt) return undefined;
  return answerBeganAt - Math.max(endedAt, startedAt);
}

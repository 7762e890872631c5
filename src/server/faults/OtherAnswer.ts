import type { Outcome } from "../requests/Exchange.ts";

/** The status of a request that got no answer. */
export const NO_ANSWER = 0;

/** Thrown where a planned fault answers a request in its own way, or ends its connection in place of an answer. */
export class OtherAnswer extends Error {
  override readonly name = "OtherAnswer";
  /** Gives it; never throws. */
  readonly give: () => Promise<Outcome>;

  constructor(give: () => Promise<Outcome>) {
    super("a planned fault answers");
    this.give = give;
  }
}

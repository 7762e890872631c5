/** What was wrong with an option, wherever it was given: one sentence for the person who wrote it. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

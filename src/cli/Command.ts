/** A command of `holdfast`: takes the arguments behind its name and resolves with the exit code. */
export type Command = (args: readonly string[]) => Promise<number>;

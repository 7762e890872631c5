/** Thrown for options that make no sense; the message is for the person who gave them. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

/** Runs a command of this folder. Signals end it through "exit", so that servers and folders go with it. */
export function runCommand(main: () => Promise<void>, help: string): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  main().catch((cause: unknown) => {
    const wrongOption = cause instanceof OptionError;
    const text = cause instanceof Error ? cause.stack : String(cause);
    process.stderr.write(wrongOption ? `${cause.message}\n\n${help}` : `${text}\n`);
    process.exitCode = wrongOption ? 2 : 1;
  });
}

/** Reads a number above 0. Throws `OptionError`. */
export function positive(name: string, text: string): number {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value) || value <= 0)
    throw new OptionError(`--${name} wants a number above 0, not "${text}"`);
  return value;
}

/** Reads a whole number above 0. Throws `OptionError`. */
export function whole(name: string, text: string): number {
  const value = positive(name, text);
  if (!Number.isSafeInteger(value)) throw new OptionError(`--${name} wants a whole number, not "${text}"`);
  return value;
}

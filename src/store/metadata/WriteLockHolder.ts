/** Who has held the write lock of an index for longer than a commit should take. */
export interface WriteLockHolder {
  /** `undefined` where the operating system does not say: in another container, for instance. */
  readonly pid: number | undefined;
  /** The program and its script without their folders; arguments may be secret. */
  readonly program: string | undefined;
  /** Whether a signal has stopped it, as Ctrl-Z does. */
  readonly stopped: boolean;
  /** For how long it was seen to hold the lock, in milliseconds. */
  readonly heldMs: number;
  /** Whether it still holds the lock for the same commit. */
  isHolding(): boolean;
}

/** Says who holds the lock and how to go on, for people. */
export function describeHolder({ pid, program, stopped }: WriteLockHolder): string {
  if (pid === undefined)
    return "the index's write lock is held by a process that this one cannot see, in another container perhaps";
  const what = [program, stopped ? "stopped by a signal" : undefined].filter((part) => part !== undefined).join(", ");
  return `the index's write lock is held by process ${pid}${what === "" ? "" : ` (${what})`}; it is free once that process ends`;
}

/** How many objects `crashingTransitions.ts` moves at the same time. */
export const MOVED_OBJECTS = 4;

/** How large each is: enough for a kill to come amid its bytes. */
export const MOVED_SIZE_BYTES = 3_000_000;

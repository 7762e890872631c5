/**
 * A decision that leaves the index larger by no more than this may use the reserve: one that deletes or replaces, and a row of bookkeeping
 * such as a reader's lease. An object or a bucket takes more.
 */
export const LEAN_GROWTH_BYTES = 48;

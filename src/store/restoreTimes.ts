/** How long restores of archived objects can take: not at all, or as long as S3's take at most. */
export const RESTORE_TIMES = ["instant", "s3"] as const;

/** One of these. */
export type RestoreTimes = (typeof RESTORE_TIMES)[number];

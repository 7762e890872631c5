/**
 * What an acknowledged write has survived.
 *
 * - `synced`: data, folder entry and commit are on disk before the answer; a power cut loses nothing acknowledged.
 * - `written`: they are with the operating system; a killed process loses nothing acknowledged, a power cut may lose the last seconds.
 */
export const DURABILITIES = ["synced", "written"] as const;

/** One of the durability settings; see {@link DURABILITIES} and docs/durability.md. */
export type Durability = (typeof DURABILITIES)[number];

import type { Field } from "./recordCodec.ts";
import { list, text, within } from "./recordCodec.ts";

/** Headers that S3 keeps beside an object and returns as they were sent. */
export interface SystemMetadata {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly expires?: string;
  readonly websiteRedirectLocation?: string;
}

/** Pairs in order of arrival, names without "x-amz-meta-", lower case. */
export type UserMetadata = readonly (readonly [name: string, value: string])[];

/** What clients keep beside an object or upload. */
interface Kept {
  readonly system: SystemMetadata;
  readonly user: UserMetadata;
}

const FIELDS: readonly Field<Kept>[] = [
  ...within<Kept, "system">("system", [
    text(20, "contentType"),
    text(21, "cacheControl"),
    text(22, "contentDisposition"),
    text(23, "contentEncoding"),
    text(24, "contentLanguage"),
    text(25, "expires"),
    text(26, "websiteRedirectLocation"),
  ]),
  ...list<Kept, { readonly 0: string; readonly 1: string }>("user", () => ["", ""], [text(30, 0), text(31, 1)]),
];

/** The fields `system` and `user`, which objects and uploads hold under the same tags. */
export function metadataFields<Record extends Kept>(): readonly Field<Record>[] {
  return FIELDS;
}

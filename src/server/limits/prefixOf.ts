/** Folders of a key that make different prefixes; deeper ones share their parent's. */
export const MAX_PREFIX_DEPTH = 4;
/** A prefix is no longer than this many characters. */
const MAX_PREFIX_LENGTH = 256;

/**
 * The part of a key whose requests share a rate: all up to its last "/", at most four folders deep.
 *
 * S3 promises its rates "per partitioned prefix" and splits a bucket's keys, at any character, as the load of half an hour asks for it:
 * where the borders are at a moment, no client can know. What its guides advise, and clients are built on, is that keys of different
 * folders have rates of their own. That rule is kept here at once and always, so that a test meets the same limit each time. The depth is
 * bounded (year/month/day/hour still count), or a client with a folder for each object would have no limit at all.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
 */
export function prefixOf(key: string): string {
  let end = 0;
  for (let depth = 0; depth < MAX_PREFIX_DEPTH; depth += 1) {
    const slash = key.indexOf("/", end);
    if (slash < 0) break;
    end = slash + 1;
  }
  return key.slice(0, Math.min(end, MAX_PREFIX_LENGTH));
}

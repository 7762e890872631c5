/**
 * How S3 counts the days of lifecycle rules.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html#intro-lifecycle-rules-number-of-days
 */

const DAY_MS: number = 24 * 60 * 60 * 1000;

/**
 * When something is due that is to happen so many days after a time: at the midnight UTC that follows that time and these days. What was
 * written on 15 January at 10:30 is due after 3 days on 19 January at 00:00. In milliseconds since 1970.
 */
export function dueAfterDays(sinceMs: number, days: number): number {
  return (Math.floor(sinceMs / DAY_MS) + days + 1) * DAY_MS;
}

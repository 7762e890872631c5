/**
 * The Amazon Resource Name of a bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html
 */
export function arnOf(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

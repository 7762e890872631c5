import { S3Error } from "./S3Error.ts";

/**
 * S3's InvalidArgument, which always names the argument, and shows its value where there is one to show. `message` is S3's text where the
 * catalogue's first does not fit, `explanation` what was wrong with this very request.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function invalidArgument(
  name: string,
  value: string | undefined,
  { message, explanation }: { readonly message?: string | undefined; readonly explanation: string },
): S3Error {
  return new S3Error("InvalidArgument", {
    ...(message !== undefined && { message }),
    details: [
      ["ArgumentName", name],
      ["ArgumentValue", value],
    ],
    explanation,
  });
}

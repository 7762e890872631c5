import { excerpt } from "./excerpt.ts";
import type { Printed } from "./programs.ts";
import type { ClientName, Row } from "./Row.ts";

const CLIENTS: readonly ClientName[] = ["aws", "boto3", "sdk", "rclone", "s3cmd"];
const TITLES: Readonly<Record<ClientName, string>> = {
  aws: "AWS CLI",
  boto3: "boto3",
  sdk: "SDK v3",
  rclone: "rclone",
  s3cmd: "s3cmd",
};

/**
 * A code's section of the page. Throws when a client names the code that should not, or sees no error where it should, or the other way
 * round.
 */
export function sectionOf(row: Row, printed: Printed): string {
  const lines = CLIENTS.map((client) => `| ${TITLES[client]} | ${cellOf(row, client, printed[client])} |`);
  return `### ${row.code}\n\n${sentence(row.cause)}\n\n| client | prints |\n| --- | --- |\n${lines.join("\n")}\n`;
}

function sentence(cause: string): string {
  return `${cause.charAt(0).toUpperCase()}${cause.slice(1)}.`;
}

function cellOf({ code, content = [], unnamed = [] }: Row, client: ClientName, output: string | undefined): string {
  if (output === undefined) return "–";
  if ((output === "") !== content.includes(client)) {
    throw new Error(
      `${code}: ${TITLES[client]} was expected ${output === "" ? "to fail" : `to see no error and printed ${output}`}`,
    );
  }
  if (output === "") return "no error";
  const line = excerpt(output, code);
  if (line.includes(code) === unnamed.includes(client)) {
    throw new Error(
      `${code}: ${TITLES[client]} was expected ${unnamed.includes(client) ? "not " : ""}to name it and printed ${output}`,
    );
  }
  return `\`${line.replaceAll("|", "\\|").replaceAll("`", "'")}\``;
}

/** The page with its sections, each headed by its code. */
export function pageOf(sections: readonly string[]): string {
  const codes = sections.map((section) => /^### (\S+)/.exec(section)![1]!);
  const contents = codes.map((code, index) => `[${code}](#${code.toLowerCase()})${index < codes.length - 1 ? "," : "."}`);
  return `${HEAD}\n${HABITS}\n## The codes\n\n${contents.join("\n")}\n\n${sections.join("\n")}\n${METHOD}`;
}

const HEAD = `# Errors as clients show them

What the person in front of the terminal reads, code by code. What a code means and what to do about it stands in [errors.md](errors.md).

| client | where the code stands | where \`Details\` stands: what was wrong with this very request |
| --- | --- | --- |
| AWS CLI | in brackets: \`(NoSuchKey)\` | in the answer's body that \`--debug\` prints |
| boto3 | \`error.response["Error"]["Code"]\` | \`error.response["Error"]["Details"]\` |
| SDK v3 | \`error.name\` | \`error.Details\` |
| rclone | in front of the message | in the answer that \`--dump bodies\` prints |
| s3cmd | in brackets: \`404 (NoSuchKey)\` | in the answer that \`--debug\` prints |

Whatever the client shows, \`holdfast why REQUEST-ID\` tells all of it ([why.md](why.md)), and \`holdfast requests --status 4xx\` finds the id.

- Seldom does a client hide the code: NoSuchBucket and NoSuchKey are words of their own with rclone and s3cmd, and an answer without a body (to
  HEAD, or 304) names none. It is the same with S3.
- Some answers are a success to some: rclone's \`mkdir\` is content with a bucket that exists, whoever's it is; s3cmd signs again for the
  region that the answer names. They are "no error" below.
`;

/** Facts of single clients, each tried by hand against a server. */
const HABITS = `## Habits of clients

- Clients that send \`Content-Length\` twice, as Debian's rclone does with \`--s3-use-presigned-request\`, are served on new connections
  only. On a kept connection they get 400 BadRequest, which is every other upload, and rclone gives up. \`--s3-use-presigned-request=false\`,
  which is the default there, avoids it.
- boto3 signs URLs by version 2 unless the client is made with \`Config(signature_version="s3v4")\` or its region is newer than version 2.
  Both kinds work.
- libs3's \`s3 list\` sends \`marker=(null)\` unless it is told \`marker=\`, and so leaves out keys that sort before \`(null)\`, such as \`!a\`.
- Java's CRT client sends HEAD before the GET. What is refused there has no body, so a missing key reaches the program as a plain
  \`S3Exception\` with the status 404 and no code, not as \`NoSuchKeyException\`. Java's other clients have both.
- Buckets with default retention take nothing without a checksum, here as on S3: s3cmd 2.3 sends none, and cannot write into them; nor can
  SDKs told to sum up only what must be (\`WHEN_REQUIRED\`). The AWS CLI, boto3, rclone and the SDKs' defaults can.
- \`aws s3 rm --recursive\` and \`aws s3 rb --force\` delete no versions: in a bucket with versioning they leave all of them, and \`rb\` ends with
  BucketNotEmpty. boto3's \`bucket.object_versions.delete()\` empties it.
- rclone 1.60 finds no single file with \`--s3-versions\` or \`--s3-version-at\` (\`rclone cat\` prints nothing); in folders it
  does. To \`purge\` a whole bucket takes its versions, too.
- Debian's boto3, told to sign by version 2, signs what it does not ask for where an object's sub-resource is asked for (\`?tagging?tagging\`):
  SignatureDoesNotMatch. The newer one of PyPI, and version 4, are right.
- The AWS SDK for JavaScript has no paginator for ListObjectVersions: pass NextKeyMarker and NextVersionIdMarker on.
`;

const METHOD = `## How this page is made

\`npm run show:clients\` writes it from a run of Debian's clients and the AWS SDK for JavaScript v3 against real servers, each error from its
real cause. It is run by hand, not in CI.

- Shown is the one line of the output that names the code, or else the error line. Request ids are masked; long texts are cut with …
  behind the code and the start of the message. Of SDK v3 it is name and message.
- – stands where the client has no command that could bring the error about: rclone and s3cmd make their own lists, parts and copies, and
  make them right. MissingContentLength is not here: none of the five sends a body with neither a length nor chunks by itself.
- Retries are turned off. s3cmd cannot be told so: it is spared its waits, and the line is of its last attempt. Python's clients say
  "reached max retries: 0" for that reason.
- Two servers are started, in us-east-1 and eu-west-1. For RequestTimeTooSkewed the server's clock was set 20 minutes ahead. For SlowDown the
  limiter's time stood still after the first request; for ServiceUnavailable the one place of the server was taken by an upload that did not
  go on; for RequestTimeout the network between lost all bodies, and the server waited for a tenth of a second; for OperationAborted somebody
  else made or deleted the bucket just before each commit. For InternalError a folder stood in the place of a blob file.
- For MethodNotAllowed the clients put the bucket into the host name, below a domain the server was not told of, and so asked it to
  \`PUT /\`. A server with \`--domain\`, or a client with path-style addresses, makes it work.
`;

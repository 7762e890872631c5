import { excerpt } from "./excerpt.ts";
import type { Printed } from "./programs.ts";
import type { ClientName, Row } from "./Row.ts";

const CLIENTS: readonly ClientName[] = ["aws", "boto3", "sdk", "rclone", "s3cmd"];
const TITLES: Readonly<Record<ClientName, string>> = {
  aws: "AWS CLI",
  boto3: "boto3",
  sdk: "SDK v3 (name and message)",
  rclone: "rclone",
  s3cmd: "s3cmd",
};

/** A row of the page. Throws when a client names the code that should not, or sees no error where it should, or the other way round. */
export function rowOf(row: Row, printed: Printed): string {
  const cells = CLIENTS.map((client) => cellOf(row, client, printed[client]));
  return `| **${row.code}**: ${row.cause} | ${cells.join(" | ")} |`;
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

/** The page with its rows. */
export function pageOf(rows: readonly string[]): string {
  const titles = ["code: how it was brought about", ...CLIENTS.map((client) => TITLES[client])];
  const rule = titles.map(() => "---");
  return `${HEAD}\n| ${titles.join(" | ")} |\n| ${rule.join(" | ")} |\n${rows.join("\n")}\n\n${HABITS}`;
}

const HEAD = `# Errors as clients show them

What the person in front of the terminal reads. Written by \`npm run show:clients\` from a run of Debian's clients and the AWS SDK for
JavaScript v3 against real servers, each error from its real cause. It is run by hand, not in CI. Behind the table stand habits of clients
that one should know.

- Each cell is the one line of the output that names the code, or else the error line. Request ids are masked; long texts are cut with …
  behind the code and the start of the message.
- – stands where the client has no command that could bring the error about: rclone and s3cmd make their own lists, parts and copies, and
  make them right.
- MissingContentLength is not here: none of the five sends a body with neither a length nor chunks by itself.
- "no error" stands where the client takes the answer for success: rclone's \`mkdir\` is content with a bucket that exists, whoever's it
  is; s3cmd signs again for the region that the answer names.
- Retries are turned off. s3cmd cannot be told so: it is spared its waits, and the line is of its last attempt. Python's clients say
  "reached max retries: 0" for that reason.
- NoSuchBucket, NoSuchKey and NotModified have no code in some cells: rclone and s3cmd have words of their own for what is not there, and
  a 304 has no body that could name a code. It is the same with S3.
- The servers: two are started by the command, in us-east-1 and eu-west-1. For RequestTimeTooSkewed the server's clock was set 20
  minutes ahead, not the client's back. For SlowDown the limiter's time stood still after the first request, so that every further one is
  too many; for ServiceUnavailable the one place of the server was taken by an upload that did not go on; for RequestTimeout the network
  between lost all bodies, and the server waited for a tenth of a second; for OperationAborted somebody else made or deleted the bucket
  just before each commit. For InternalError a folder stood in the place of a blob file, which the system cannot read.
- For MethodNotAllowed the clients put the bucket into the host name, below a domain the server was not told of, and so asked it to
  \`PUT /\`. A server with \`--domain\`, or a client with path-style addresses, makes it work.
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

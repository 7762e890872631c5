/**
 * `npm run show:clients`: writes docs/clients.md, what people read in the terminal when a server refuses them. Starts a server, provokes each
 * error by its real cause through each client that can, and keeps the line the client prints.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { installClients, run, succeed } from "../test/interop/commands.ts";
import { ServerProcess, TEST_KEYS } from "../test/serverProcess.ts";

/** A text longer than this is cut. */
const MAX_LINE_CHARACTERS = 170;
const PAGE: string = join(import.meta.dirname, "../docs/clients.md");
const STRANGER = { accessKeyId: "HFSTRANGERSTRANGER00", secretAccessKey: "s".repeat(40) };
const UNKNOWN = { accessKeyId: "NOBODYHASTHISKEY0000", secretAccessKey: "x".repeat(40) };
const FORGER = { accessKeyId: TEST_KEYS.accessKeyId, secretAccessKey: "x".repeat(40) };
const FILE = "small.txt";
const PARTS = '"MultipartUpload":{"Parts":[{"PartNumber":1,"ETag":"nothing"}]}';

/** How a code comes about: an operation with its input for AWS CLI, boto3 and SDK v3, and commands of the others. */
interface Row {
  readonly code: string;
  readonly operation: string;
  readonly input?: string;
  readonly keys?: typeof STRANGER;
  readonly rclone?: readonly string[];
  readonly s3cmd?: readonly string[];
}

const GET = '"Bucket":"shown","Key":"there"';
const ROWS: readonly Row[] = [
  {
    code: "AccessDenied",
    operation: "GetObject",
    input: GET,
    keys: STRANGER,
    rclone: ["cat", "h:shown/there"],
    s3cmd: ["get", "--force", "s3://shown/there", "out"],
  },
  { code: "BadDigest", operation: "PutObject", input: `${GET},"ContentMD5":"1B2M2Y8AsgTpgAmY7PhCfg==","Body":"bytes"` },
  {
    code: "BucketAlreadyExists",
    operation: "CreateBucket",
    input: '"Bucket":"shown"',
    keys: STRANGER,
    s3cmd: ["mb", "s3://shown"],
  },
  {
    code: "BucketNotEmpty",
    operation: "DeleteBucket",
    input: '"Bucket":"shown"',
    rclone: ["rmdir", "h:shown"],
    s3cmd: ["rb", "s3://shown"],
  },
  { code: "EntityTooLarge", operation: "PutObject", input: `${GET},"ContentLength":6000000000` },
  { code: "InvalidAccessKeyId", operation: "ListBuckets", keys: UNKNOWN, rclone: ["lsd", "h:"], s3cmd: ["ls"] },
  { code: "InvalidArgument", operation: "ListObjectsV2", input: '"Bucket":"shown","ContinuationToken":"nonsense"' },
  {
    code: "InvalidBucketName",
    operation: "CreateBucket",
    input: '"Bucket":"ends-with-hyphen-"',
    rclone: ["mkdir", "h:ends-with-hyphen-"],
    s3cmd: ["mb", "s3://ends-with-hyphen-"],
  },
  {
    code: "InvalidPart",
    operation: "CompleteMultipartUpload",
    input: `"Bucket":"shown","Key":"parts","UploadId":"UPLOAD",${PARTS}`,
  },
  { code: "InvalidRange", operation: "GetObject", input: `${GET},"Range":"bytes=100-200"` },
  { code: "InvalidRequest", operation: "CopyObject", input: `${GET},"CopySource":"shown/there"` },
  {
    code: "KeyTooLongError",
    operation: "PutObject",
    input: `"Bucket":"shown","Key":"${"k".repeat(1_025)}"`,
    rclone: ["copyto", FILE, `h:shown/${"k/".repeat(513)}k`],
    s3cmd: ["put", FILE, `s3://shown/${"k".repeat(1_025)}`],
  },
  { code: "MalformedXML", operation: "DeleteObjects", input: '"Bucket":"shown","Delete":{"Objects":[]}' },
  {
    code: "NoSuchBucket",
    operation: "ListObjectsV2",
    input: '"Bucket":"nothing-here"',
    rclone: ["ls", "h:nothing-here"],
    s3cmd: ["ls", "s3://nothing-here"],
  },
  {
    code: "NoSuchKey",
    operation: "GetObject",
    input: '"Bucket":"shown","Key":"nothing"',
    rclone: ["copyto", "h:shown/nothing", "out"],
    s3cmd: ["get", "--force", "s3://shown/nothing", "out"],
  },
  {
    code: "NoSuchUpload",
    operation: "ListParts",
    input: '"Bucket":"shown","Key":"k","UploadId":"nothing"',
    s3cmd: ["listmp", "s3://shown/k", "nothing"],
  },
  { code: "NotImplemented", operation: "GetBucketLogging", input: '"Bucket":"shown"', s3cmd: ["accesslog", "s3://shown"] },
  { code: "NotModified", operation: "GetObject", input: `${GET},"IfModifiedSince":"2030-01-01T00:00:00Z"` },
  { code: "PreconditionFailed", operation: "GetObject", input: `${GET},"IfMatch":"nothing"` },
  { code: "SignatureDoesNotMatch", operation: "ListBuckets", keys: FORGER, rclone: ["lsd", "h:"], s3cmd: ["ls"] },
];

const snake = (name: string, mark: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, mark).toLowerCase();

/** The line of an output that tells what went wrong, without what differs from run to run. */
function lineOf(output: string): string {
  const lines = output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const line = (lines.findLast((one) => /error|failed/i.test(one)) ?? lines.at(-1) ?? "")
    .replace(/^\d{4}\/\d\d\/\d\d [\d:]+ /, "")
    .replace(/\b[0-9A-HJKMNP-TV-Z]{16}\b/g, "…")
    .replace(/(host ?id: )[^,\s]+/gi, "$1…")
    .replace(/k{20,}|(?:k\/){20,}k?/g, "k…")
    .replace(/127\.0\.0\.1:\d+/g, "HOST");
  const short = line.length > MAX_LINE_CHARACTERS ? `${line.slice(0, MAX_LINE_CHARACTERS)}…` : line;
  return short === "" ? "–" : `\`${short.replaceAll("|", "\\|").replaceAll("`", "'")}\``;
}

/** What each client prints for one row. */
async function show(row: Row, endpoint: string, folder: string, uploadId: string): Promise<string> {
  const keys = row.keys ?? TEST_KEYS;
  const input = `{${(row.input ?? "").replace("UPLOAD", uploadId)}}`;
  const env = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey, AWS_MAX_ATTEMPTS: "1" };
  const go = async (program: string, args: readonly string[], more: Record<string, string> = {}): Promise<string> => {
    const { code, stdout, stderr } = await run(program, args, { cwd: folder, env: { ...env, ...more } });
    return code === 0 ? "–" : lineOf(`${stdout}\n${stderr}`);
  };
  const { Body: body, ...rest } = JSON.parse(input) as Record<string, unknown>;
  // Beside a file to write, the CLI takes the input of GetObject only as flags.
  const flags = Object.entries(rest).flatMap(([name, value]) => [`--${snake(name, "-")}`, String(value)]);
  const given = row.operation === "GetObject" ? [...flags, "out"] : ["--cli-input-json", JSON.stringify(rest)];
  const upload = body === undefined ? [] : ["--body", FILE];
  const aws = await go("/usr/bin/aws", ["--endpoint-url", endpoint, "s3api", snake(row.operation, "-"), ...given, ...upload]);
  // An answer without a body has no code to show.
  if (!aws.includes(row.code) && row.code !== "NotModified") throw new Error(`${row.code}: the AWS CLI printed ${aws}`);
  const program =
    "import boto3,json,sys; getattr(boto3.client('s3',endpoint_url=sys.argv[1]),sys.argv[2])(**json.loads(sys.argv[3]))";
  const boto3 = await go("/usr/bin/python3", ["-c", program, endpoint, snake(row.operation, "_"), input]);
  const sdk = await go(process.execPath, ["--input-type=module", "-e", SDK, endpoint, row.operation, input], {
    MODULES: import.meta.resolve("@aws-sdk/client-s3"),
  });
  const remote = {
    RCLONE_CONFIG_H_TYPE: "s3",
    RCLONE_CONFIG_H_PROVIDER: "Other",
    RCLONE_CONFIG_H_ENDPOINT: endpoint,
    RCLONE_CONFIG_H_ENV_AUTH: "true",
    RCLONE_CONFIG_H_REGION: "us-east-1",
  };
  const rclone =
    row.rclone === undefined
      ? "–"
      : await go("/usr/bin/rclone", ["--retries", "1", "--low-level-retries", "1", ...row.rclone], remote);
  const host = new URL(endpoint).host;
  const login = [
    "--access_key",
    keys.accessKeyId,
    "--secret_key",
    keys.secretAccessKey,
    "--host",
    host,
    "--host-bucket",
    host,
    "--no-ssl",
    "--no-progress",
  ];
  const s3cmd = row.s3cmd === undefined ? "–" : await go("/usr/bin/s3cmd", [...login, ...row.s3cmd]);
  return `| ${[row.code, aws, boto3, sdk, rclone, s3cmd].join(" | ")} |`;
}

const SDK = `const s3 = await import(process.env.MODULES);
const [endpoint, operation, input] = process.argv.slice(1);
const client = new s3.S3Client({ endpoint, region: "us-east-1", forcePathStyle: true });
const given = JSON.parse(input);
if (given.IfModifiedSince) given.IfModifiedSince = new Date(given.IfModifiedSince);
await client.send(new s3[operation + "Command"](given)).catch((error) => { console.error(error.name + ": " + error.message); process.exit(1); });`;

installClients();
const folder = await mkdtemp(join(tmpdir(), "holdfast-clients-"));
const data = join(folder, "data");
const server = await ServerProcess.start(data, { args: ["--workers", "1"] });
try {
  const endpoint = `http://127.0.0.1:${server.port}`;
  await writeFile(join(folder, FILE), "bytes");
  await succeed(
    process.execPath,
    [
      "src/main.ts",
      "user",
      "add",
      "stranger",
      "--data",
      data,
      "--access-key",
      STRANGER.accessKeyId,
      "--secret-key",
      STRANGER.secretAccessKey,
    ],
    { cwd: process.cwd() },
  );
  const s3 = await import("@aws-sdk/client-s3");
  const client: S3Client = server.client();
  await client.send(new s3.CreateBucketCommand({ Bucket: "shown" }));
  await client.send(new s3.PutObjectCommand({ Bucket: "shown", Key: "there", Body: "bytes" }));
  const { UploadId } = await client.send(new s3.CreateMultipartUploadCommand({ Bucket: "shown", Key: "parts" }));
  const rows: string[] = [];
  for (const row of ROWS) rows.push(await show(row, endpoint, folder, UploadId!));
  const head = `# Errors as clients show them\n\nWritten by \`npm run show:clients\` from a run of Debian's clients against a real server, each error from its real cause. It is run by hand,\nnot in CI. Request ids are masked, long texts cut with …; – stands where the client was not made to bring the error about, or did not fail.\n\n| code | AWS CLI | boto3 | SDK v3 (name and message) | rclone | s3cmd |\n| --- | --- | --- | --- | --- | --- |\n`;
  await writeFile(PAGE, `${head}${rows.join("\n")}\n`);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

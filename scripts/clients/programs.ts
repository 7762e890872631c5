import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../test/interop/commands.ts";
import { TEST_KEYS } from "../../test/serverProcess.ts";
import type { Scene } from "./causes.ts";
import { FILE } from "./causes.ts";
import type { ClientName, Row } from "./Row.ts";

/** A domain no server of the page was told of; requests for it are sent to the server as to a proxy. */
const STRANGE_DOMAIN = "s3.example.com";

/** What each client printed when it failed; nothing if it took the answer for success, `undefined` if it has no command to ask. */
export type Printed = Readonly<Record<ClientName, string | undefined>>;

/** Everything a client has to know to send a row's request. */
interface Call {
  readonly row: Row;
  /** Where the server listens. */
  readonly host: string;
  /** What the client is told of where the server is. */
  readonly endpoint: string;
  readonly region: string;
  readonly input: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Sends a row's request by each client that can, without letting any try again, and returns what they print. */
export async function printed(row: Row, scene: Scene, folder: string): Promise<Printed> {
  const call = await callOf(row, scene, folder);
  return {
    aws: await aws(call),
    boto3: await boto3(call),
    sdk: await sdk(call),
    rclone: row.rclone === undefined ? undefined : await rclone(call, row.rclone),
    s3cmd: row.s3cmd === undefined ? undefined : await s3cmd(call, row.s3cmd),
  };
}

async function callOf(row: Row, { endpoints, upload }: Scene, folder: string): Promise<Call> {
  const { accessKeyId, secretAccessKey } = row.keys ?? TEST_KEYS;
  const server = endpoints[row.at ?? "main"];
  const region = row.region ?? "us-east-1";
  const configFile = join(folder, "aws.conf");
  await writeFile(configFile, `[default]\ns3 =\n  addressing_style = ${row.strangeDomain === true ? "virtual" : "path"}\n`);
  return {
    row,
    host: new URL(server).host,
    endpoint: row.strangeDomain === true ? `http://${STRANGE_DOMAIN}` : server,
    region,
    input: `{${(row.input ?? "").replaceAll("UPLOAD", upload.id).replaceAll("ETAG", upload.etag.replaceAll('"', '\\"'))}}`,
    folder,
    environment: {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_DEFAULT_REGION: region,
      AWS_MAX_ATTEMPTS: "1",
      AWS_CONFIG_FILE: configFile,
      ...(row.strangeDomain === true ? { HTTP_PROXY: server, http_proxy: server } : {}),
    },
  };
}

async function go(
  call: Call,
  program: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, { cwd: call.folder, env: { ...call.environment, ...more } });
  return code === 0 ? "" : `${stdout}\n${stderr}`;
}

const words = (name: string, mark: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, mark).toLowerCase();

function aws(call: Call): Promise<string> {
  const { Body: body, ...rest } = JSON.parse(call.input) as Record<string, unknown>;
  const { operation } = call.row;
  // Beside a file to write, the CLI takes the input of GetObject only as flags.
  const flags = Object.entries(rest).flatMap(([name, value]) => [`--${words(name, "-")}`, String(value)]);
  const given = operation === "GetObject" ? [...flags, "out"] : ["--cli-input-json", JSON.stringify(rest)];
  const upload = body === undefined ? [] : ["--body", FILE];
  return go(call, "/usr/bin/aws", ["--endpoint-url", call.endpoint, "s3api", words(operation, "-"), ...given, ...upload]);
}

const BOTO3_PROGRAM =
  "import boto3,json,sys; getattr(boto3.client('s3',endpoint_url=sys.argv[1]),sys.argv[2])(**json.loads(sys.argv[3]))";

function boto3(call: Call): Promise<string> {
  return go(call, "/usr/bin/python3", ["-c", BOTO3_PROGRAM, call.endpoint, words(call.row.operation, "_"), call.input]);
}

const SDK_PROGRAM = `const s3 = await import(process.env.MODULE);
const [endpoint, region, operation, input, style] = process.argv.slice(1);
const toServer = { lookup: (_name, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]) };
const client = new s3.S3Client({ endpoint, region, forcePathStyle: style === "path", requestHandler: { httpAgent: toServer } });
await client.send(new s3[operation + "Command"](JSON.parse(input))).catch((error) => {
  console.error(error.name + ": " + error.message);
  process.exit(1);
});`;

function sdk(call: Call): Promise<string> {
  const { row, region, host, input } = call;
  // It takes no proxy: the strange domain is looked up as the server's address instead.
  const endpoint = row.strangeDomain === true ? `http://${STRANGE_DOMAIN}:${host.split(":")[1]}` : call.endpoint;
  const style = row.strangeDomain === true ? "virtual" : "path";
  const args = ["--input-type=module", "-e", SDK_PROGRAM, endpoint, region, row.operation, input, style];
  return go(call, process.execPath, args, { MODULE: import.meta.resolve("@aws-sdk/client-s3") });
}

function rclone(call: Call, command: readonly string[]): Promise<string> {
  return go(call, "/usr/bin/rclone", ["--retries", "1", "--low-level-retries", "1", ...command], {
    RCLONE_CONFIG_H_TYPE: "s3",
    RCLONE_CONFIG_H_PROVIDER: "Other",
    RCLONE_CONFIG_H_ENDPOINT: call.endpoint,
    RCLONE_CONFIG_H_ENV_AUTH: "true",
    RCLONE_CONFIG_H_REGION: call.region,
    RCLONE_CONFIG_H_LOCATION_CONSTRAINT: call.region === "us-east-1" ? "" : call.region,
    RCLONE_CONFIG_H_FORCE_PATH_STYLE: String(call.row.strangeDomain !== true),
  });
}

/** It cannot be told not to try again; it is spared the minute it would wait between its attempts. */
const S3CMD_PROGRAM =
  "import runpy,sys,time; time.sleep=lambda s: None; sys.argv[0]='s3cmd'; runpy.run_path('/usr/bin/s3cmd',run_name='__main__')";

async function s3cmd(call: Call, command: readonly string[]): Promise<string> {
  const { row, host, folder, environment } = call;
  const config = join(folder, "s3cmd.conf");
  const [proxyHost, proxyPort] = host.split(":");
  const lines = [
    "[default]",
    `access_key = ${environment["AWS_ACCESS_KEY_ID"]}`,
    `secret_key = ${environment["AWS_SECRET_ACCESS_KEY"]}`,
    `host_base = ${row.strangeDomain === true ? STRANGE_DOMAIN : host}`,
    `host_bucket = ${row.strangeDomain === true ? `%(bucket)s.${STRANGE_DOMAIN}` : host}`,
    `bucket_location = ${call.region === "us-east-1" ? "US" : call.region}`,
    "use_https = False",
    ...(row.strangeDomain === true ? [`proxy_host = ${proxyHost}`, `proxy_port = ${proxyPort}`] : []),
  ];
  await writeFile(config, `${lines.join("\n")}\n`);
  return go(call, "/usr/bin/python3", ["-c", S3CMD_PROGRAM, "-c", config, "--no-progress", ...command]);
}

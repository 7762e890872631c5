import { describeDefault, describeType, OPTIONS, variableOf } from "./optionTable.ts";

const FLAG_COLUMN_WIDTH = 24;
const LINE_WIDTH = 100;

/** The options as `holdfast --help` shows them. */
export function optionHelp(): string {
  return OPTIONS.map((row) => {
    const head = `  --${row.flag}`.padEnd(FLAG_COLUMN_WIDTH);
    return (
      head +
      wrap(`${row.doc} Default: ${describeDefault(row)}.`, LINE_WIDTH - FLAG_COLUMN_WIDTH).join(
        `\n${" ".repeat(FLAG_COLUMN_WIDTH)}`,
      )
    );
  }).join("\n");
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line.length + word.length + 1 > width && line !== "") {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line];
}

/** The text of docs/configuration.md. */
export function configurationPage(): string {
  const rows = OPTIONS.map(
    (row) =>
      `| \`--${row.flag}\` | \`${variableOf(row)}\` | \`${row.name}\` | ${describeType(row.type)} | ${describeDefault(row)} | ${row.doc} |`,
  );
  return `# Configuration

Generated from the option table in \`src/config/optionTable.ts\`.

Every option can be given as a flag, as an environment variable, or in a JSON option file named by \`--config FILE\` (or
\`HOLDFAST_CONFIG\`). Flags count before variables, variables before the file, the file before the defaults. An option that does not
exist, or a value that cannot be, ends the program with a sentence and exit code 2.

| flag | variable | in the file | value | default | meaning |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

## Limits

Without \`--limit-requests\` and \`--limit-prefix\` the server takes what it can. With them it answers as S3 does when a client is too fast:
503 \`SlowDown\`, before the body is read, and without anything done. In the option file and in the library, the rates of prefixes are an
object: \`{ "writesPerSecond": 3500, "readsPerSecond": 5500 }\`. Both limits follow the same rules:

- Rates are kept by token buckets, which hold what comes in one second: that much may come at once. A request without a token waits up
  to 250 ms for one before it is refused; at most 1,024 wait in each process.
- A caller is a user, whichever access key signs; all who do not sign are one caller. Only requests that are authenticated and allowed
  count: nobody can use up the rate of somebody else's prefix.
- A prefix is a bucket and the part of the key up to its last \`/\`, at most four folders deep. Keys without \`/\` and requests of the
  bucket itself, lists among them, share one. Its writes (PUT, POST, DELETE) and its reads (GET, HEAD) have a rate each. S3 draws these
  borders itself and moves them as load changes; here they stay where they are.
- Each of the \`--workers\` processes has an equal share of every rate. A client with few connections may reach only some of the
  processes, and then has only their shares: use \`--workers 1\` where a rate has to be met exactly.

Apart from these, a process answers 503 \`ServiceUnavailable\` while it works on 4,096 requests, and when it is stopping. As S3, it sends
no \`Retry-After\`: clients wait longer each time.

## Signals

SIGTERM and SIGINT end the server when the requests under way are finished, or after \`--shutdown-timeout-ms\`; a second one ends it at once. A
server that is still starting ends at once, whatever it waits for: nothing has been acknowledged yet. SIGHUP ends nothing.

## Users

\`HOLDFAST_ACCESS_KEY_ID\` and \`HOLDFAST_SECRET_ACCESS_KEY\` set the key of the first user, who is called \`admin\`. Without them the first
start makes a key, shows it once, and keeps it in \`credentials.json\` in the data folder, readable by its owner only.

Further users come from \`holdfast user add NAME\`, which works while the server runs, or from the option file:

\`\`\`json
{
  "port": 9000,
  "data": "/var/lib/holdfast",
  "users": [{ "name": "ann", "accessKeyId": "HFEXAMPLEEXAMPLE0001", "secretAccessKey": "at least eight characters" }]
}
\`\`\`

A key that is taken out of the environment or the file stays valid until \`holdfast user key remove ACCESSKEY\`. [Users and access
keys](users.md) tells how keys are rotated, disabled and removed.

Each owner has an account number of twelve digits, which is made of the owner's id and never changes: \`x-amz-expected-bucket-owner\` (the
SDKs' \`ExpectedBucketOwner\`) is compared with it, and a bucket of another account answers 403 \`AccessDenied\`. The server prints the first
user's at its start, \`holdfast user list\` everybody's.
`;
}

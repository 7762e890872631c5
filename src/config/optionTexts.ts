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

/** What a server takes, and what it does with more. */
const LIMITS = `## Limits

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

## Connections

A process takes as many connections as a third of the files it may open (\`ulimit -n\`), less 64, and 8,192 at most: 320 where the limit is
1,024. When there are more, the oldest of those that never had a request is ended to make room. Where all have had one, the newcomer is
answered 503 \`ServiceUnavailable\` and ended; of such refusals 64 are under way at a time, for two seconds at most, and whoever comes beyond
them is ended at once. The log has a line when this begins, and one when three quarters of the limit or fewer are left.

A connection ends when the head of a request has not come after 30 seconds (RequestTimeout), when nothing was asked for 60 seconds, and when a TLS
handshake takes longer than 10.`;

/** Whom a server believes. */
const PROXIES = `## Proxies

Behind a proxy every connection is the proxy's. With \`--trust-proxy\` the server believes proxies of these networks when they say whom
they have a request from: \`aws:SourceIp\` in policies and the access log ([logs.md](logs.md)) have the client's address, and a request is over TLS
(\`aws:SecureTransport\`, the URLs in answers) where the client's connection was.

- Addresses stand in \`X-Forwarded-For\`, to which each proxy adds whom it has the request from, and the protocol in \`X-Forwarded-Proto\`.
  Where the first is not sent, \`Forwarded\` (RFC 7239) says both.
- Clients can send these headers too. So they count from the end, and only as far as trusted proxies have written them: the first address from
  the right that is not of a trusted network is the client's, and what stands before it is not looked at. A proxy that adds nothing to
  \`X-Forwarded-For\`, or does not write \`X-Forwarded-Proto\` itself, has to take away what clients send of them.
- What is no address ("unknown", a name) ends the search: the request comes from the proxy before it. A \`Forwarded\` that cannot be read says
  nothing.
- The version of TLS that a client speaks with a proxy is not known: \`s3:TlsVersion\` is not there.`;

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

${LIMITS}

${PROXIES}

## Signals

SIGTERM and SIGINT end the server when the requests under way are finished, or after \`--shutdown-timeout-ms\`; a second one ends it at once. A
server that is still starting ends at once, whatever it waits for: nothing has been acknowledged yet.

SIGHUP, sent to the process that was started (it tells its workers), opens the access log anew and reads certificate and key again; see
[logs.md](logs.md). It ends nothing, and at a server that is still starting it does nothing.

## Users

\`HOLDFAST_ACCESS_KEY_ID\` and \`HOLDFAST_SECRET_ACCESS_KEY\` set the key of the first user, who is called \`admin\`; the flags \`--access-key\`
and, with \`--memory\` alone, \`--secret-key\` count before them. Without them the first start makes a key, shows it once, and keeps it in
\`credentials.json\` in the data folder, readable by its owner only.

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

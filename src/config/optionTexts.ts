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
      `| \`--${row.flag}\` | \`${variableOf(row)}\` | \`${row.name}\` | ${describeType(row.type).replaceAll("|", "\\|")} | ${describeDefault(row)} | ${row.doc} |`,
  );
  return `# Configuration

Generated from the option table in \`src/config/optionTable.ts\`.

Every option can be given as a flag, as an environment variable, or in a JSON option file named by \`--config FILE\` (or
\`HOLDFAST_CONFIG\`). Flags count before variables, variables before the file, the file before the defaults. An option that does not
exist, or a value that cannot be, ends the program with a sentence and exit code 2.

| flag | variable | in the file | value | default | meaning |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

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

A key that is taken out of the environment or the file stays valid until \`holdfast user remove ACCESSKEY\`.
`;
}

import { parseArgs } from "node:util";
import { OptionError } from "../config/loadSettings.ts";
import { nearest } from "../config/nearest.ts";
import { catalogueEntry, ERROR_CODES } from "../errors/catalogue.ts";
import type { ErrorCode } from "../errors/ErrorCode.ts";
import { renderRestError } from "../errors/render.ts";
import { S3Error } from "../errors/S3Error.ts";
import type { Command } from "./Command.ts";

const EXAMPLE_ANSWER = { requestId: "4442587FB7D0A2F9", hostId: "…", resource: "/example-bucket/example-key" };

/** `holdfast errors [CODE] [--search TEXT]`: the error codes of S3, or what is known of one. */
export const errors: Command = async (args) => {
  const { values, positionals } = parseArgs({ args: [...args], options: { search: { type: "string" } }, allowPositionals: true });
  const [code] = positionals;
  if (code !== undefined) return show(code);
  const wanted = values.search?.toLowerCase() ?? "";
  for (const name of ERROR_CODES) {
    const { status, message } = catalogueEntry(name);
    if (`${name} ${message}`.toLowerCase().includes(wanted)) process.stdout.write(`${status}  ${name}  ${message}\n`);
  }
  return 0;
};

function show(given: string): number {
  const code = ERROR_CODES.find((name) => name.toLowerCase() === given.toLowerCase());
  if (code === undefined) {
    const similar = nearest(given, ERROR_CODES);
    throw new OptionError(`S3 has no error "${given}"${similar === undefined ? "." : `; did you mean ${similar}?`}`);
  }
  const { status, soap, message, details, retryable } = catalogueEntry(code);
  const lines = [
    code,
    "",
    `  HTTP status   ${status}`,
    `  SOAP          ${soap === null ? "not there" : `${soap}.${code}`}`,
    `  message       ${message}`,
    `  details       ${details.length === 0 ? "none" : details.join(", ")}`,
    `  retry         ${retryable ? "yes, with growing pauses" : "no: the request has to change"}`,
    "",
    example(code, details),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}

function example(code: ErrorCode, details: readonly string[]): string {
  const error = new S3Error(code, { details: details.map((name) => [name, "…"] as const) });
  return renderRestError(error, EXAMPLE_ANSWER).toString();
}

import { optionHelp } from "../config/optionTexts.ts";

/** The text of `holdfast --help`. */
export function help(): string {
  return `Holdfast: an S3-compatible object store.

  holdfast [serve] [options]              run a server
  holdfast user add NAME [--access-key ID --secret-key SECRET]
  holdfast user list | remove NAME-OR-ACCESS-KEY
  holdfast scrub                          compare every stored byte with its checksum
  holdfast errors [CODE | WORDS]          S3's errors: what they mean, and what to do
  holdfast --help | --version

user and scrub take --data FOLDER and work while a server runs.

Options of serve, each also as a HOLDFAST_… variable and in a JSON file named by --config:

${optionHelp()}

HOLDFAST_ACCESS_KEY_ID and HOLDFAST_SECRET_ACCESS_KEY set the first user's key.
`;
}

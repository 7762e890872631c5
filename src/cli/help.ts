import { optionHelp } from "../config/optionTexts.ts";
import type { Command } from "./Command.ts";

/** `holdfast --help`: the commands and their options. */
export const help: Command = async () => {
  process.stdout.write(text());
  return 0;
};

function text(): string {
  return `Holdfast: an S3-compatible object store.

  holdfast [serve] [options]              run a server
  holdfast user add NAME [--access-key ID --secret-key SECRET]
  holdfast user list
  holdfast user remove NAME [--give-buckets-to NAME]
  holdfast user key add NAME [--access-key ID --secret-key SECRET]
  holdfast user key remove | disable | enable ACCESS-KEY
  holdfast user mfa add | remove NAME
  holdfast user mfa enable NAME --first-code CODE --second-code CODE
  holdfast user add | list | remove | key add | mfa … --account ACCOUNT      users inside an account
  holdfast account add | list | email | public-access-block | remove
  holdfast group add | list | join | leave | remove
  holdfast role add | list | trust | show | remove
  holdfast policy add | set | list | show | attach | detach | bound | unbound | remove
  holdfast keys list | rotate | create | disable | enable | delete | cancel-deletion | alias
  holdfast clock show | reset | advance DURATION | set TIME
  holdfast lifecycle run [--dry-run [--at TIME]] [--bucket BUCKET] [--json]
                                          do what is due by lifecycles, or tell it, and why
  holdfast scrub                          compare every stored byte with its checksum
  holdfast requests [--bucket BUCKET] [--status 4xx] [--since 10m] [--follow] [--json] ...
                                          the requests that were answered, and how
  holdfast why REQUEST-ID [--canonical FILE] [--json]
                                          why a request ended as it did, and what to change
  holdfast fault add | apply | list | remove | clear
                                          faults that a server started with --faults plays
  holdfast try-client [--scenario NAME] -- COMMAND
                                          how a program takes it when S3 fails
  holdfast errors [CODE | WORDS]          S3's errors: what they mean, and what to do
  holdfast --help | --version

All but serve, try-client and errors take --data FOLDER or --config FILE, and work while a server
runs; user, account, group, role, policy and fault say more when they are called alone, keys when it
is called wrongly.

Options of serve, each also as a HOLDFAST_… variable and in a JSON file named by --config:

${optionHelp()}

HOLDFAST_ACCESS_KEY_ID and HOLDFAST_SECRET_ACCESS_KEY set the first user's key; so do the flags
--access-key and, with --memory alone, --secret-key.
`;
}

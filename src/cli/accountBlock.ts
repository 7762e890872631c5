import { OptionError } from "../config/OptionError.ts";
import { AccountError } from "../store/accounts/accountForms.ts";
import { findAccount } from "../store/accounts/findAccount.ts";
import { accountBlockOf, putAccountBlock } from "../store/buckets/publicAccess.ts";
import type { PublicAccessBlock } from "../store/records/PublicAccessBlock.ts";
import { EVERYTHING_BLOCKED, NOTHING_BLOCKED } from "../store/records/PublicAccessBlock.ts";
import { flagOf } from "./actions.ts";
import { listed } from "./columns.ts";
import type { DataArguments } from "./dataOption.ts";
import { onDataFolder } from "./dataOption.ts";

const BLOCK_FLAG = "block";

/** The switches, as S3 names them. */
const SWITCHES: ReadonlyMap<string, keyof PublicAccessBlock> = new Map([
  ["BlockPublicAcls", "blockPublicAcls"],
  ["IgnorePublicAcls", "ignorePublicAcls"],
  ["BlockPublicPolicy", "blockPublicPolicy"],
  ["RestrictPublicBuckets", "restrictPublicBuckets"],
]);

/** `holdfast account public-access-block`: shows or sets what keeps the public out of all buckets of an account. */
export async function accountBlock(read: DataArguments, name: string): Promise<string> {
  const given = flagOf(read, BLOCK_FLAG);
  const wanted = given === undefined ? undefined : blockOf(given);
  return onDataFolder(read.settings, async (store) => {
    const account = await findAccount(store, { displayName: name });
    if (account === undefined) throw new AccountError(`There is no account "${name}"; holdfast account list shows them.`);
    if (wanted !== undefined) await putAccountBlock(store, account.canonicalId, wanted.block);
    return inWords(name, await accountBlockOf(store, account.canonicalId));
  });
}

/** The block that a text names: "all", "none", or switches between commas. Throws `OptionError`. */
function blockOf(text: string): { readonly block: PublicAccessBlock | undefined } {
  if (text === "none") return { block: undefined };
  if (text === "all") return { block: EVERYTHING_BLOCKED };
  const names = text.split(",").map((name) => name.trim());
  const wrong = names.find((name) => !SWITCHES.has(name));
  if (wrong === undefined) {
    return { block: { ...NOTHING_BLOCKED, ...Object.fromEntries(names.map((name) => [SWITCHES.get(name)!, true])) } };
  }
  throw new OptionError(`"${wrong}" is no switch: say ${[...SWITCHES.keys()].join(", ")} (several between commas), all or none.`);
}

function inWords(name: string, block: PublicAccessBlock | undefined): string {
  if (block === undefined) return `${name} has no public access block; that of each bucket holds\n`;
  return listed([...SWITCHES].map(([shown, member]) => [shown, block[member] ? "on" : "off"]));
}

import type { CommandRow, FlagRow, SubjectRow } from "./CommandRow.ts";
import { ACCOUNT, FOLDER_FLAGS } from "./sharedFlags.ts";

const NAME: SubjectRow = { name: "NAME" };
const ACCESS_KEY: SubjectRow = { name: "ACCESS-KEY" };

const KEY_FLAGS: readonly FlagRow[] = [
  { flag: "access-key", value: "ID", doc: "access key id; a new one is made without it" },
  {
    flag: "secret-key",
    value: "SECRET",
    doc: "secret key, which every user of this machine can read in flags; a new one without it",
  },
];
const PATH: FlagRow = { flag: "path", value: "/PATH/", doc: "path of its ARN, / without it" };
const HEIR: FlagRow = { flag: "give-buckets-to", value: "NAME", doc: "who gets the buckets" };
const USER: FlagRow = { flag: "user", value: "NAME", doc: "the user" };
const GROUP: FlagRow = { flag: "group", value: "NAME", doc: "the group" };
const ROLE: FlagRow = { flag: "role", value: "NAME", doc: "the role" };
const DESCRIPTION: FlagRow = { flag: "description", value: "TEXT", doc: "what it is for" };
const DOCUMENT: FlagRow = { flag: "document", value: "FILE", kind: "path", doc: "policy document in JSON" };
const TRUST_POLICY: FlagRow = {
  flag: "trust-policy",
  value: "FILE",
  kind: "path",
  doc: "document in JSON that says who may assume the role",
};
const EMAIL: FlagRow = { flag: "email", value: "ADDRESS", doc: "the account's e-mail address" };
const CODES: readonly FlagRow[] = [
  { flag: "first-code", value: "CODE", doc: "code that the device shows" },
  { flag: "second-code", value: "CODE", doc: "the one that it shows after that" },
];
const BLOCK: FlagRow = {
  flag: "block",
  value: "SWITCHES",
  kind: ["all", "none", "BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"],
  doc: "all, none, or switches with commas between; shows them without it",
};

/** Who there is and what they may: `holdfast user`, `account`, `group`, `role` and `policy`. */
export const IDENTITY_COMMANDS: readonly CommandRow[] = [
  {
    name: "user",
    doc: "users, their access keys and MFA devices",
    shared: FOLDER_FLAGS,
    actions: [
      {
        words: "add",
        subject: NAME,
        takes: [...KEY_FLAGS, ACCOUNT, PATH],
        doc: "adds a user with an access key, and prints it once",
      },
      { words: "list", takes: [ACCOUNT], doc: "a line for each access key" },
      { words: "remove", subject: NAME, takes: [HEIR, ACCOUNT], doc: "removes a user with all keys" },
      { words: "key add", subject: NAME, takes: [...KEY_FLAGS, ACCOUNT], doc: "gives a user a further access key" },
      { words: "key remove", subject: ACCESS_KEY, doc: "removes an access key for good" },
      { words: "key disable", subject: ACCESS_KEY, doc: "refuses an access key until it is enabled" },
      { words: "key enable", subject: ACCESS_KEY, doc: "takes a disabled access key again" },
      { words: "mfa add", subject: NAME, takes: [ACCOUNT], doc: "makes an MFA device, and prints its secret once" },
      { words: "mfa enable", subject: NAME, needs: CODES, takes: [ACCOUNT], doc: "enables the device by two codes in a row" },
      { words: "mfa remove", subject: NAME, takes: [ACCOUNT], doc: "removes the device" },
    ],
    notes:
      "Without --account, users are roots of accounts of their own. With it, add, list, remove, key add and mfa are about users inside that account, whose policies say what they may do; --path is for those alone.",
  },
  {
    name: "account",
    doc: "accounts, which own buckets",
    shared: FOLDER_FLAGS,
    actions: [
      { words: "add", subject: NAME, takes: [EMAIL, ...KEY_FLAGS], doc: "adds an account with a root and its access key" },
      { words: "list", doc: "a line for each account" },
      { words: "email", subject: NAME, takes: [EMAIL], doc: "sets the address; without one, the account has none" },
      { words: "remove", subject: NAME, takes: [HEIR], doc: "removes an account with all inside it" },
      {
        words: "public-access-block",
        subject: NAME,
        takes: [BLOCK],
        doc: "shows or sets what keeps the public out of its buckets",
      },
    ],
  },
  {
    name: "group",
    doc: "groups of users inside an account",
    shared: [ACCOUNT, ...FOLDER_FLAGS],
    actions: [
      { words: "add", subject: NAME, takes: [PATH], doc: "adds a group" },
      { words: "list", doc: "a line for each group, with who is in it" },
      { words: "join", subject: NAME, needs: [USER], doc: "puts a user into it" },
      { words: "leave", subject: NAME, needs: [USER], doc: "takes a user out of it" },
      { words: "remove", subject: NAME, doc: "removes a group" },
    ],
  },
  {
    name: "role",
    doc: "roles of an account, and who may assume them",
    shared: [ACCOUNT, ...FOLDER_FLAGS],
    actions: [
      {
        words: "add",
        subject: NAME,
        needs: [TRUST_POLICY],
        takes: [PATH, DESCRIPTION, { flag: "max-session", value: "SECONDS", doc: "how long a session may last at most" }],
        doc: "adds a role",
      },
      { words: "list", doc: "a line for each role" },
      { words: "trust", subject: NAME, needs: [TRUST_POLICY], doc: "sets who may assume it" },
      { words: "show", subject: NAME, doc: "all there is to know of one" },
      { words: "remove", subject: NAME, doc: "removes a role" },
    ],
  },
  {
    name: "policy",
    doc: "managed policies of an account, and to whom they apply",
    shared: [ACCOUNT, ...FOLDER_FLAGS],
    actions: [
      { words: "add", subject: NAME, needs: [DOCUMENT], takes: [PATH, DESCRIPTION], doc: "adds a policy" },
      { words: "set", subject: NAME, needs: [DOCUMENT], doc: "a new version, which applies from then on" },
      { words: "list", doc: "a line for each policy" },
      { words: "show", subject: NAME, doc: "the document that applies" },
      { words: "attach", subject: NAME, takes: [USER, GROUP, ROLE], doc: "attaches it to the one that a flag names" },
      { words: "detach", subject: NAME, takes: [USER, GROUP, ROLE], doc: "detaches it from the one that a flag names" },
      { words: "bound", subject: NAME, takes: [USER, ROLE], doc: "makes it the permissions boundary of a user or a role" },
      { words: "unbound", subject: NAME, takes: [USER, ROLE], doc: "takes that boundary away" },
      { words: "remove", subject: NAME, doc: "removes a policy with all its versions" },
    ],
    notes: "NAME is that of a policy of the account, of one of AWS's such as AmazonS3ReadOnlyAccess, or an ARN.",
  },
];

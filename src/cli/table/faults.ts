import type { CommandRow, FlagRow } from "./CommandRow.ts";
import { FOLDER_FLAGS, JSON_SWITCH } from "./sharedFlags.ts";

const SEED: FlagRow = { flag: "seed", value: "N", doc: "number that chance begins with: the same one strikes the same" };

/** Flags that say which requests are meant. */
const WHICH_REQUESTS: readonly FlagRow[] = [
  { flag: "operation", value: "NAME", kind: "operation", isRepeatable: true, doc: "requests of this operation; again for more" },
  { flag: "bucket", value: "NAME", doc: "requests of this bucket" },
  { flag: "key", value: "KEY", doc: "requests of this key" },
  { flag: "prefix", value: "PREFIX", doc: "requests of keys that begin so" },
  { flag: "method", value: "METHOD", kind: ["GET", "HEAD", "PUT", "POST", "DELETE"], doc: "requests of this HTTP method" },
  { flag: "caller", value: "ACCESS-KEY-ID", doc: "requests that this key signed" },
  { flag: "part", value: "N", doc: "requests of this part of an upload" },
  { flag: "from", value: "TIME", doc: "requests from then on" },
  { flag: "until", value: "TIME", doc: "requests before that" },
];

/** Flags that say which of those are struck. */
const WHICH_OF_THEM: readonly FlagRow[] = [
  { flag: "nth", value: "1,3", doc: "these of them" },
  { flag: "every", value: "N", doc: "each n-th of them" },
  { flag: "probability", value: "P", doc: "each with this probability, from 0 to 1" },
  SEED,
  { flag: "times", value: "N", doc: "so many and no more" },
];

/** Flags that say what happens. */
const WHAT_HAPPENS: readonly FlagRow[] = [
  { flag: "error", value: "CODE", kind: "errorCode", doc: "answers with an error" },
  { flag: "message", value: "TEXT", doc: "with --error: its message" },
  { flag: "status", value: "STATUS", kind: ["500", "502", "503", "504"], doc: "answers as a proxy does, without S3's XML" },
  { flag: "body", value: "TEXT", doc: "with --status: the body" },
  { flag: "slow-down-over", value: "N", doc: "answers SlowDown beyond so many requests a second" },
  { flag: "per", value: "WHAT", kind: ["prefix", "bucket", "rule"], doc: "with --slow-down-over: what has a rate of its own" },
  { flag: "error-inside-200", value: "CODE", kind: "errorCode", doc: "answers 200 with an error in the body" },
  { flag: "key-error", value: "CODE", kind: "errorCode", doc: "DeleteObjects fails for keys" },
  { flag: "redirect", value: "STATUS", kind: ["301", "307"], doc: "sends the client elsewhere" },
  { flag: "endpoint", value: "HOST", doc: "with --redirect: where to" },
  { flag: "delay", value: "MS", doc: "waits before" },
  { flag: "throttle", value: "BYTES-PER-SECOND", doc: "sends no faster than this" },
  { flag: "stall", value: "MS", doc: "stops for so long within a body" },
  { flag: "disconnect", value: "HOW", kind: ["reset", "end", "half-close"], doc: "ends the connection" },
  { flag: "at-byte", value: "N", doc: "with --stall and --disconnect: behind so many bytes of the body" },
  { flag: "content-length", value: "±N", doc: "announces more or fewer bytes than it sends" },
  { flag: "corrupt", value: "WHAT", kind: ["body", "checksum"], doc: "changes a byte of the body, or its checksum" },
  { flag: "clock", value: "±DURATION", doc: "the server's clock goes wrong by this" },
  { flag: "stale", value: "MS", doc: "reads see what was there so long ago" },
  { flag: "disk", value: "HOW", kind: ["full", "slow"], doc: "the disk is full, or slow" },
  { flag: "disk-delay", value: "MS", doc: "with --disk slow: how long it takes" },
  { flag: "id", value: "ID", doc: "what the rule is called" },
  { flag: "stage", value: "STAGE", kind: "stage", doc: "where on the way of a request it strikes" },
];

/** `holdfast fault` and `holdfast try-client`. */
export const FAULT_COMMANDS: readonly CommandRow[] = [
  {
    name: "fault",
    doc: "faults that a server started with --faults plays",
    shared: FOLDER_FLAGS,
    actions: [
      {
        words: "add",
        subject: { name: "RULE", isOptional: true },
        takes: [...WHAT_HAPPENS, ...WHICH_REQUESTS, ...WHICH_OF_THEM],
        flagsInShort: "ACTION [which requests] [which of them] [--stage STAGE] [--id ID] | RULE",
        doc: "adds a rule: by flags, of which one says what happens, or as RULE in JSON",
      },
      {
        words: "apply",
        subject: { name: "SCENARIO", kind: "scenario" },
        takes: [SEED],
        doc: "puts a scenario, by its name or FILE.json, in place of all rules",
      },
      { words: "list", takes: [JSON_SWITCH], doc: "a line for each rule, with how often it struck" },
      { words: "remove", subject: { name: "ID" }, doc: "removes a rule" },
      { words: "clear", doc: "removes all rules" },
    ],
    notes:
      "Rules strike only in servers that were started with --faults. ACTION is one of --error, --status, --slow-down-over, --error-inside-200, --key-error, --redirect, --delay, --throttle, --stall, --disconnect, --content-length, --corrupt, --clock, --stale and --disk. Which requests: --operation, --bucket, --key, --prefix, --method, --caller, --part, --from, --until. Which of them: --nth, --every, --probability, --seed, --times. See docs/faults.md.",
  },
  {
    name: "try-client",
    doc: "how a program takes it when S3 fails",
    shared: [],
    actions: [
      {
        words: "",
        takes: [
          { flag: "scenario", value: "SCENARIO", kind: "scenario", doc: "scenario by its name or file; s3s-bad-day without it" },
          SEED,
          { flag: "bucket", value: "NAME", doc: "bucket that is made for it; trial without it" },
          {
            flag: "compare",
            value: "FOLDER=s3://BUCKET/PREFIX",
            kind: "path",
            doc: "folder whose files have to be in the store at the end",
          },
          { flag: "timeout", value: "TIME", doc: "how long the command may take; 10m without it" },
          JSON_SWITCH,
        ],
        tail: "-- COMMAND [ARGUMENTS…]",
        doc: "runs COMMAND against a fresh store that fails on purpose, and tells how it took that",
      },
    ],
    notes:
      "The command finds the store by AWS_ENDPOINT_URL, its keys and its bucket in the environment (HOLDFAST_BUCKET); {endpoint}, {host}, {bucket}, {region}, {access-key} and {secret-key} in its arguments stand for what they say.",
  },
];

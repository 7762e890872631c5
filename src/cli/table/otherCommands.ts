import type { CommandRow, FlagRow } from "./CommandRow.ts";
import { FOLDER_FLAGS, JSON_SWITCH } from "./sharedFlags.ts";

const BUCKET: FlagRow = { flag: "bucket", value: "BUCKET", doc: "only this bucket" };

/** What is due, what is damaged and what time it is: commands that work beside a server. */
export const TASK_COMMANDS: readonly CommandRow[] = [
  {
    name: "clock",
    doc: "the test clock of a running server",
    shared: FOLDER_FLAGS,
    actions: [
      { words: "show", doc: "tells how far it is from real time" },
      {
        words: "advance",
        subject: { name: "DURATION", isLong: true },
        doc: 'moves it ahead, by a length of time such as "31 days", 1h30m or P31D',
      },
      {
        words: "set",
        subject: { name: "TIME", isLong: true },
        doc: "moves it to a time such as 2030-01-31 or 2030-01-31T12:00:00Z",
      },
      { words: "reset", doc: "back to real time" },
    ],
    notes: "It wants a server on the data folder that was started with --test-clock. See docs/clock.md.",
  },
  {
    name: "lifecycle",
    doc: "what is due by the lifecycles of buckets",
    shared: FOLDER_FLAGS,
    actions: [
      {
        words: "run",
        takes: [
          { flag: "dry-run", doc: "only tells it" },
          { flag: "at", value: "TIME", doc: "with --dry-run: what will be due then" },
          BUCKET,
          JSON_SWITCH,
        ],
        doc: "does what is due, or tells it, and why",
      },
    ],
  },
  {
    name: "scrub",
    doc: "compares every stored byte with its checksum",
    shared: FOLDER_FLAGS,
    actions: [{ words: "", doc: "names what is damaged, and changes nothing" }],
  },
];

/** What requests were answered, and why so. */
export const REQUEST_COMMANDS: readonly CommandRow[] = [
  {
    name: "requests",
    doc: "the requests that were answered, and how",
    shared: FOLDER_FLAGS,
    actions: [
      {
        words: "",
        takes: [
          { flag: "operation", value: "NAME", kind: "operation", isRepeatable: true, doc: "of this operation; again for more" },
          BUCKET,
          { flag: "key", value: "KEY", doc: "of this key" },
          { flag: "prefix", value: "PREFIX", doc: "of keys that begin so" },
          { flag: "method", value: "METHOD", kind: ["GET", "HEAD", "PUT", "POST", "DELETE"], doc: "of this HTTP method" },
          { flag: "caller", value: "ACCESS-KEY|ARN", doc: "of this caller" },
          {
            flag: "status",
            value: "STATUS",
            kind: ["2xx", "3xx", "4xx", "5xx"],
            doc: "with this status, such as 404, or of a class",
          },
          { flag: "code", value: "CODE", kind: "errorCode", doc: "with this error" },
          { flag: "fault", value: "ID", doc: "that this planned fault struck" },
          { flag: "id", value: "ID", doc: "with this request id" },
          { flag: "since", value: "TIME", doc: "from then on, or so long ago, such as 10m" },
          { flag: "until", value: "TIME", doc: "before that" },
          { flag: "limit", value: "N", doc: "the latest so many; 1000 without it" },
          { flag: "follow", doc: "goes on with those that come" },
          JSON_SWITCH,
          { flag: "format", value: "FORMAT", kind: ["aws"], doc: "aws: as lines of S3's access logs" },
        ],
        doc: "a line for each request, the latest last",
      },
    ],
  },
  {
    name: "why",
    doc: "why a request ended as it did, and what to change",
    shared: FOLDER_FLAGS,
    actions: [
      {
        words: "",
        subject: { name: "REQUEST-ID" },
        takes: [
          {
            flag: "canonical",
            value: "FILE",
            kind: "path",
            doc: "what the client signed, its canonical request or its string to sign; - is standard input",
          },
          JSON_SWITCH,
        ],
        doc: "tells its story",
      },
    ],
    notes: "REQUEST-ID is x-amz-request-id or x-amz-id-2 of the answer. See docs/why.md.",
  },
];

/** What holdfast tells of S3's errors and of itself. */
export const TELLING_COMMANDS: readonly CommandRow[] = [
  {
    name: "errors",
    doc: "S3's errors: what they mean, and what to do",
    shared: [],
    actions: [
      {
        words: "",
        subject: { name: "CODE | WORDS", kind: "errorCode", isOptional: true, isLong: true },
        takes: [{ flag: "search", value: "WORDS", doc: "the errors that speak of this, also where it is the name of one" }],
        doc: "lists them, tells what is known of one, or finds those that words are about",
      },
    ],
  },
  {
    name: "completion",
    doc: "completion of commands and options, for a shell",
    shared: [],
    actions: [
      {
        words: "",
        subject: { name: "SHELL", kind: ["bash", "zsh"] },
        doc: "prints what the shell reads: source <(holdfast completion bash)",
      },
    ],
  },
  {
    name: "help",
    doc: "this text, or that of a command",
    shared: [],
    actions: [
      { words: "", subject: { name: "COMMAND", kind: "command", isOptional: true }, doc: "also: holdfast COMMAND --help" },
    ],
  },
  { name: "version", doc: "the version of this package", shared: [], actions: [{ words: "", doc: "also: holdfast --version" }] },
];

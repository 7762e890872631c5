import { errorCodes } from "../errors/catalogue.ts";
import { routes } from "../protocol/generated/routes.ts";
import type { FaultAction, FaultActionOf, FaultKind, FaultStage } from "./FaultRule.ts";
import { FaultRuleError } from "./FaultRule.ts";
import type { Form, JsonSchema, Member, Members } from "./forms.ts";
import { differenceUpTo, implied, listOf, oneOf, optional, required, text, wholeNumber } from "./forms.ts";

/** What rules can do: at which stages, to which operations, and with which members. Reading, schema and documentation go by this. */

/** Nothing waits longer than this, in milliseconds. */
export const MAX_WAIT_MS = 600_000;
/** Reads tell nothing older than this, in milliseconds. */
const MAX_STALE_MS = 60_000;
/** A clock is moved no further than this, in milliseconds: some ten years. */
const MAX_CLOCK_MS: number = 3_653 * 24 * 60 * 60 * 1_000;
/** A Content-Length is wrong by no more than this. */
const MAX_LENGTH_ERROR_BYTES: number = 1024 ** 3;
/** The last byte of a body that a rule can name. */
const MAX_OFFSET_BYTES: number = 50 * 1000 ** 4;
/** The largest bandwidth of a rule. */
const MAX_BYTES_PER_SECOND: number = 10 * 1000 ** 3;
/** The largest budget of a rule. */
const MAX_REQUESTS_PER_SECOND = 1_000_000;
/** Most keys of a rule. */
const MAX_KEYS = 1_000;
/** Longest key, in characters. */
export const MAX_KEY_CHARACTERS = 1_024;
/** Longest body of a `status`, in characters. */
const MAX_BODY_CHARACTERS = 16_384;
/** Longest message of an error, in characters. */
const MAX_MESSAGE_CHARACTERS = 1_024;

/** Longest host name with its port, in characters. */
const MAX_ENDPOINT_CHARACTERS = 261;

/** Every stage, in the order in which a request comes by. */
export const FAULT_STAGES: readonly FaultStage[] = [
  "beforeAuthentication",
  "beforeExecution",
  "receiving",
  "afterCommit",
  "sending",
];

/** S3's operations, by name. */
export const OPERATION_NAMES: readonly string[] = Object.keys(routes);

/** What is known of a kind of action. */
export interface ActionFacts {
  /** Where it may strike; the first is the one for a rule that does not say. */
  readonly stages: readonly FaultStage[];
  /** The operations it can strike; any, where this is absent. */
  readonly operations?: readonly string[];
  readonly members: Members;
  /** What members mean together, where each for itself does not say it. Throws `FaultRuleError`. */
  readonly check?: (action: FaultAction, path: string) => void;
  /** The same for the schema. */
  readonly together?: JsonSchema;
}

/** The members that an action of a kind has, beside the kind. */
interface FactsOf<Kind extends FaultKind> extends ActionFacts {
  readonly members: { readonly [Name in Exclude<KeysOf<FaultActionOf<Kind>>, "kind">]: Member<unknown> };
}

/** Names of members of any of several shapes. */
type KeysOf<Shape> = Shape extends unknown ? keyof Shape : never;

const ANSWERED: readonly FaultStage[] = ["beforeExecution", "beforeAuthentication", "afterCommit"];
const BODIES: readonly FaultStage[] = ["sending", "receiving"];

/** S3's codes. */
export const CODES: Form<string> = oneOf(errorCodes(), "a code of S3's (docs/errors.md has them all)");
/** The same, which the schema has once. */
const CODE: Form<string> = { ...CODES, schema: { $ref: "#/$defs/code" } };
const WAIT: Form<number> = wholeNumber(1, MAX_WAIT_MS);
const OFFSET: Form<number> = wholeNumber(0, MAX_OFFSET_BYTES);

/** Operations that read, or list. */
const READS: readonly string[] = OPERATION_NAMES.filter((name) => /^(?:Get|Head|List)/.test(name));
/** Those of which S3 may answer 200 before it knows how they end. */
const ERRORS_INSIDE_200: readonly string[] = ["CompleteMultipartUpload", "CopyObject", "UploadPartCopy"];

/** What is known of each kind. */
export const ACTIONS: { readonly [Kind in FaultKind]: FactsOf<Kind> } = {
  error: {
    stages: ANSWERED,
    members: {
      code: required(CODE),
      message: optional(
        text(MAX_MESSAGE_CHARACTERS, {
          words: `text of 1 to ${MAX_MESSAGE_CHARACTERS} characters without control characters`,
          // eslint-disable-next-line no-control-regex -- a control character is what it must not have
          pattern: /^[^\u0000-\u001f\u007f-\u009f]+$/u,
        }),
      ),
    },
  },
  slowDown: {
    stages: ["beforeExecution"],
    members: {
      requestsPerSecond: required(wholeNumber(0, MAX_REQUESTS_PER_SECOND)),
      per: optional(oneOf(["prefix", "bucket", "rule"])),
    },
  },
  status: {
    stages: ANSWERED,
    members: { status: required(oneOf([500, 502, 503, 504])), body: optional(text(MAX_BODY_CHARACTERS)) },
  },
  errorInside200: {
    stages: ["beforeExecution", "afterCommit"],
    operations: ERRORS_INSIDE_200,
    members: { code: required(CODE) },
  },
  keyErrors: {
    stages: ["beforeExecution"],
    operations: ["DeleteObjects"],
    members: { code: required(CODE), keys: optional(listOf(text(MAX_KEY_CHARACTERS), MAX_KEYS)) },
  },
  delay: { stages: ["beforeExecution", "beforeAuthentication", "afterCommit"], members: { delayMs: required(WAIT) } },
  throttle: { stages: BODIES, members: { bytesPerSecond: required(wholeNumber(1, MAX_BYTES_PER_SECOND)) } },
  stall: { stages: BODIES, members: { stallMs: required(WAIT), atByte: optional(OFFSET) } },
  disconnect: {
    stages: ["beforeExecution", "beforeAuthentication", "afterCommit", "sending", "receiving"],
    members: { how: required(oneOf(["reset", "end", "halfClose"])), atByte: optional(OFFSET) },
  },
  contentLength: { stages: ["sending"], members: { byBytes: required(differenceUpTo(MAX_LENGTH_ERROR_BYTES)) } },
  corrupt: { stages: ["sending"], members: { what: required(oneOf(["body", "checksum"])) } },
  clock: { stages: ["beforeAuthentication"], members: { aheadMs: required(differenceUpTo(MAX_CLOCK_MS)) } },
  redirect: {
    stages: ANSWERED,
    members: {
      status: required(oneOf([301, 307])),
      endpoint: optional(
        text(MAX_ENDPOINT_CHARACTERS, {
          words: 'a host name, with a port if need be, such as "s3.eu-west-1.amazonaws.com" or "127.0.0.1:9000"',
          pattern: /^[A-Za-z0-9.-]+(?::\d{1,5})?$/u,
        }),
      ),
    },
  },
  stale: { stages: ["beforeExecution"], operations: READS, members: { staleMs: required(wholeNumber(1, MAX_STALE_MS)) } },
  disk: {
    stages: ["beforeExecution"],
    members: { how: required(oneOf(["full", "slow"])), delayMs: optional(WAIT) },
    check(action, path) {
      const { how, delayMs } = action as { readonly how: string; readonly delayMs?: number };
      if (how === "slow" && delayMs === undefined)
        throw new FaultRuleError(`${path}.delayMs is missing; it has to be ${WAIT.words} for a slow disk.`);
      if (how === "full" && delayMs !== undefined)
        throw new FaultRuleError(`${path}.delayMs means nothing for a full disk; take it out, or make "how" "slow".`);
    },
    together: {
      allOf: [
        implied({ properties: { how: { const: "slow" } } }, { required: ["delayMs"] }),
        implied({ properties: { how: { const: "full" } } }, { properties: { delayMs: false } }),
      ],
    },
  },
};

/** Every kind of action. */
export const FAULT_KINDS: readonly FaultKind[] = Object.keys(ACTIONS) as FaultKind[];

/** What is known of an action. */
export function factsOf({ kind }: FaultAction): ActionFacts {
  return ACTIONS[kind];
}

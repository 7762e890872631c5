import type { CauseName } from "./causes.ts";
import type { Keys } from "./Keys.ts";

/** The clients of the page, in the order of its columns. */
export type ClientName = "aws" | "boto3" | "sdk" | "rclone" | "s3cmd";

/** How a code comes about: an operation with its input for AWS CLI, boto3 and SDK v3, and commands of the others. */
export interface Row {
  readonly code: string;
  /** What is wrong, as the page says it. */
  readonly cause: string;
  readonly operation: string;
  /** The operation's input, as JSON without its braces. UPLOAD stands for the id of an upload whose first part is small. */
  readonly input?: string;
  /** The server it is sent to; `main` if not given. */
  readonly at?: CauseName;
  readonly keys?: Keys;
  /** Signed for by the clients; us-east-1 if not given. */
  readonly region?: string;
  /** True for an address with the bucket in its host name, below a domain the server was not told of. */
  readonly strangeDomain?: true;
  readonly rclone?: readonly string[];
  readonly s3cmd?: readonly string[];
  /** Clients that take the answer for success. */
  readonly content?: readonly ClientName[];
  /** Clients that fail without naming the code: the answer has no body, or they have words of their own. */
  readonly unnamed?: readonly ClientName[];
}

import type { RequestLife } from "../requests/RequestLife.ts";
import type { Service } from "../Service.ts";
import type { AdminParameter } from "./AdminParameter.ts";
import type { Schema } from "./description/schema.ts";
import type { Parameters } from "./Parameters.ts";

/** What an operation of the admin API is given. */
export interface AdminCall {
  readonly service: Service;
  readonly life: RequestLife;
  /** The parts of the path that the operation's has in braces, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Parameters;
  /** The verified body; empty where none came. */
  readonly body: Buffer;
}

/** What policies call the journal. */
export const REQUESTS_ARN = "arn:aws:holdfast:::requests";
/** What they call the planned faults. */
export const FAULTS_ARN = "arn:aws:holdfast:::faults";

/** A document that an operation takes or answers with. */
export interface AdminDocument {
  readonly description: string;
  readonly schema: Schema;
  /** Default: JSON. */
  readonly contentType?: string;
}

/** One operation of the admin API: everything that is true of it, for the server and for its description. */
export interface AdminOperation {
  readonly name: string;
  /** What policies know it by behind "holdfast:", where that is not its name. */
  readonly permission?: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Such as "/-/requests/{id}". */
  readonly path: string;
  readonly summary: string;
  /** The ARN that policies allow it on. */
  readonly resource: typeof REQUESTS_ARN | typeof FAULTS_ARN;
  readonly parameters: Readonly<Record<string, AdminParameter>>;
  /** What is taken as a body; nothing else may come as one. */
  readonly takes?: AdminDocument;
  readonly answers: AdminDocument;
  /** The codes of errors that it has of its own, each with when. */
  readonly errors: Readonly<Record<string, string>>;
  /** Makes what is answered with 200, as JSON. Throws `S3Error`. */
  handle(call: AdminCall): Promise<unknown>;
}

/** The action that policies know an operation by. */
export function actionOf({ name, permission = name }: AdminOperation): string {
  return `holdfast:${permission}`;
}

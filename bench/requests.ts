import type { PreparedRequest } from "./Connection.ts";
import type { Target } from "./presign.ts";
import { presign } from "./presign.ts";

/** What a request is to say. */
export interface RequestPlan {
  readonly method: string;
  /** "/bucket/key"; of characters that need no escape. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: readonly Buffer[];
  readonly keepsAnswer?: boolean;
}

const NO_BODY: readonly Buffer[] = [];

/** Signs a request and makes its bytes. */
export function prepare(target: Target, plan: RequestPlan, now: Date): PreparedRequest {
  const body = plan.body ?? NO_BODY;
  const headers: Record<string, string> = { host: `${target.host}:${target.port}`, ...plan.headers };
  if (plan.method === "PUT" || plan.method === "POST") {
    headers["content-length"] = String(body.reduce((sum, piece) => sum + piece.length, 0));
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const requestTarget = presign(target, plan.method, plan.path, plan.query ?? {}, now, plan.headers);
  const head = Buffer.from(`${plan.method} ${requestTarget} HTTP/1.1\r\n${lines.join("")}\r\n`);
  return { head, body, keepsAnswer: plan.keepsAnswer === true };
}

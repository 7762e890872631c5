import assert from "node:assert/strict";
import type { RoutedRequest } from "../../src/protocol/Dialect.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import { rest } from "../../src/protocol/rest/rest.ts";
import type { WireRequest } from "../../src/protocol/WireRequest.ts";

/** What a request of the REST dialect means. Throws what it is refused with, whenever its sender is told. */
export function routed(request: WireRequest): RoutedRequest & { readonly operation: OperationName } {
  const found = rest.route(request, { idleTimeoutMs: 1_000, beforeFirstRead: undefined });
  assert.ok(!(found instanceof Promise));
  if (found.operation === undefined) throw found.refusal;
  return found as RoutedRequest & { readonly operation: OperationName };
}

import type { OperationName } from "../generated/types.ts";

/** What opening a body needs beyond the request. */
export interface PayloadOptions {
  readonly operation: OperationName;
  /** The largest decoded size. */
  readonly maxSizeBytes: number;
  /** How long a client may send nothing while bytes are waited for. */
  readonly idleTimeoutMs: number;
  /** Called before the first byte is asked for: where "100 Continue" is sent. */
  readonly beforeFirstRead?: (() => void) | undefined;
}

import type { Schema } from "./description/schema.ts";

/** A parameter of a query: what OpenAPI says of it, and the server holds. */
export interface AdminParameter {
  readonly description: string;
  readonly schema: Schema;
  /** May be given several times. */
  readonly repeated?: boolean;
}

/**
 * Refuses a Node that is too old with one sentence. The library imports this first, so that it runs before all else does. It runs on the
 * last releases of 20 and 22: whatever the library imports by name at its start must be there for them to find.
 */
import { nodeRefusal } from "./nodeVersion.ts";

const refusal = nodeRefusal(process.versions.node);
if (refusal !== undefined) throw new Error(refusal);

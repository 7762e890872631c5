import type { AnyOperation, OperationResult } from "../../operations/Operation.ts";
import type { BucketContext } from "../../operations/RequestContext.ts";
import type { AnyInput } from "../../protocol/Dialect.ts";
import type { DeleteObjectsRequest } from "../../protocol/generated/types.ts";
import type { AnyOperationName } from "../../protocol/operations.ts";
import type { OutputBody } from "../../protocol/Payload.ts";
import { ServiceError } from "../../errors/ServiceError.ts";
import type { Store } from "../../store/Store.ts";
import { storeAsOf } from "../../store/storeAsOf.ts";
import type { Exchange } from "../requests/Exchange.ts";
import type { RequestLife } from "../requests/RequestLife.ts";
import { fullDisk, slowDisk } from "./diskStores.ts";
import { withoutStruckKeys } from "./keyErrors.ts";
import { leaveBody } from "./leaveBody.ts";
import { plannedError } from "./plannedError.ts";
import { strikeAt } from "./strikeAt.ts";
import type { Strikes } from "./Strikes.ts";

type Result = OperationResult<AnyOperationName>;

/**
 * Runs an operation with what is planned for it: on a store that is full, slow or behind, without the keys that are not to be deleted; and
 * once it has committed, what is planned for before its answer. Throws what the operation throws, what a rule wants, or an `OtherAnswer`.
 */
export async function execute(exchange: Exchange, strikes: Strikes, operation: AnyOperation, input: AnyInput): Promise<Result> {
  const life = exchange.life!;
  const run = (asked: AnyInput): Promise<Result> =>
    runOn(exchange, strikes, (context) => operation.handle(asked as never, context));
  const listed = strikes.of("keyErrors");
  const result =
    listed.length === 0 ? await run(input) : await withoutStruckKeys(life, strikes, listed, input as DeleteObjectsRequest, run);
  try {
    await strikeAt(exchange, strikes, "afterCommit");
  } catch (cause) {
    await leaveBody(bodyOf(result));
    throw cause;
  }
  return result;
}

/**
 * The error that is to stand inside a 200; `undefined` where none is planned. What is planned for before the commit comes without the
 * operation having run; for what is planned after it, `commit` is called.
 */
export async function errorInside200(
  exchange: Exchange,
  strikes: Strikes,
  commit: () => Promise<unknown>,
): Promise<ServiceError | undefined> {
  const [rule] = strikes.of("errorInside200");
  if (rule === undefined) return undefined;
  if (rule.stage === "afterCommit") await commit();
  strikes.note(rule, { code: rule.action.code });
  return plannedError(exchange, rule, rule.action.code);
}

/** Runs an operation on the store that rules want, which is its context's for so long. */
async function runOn(exchange: Exchange, strikes: Strikes, handle: (context: BucketContext) => Promise<Result>): Promise<Result> {
  const life = exchange.life!;
  const own = life.store;
  const disk = withDisk(exchange, strikes, own);
  const behind = behindBy(life, strikes, own, disk);
  try {
    if (behind !== undefined) {
      life.store = behind;
      try {
        return await handle(life as BucketContext);
      } catch (cause) {
        if (cause instanceof ServiceError) throw cause;
        // What was there then may have been collected since: then it is told what is.
        life.note("planned fault", { stale: "what was there then is gone" });
      }
    }
    life.store = disk;
    return await handle(life as BucketContext);
  } finally {
    life.store = own;
  }
}

function withDisk(exchange: Exchange, strikes: Strikes, own: Store): Store {
  let store = own;
  for (const rule of strikes.of("disk")) {
    store =
      rule.action.how === "full" ? fullDisk(store, strikes, rule) : slowDisk(store, exchange, strikes, rule, rule.action.delayMs);
  }
  return store;
}

/** The store as it was, for reads; `undefined` where no rule wants that, and where the store does not remember. */
function behindBy(life: RequestLife, strikes: Strikes, own: Store, disk: Store): Store | undefined {
  const rules = strikes.of("stale");
  if (rules.length === 0 || own.past === undefined) return undefined;
  const staleMs = Math.max(...rules.map(({ action }) => action.staleMs));
  for (const rule of rules) strikes.note(rule, { staleMs: rule.action.staleMs });
  return storeAsOf(disk, own.past, own.clock() - staleMs);
}

function bodyOf({ output }: Result): OutputBody | undefined {
  return (output as { readonly Body?: OutputBody }).Body;
}

import { invalidArgument } from "../../errors/invalidArgument.ts";
import type { LifecycleRule } from "../../protocol/generated/types.ts";
import { formatTimestamp } from "../../protocol/rest/timestamps.ts";
import { storageClassNamed } from "../../store/objects/storageClasses.ts";
import { checkMidnight, describedFilter, invalidRequest } from "./lifecycleRefusals.ts";

/** What S3 looks for in the transitions of a rule, and between them and its expirations. */

const DAY_MS: number = 24 * 60 * 60 * 1000;

/** The classes whose objects are charged for this many days at least; a rule lets them stay that long before they go further down. */
const MINIMUM_STAY_DAYS: ReadonlyMap<string, number> = new Map([
  ["STANDARD_IA", 30],
  ["ONEZONE_IA", 30],
  ["GLACIER_IR", 90],
  ["GLACIER", 90],
]);
/** To this one they may go sooner. */
const WITHOUT_STAY = "INTELLIGENT_TIERING";

/** A transition of current or of noncurrent versions; or an expiration, which is of no class. */
interface Step {
  /** The element that says when. */
  readonly element: "Days" | "Date" | "NoncurrentDays";
  /** As the element says it: days, or milliseconds since 1970. */
  readonly at: number;
  readonly storageClass: string;
}

/** Checks the transitions of a rule whose form was checked. Throws InvalidArgument and InvalidRequest. */
export function checkTransitions(rule: LifecycleRule): void {
  checkCurrent(rule);
  checkNoncurrent(rule);
}

function checkCurrent(rule: LifecycleRule): void {
  const steps = (rule.Transitions ?? []).map((transition): Step => {
    if (transition.Date !== undefined) checkMidnight(transition.Date);
    return { ...momentOf(transition)!, storageClass: transition.StorageClass! };
  });
  for (const step of steps) checkDays(step, "Transition");
  refuseRepeated(steps, "Transition", rule);
  if (steps.some(({ element }) => element !== steps[0]!.element)) {
    throw invalidRequest(
      `Found mixed 'Date' and 'Days' based Transition actions in lifecycle rule for ${describedFilter(rule)}`,
      "A rule has Transitions by Days and others by Date; say all of them by the same, or make two rules.",
    );
  }
  checkOrder(steps, "Transition", rule);
  const expiration = momentOf(rule.Expiration ?? {});
  if (expiration === undefined || steps.length === 0) return;
  if (expiration.element !== steps[0]!.element) {
    throw invalidRequest(
      `Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for ${describedFilter(rule)}`,
      "A rule has its Expiration by Days and a Transition by Date, or the other way round; say both by the same, or make two rules.",
    );
  }
  refuseEarlyExpiration(expiration, steps, ["Expiration", "Transition"], rule);
}

function checkNoncurrent(rule: LifecycleRule): void {
  const steps = (rule.NoncurrentVersionTransitions ?? []).map(({ NoncurrentDays, StorageClass }): Step => {
    return { element: "NoncurrentDays", at: NoncurrentDays!, storageClass: StorageClass! };
  });
  const action = "NoncurrentVersionTransition";
  for (const step of steps) checkDays(step, action);
  refuseRepeated(steps, action, rule);
  checkOrder(steps, action, rule);
  const at = rule.NoncurrentVersionExpiration?.NoncurrentDays;
  if (at === undefined) return;
  refuseEarlyExpiration({ element: "NoncurrentDays", at }, steps, ["NoncurrentVersionExpiration", action], rule);
}

/** `undefined` of an expiration that says no moment. */
function momentOf({
  Days,
  Date: date,
}: {
  Days?: number | undefined;
  Date?: Date | undefined;
}): Omit<Step, "storageClass"> | undefined {
  if (date !== undefined) return { element: "Date", at: date.getTime() };
  return Days === undefined ? undefined : { element: "Days", at: Days };
}

/** Throws InvalidArgument for days below zero, or below those that objects must have been stored before they can go to a class. */
function checkDays({ element, at, storageClass }: Step, action: string): void {
  if (element === "Date") return;
  if (at < 0) {
    throw invalidArgument(element, String(at), {
      message: `'${element}' in ${action} action must be nonnegative`,
      explanation: `${element} of a rule's ${action} is ${at}; it can be 0 or more.`,
    });
  }
  const minimum = storageClassNamed(storageClass)!.minimumTransitionDays;
  if (at >= minimum) return;
  throw invalidArgument(element, String(at), {
    message: `'${element}' in ${action} action must be greater than or equal to ${minimum} for storageClass '${storageClass}'`,
    explanation: `${element} of a rule's ${action} is ${at}; objects go to ${storageClass} when they are ${minimum} days old, and not before.`,
  });
}

function refuseRepeated(steps: readonly Step[], action: string, rule: LifecycleRule): void {
  if (new Set(steps.map(({ storageClass }) => storageClass)).size === steps.length) return;
  throw invalidRequest(
    `'StorageClass' must be different for '${action}' actions in same 'Rule' with ${describedFilter(rule)}`,
    `Two of a rule's ${action} actions name the same StorageClass; leave one of them out.`,
  );
}

/** Objects go down from class to class, and stay a while in some. Throws InvalidArgument. */
function checkOrder(steps: readonly Step[], action: string, rule: LifecycleRule): void {
  const down = steps.toSorted((one, other) => orderOf(one) - orderOf(other));
  for (const [index, below] of down.entries()) {
    for (const above of down.slice(0, index)) checkPair(above, below, action, rule);
  }
}

function orderOf({ storageClass }: Step): number {
  return storageClassNamed(storageClass)!.order;
}

function checkPair(above: Step, below: Step, action: string, rule: LifecycleRule): void {
  const { element, storageClass } = below;
  const filter = describedFilter(rule);
  if (below.at <= above.at) {
    throw invalidArgument(element, shown(below), {
      message: `'${element}' in the '${action}' action for StorageClass '${storageClass}' for ${filter} must be greater than '${element}' in the '${action}' action for StorageClass '${above.storageClass}' for ${filter}`,
      explanation: `Objects go from ${above.storageClass} to ${storageClass} and never back, so ${storageClass} comes later.`,
    });
  }
  const stayDays = storageClass === WITHOUT_STAY ? 0 : (MINIMUM_STAY_DAYS.get(above.storageClass) ?? 0);
  const gapDays = (below.at - above.at) / (element === "Date" ? DAY_MS : 1);
  if (gapDays >= stayDays) return;
  throw invalidArgument(element, shown(below), {
    // Where S3 would name the other element, it names the filter.
    message: `'${element}' in the '${action}' action for StorageClass '${storageClass}' for ${filter} must be ${stayDays} days more than '${filter}' in the '${action}' action for StorageClass '${above.storageClass}'`,
    explanation: `A rule lets objects stay in ${above.storageClass} for ${stayDays} days before they go to ${storageClass}; here they would stay ${gapDays}.`,
  });
}

function refuseEarlyExpiration(
  expiration: Omit<Step, "storageClass">,
  steps: readonly Step[],
  [expires, moves]: readonly [expires: string, moves: string],
  rule: LifecycleRule,
): void {
  if (steps.every(({ at }) => at < expiration.at)) return;
  const { element } = expiration;
  throw invalidArgument(element, shown(expiration), {
    message: `'${element}' in the ${expires} action for ${describedFilter(rule)} must be greater than '${element}' in the ${moves} action`,
    explanation: "What a rule expires it cannot move to another class at the same time, or later.",
  });
}

function shown({ element, at }: Omit<Step, "storageClass">): string {
  return element === "Date" ? formatTimestamp(new Date(at), "date-time") : String(at);
}

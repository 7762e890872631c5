import { quoted } from "../../errors/quoted.ts";
import { ActionSet } from "./ActionSet.ts";
import type { Refuse, StatementRefuse } from "./Fault.ts";
import { isList, isObject, readJson } from "./Json.ts";
import type { Json, JsonObject } from "./Json.ts";
import type { Policy, PolicyUse, PolicyVersion, Statement } from "./Policy.ts";
import type { Principals } from "./Principals.ts";
import { readConditions } from "./readConditions.ts";
import { readPrincipals } from "./readPrincipals.ts";
import { ResourceSet } from "./ResourceSet.ts";
import type { Patterns, StatementTexts } from "./StatementTexts.ts";

/** What a kind of policy takes, and how it refuses. */
export interface Grammar {
  readonly use: PolicyUse;
  readonly refuse: Refuse;
  /** Whether the version must be there, and be the newer one. */
  readonly mustBeNew: boolean;
  /** Refuses a `Resource` or `NotResource` that the kind of policy does not take. */
  readonly checkResource: (pattern: string, refuse: StatementRefuse) => void;
  readonly checkAction: (action: string, refuse: StatementRefuse) => void;
  /** Looks at what a statement's parts are together. */
  readonly checkStatement: (statement: StatementTexts, refuse: StatementRefuse) => void;
}

const POLICY_ELEMENTS: ReadonlySet<string> = new Set(["Version", "Id", "Statement"]);
const STATEMENT_ELEMENTS: ReadonlySet<string> = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);
const OLD: PolicyVersion = "2008-10-17";
const NEW: PolicyVersion = "2012-10-17";

/**
 * Reads a policy of some kind.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function readPolicy(text: string, grammar: Grammar): Policy {
  const { refuse } = grammar;
  const document = readDocument(text, refuse);
  for (const name of document.members.keys())
    if (!POLICY_ELEMENTS.has(name)) refuse({ kind: "unknown", element: name }, `A policy has no element ${quoted(name)}.`);
  if (document.repeated !== undefined)
    refuse({ kind: "repeated", element: document.repeated }, `The policy has ${quoted(document.repeated)} more than once.`);
  const version = readVersion(document.members.get("Version"), refuse);
  const id = document.members.get("Id");
  if (id !== undefined && typeof id !== "string") refuse({ kind: "wrong-type", element: "Id" }, "Id is a text.");
  const statement = document.members.get("Statement");
  if (statement === undefined) return refuse({ kind: "missing", element: "Statement" }, "The policy has no Statement.");
  const statements = isList(statement) ? statement : [statement];
  if (statements.length === 0) refuse({ kind: "empty-policy" }, "The policy's Statement is an empty list.");
  const sids = new Set<string>();
  const read = statements.map((value, index) => readStatement(value, index + 1, version, sids, grammar));
  if (grammar.mustBeNew && version !== NEW) refuse({ kind: "old-version" }, `The policy's Version has to be "${NEW}".`);
  return { use: grammar.use, version, id: id as string | undefined, statements: read };
}

function readDocument(text: string, refuse: Refuse): JsonObject {
  if (!text.startsWith("{")) {
    const found = text === "" ? "nothing was sent" : `it begins with ${quoted([...text.slice(0, 2)][0]!)}`;
    refuse({ kind: "not-an-object" }, `A policy begins with "{", and ${found}.`);
  }
  try {
    return readJson(text) as JsonObject;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse({ kind: "not-json" }, `The policy's JSON is broken ${error.message}.`);
  }
}

function readVersion(value: Json | undefined, refuse: Refuse): PolicyVersion {
  if (value === undefined) return OLD;
  if (value === NEW || value === OLD) return value;
  const shown = JSON.stringify(value);
  return refuse({ kind: "version", value: shown }, `The policy has Version ${quoted(shown)}; it has to be "${NEW}".`);
}

function readStatement(value: Json, place: number, version: PolicyVersion, sids: Set<string>, grammar: Grammar): Statement {
  const refuse: StatementRefuse = (fault, clause) => grammar.refuse(fault, `Statement ${place}: ${clause}.`);
  if (!isObject(value)) return refuse({ kind: "wrong-type", element: "Statement" }, "it is not an object");
  for (const name of value.members.keys())
    if (!STATEMENT_ELEMENTS.has(name)) refuse({ kind: "unknown", element: name }, `there is no element ${quoted(name)}`);
  if (value.repeated !== undefined)
    refuse({ kind: "repeated", element: value.repeated }, `${value.repeated} comes more than once`);
  const sid = readSid(value.members.get("Sid"), sids, grammar.use, refuse);
  const effect = readEffect(value.members.get("Effect"), refuse);
  const variables = version === NEW;
  const principals = readWhom(value, effect, grammar.use, refuse);
  const actions = readPatterns(value, "Action", refuse);
  for (const action of actions.written) grammar.checkAction(action, refuse);
  const resources = readResources(value, grammar, refuse);
  const conditions = readConditions(value.members.get("Condition"), variables, refuse);
  grammar.checkStatement({ actions, resources, conditions }, refuse);
  return {
    sid,
    place,
    effect,
    actions: new ActionSet(actions.written, actions.isNegated),
    resources: resources === undefined ? undefined : new ResourceSet(resources.written, resources.isNegated, variables),
    principals,
    conditions,
  };
}

function readSid(value: Json | undefined, sids: Set<string>, use: PolicyUse, refuse: StatementRefuse): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string") return refuse({ kind: "wrong-type", element: "Sid" }, "Sid is a text");
  if (use !== "bucket" && !/^[0-9A-Za-z]*$/.test(value))
    refuse({ kind: "sid-form", value }, `the Sid ${quoted(value)} is not of letters and digits only`);
  if (value !== "" && sids.has(value)) refuse({ kind: "sid", value }, `another statement has the Sid ${quoted(value)}`);
  sids.add(value);
  return value;
}

function readEffect(value: Json | undefined, refuse: StatementRefuse): "Allow" | "Deny" {
  if (value === undefined) return refuse({ kind: "missing", element: "Effect" }, "there is no Effect");
  if (value === "Allow" || value === "Deny") return value;
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  return refuse({ kind: "effect", value: shown }, `Effect is ${quoted(shown)}; it has to be "Allow" or "Deny"`);
}

/** `Principal` or `NotPrincipal`, which identity policies must not have and others must. */
function readWhom(
  { members }: JsonObject,
  effect: Statement["effect"],
  use: PolicyUse,
  refuse: StatementRefuse,
): Principals | undefined {
  const isNegated = members.has("NotPrincipal");
  const element = isNegated ? "NotPrincipal" : "Principal";
  const value = members.get(element);
  if (use === "identity") {
    if (value === undefined) return undefined;
    return refuse({ kind: "prohibited", element }, `it has a ${element}, and is about whom the policy is attached to`);
  }
  if (value === undefined) return refuse({ kind: "missing", element: "Principal" }, "there is no Principal");
  if (isNegated && members.has("Principal"))
    refuse({ kind: "repeated", element: "Principal" }, "there is a Principal and a NotPrincipal");
  if (isNegated && (effect === "Allow" || use === "trust"))
    refuse({ kind: "not-principal" }, "NotPrincipal is for Deny in the policies of buckets; name whom you mean in Principal");
  return readPrincipals(value, element, use, isNegated, refuse);
}

/** `Action` or `NotAction`, `Resource` or `NotResource`: a text or a list of texts. */
function readPatterns({ members }: JsonObject, element: "Action" | "Resource", refuse: StatementRefuse): Patterns {
  const opposite = `Not${element}`;
  const isNegated = members.has(opposite);
  if (isNegated && members.has(element))
    refuse({ kind: "repeated", element }, `there is ${element} and ${opposite}; a statement has one of them`);
  const value = members.get(isNegated ? opposite : element);
  if (value === undefined) return refuse({ kind: "missing", element }, `there is no ${element}`);
  const written = isList(value) ? value : [value];
  if (written.length === 0) refuse({ kind: "empty", element }, `${isNegated ? opposite : element} is an empty list`);
  for (const one of written)
    if (typeof one !== "string") refuse({ kind: "wrong-type", element }, `${element} is a text or a list of texts`);
  return { written: written as readonly string[], isNegated };
}

function readResources(value: JsonObject, { use, checkResource }: Grammar, refuse: StatementRefuse): Patterns | undefined {
  if (use === "trust") {
    const element = ["Resource", "NotResource"].find((name) => value.members.has(name));
    if (element !== undefined) refuse({ kind: "prohibited", element }, `it has a ${element}, and is about the role itself`);
    return undefined;
  }
  const resources = readPatterns(value, "Resource", refuse);
  for (const pattern of resources.written) checkResource(pattern, refuse);
  return resources;
}

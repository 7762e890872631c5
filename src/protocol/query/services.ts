import { iamActions, iamEnums, iamOperations, iamShapeTexts } from "../generated/iamShapes.ts";
import { stsActions, stsEnums, stsOperations, stsShapeTexts } from "../generated/stsShapes.ts";
import type { AnyOperationName } from "../operations.ts";
import type { Shape } from "../Shape.ts";
import { readShape } from "../Shape.ts";
import type { QueryServiceName } from "./queryServiceOf.ts";

/** The structures of an operation's input and output, where it has any. */
export interface QueryOperation {
  readonly name: AnyOperationName;
  readonly input?: string;
  readonly output?: string;
}

/** A service that is asked in queries. */
export interface QueryService {
  readonly name: QueryServiceName;
  /** The only version there ever was. */
  readonly version: string;
  /** The XML namespace of its answers. */
  readonly namespace: string;
  /** True for the name of an operation that the service has on AWS, built or not. */
  has(action: string): boolean;
  /** The operation of this name; `undefined` where it is not built. */
  find(action: string): QueryOperation | undefined;
  shapeOf(name: string): Shape;
  valuesOf(enumeration: string): readonly string[];
}

/** Generated tables as a service. Its structures are read when they are first asked for: most processes need none of them. */
function serviceOf(
  facts: Pick<QueryService, "name" | "version" | "namespace">,
  actions: readonly string[],
  operations: Readonly<Record<string, Omit<QueryOperation, "name">>>,
  shapeTexts: Readonly<Record<string, string>>,
  enums: Readonly<Record<string, readonly string[]>>,
): QueryService {
  const shapes = new Map<string, Shape>();
  return {
    ...facts,
    has: (action) => actions.includes(action),
    find: (action) =>
      Object.hasOwn(operations, action) ? { name: action as AnyOperationName, ...operations[action] } : undefined,
    shapeOf(name) {
      let shape = shapes.get(name);
      if (shape === undefined) {
        shape = readShape(shapeTexts[name]!);
        shapes.set(name, shape);
      }
      return shape;
    },
    valuesOf: (enumeration) => enums[enumeration]!,
  };
}

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html */
export const iamService: QueryService = serviceOf(
  { name: "iam", version: "2010-05-08", namespace: "https://iam.amazonaws.com/doc/2010-05-08/" },
  iamActions,
  iamOperations,
  iamShapeTexts,
  iamEnums,
);

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html */
export const stsService: QueryService = serviceOf(
  { name: "sts", version: "2011-06-15", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" },
  stsActions,
  stsOperations,
  stsShapeTexts,
  stsEnums,
);

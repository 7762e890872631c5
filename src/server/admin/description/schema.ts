/** A JSON Schema, 2020-12. */
export type Schema = Readonly<Record<string, unknown>>;

/** The names of members that may be left out, or may not. */
type OptionalOf<Shape> = { [Name in keyof Shape]-?: object extends Pick<Shape, Name> ? Name : never }[keyof Shape];
type RequiredOf<Shape> = Exclude<keyof Shape, OptionalOf<Shape>>;

/** An object with these members and no others. */
export function object(required: Readonly<Record<string, Schema>>, optional: Readonly<Record<string, Schema>> = {}): Schema {
  return {
    type: "object",
    ...(Object.keys(required).length > 0 && { required: Object.keys(required) }),
    properties: { ...required, ...optional },
    additionalProperties: false,
  };
}

/** The same for a type: with every member that it has, so that neither changes without the other. */
export function shapeOf<Shape>(
  required: { readonly [Name in RequiredOf<Shape>]: Schema },
  optional: { readonly [Name in OptionalOf<Shape>]: Schema },
): Schema {
  return object(required, optional);
}

/** Names that are not known beforehand, each with anything. */
export function anyMembers(description: string): Schema {
  return { type: "object", description };
}

/** Text, and what it says. */
export function text(description?: string): Schema {
  return { type: "string", ...(description !== undefined && { description }) };
}

/** One of these words. */
export function oneOf(...words: readonly string[]): Schema {
  return { type: "string", enum: words };
}

/** A whole number from 0, or another minimum, on. */
export function wholeNumber(description?: string, minimum = 0): Schema {
  return { type: "integer", minimum, ...(description !== undefined && { description }) };
}

/** A length of time, or a moment. */
export function milliseconds(description: string): Schema {
  return { type: "number", minimum: 0, description };
}

/** A list. */
export function listOf(items: Schema, description?: string): Schema {
  return { type: "array", items, ...(description !== undefined && { description }) };
}

/** That, or null. */
export function orNull(schema: Schema): Schema {
  return { anyOf: [schema, { type: "null" }] };
}

/** A schema of the description's, by its name. */
export function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

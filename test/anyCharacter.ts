import fc from "fast-check";

const SURROGATES = { first: 0xd800, count: 0x800 };

/**
 * Any character there is, as the unit of a text: `fc.string({ unit: anyCharacter })`. It is fast-check's own "binary", which takes a second to
 * enter all characters into a table in every process.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat(0x10ffff - SURROGATES.count)
  .map((number) => String.fromCodePoint(number < SURROGATES.first ? number : number + SURROGATES.count), numberOf);

function numberOf(text: unknown): number {
  const [character, ...others] = typeof text === "string" ? text : "";
  if (character === undefined || others.length > 0) throw new TypeError("This is no character");
  const codePoint = character.codePointAt(0)!;
  return codePoint < SURROGATES.first ? codePoint : codePoint - SURROGATES.count;
}

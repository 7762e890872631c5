/** An encoded word may have at most 75 characters, its frame included (RFC 2047, section 2). */
const MAX_WORD_CHARACTERS = 75;
const FRAME_CHARACTERS = "=?UTF-8?B?".length + "?=".length;
const MAX_TEXT_CHARACTERS: number = MAX_WORD_CHARACTERS - FRAME_CHARACTERS;

/** Characters that an encoded word of form Q may hold as they are; a space becomes "_". */
const PLAIN_IN_Q = /^[A-Za-z0-9!*+\-/]$/;

/**
 * A header value as S3 returns it when it has characters outside US-ASCII: as encoded words of RFC 2047, of form Q where most characters
 * are ASCII and of form B otherwise. `value` holds one character for each byte the client sent, as HTTP header text does.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export function asciiHeaderValue(value: string): string {
  const characters = [...value];
  const asciiCharacters = characters.filter(isAscii).length;
  if (asciiCharacters === characters.length) return value;
  const form = asciiCharacters > characters.length - asciiCharacters ? "Q" : "B";
  const encode = form === "Q" ? encodeQ : encodeB;
  const words: string[] = [];
  let text = "";
  for (const character of characters) {
    if (encode(text + character).length > MAX_TEXT_CHARACTERS) {
      words.push(text);
      text = "";
    }
    text += character;
  }
  words.push(text);
  return words.map((word) => `=?UTF-8?${form}?${encode(word)}?=`).join(" ");
}

function isAscii(character: string): boolean {
  return character.codePointAt(0)! < 0x80;
}

function encodeB(text: string): string {
  return Buffer.from(text).toString("base64");
}

function encodeQ(text: string): string {
  return [...text].map(encodeCharacterQ).join("");
}

function encodeCharacterQ(character: string): string {
  if (character === " ") return "_";
  if (PLAIN_IN_Q.test(character)) return character;
  return Buffer.from(character)
    .toString("hex")
    .toUpperCase()
    .replace(/../g, (byte) => `=${byte}`);
}

import { isHeaderValue } from "./headerTexts.ts";

/** An encoded word may have at most 75 characters, its frame included (RFC 2047, section 2). */
const MAX_WORD_CHARACTERS = 75;
const FRAME_CHARACTERS = "=?UTF-8?B?".length + "?=".length;
const MAX_TEXT_CHARACTERS: number = MAX_WORD_CHARACTERS - FRAME_CHARACTERS;

/** What an encoded word of form Q must not hold as it is: all but printable US-ASCII, and what has a meaning there. */
const SPECIAL_IN_Q = /[^!-~]|[=?_]/gu;

const ASCII_TEXT = /^[\0-\x7f]*$/; // eslint-disable-line no-control-regex -- it asks whether a text is ASCII
/** Controls, but for white space, are counted like characters beyond ASCII. */
const ASCII = /[\t\n\r -~]/g;

/**
 * A text as S3 returns it when it has characters outside US-ASCII: as encoded words of RFC 2047, of form Q where most characters are ASCII
 * and of form B otherwise. Text too long for one word is halved until each piece has room. Any other text is returned as it is.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export function encodedWords(text: string): string {
  return ASCII_TEXT.test(text) ? text : inEncodedWords(text);
}

/** A text as encoded words, whatever its characters are. */
export function inEncodedWords(text: string): string {
  // In units of UTF-16, as S3's own library counts.
  const asciiCharacters = text.match(ASCII)?.length ?? 0;
  const words: string[] = [];
  if (asciiCharacters > text.length - asciiCharacters) addWords(words, "=?UTF-8?Q?", encodeQ, text);
  else addWords(words, "=?UTF-8?B?", encodeB, text);
  return words.join(" ");
}

function addWords(words: string[], frame: string, encode: (text: string) => string, text: string): void {
  const encoded = encode(text);
  if (encoded.length <= MAX_TEXT_CHARACTERS) {
    words.push(`${frame}${encoded}?=`);
    return;
  }
  const half = Math.floor(text.length / 2);
  // Not inside a pair of surrogates.
  const middle = text.codePointAt(half - 1)! > 0xffff ? half - 1 : half;
  addWords(words, frame, encode, text.slice(0, middle));
  addWords(words, frame, encode, text.slice(middle));
}

function encodeB(text: string): string {
  return Buffer.from(text).toString("base64");
}

function encodeQ(text: string): string {
  return text.replace(SPECIAL_IN_Q, (character) => {
    if (character === " ") return "_";
    const bytes = Buffer.from(character).toString("hex").toUpperCase();
    return bytes.replace(/../g, (byte) => `=${byte}`);
  });
}

/** An encoded word: charset (a language may follow it, RFC 2231), form, text of printable US-ASCII without "?". */
const ENCODED_WORD = /^=\?([^?*]+)(?:\*[^?*]*)?\?([BQ])\?([!->@-~]*)\?=$/i;
const BLANKS = /([ \t]+)/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const BASE64_GROUP_CHARACTERS = 4;

/**
 * The text that a header value with encoded words of RFC 2047 stands for; blanks between two of them do not count. What is malformed, or in
 * a charset nobody knows, stays as it is, and so does a value that would bring characters no header could give back.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export function decodedWords(value: string): string {
  if (!value.includes("=?")) return value;
  // Words and the blanks before them, in turn.
  const pieces = value.split(BLANKS);
  let text = "";
  let afterWord = false;
  for (let index = 0; index < pieces.length; index += 2) {
    const piece = pieces[index]!;
    const blanks = index === 0 ? "" : pieces[index - 1]!;
    const decoded = decodedWord(piece);
    text += decoded !== undefined && afterWord ? decoded : blanks + (decoded ?? piece);
    afterWord = decoded !== undefined;
  }
  return isHeaderValue(text) ? text : value;
}

function decodedWord(word: string): string | undefined {
  const match = ENCODED_WORD.exec(word);
  if (match === null) return undefined;
  const [, charset, form, encoded] = match;
  const bytes = form!.toUpperCase() === "B" ? decodeB(encoded!) : decodeQ(encoded!);
  try {
    // The mark of byte order is a character like others.
    return bytes && new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function decodeB(encoded: string): Buffer | undefined {
  if (encoded.length % BASE64_GROUP_CHARACTERS !== 0 || !BASE64.test(encoded)) return undefined;
  return Buffer.from(encoded, "base64");
}

function decodeQ(encoded: string): Buffer | undefined {
  if (/=(?![\da-f]{2})/i.test(encoded)) return undefined;
  const characters = encoded.replace(/_|=../g, (found) =>
    found === "_" ? " " : String.fromCharCode(parseInt(found.slice(1), 16)),
  );
  return Buffer.from(characters, "latin1");
}

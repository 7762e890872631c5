import { percentEncode } from "../rest/percent.ts";

/** What an address is written with: printable ASCII, without a space. */
const OUTSIDE_ADDRESSES = /[^!-~]/gu;

/** What a header line can carry without being taken for another character, or for its own end. */
const OUTSIDE_HEADERS = /[^ -~]/gu;

/** A redirect's location as a header carries it: what people wrote into settings and metadata, with what addresses do not have encoded. */
export function locationText(location: string): string {
  return location.replace(OUTSIDE_ADDRESSES, encoded);
}

/** A text of an error as a header carries it: keys have any characters. */
export function errorText(text: string): string {
  return text.replace(OUTSIDE_HEADERS, encoded);
}

function encoded(character: string): string {
  return percentEncode(Buffer.from(character), false);
}

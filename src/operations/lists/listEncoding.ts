import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";

/** What `encodeURIComponent` leaves alone and S3 encodes, and the other way round. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "!": "%21",
  "'": "%27",
  "(": "%28",
  ")": "%29",
  "~": "%7E",
  "%20": "+",
  "%2F": "/",
};
const EXCEPTION = /[!'()~]|%20|%2F/g;

/** The one encoding S3 has; it takes the word in any case. */
const URL_ENCODING = "url";

/**
 * How a list writes keys, prefixes, delimiters and markers: as they are, or, with `encoding-type=url`, as S3 encodes them, which is
 * as HTML forms do, only that "/" stays. Throws InvalidArgument for an encoding that S3 does not have.
 */
export function urlEncoder(encodingType: string | undefined): (text: string) => string {
  if (encodingType === undefined) return unchanged;
  if (encodingType.toLowerCase() === URL_ENCODING) return urlEncoded;
  throw invalidArgument("encoding-type", encodingType, {
    message: "Invalid Encoding Method specified in Request",
    explanation: `encoding-type is ${quoted(encodingType)}; it can be ${URL_ENCODING}.`,
  });
}

function urlEncoded(text: string): string {
  return encodeURIComponent(text).replace(EXCEPTION, (found) => EXCEPTIONS[found]!);
}

function unchanged(text: string): string {
  return text;
}

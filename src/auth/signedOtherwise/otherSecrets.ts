import type { Credential } from "../Caller.ts";
import type { Otherwise } from "./Otherwise.ts";

/** Secrets that a client may have in place of its own, by a slip that keeps the secret itself. */
export function* otherSecrets({ accessKeyId, secretAccessKey: secret }: Credential): Generator<Otherwise> {
  const ENDS = "as one that was read from a file or a variable and not trimmed";
  yield [`${secret}\n`, `It was signed with the right secret key and a line break behind it, ${ENDS}.`];
  yield [`${secret}\r\n`, `It was signed with the right secret key and a line break behind it (of Windows), ${ENDS}.`];
  yield [`${secret}\r`, `It was signed with the right secret key and a carriage return behind it, ${ENDS}.`];
  yield [`${secret} `, `It was signed with the right secret key and a space behind it, ${ENDS}.`];
  yield [` ${secret}`, `It was signed with the right secret key and a space in front of it, ${ENDS}.`];
  for (const quote of ['"', "'"])
    yield [
      `${quote}${secret}${quote}`,
      "It was signed with the right secret key between quotes: take them off where the key is set.",
    ];
  const encoded = encodeURIComponent(secret);
  if (encoded !== secret)
    yield [encoded, "It was signed with the right secret key in percent-encoding: / is %2F there, and + is %2B."];
  yield [accessKeyId, "It was signed with the access key id in place of the secret key."];
}

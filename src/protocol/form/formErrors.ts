import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";

/** The error of a body that is no form. */
export function malformedForm(explanation: string): S3Error {
  return new S3Error("MalformedPOSTRequest", { explanation });
}

/** The error of a form with another number of files than one. */
export function wrongNumberOfFiles(count: 0 | 2): S3Error {
  return invalidArgument("file", String(count), {
    message: "POST requires exactly one file upload per request.",
    explanation:
      count === 0
        ? 'The form has no part whose Content-Disposition is form-data with the name "file".'
        : "A second file follows the first; send each with a form of its own.",
  });
}

/** The error of a form without a field that it must have, which is named as S3 spells it. */
export function missingField(name: string): S3Error {
  return invalidArgument(name, "", {
    message: `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    explanation: `No field ${name} comes before the file. Fields behind the file are not read.`,
  });
}

import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { listNumbers } from "../deviations.ts";
import type { OperationName } from "../generated/types.ts";
import type { ShapeMember } from "../Shape.ts";

/** S3's texts for values outside an enumeration, by wire name; the others are called invalid values of their header. */
const ENUM_MESSAGES: Readonly<Record<string, string>> = {
  "x-amz-acl": "",
  "x-amz-metadata-directive": "Unknown metadata directive.",
  "x-amz-tagging-directive": "Unknown tagging directive.",
  "x-amz-object-lock-mode": "Unknown wormMode directive.",
  "x-amz-object-lock-legal-hold": "Legal Hold must be either of 'ON' or 'OFF'",
  "x-amz-object-attributes": "Invalid attribute name specified.",
};

/** The error of a value that an enumeration, or a boolean, does not have. */
export function badMember(member: ShapeMember, text: string, values: readonly string[], operation: OperationName): S3Error {
  const explanation = `${member.wire} is ${quoted(text)}; it can be ${values.join(", ")}.`;
  switch (member.wire) {
    case "x-amz-server-side-encryption":
      return invalidArgument(member.wire, text, {
        message: "The encryption method specified is not supported",
        // What S3 shows of other services' files is in the enumeration, too.
        explanation: `${member.wire} is ${quoted(text)}; it can be AES256, aws:kms or aws:kms:dsse.`,
      });
    case "x-amz-sdk-checksum-algorithm":
      return new S3Error("InvalidRequest", { message: "Value for x-amz-sdk-checksum-algorithm header is invalid.", explanation });
    case "x-amz-checksum-algorithm":
      return new S3Error("InvalidRequest", {
        message: `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${values.join(", ")}]`,
        explanation,
      });
    case "x-amz-checksum-type":
      return new S3Error("InvalidRequest", { message: "Value for x-amz-checksum-type header is invalid.", explanation });
    case "x-amz-transition-default-minimum-object-size":
      return new S3Error("InvalidRequest", { message: `Invalid TransitionDefaultMinimumObjectSize found: ${text}`, explanation });
    case "x-amz-object-ownership":
      return invalidArgument("x-amz-object-ownership", undefined, {
        message: `Invalid x-amz-object-ownership header: ${text}`,
        explanation,
      });
    default: {
      const message = ENUM_MESSAGES[member.wire!] ?? `The value of ${member.wire} is not valid for ${operation}.`;
      return invalidArgument(member.wire!, text, { message, explanation });
    }
  }
}

/** The error of a number that is none, or that no integer of S3's holds. */
export function badNumber(member: ShapeMember, text: string): S3Error {
  const explanation = `${member.wire} is ${quoted(text)}; it must be a whole number${member.in === "header" ? "" : " below 2^31"}.`;
  if (listNumbers.has(member.wire!)) {
    const name = member.wire!.replace(/^x-amz-/, "");
    return invalidArgument(name, text, { message: `Provided ${name} not an integer or within integer range`, explanation });
  }
  if (member.wire === "partNumber") {
    const message = "Part number must be an integer between 1 and 10000, inclusive";
    return invalidArgument(member.wire, text, { message, explanation });
  }
  if (member.wire === "x-amz-mp-object-size") {
    return new S3Error("InvalidRequest", { message: `Value for x-amz-mp-object-size header is invalid: '${text}'`, explanation });
  }
  return invalidArgument(member.wire!, text, { explanation });
}

/** The error of a date that is none. */
export function badDate(member: ShapeMember, text: string): S3Error {
  const isRetention = member.wire === "x-amz-object-lock-retain-until-date";
  return invalidArgument(member.wire!, text, {
    message: isRetention ? "The retain until date must be provided in ISO 8601 format" : undefined,
    explanation: `${member.wire} is ${quoted(text)}; it must be a date, such as ${member.format === "http-date" ? "Sun, 01 Mar 2026 12:00:00 GMT" : "2026-03-01T12:00:00Z"}.`,
  });
}

/** The error of a parameter or header that an operation cannot do without. */
export function missingMember(member: ShapeMember): S3Error {
  if (member.wire === "x-amz-object-attributes") {
    return new S3Error("InvalidRequest", {
      message: "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
      explanation: "Name the wanted attributes in x-amz-object-attributes, separated by commas.",
    });
  }
  return new S3Error("InvalidRequest", {
    message: `Missing required ${member.in === "query" ? "query parameter" : "header"} for this request: ${member.wire}`,
    explanation: `This operation cannot do without ${member.wire}.`,
  });
}

/** A copy source on an operation that copies nothing; ignoring it would do something else than what was asked. */
export function misplacedCopySource(value: string, operation: OperationName): S3Error {
  return invalidArgument("x-amz-copy-source", value, {
    message: "You can only specify a copy source header for copy requests.",
    explanation: `The request means ${operation}, which copies nothing; leave x-amz-copy-source (${quoted(value)}) out.`,
  });
}

/** A request for encryption with an operation that stores no object, or a part of one: the object's upload says how it is encrypted. */
export function misplacedEncryption(value: string, operation: OperationName): S3Error {
  return invalidArgument("x-amz-server-side-encryption", value, {
    message: "x-amz-server-side-encryption header is not supported for this operation.",
    explanation: `x-amz-server-side-encryption is ${quoted(value)}, and ${operation} does not take it: objects are encrypted as their PUT or CreateMultipartUpload says.`,
  });
}

import type { ErrorCode } from "../../errors/ErrorCode.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { CodeVerdict } from "../../store/accounts/mfaDevices.ts";
import { mfaSerialOf, useMfaCode } from "../../store/accounts/mfaDevices.ts";
import type { BucketContext } from "../RequestContext.ts";

/** A serial number, a space and a code; neither holds a space. */
const FORM = /^(\S+) (\S+)$/;
/** How the serial number of a virtual device of some account begins. */
const VIRTUAL_SERIAL = /^arn:aws:iam::\d{12}:mfa\//;

/**
 * Whether a request brings a second factor. One that is brought has to be right, whether it is needed or not, and is used up by this: what
 * else is wrong with a request is to be looked at before. Throws AccessDenied, InvalidRequest, InvalidArgument, NotDeviceOwnerError,
 * DeviceNotActiveError and TokenCodeInvalidError.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMFADelete.html
 */
export async function hasSecondFactor(header: string | undefined, context: BucketContext): Promise<boolean> {
  if (header === undefined) return false;
  const { caller, bucket } = context;
  if (caller.canonicalId !== bucket.ownerId) {
    throw new S3Error("AccessDenied", {
      message: "This operation may only be performed by the bucket owner",
      explanation: "x-amz-mfa came, and only the MFA device of the bucket's owner counts, in their own requests.",
    });
  }
  if (!context.takesMfa) {
    throw new S3Error("InvalidRequest", {
      message: "Requests that include x-amz-mfa must use HTTPS.",
      explanation:
        "The code came over plain HTTP, which shows it to everybody on the way; use https, or have the operator allow it with --mfa-without-tls.",
    });
  }
  const [, serial, code] = FORM.exec(header) ?? [];
  if (serial === undefined || code === undefined) {
    throw invalidArgument("x-amz-mfa", header, {
      message: "Mfa header is invalid -- the header should be formatted as {serialNumber}(space){tokenCode}",
      explanation: "x-amz-mfa holds a serial number and a code, with one space between them.",
    });
  }
  const own = mfaSerialOf(caller.canonicalId);
  if (serial !== own) throw otherSerial(serial, own);
  const verdict = await useMfaCode(context.store, caller.canonicalId, code);
  if (verdict !== "right") throw new S3Error(...REFUSALS[verdict]);
  return true;
}

/** Whether somebody else has such a device is not told. */
function otherSerial(serial: string, own: string): S3Error {
  const code = VIRTUAL_SERIAL.test(serial) ? "NotDeviceOwnerError" : "TokenCodeInvalidError";
  return new S3Error(code, { explanation: `The serial number is not that of your MFA device, which is ${own}.` });
}

const REFUSALS: Readonly<Record<Exclude<CodeVerdict, "right">, [ErrorCode, { readonly explanation: string }]>> = {
  inactive: [
    "DeviceNotActiveError",
    { explanation: "You have no MFA device in use; the operator makes one with holdfast user mfa add, and enables it." },
  ],
  wrong: [
    "TokenCodeInvalidError",
    { explanation: "Your MFA device does not show this code now; send the present one, and look at the device's clock." },
  ],
  used: ["TokenCodeInvalidError", { explanation: "This code, or a later one, was used before; wait for the next one." }],
  paused: [
    "TokenCodeInvalidError",
    {
      explanation: "Too many wrong codes came for your MFA device; until a quarter of an hour after the last, none is looked at.",
    },
  ],
};

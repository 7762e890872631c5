import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { enums } from "../generated/enums.ts";
import type { Grant, Grantee } from "../generated/types.ts";
import type { SoapElement } from "./SoapElement.ts";
import { SoapFields } from "./SoapElement.ts";

/** How each type of grantee is named. */
const NAMED_BY: Readonly<Record<string, "ID" | "EmailAddress" | "URI">> = {
  CanonicalUser: "ID",
  AmazonCustomerByEmail: "EmailAddress",
  Group: "URI",
};

/** The grants of an AccessControlList. Throws MalformedACLError, and InvalidSOAPRequest for elements that come twice. */
export function grantsIn(list: SoapElement): Grant[] {
  return new SoapFields(list).all("Grant").map((element) => {
    const fields = new SoapFields(element);
    const grantee = fields.element("Grantee");
    const permission = fields.text("Permission")?.trim();
    if (grantee === undefined || permission === undefined) {
      throw malformed("A Grant has a Grantee and a Permission, and one lacks its own.");
    }
    if (!enums["Permission"]!.includes(permission)) {
      throw malformed(`Permission is ${quoted(permission)}; it can be ${enums["Permission"]!.join(", ")}.`);
    }
    return { Grantee: granteeIn(grantee), Permission: permission };
  });
}

function granteeIn(element: SoapElement): Grantee {
  const { type = "" } = element;
  const namedBy = Object.hasOwn(NAMED_BY, type) ? NAMED_BY[type] : undefined;
  if (namedBy === undefined) {
    throw malformed(`A Grantee's xsi:type is ${quoted(type)}; it can be ${Object.keys(NAMED_BY).join(", ")}.`);
  }
  const name = new SoapFields(element).text(namedBy)?.trim();
  if (name === undefined) throw malformed(`A Grantee of type ${type} has no ${namedBy}.`);
  return { Type: type, [namedBy]: name };
}

function malformed(explanation: string): S3Error {
  return new S3Error("MalformedACLError", { explanation });
}

/** The member of REST that brings grants of a permission. */
const PERMISSION_OF_MEMBER: Readonly<Record<string, string>> = {
  GrantFullControl: "FULL_CONTROL",
  GrantRead: "READ",
  GrantReadACP: "READ_ACP",
  GrantWrite: "WRITE",
  GrantWriteACP: "WRITE_ACP",
};

/**
 * What REST's header for a member would say of these grants, for who asks what was sent (policies, and which permissions it takes); `undefined`
 * where it would not be sent, and for other members.
 */
export function grantHeader(grants: readonly Grant[], member: string): string | undefined {
  const permission = Object.hasOwn(PERMISSION_OF_MEMBER, member) ? PERMISSION_OF_MEMBER[member] : undefined;
  const granted = permission === undefined ? [] : grants.filter(({ Permission }) => Permission === permission);
  return granted.length === 0 ? undefined : granted.map(({ Grantee }) => named(Grantee!)).join(", ");
}

function named({ ID, EmailAddress, URI }: Grantee): string {
  if (ID !== undefined) return `id="${ID}"`;
  return URI === undefined ? `emailAddress="${EmailAddress}"` : `uri="${URI}"`;
}

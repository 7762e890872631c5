import type { WireRequest } from "../../protocol/WireRequest.ts";

/** What the paths of the admin API begin with; no bucket can have this name. */
const OWN_PREFIX = "/-/";

const ADMIN_PATH = /^\/-\/(?:requests|faults|openapi\.json)(?:[/?]|$)/;

/** Whether the target of a request, with or without a query, is one of the admin API's, if its host is no bucket's. */
export function isAdminTarget(target: string): boolean {
  return target.startsWith(OWN_PREFIX) && ADMIN_PATH.test(target);
}

/** Whether a request is for the admin API. Under a host name of a bucket or a website, the same path is a key. */
export function isAdminRequest({ rawPath, address }: Pick<WireRequest, "rawPath" | "address">): boolean {
  return isAdminTarget(rawPath) && address.style === "path";
}

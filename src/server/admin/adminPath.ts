import type { WireRequest } from "../../protocol/WireRequest.ts";

/** What the paths of the admin API begin with; no bucket can have this name. */
const OWN_PREFIX = "/-/";

const ADMIN_PATH = /^\/-\/(?:requests|faults|openapi\.json)(?:\/|$)/;

/** Whether a request is for the admin API. Under a host name of a bucket or a website, the same path is a key. */
export function isAdminRequest({ rawPath, address }: Pick<WireRequest, "rawPath" | "address">): boolean {
  return rawPath.startsWith(OWN_PREFIX) && address.style === "path" && ADMIN_PATH.test(rawPath);
}

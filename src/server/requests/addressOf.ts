import type { Address } from "../../protocol/WireRequest.ts";
import type { Exchange } from "./Exchange.ts";

/** What an exchange is about, as its dialect understood it: its body may tell, also where it is not known who asks. */
export function addressOf({ life, request, routed }: Exchange): Address | undefined {
  const told = routed?.operation === undefined ? undefined : routed.request;
  return (told ?? life?.request ?? request)?.address;
}

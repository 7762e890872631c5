import type { FaultSubject } from "../../faults/FaultRule.ts";
import type { RoutedRequest } from "../../protocol/Dialect.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import { claimedAccessKeyId } from "../requests/claimedAccessKeyId.ts";

/** A routed request as fault rules see it; what few rules ask for is looked up when one does. */
export class RoutedSubject implements FaultSubject {
  readonly operation: string;
  readonly nowMs: number;
  readonly #routed: RoutedRequest;
  readonly #sent: WireRequest;
  /** Where the body says what is meant, that. */
  readonly #meant: WireRequest;

  constructor(routed: RoutedRequest, sent: WireRequest, nowMs: number) {
    this.operation = routed.operation;
    this.nowMs = nowMs;
    this.#routed = routed;
    this.#sent = sent;
    this.#meant = routed.request ?? sent;
  }

  get method(): string {
    return this.#sent.method;
  }

  get bucket(): string | undefined {
    return this.#meant.address.bucket;
  }

  get key(): string | undefined {
    return this.#meant.address.key;
  }

  get prefix(): string | undefined {
    const { address, rawQuery, query } = this.#meant;
    return address.bucket === undefined || address.key !== undefined || rawQuery === "" ? undefined : query.get("prefix");
  }

  get accessKeyId(): string | undefined {
    const { signedFor } = this.#routed;
    if (signedFor?.by === "elements") return signedFor.accessKeyId;
    if (signedFor?.by === "policy") {
      return signedFor.field("x-amz-credential")?.split("/", 1)[0] ?? signedFor.field("awsaccesskeyid");
    }
    return claimedAccessKeyId(this.#sent);
  }

  get partNumber(): number | undefined {
    const { rawQuery, query } = this.#meant;
    const partNumber = rawQuery === "" ? undefined : query.get("partNumber");
    return partNumber === undefined ? undefined : Number(partNumber);
  }
}

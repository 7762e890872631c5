import type { ProcessFigures } from "../figures/ProcessFigures.ts";
import type { TlsMaterial } from "../http/tlsMaterial.ts";
import type { ServerSettings } from "../../config/ServerSettings.ts";

/** What the primary process says to a worker. */
export type MessageToWorker =
  /** Sent with the handle of the port to listen on. */
  | { readonly kind: "start"; readonly settings: ServerSettings; readonly tls: TlsMaterial | undefined }
  /** The access log is to be opened anew; and who connects from now on is to be shown this certificate. */
  | { readonly kind: "renew"; readonly tls: TlsMaterial | undefined }
  | { readonly kind: "report"; readonly id: number }
  | { readonly kind: "metrics"; readonly id: number; readonly text: string }
  /** The requests that are answered are to be where all processes find them. */
  | { readonly kind: "settle"; readonly id: number }
  /** Those of all other workers are. */
  | { readonly kind: "othersSettled"; readonly id: number }
  | { readonly kind: "stop"; readonly timeoutMs: number };

/** What a worker tells of itself when asked. */
export interface WorkerReport {
  readonly figures: ProcessFigures;
}

/** What a worker says to the primary process; one that is still starting reports nothing. */
export type MessageToPrimary =
  /** It listens to messages from now on: what was sent before is lost. */
  | { readonly kind: "ready" }
  | { readonly kind: "listening" }
  | { readonly kind: "failed"; readonly message: string; readonly code: string | undefined }
  | { readonly kind: "report"; readonly id: number; readonly report: WorkerReport | undefined }
  | { readonly kind: "metricsWanted"; readonly id: number }
  | { readonly kind: "settled"; readonly id: number }
  | { readonly kind: "othersWanted"; readonly id: number };

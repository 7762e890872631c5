import type { Logger } from "pino";
import type { ServerSettings } from "../config/ServerSettings.ts";
import type { TlsMaterial } from "./http/tlsMaterial.ts";
import { readTlsMaterial } from "./http/tlsMaterial.ts";

/** What opens the access log anew, and shows another certificate from now on, if it is given one. */
export interface Renewable {
  renew(tls: TlsMaterial | undefined): Promise<void>;
}

/**
 * Has a server open its access log anew and read certificate and private key again. A pair that cannot be used is logged, and the one before
 * stays. Never rejects.
 */
export async function renew(settings: ServerSettings, log: Logger, server: Renewable): Promise<void> {
  let tls: TlsMaterial | undefined;
  try {
    tls = await readTlsMaterial(settings);
  } catch (cause) {
    log.error({ err: cause }, "certificate and private key cannot be used: those before stay");
  }
  try {
    await server.renew(tls);
    const certificate = tls === undefined ? undefined : settings.tlsCertificatePath;
    log.info({ accessLog: settings.accessLogPath, certificate }, "files were opened anew");
  } catch (cause) {
    log.error({ err: cause }, "the new certificate could not be taken: the one before stays");
  }
}

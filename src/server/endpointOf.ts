import type { ServerSettings } from "../config/ServerSettings.ts";

/** Where a server is reached, such as http://127.0.0.1:9000. */
export function endpointOf(settings: ServerSettings, port: number): string {
  const scheme = settings.tlsCertificatePath === undefined ? "http" : "https";
  const host = settings.host.includes(":") ? `[${settings.host}]` : settings.host;
  return `${scheme}://${host}:${port}`;
}

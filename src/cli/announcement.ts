import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ServerSettings } from "../config/ServerSettings.ts";
import { packageVersion } from "../server/packageVersion.ts";
import type { RunningServer } from "../server/startServer.ts";
import type { RunningMemoryServer } from "../server/startMemoryServer.ts";
import { describeOffset, describeTestClock } from "./describeClock.ts";

/** A server that listens. */
export type StartedServer = RunningServer | RunningMemoryServer;

/** More names than these are counted. */
const MAX_SHOWN_NAMES = 5;

/** Hosts that only this machine reaches. */
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/i;

/** One certificate of a file in PEM. */
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * What a server says once it listens: where, with which keys, and how the AWS CLI is used with it. `isSecretGiven` is true for a secret that
 * stands in a flag and is no secret any more.
 */
export function announcement(server: StartedServer, settings: ServerSettings, isSecretGiven: boolean): string {
  const { accessKeyId, secretAccessKey, accountId, created, state } = server.firstUser;
  const isUsable = state === "usable";
  const isShown = created || isSecretGiven;
  const regions = [settings.region].flat();
  const lines = [
    `Holdfast ${packageVersion()} listens on ${server.endpoint}`,
    "",
    `  ${regions.length > 1 ? "regions" : "region "}       ${regions.join(", ")}`,
    `  access key    ${accessKeyId}${isUsable ? "" : `   (${state}; holdfast user list shows the others)`}`,
    `  secret key    ${isShown ? `${secretAccessKey}${created ? keptIn(server, settings) : ""}` : `in ${secretPlace(server, settings)}`}`,
    `  account id    ${accountId}`,
    ...userLines(settings),
    ...(settings.buckets.length === 0 ? [] : [`  buckets       ${shortList(settings.buckets)}`]),
    ...storageLines(server, settings),
  ];
  if (!LOOPBACK.test(settings.host))
    lines.push("", `  Open to the network: whoever reaches ${settings.host} can send requests, signed ones included.`);
  if (isUsable) lines.push("", ...commandLines(server, settings, isShown ? secretAccessKey : undefined));
  lines.push("");
  return `${lines.join("\n")}\n`;
}

function keptIn(server: StartedServer, settings: ServerSettings): string {
  return "dataFolder" in server ? `   (shown this once; kept in ${secretPlace(server, settings)})` : "   (new with each start)";
}

function secretPlace(server: StartedServer, settings: ServerSettings): string {
  const isKept = settings.firstUser === undefined && "dataFolder" in server;
  return isKept ? join(server.dataFolder, "credentials.json") : "HOLDFAST_SECRET_ACCESS_KEY";
}

/** Users beside the first one. */
function userLines({ users }: ServerSettings): string[] {
  const names = [...new Set(users.map(({ name }) => name))];
  if (names.length === 0) return [];
  return [`  users         ${names.length} more, of the option file: ${shortList(names)}`];
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, MAX_SHOWN_NAMES).join(", ");
  return names.length > MAX_SHOWN_NAMES ? `${shown}, and ${names.length - MAX_SHOWN_NAMES} more` : shown;
}

function storageLines(server: StartedServer, settings: ServerSettings): string[] {
  if (!("dataFolder" in server)) return ["  content       in memory: it ends with the server"];
  return [
    `  data folder   ${server.dataFolder}`,
    `  durability    ${settings.durability}`,
    `  workers       ${settings.workers}`,
    ...clockLines(server, settings),
  ];
}

/** What there is to know of time, where it is not simply real. */
function clockLines({ testClockAheadMs }: RunningServer, { testClock }: ServerSettings): string[] {
  if (testClock) return [`  test clock    ${describeTestClock(testClockAheadMs)}   (holdfast clock moves it)`];
  if (testClockAheadMs === 0) return [];
  const offset = describeOffset(testClockAheadMs);
  return ["", `  Real time counts: the folder's test clock is ${offset}, and is left alone without --test-clock.`];
}

/** Lines to paste into a shell. A secret that is not shown is read from where it is kept. */
function commandLines(server: StartedServer, settings: ServerSettings, secret: string | undefined): string[] {
  const { endpoint, firstUser } = server;
  const shown = secret === undefined ? secretReading(server, settings) : quotedForShell(secret);
  const bucket = settings.buckets[0];
  const first = bucket === undefined ? "s3 mb s3://first-bucket" : `s3 ls s3://${bucket}`;
  return [
    "To use it with the AWS CLI (from 1.29 and 2.13 on, AWS_ENDPOINT_URL does instead of --endpoint-url):",
    "",
    `  export AWS_ACCESS_KEY_ID=${firstUser.accessKeyId} AWS_SECRET_ACCESS_KEY=${shown}`,
    `  export AWS_DEFAULT_REGION=${[settings.region].flat()[0]!}`,
    ...trustLines(settings),
    `  aws --endpoint-url ${endpoint} ${first}`,
  ];
}

function secretReading(server: StartedServer, settings: ServerSettings): string {
  if (settings.firstUser !== undefined || !("dataFolder" in server)) return '"$HOLDFAST_SECRET_ACCESS_KEY"';
  return `"$(sed -n 's/.*"secretAccessKey": "\\(.*\\)".*/\\1/p' '${join(server.dataFolder, "credentials.json")}')"`;
}

/** A word that a shell takes as it is; secrets have visible characters of ASCII. */
function quotedForShell(word: string): string {
  return /^[A-Za-z0-9/+=._-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** How a client comes to believe the certificate: by itself where that vouches for itself, by its issuer's otherwise. */
function trustLines({ tlsCertificatePath }: ServerSettings): string[] {
  if (tlsCertificatePath === undefined) return [];
  const path = resolve(tlsCertificatePath);
  const isComplete = (readFileSync(path, "utf8").match(CERTIFICATE) ?? []).some((pem) => {
    const certificate = new X509Certificate(pem);
    return certificate.checkIssued(certificate);
  });
  if (isComplete) return [`  export AWS_CA_BUNDLE=${quotedForShell(path)}`];
  return ["  # If this machine does not know who issued the certificate: export AWS_CA_BUNDLE=FILE, with the issuer's in PEM."];
}

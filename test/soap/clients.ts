import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { AXIS_CLASS_PATH, installed, SOAP_CLIENT_SOURCES } from "../interop/installed.ts";
import { CERTIFICATE_PATH } from "../server/http/testCertificate.ts";
import type { Call, Outcome } from "./calls.ts";
import type { SoapFixture } from "./fixture.ts";

const WSDL_PATH = "/doc/2006-03-01/AmazonS3.wsdl";

/** A program that makes calls with a client of SOAP's. */
export interface SoapClient {
  readonly name: string;
  /** How it can attach what PutObject writes. */
  readonly attaches: readonly ("mime" | "dime")[];
  /** Whether it reads what is attached to an answer. */
  readonly readsAttachments: boolean;
  /** How it is started: it takes calls as JSON, and prints outcomes. */
  command(fixture: SoapFixture): Promise<Command> | Command;
}

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const PASSWORD = "changeit";

/** All of them. */
export const CLIENTS: readonly SoapClient[] = [
  {
    name: "zeep",
    attaches: [],
    readsAttachments: true,
    command: ({ endpoint }) => ({
      program: "/usr/bin/python3",
      args: [join(SOAP_CLIENT_SOURCES, "python/zeep_calls.py"), endpoint + WSDL_PATH, CERTIFICATE_PATH],
    }),
  },
  {
    name: "npm's soap",
    attaches: ["mime"],
    readsAttachments: true,
    command: ({ endpoint }) => ({
      program: process.execPath,
      args: [join(SOAP_CLIENT_SOURCES, "npm/calls.mjs"), endpoint + WSDL_PATH, installed("npmSoap")],
      environment: { NODE_EXTRA_CA_CERTS: CERTIFICATE_PATH },
    }),
  },
  ...(["1.1", "1.2"] as const).map((version) => ({
    name: `PHP's SoapClient, SOAP ${version}`,
    attaches: [],
    readsAttachments: false,
    command: ({ endpoint }: SoapFixture) => ({
      program: "/usr/bin/php",
      args: [join(SOAP_CLIENT_SOURCES, "php/calls.php"), endpoint + WSDL_PATH, CERTIFICATE_PATH, version],
    }),
  })),
  {
    name: "Perl's SOAP::Lite",
    attaches: ["mime"],
    readsAttachments: true,
    command: ({ endpoint }) => ({
      program: "/usr/bin/perl",
      args: [join(SOAP_CLIENT_SOURCES, "perl/calls.pl"), `${endpoint}/soap`],
      environment: { PERL_LWP_SSL_CA_FILE: CERTIFICATE_PATH },
    }),
  },
  {
    name: "Axis",
    attaches: ["mime", "dime"],
    readsAttachments: true,
    async command({ endpoint, folder }) {
      const trusted = join(folder, "trusted.p12");
      const store = ["-keystore", trusted, "-storetype", "PKCS12", "-storepass", PASSWORD];
      await output({ program: "keytool", args: ["-importcert", "-noprompt", "-file", CERTIFICATE_PATH, ...store] });
      const trust = [`-Djavax.net.ssl.trustStore=${trusted}`, `-Djavax.net.ssl.trustStorePassword=${PASSWORD}`];
      const classPath = ["-cp", `${installed("axis")}:${AXIS_CLASS_PATH}`];
      return { program: "java", args: [...trust, ...classPath, "s3.Calls", `${endpoint}/soap`] };
    },
  },
];

/** Has a client make calls, one after the other. Throws an error with what it said if it fails. */
export async function make(client: SoapClient, fixture: SoapFixture, calls: readonly Call[]): Promise<Outcome[]> {
  const outcomes = JSON.parse(await output(await client.command(fixture), JSON.stringify(calls))) as Outcome[];
  if (outcomes.length !== calls.length) throw new Error(`${calls.length} calls, but ${outcomes.length} outcomes`);
  return outcomes;
}

/** What a program prints that is given something to read. */
async function output({ program, args, environment = {} }: Command, input = ""): Promise<string> {
  const child = spawn(program, args, { env: { PATH: process.env["PATH"], LANG: "C.UTF-8", ...environment } });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (child.exitCode !== 0) throw new Error(`${program} ended with ${child.exitCode}:\n${stdout}\n${stderr}`);
  return stdout;
}

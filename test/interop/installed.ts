import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Debian's packages of the clients, by the program or file that shows they are there: those of S3, those of SOAP, the browser,
 * what stands in front of a server, and what it is packed and run by.
 */
const DEBIAN_PACKAGES = {
  debian: {
    "/usr/bin/aws": "awscli",
    "/usr/bin/rclone": "rclone",
    "/usr/bin/s3cmd": "s3cmd",
    "/usr/lib/python3/dist-packages/boto3/__init__.py": "python3-boto3",
    "/usr/bin/pytest-3": "python3-pytest",
    "/usr/bin/php": "php-cli",
    "/var/lib/dpkg/info/php-curl.list": "php-curl",
    "/usr/bin/curl": "curl",
    "/usr/bin/s3": "libs3-2",
    "/usr/bin/restic": "restic",
    "/usr/bin/zsh": "zsh",
    "/usr/bin/groff": "groff-base",
    "/usr/bin/mandoc": "mandoc",
    "/usr/bin/promtool": "prometheus",
  },
  soapDebian: {
    "/usr/lib/python3/dist-packages/zeep/__init__.py": "python3-zeep",
    "/usr/bin/php": "php-cli",
    "/var/lib/dpkg/info/php-soap.list": "php-soap",
    "/usr/share/perl5/SOAP/Lite.pm": "libsoap-lite-perl",
    "/usr/share/java/axis.jar": "libaxis-java",
    "/usr/share/java/gson.jar": "libgoogle-gson-java",
    "/usr/bin/xmllint": "libxml2-utils",
  },
  webDebian: { "/usr/bin/chromium": "chromium" },
  proxiesDebian: { "/usr/sbin/nginx": "nginx-light", "/usr/bin/caddy": "caddy", "/usr/sbin/haproxy": "haproxy" },
  packagingDebian: {
    "/usr/bin/buildah": "buildah",
    "/usr/bin/systemd-analyze": "systemd",
    "/usr/sbin/logrotate": "logrotate",
  },
} as const;

/** Packages of Debian's that are installed together. */
export type PackageGroup = keyof typeof DEBIAN_PACKAGES;

/** The sources of the clients that are no packages of Debian. */
export const CLIENT_SOURCES: string = join(import.meta.dirname, "clients");

/** The sources of those that speak SOAP. */
export const SOAP_CLIENT_SOURCES: string = join(import.meta.dirname, "../soap/clients");

/** What each of those clients is made of, below the sources. With other files it is another installation. */
const MADE_OF = {
  python: ["python/requirements.txt"],
  s3fs: ["python/s3fs.requirements.txt"],
  openbao: ["python/openbao.requirements.txt"],
  go: ["go/go.mod", "go/go.sum", "go/main.go"],
  java: ["java/pom.xml", "java/Round.java"],
  rust: ["rust/Cargo.toml", "rust/Cargo.lock", "rust/src/main.rs", "rust/src/bin/greeting.rs"],
  s3rver: ["s3rver/package.json", "s3rver/package-lock.json"],
  npmSoap: ["../../soap/clients/npm/package.json", "../../soap/clients/npm/package-lock.json"],
  axis: [
    "../../soap/clients/axis/Calls.java",
    "../../../src/protocol/soap/description/notation.ts",
    "../../../src/protocol/soap/description/schema.ts",
    "../../../src/protocol/soap/description/wsdl.ts",
  ],
} as const;

/** A client that comes from the registry of its language: an environment of Python, or a program built of the sources. */
export type Client = keyof typeof MADE_OF;

/** What test/soap needs. */
export const SOAP_INSTALLATIONS: readonly (PackageGroup | Client)[] = ["soapDebian", "npmSoap", "axis"];

/** What test/web needs. */
export const WEB_INSTALLATIONS: readonly (PackageGroup | Client)[] = ["webDebian"];

/** What the other suites need. */
export const S3_INSTALLATIONS: readonly (PackageGroup | Client)[] = [
  "debian",
  "proxiesDebian",
  "packagingDebian",
  "python",
  "s3fs",
  "openbao",
  "go",
  "java",
  "rust",
  "s3rver",
];

/** Axis, and what it and its client need of Debian's jars. */
export const AXIS_CLASS_PATH: string = [
  ...["axis", "jaxrpc", "saaj", "wsdl4j", "commons-logging", "commons-discovery"],
  ...["javax.activation", "javax.mail", "gson"],
]
  .map((name) => `/usr/share/java/${name}.jar`)
  .join(":");

/** The file in a client's folder that says its installation came to its end. */
export const COMPLETE = "complete";

/** Where the clients are installed: a folder of the user's, so that clones share it. */
export function cacheFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "holdfast-clients");
}

/** Where this very version of a client is installed, or would be. */
export function folderOf(client: Client): string {
  const hash = createHash("sha256");
  for (const file of MADE_OF[client]) hash.update(readFileSync(join(CLIENT_SOURCES, file)));
  return join(cacheFolder(), `${client}-${hash.digest("hex").slice(0, 16)}`);
}

/** Whether a name is that of packages of Debian's. */
export function isPackageGroup(name: PackageGroup | Client): name is PackageGroup {
  return name in DEBIAN_PACKAGES;
}

/** Debian's packages that are missing. */
export function missingPackages(group: PackageGroup): string[] {
  return Object.entries(DEBIAN_PACKAGES[group]).flatMap(([path, name]) => (existsSync(path) ? [] : [name]));
}

/** Throws an error that says what to do, unless all of Debian's packages are there. */
export function requirePackages(group: PackageGroup = "debian"): void {
  const missing = missingPackages(group);
  if (missing.length === 0) return;
  throw new Error(`Run npm run install:clients -- ${group}: Debian's packages ${missing.join(", ")} are missing.`);
}

/** The folder of an installed client. Throws an error that says what to do if it is not installed. */
export function installed(client: Client): string {
  const folder = folderOf(client);
  if (!existsSync(join(folder, COMPLETE))) throw new Error(`Run npm run install:clients -- ${client}: ${folder} is missing.`);
  return folder;
}

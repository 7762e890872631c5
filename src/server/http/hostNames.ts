import type { NamedEndpoint } from "../../protocol/WireRequest.ts";

/** What a server knows of its own host names. */
export interface OwnNames {
  /** Lower case; the longest first, for one may end in another. */
  readonly domains: readonly string[];
  readonly regions: readonly string[];
  /** The longest first. */
  readonly websites: readonly WebsiteName[];
}

/** A name below which host names begin with the bucket of a website. */
export interface WebsiteName {
  /** Lower case. */
  readonly name: string;
  /** That it is for; `undefined` for all. */
  readonly region: string | undefined;
}

/** What the name of a host says of the request that was sent to it. */
export interface HostMeaning {
  /** The bucket that stands before one of the server's names. */
  readonly bucket: string | undefined;
  readonly endpoint: NamedEndpoint | undefined;
  readonly isWebsite: boolean;
}

/**
 * Below each domain, the names of websites: in the two forms that S3's regions have, and without a region.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
 */
export function websiteNamesOf(domains: readonly string[], regions: readonly string[]): WebsiteName[] {
  const names = domains.flatMap((domain) => [
    { name: `s3-website.${domain}`, region: undefined },
    ...regions.flatMap((region) => [
      { name: `s3-website-${region.toLowerCase()}.${domain}`, region },
      { name: `s3-website.${region.toLowerCase()}.${domain}`, region },
    ]),
  ]);
  return names.sort((one, other) => other.name.length - one.name.length);
}

/** Whether a Host header names a website, or the endpoint of all of them. */
export function isWebsiteHost(host: string, names: OwnNames): boolean {
  return meaningOfHost(host, names).isWebsite;
}

/** A host outside the domains: an address, or another name of the machine. */
const UNKNOWN: HostMeaning = { bucket: undefined, endpoint: undefined, isWebsite: false };

/**
 * Reads a Host header. Below a domain, names that S3 has below amazonaws.com mean what they mean there, before a bucket's name or alone;
 * what else stands before a domain is a bucket. Only regions that the server has make such names.
 * @see https://docs.aws.amazon.com/general/latest/gr/s3.html
 */
export function meaningOfHost(host: string, { domains, regions, websites }: OwnNames): HostMeaning {
  const colon = host.lastIndexOf(":");
  const end = colon > host.lastIndexOf("]") ? colon : host.length;
  let name = host.slice(0, end).toLowerCase();
  const port = host.slice(end);
  // So a name says that it is whole, and no search list is to be tried on it.
  if (name.endsWith(".")) name = name.slice(0, -1);
  for (const { name: website, region } of websites) {
    const bucket = labelsBefore(website, name);
    if (bucket === undefined) continue;
    const kind = region === undefined ? "plain" : "regional";
    return { bucket: bucket === "" ? undefined : bucket, endpoint: { kind, region, domain: website + port }, isWebsite: true };
  }
  for (const domain of domains) {
    const before = labelsBefore(domain, name);
    if (before !== undefined) return meaningBelow(before, domain + port, regions);
  }
  return UNKNOWN;
}

/** What stands before a domain in a name; "" in front of the domain itself, `undefined` for a name that does not end in it. */
function labelsBefore(domain: string, name: string): string | undefined {
  if (name === domain) return "";
  const before = name.length - domain.length - 1;
  return before > 0 && name.endsWith(domain) && name[before] === "." ? name.slice(0, before) : undefined;
}

function meaningBelow(prefix: string, domain: string, regions: readonly string[]): HostMeaning {
  const labels = prefix === "" ? [] : prefix.split(".");
  const found = labels.length === 0 ? undefined : takeEndpoint(labels, regions);
  if (found === undefined) return meaning(prefix, { kind: "plain", region: undefined, domain });
  return meaning(labels.join("."), { ...found, domain });
}

function meaning(bucket: string, endpoint: NamedEndpoint): HostMeaning {
  return { bucket: bucket === "" ? undefined : bucket, endpoint, isWebsite: false };
}

/** Takes the labels of one of S3's names from the end of `labels`; `undefined` where they are none, and are not to be looked at again. */
function takeEndpoint(labels: string[], regions: readonly string[]): Omit<NamedEndpoint, "domain"> | undefined {
  const regionCalled = (label: string): string | undefined => regions.find((region) => region.toLowerCase() === label);
  const last = labels.pop()!;
  if (last === "s3") return { kind: "global", region: undefined };
  if (last === "s3-accelerate") return { kind: "accelerated", region: undefined };
  // So the oldest regions are called: s3-eu-west-1.
  const oldStyle = last.startsWith("s3-") ? regionCalled(last.slice("s3-".length)) : undefined;
  if (oldStyle !== undefined) return { kind: "regional", region: oldStyle };
  if (last === "dualstack") return labels.pop() === "s3-accelerate" ? { kind: "accelerated", region: undefined } : undefined;
  const region = regionCalled(last);
  if (region === undefined) return undefined;
  if (labels.at(-1) === "dualstack") labels.pop();
  const service = labels.pop();
  return service === "s3" || service === "s3-fips" ? { kind: "regional", region } : undefined;
}

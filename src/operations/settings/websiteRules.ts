import type { GetBucketWebsiteOutput, Redirect } from "../../protocol/generated/types.ts";
import { percentEncode } from "../../protocol/rest/percent.ts";
import { parsedSetting } from "../../store/buckets/settings.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { Store } from "../../store/Store.ts";

/** The word under which a bucket's website is stored, for ever: the document is what GetBucketWebsite answers. */
export const WEBSITE_KIND = "website";

/** A bucket's website: an index document and perhaps more, or a host that all visitors are sent to. */
export type Website = GetBucketWebsiteOutput;

/** A bucket's website; `undefined` where it has none. Read and parsed once for each revision of the bucket's settings. */
export function findWebsite(store: Store, bucket: BucketRecord): Soon<Website | undefined> {
  return parsedSetting(store, bucket, WEBSITE_KIND, (document) => JSON.parse(document) as Website);
}

/** What a visitor asks a website for, as far as it matters to where they are sent. */
export interface Visit {
  /** True over TLS. */
  readonly secure: boolean;
  /** As the visitor called the website, with the port if it is said. */
  readonly host: string;
  /** Decoded, as they asked for it; "" for the website's root. */
  readonly key: string;
  /** As sent, from the first slash on. */
  readonly rawPath: string;
  /** As sent, without "?". */
  readonly rawQuery: string;
}

/** Where a visitor is sent, and how. */
export interface SiteRedirect {
  /** HTTP status. */
  readonly status: number;
  readonly location: string;
}

/** How visitors are sent elsewhere unless a rule says otherwise. */
export const MOVED_PERMANENTLY = 301;

/** Where a website sends everybody; `undefined` for one that has pages. */
export function redirectOfAll({ RedirectAllRequestsTo: target }: Website, visit: Visit): SiteRedirect | undefined {
  return target && { status: MOVED_PERMANENTLY, location: locationOf(target, "", visit) };
}

/**
 * Where the first rule that applies sends a visitor, if one does. Without `errorStatus`, before anything is looked for, those rules count
 * that ask for no error; with one, once it is known what the visitor would be told, those that ask for it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html
 */
export function redirectByRule({ RoutingRules = [] }: Website, visit: Visit, errorStatus?: number): SiteRedirect | undefined {
  for (const { Condition = {}, Redirect: redirect } of RoutingRules) {
    const { KeyPrefixEquals: prefix = "", HttpErrorCodeReturnedEquals: error } = Condition;
    if ((error === undefined ? undefined : Number(error)) !== errorStatus || !visit.key.startsWith(prefix)) continue;
    const status = redirect.HttpRedirectCode === undefined ? MOVED_PERMANENTLY : Number(redirect.HttpRedirectCode);
    return { status, location: locationOf(redirect, prefix, visit) };
  }
  return undefined;
}

/** The address a redirect leads to: whatever it does not replace is as the visitor asked for it. Replacements are no keys but text of an address. */
function locationOf(redirect: Redirect, prefix: string, visit: Visit): string {
  const { HostName: host = visit.host, Protocol: protocol = visit.secure ? "https" : "http" } = redirect;
  const query = visit.rawQuery === "" ? "" : `?${visit.rawQuery}`;
  return `${protocol}://${host}${pathOf(redirect, prefix, visit)}${query}`;
}

function pathOf({ ReplaceKeyWith: whole, ReplaceKeyPrefixWith: beginning }: Redirect, prefix: string, visit: Visit): string {
  if (whole !== undefined) return `/${whole}`;
  if (beginning === undefined) return visit.rawPath;
  return `/${beginning}${percentEncode(Buffer.from(visit.key.slice(prefix.length)), true)}`;
}

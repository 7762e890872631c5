import type { Dialect } from "../../protocol/Dialect.ts";
import { queryServiceOf } from "../../protocol/query/queryServiceOf.ts";
import { formDialect } from "../../protocol/form/formDialect.ts";
import { isFormRequest } from "../../protocol/form/isFormRequest.ts";
import { iamQuery, stsQuery } from "../../protocol/query/query.ts";
import { rest } from "../../protocol/rest/rest.ts";
import { isSoapRequest } from "../../protocol/soap/isSoapRequest.ts";
import { soapDialect } from "../../protocol/soap/SoapDialect.ts";
import { websiteDialect } from "../../protocol/website/WebsiteDialect.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import { adminDialect } from "../admin/adminDialect.ts";
import { isAdminRequest, isAdminTarget } from "../admin/adminPath.ts";
import { isWebsiteHost, meaningOfHost } from "../http/hostNames.ts";
import type { Service } from "../Service.ts";
import type { Exchange } from "./Exchange.ts";

/** The language in which a request is refused that is not understood so far: that of its host, and there of the admin API. */
export function dialectOfHost({ incoming: { headers, method = "", url = "" }, service }: Exchange): Dialect {
  if (isAdminTarget(url) && meaningOfHost(headers.host ?? "", service).bucket === undefined) return adminDialect;
  return isWebsiteHost(headers.host ?? "", service) ? websiteDialect(method) : rest;
}

/** The language in which a request asks: REST, unless it is for the admin API or a website, a message of SOAP, a browser's form, or one to IAM or STS. */
export function dialectOf(request: WireRequest, { soapOverHttp }: Pick<Service, "soapOverHttp">): Dialect {
  if (isAdminRequest(request)) return adminDialect;
  if (request.address.style === "website") return websiteDialect(request.method);
  if (isSoapRequest(request)) return soapDialect(request, soapOverHttp);
  if (isFormRequest(request)) return formDialect();
  switch (queryServiceOf(request)) {
    case "iam":
      return iamQuery;
    case "sts":
      return stsQuery;
    default:
      return rest;
  }
}

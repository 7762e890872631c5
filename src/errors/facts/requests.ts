import type { RequestErrorCode } from "../ErrorCode.ts";
import type { ErrorFacts } from "../ErrorFacts.ts";

/** The request itself: its shape, its body, its pace, the interface it comes by. */
export const requestsFacts: Readonly<Record<RequestErrorCode, ErrorFacts>> = {
  "503 SlowDown": { status: 503, soap: "Server", message: "Slow Down", retryable: true },
  AccessForbidden: {
    status: 403,
    soap: null,
    message:
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    details: ["Method", "ResourceType"],
  },
  BadRequest: { soap: null, message: "An error occurred when parsing the HTTP request." },
  EndpointNotFound: { message: "Direct requests to the correct endpoint." },
  Found: { status: 302, soap: null, message: "Resource Found" },
  IncompleteBody: {
    message: "You did not provide the number of bytes specified by the Content-Length HTTP header",
    details: ["NumberBytesExpected", "NumberBytesProvided"],
    retryable: true,
  },
  IncorrectEndpoint: {
    message: "The specified bucket exists in another Region. Direct requests to the correct endpoint.",
    details: ["Endpoint"],
  },
  IncorrectNumberOfFilesInPostRequest: { message: "POST requires exactly one file upload per request." },
  InlineDataTooLarge: { message: "Inline data exceeds the maximum allowed size" },
  InternalError: { status: 500, soap: "Server", message: "We encountered an internal error. Please try again.", retryable: true },
  InvalidAddressingHeader: { message: "You must specify the Anonymous role" },
  InvalidArgument: { message: "Invalid Argument", details: ["ArgumentName", "ArgumentValue"] },
  InvalidHostHeader: { message: "The host headers provided in the request used the incorrect style addressing." },
  InvalidHttpMethod: { message: "The request is made using an unexpected HTTP method." },
  InvalidRequest: { message: "Invalid Request" },
  InvalidSOAPRequest: { message: "The SOAP request body is invalid" },
  InvalidURI: { message: "Couldn't parse the specified URI.", details: ["URI"] },
  MalformedPOSTRequest: { message: "The body of your POST request is not well-formed multipart/form-data." },
  MalformedTrailerError: {
    soap: null,
    message: "The request contained trailing data that was not well-formed or did not conform to our published schema.",
  },
  MalformedXML: { message: "The XML you provided was not well-formed or did not validate against our published schema" },
  MaxMessageLengthExceeded: { message: "Your request was too big.", details: ["MaxMessageLengthBytes"] },
  MaxPostPreDataLengthExceeded: {
    soap: null,
    message: "Your POST request fields preceeding the upload file was too large.",
    details: ["MaxPostPreDataLengthBytes"],
  },
  MaxPostPreDataLengthExceededError: { message: "Your POST request fields preceding the upload file were too large." },
  MethodNotAllowed: {
    status: 405,
    message: "The specified method is not allowed against this resource.",
    details: ["Method", "ResourceType"],
  },
  MissingAttachment: { message: "A SOAP attachment was expected, but none were found" },
  MissingContentLength: { status: 411, message: "You must provide the Content-Length HTTP header." },
  MissingRequestBodyError: { message: "Request Body is empty" },
  MissingSecurityElement: { message: "The SOAP 1.1 request is missing a security element" },
  MissingSecurityHeader: { message: "Your request was missing a required header", details: ["MissingHeaderName"] },
  NotFound: { status: 404, soap: null, message: "Not Found" },
  NotImplemented: {
    status: 501,
    soap: "Server",
    message: "A header you provided implies functionality that is not implemented",
    details: ["Header", "additionalMessage"],
  },
  OperationAborted: {
    status: 409,
    message: "A conflicting conditional operation is currently in progress against this resource. Please try again.",
    retryable: true,
  },
  PermanentRedirect: {
    status: 301,
    message:
      "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
    details: ["Endpoint", "Bucket"],
  },
  Redirect: {
    status: 307,
    message:
      "Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests.",
    details: ["Endpoint", "Bucket"],
    retryable: true,
  },
  RequestHeaderSectionTooLarge: {
    message: "Your request header section exceeds the maximum allowed size.",
    details: ["MaxSizeAllowed"],
  },
  RequestIsNotMultiPartContent: { status: 412, message: "Bucket POST must be of the enclosure-type multipart/form-data." },
  RequestTimeout: {
    message:
      "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.",
    retryable: true,
  },
  RequestTorrentOfBucketError: { message: "Requesting the torrent file of a bucket is not permitted." },
  ServiceUnavailable: { status: 503, soap: "Server", message: "Service is unable to handle request.", retryable: true },
  SlowDown: { status: 503, soap: "Server", message: "Please reduce your request rate.", retryable: true },
  TemporaryRedirect: {
    status: 307,
    message:
      "Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests.",
    details: ["Endpoint", "Bucket"],
    retryable: true,
  },
  UnexpectedContent: { message: "This request does not support content" },
  UnsupportedArgument: { message: "The request contained an unsupported argument." },
  UserKeyMustBeSpecified: { message: "User key must be specified." },
  WebsiteRedirect: { status: 301, soap: null, message: "Request does not contain a bucket name." },
};

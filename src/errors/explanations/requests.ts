import type { RequestErrorCode } from "../ErrorCode.ts";
import type { Explanation } from "../Explanation.ts";
import { invalidArgumentMessages } from "./invalidArgument.ts";
import { invalidRequestMessages } from "./invalidRequest.ts";

/** The request itself: its shape, its body, its pace, the interface it comes by. */
export const requestsExplanations: Readonly<Record<RequestErrorCode, Explanation>> = {
  "503 SlowDown": {
    cause:
      "The status line of a SlowDown answer, which the documentation lists as a code of its own; a HEAD request sees nothing else.",
    remedy: "Slow down and try again, as for SlowDown.",
    areas: ["general"],
    confidence: "documented",
  },
  AccessForbidden: {
    cause:
      "A browser asked by a preflight request whether a page of another origin may do this, and the bucket's CORS rules do not allow it, or the bucket has none.",
    remedy:
      "Give the bucket a CORS rule with this origin, method and request headers. Programs outside a browser send no preflight and need no rule.",
    areas: ["cors"],
    confidence: "observed",
    messages: [
      {
        text: "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
        when: "The bucket has CORS rules, and none of them fits origin, method and headers.",
      },
      { text: "CORSResponse: CORS is not enabled for this bucket.", when: "The bucket has no CORS rules." },
      { text: "CORSResponse: Bucket not found", when: "The bucket does not exist." },
    ],
  },
  BadRequest: {
    cause:
      "The request is not HTTP as S3 reads it: a broken request line or header, an unknown method, or a CORS preflight without its headers. Sets of more tags than allowed get this code as well.",
    remedy:
      "Look at what the client and the proxies in between really send. For tags, keep to ten on an object and fifty on a bucket.",
    areas: ["general", "cors", "tagging", "outposts"],
    confidence: "observed",
    messages: [
      {
        text: "An error occurred when parsing the HTTP request.",
        when: "The bytes do not parse as HTTP, or the method is unknown (TRACE, PROPFIND …).",
      },
      { text: "Insufficient information. Origin request header needed.", when: "A preflight request without the Origin header." },
      {
        text: "Invalid Access-Control-Request-Method: {method}",
        when: "A preflight request for a method that does not exist, or for none.",
      },
      {
        text: 'Access-Control-Request-Headers "{header}" contains invalid character.',
        when: "A preflight request whose list of headers contains a character that no header name has.",
        confidence: "inferred",
      },
      { text: "Object tags cannot be greater than 10", when: "An object was to get more than ten tags." },
      { text: "Bucket tag count cannot be greater than 50", when: "A bucket was to get more than fifty tags." },
    ],
  },
  EndpointNotFound: {
    cause: "The request was sent to an endpoint that does not serve this resource.",
    remedy: "Use the endpoint of the region and the kind of bucket.",
    areas: ["redirect"],
    confidence: "documented",
  },
  Found: {
    cause: "A website has no page of this name, but a folder with an index document: S3 sends the visitor there.",
    remedy: "Follow Location, as browsers do, or link to folders with a slash at the end, which saves the way.",
    areas: ["website", "redirect"],
    confidence: "observed",
  },
  IncompleteBody: {
    cause:
      "The body ended before the length that was announced, or the framing of an aws-chunked body is broken. Nothing was stored.",
    remedy:
      "Send it again with a Content-Length (and, for aws-chunked, an x-amz-decoded-content-length) that is the number of bytes really sent; streams of unknown length belong into a multipart upload.",
    areas: ["general", "object", "aws-chunked"],
    confidence: "observed",
    messages: [
      {
        text: "You did not provide the number of bytes specified by the Content-Length HTTP header",
        when: "Fewer or more bytes came than Content-Length, or x-amz-decoded-content-length, says.",
      },
      {
        text: "The request body terminated unexpectedly",
        when: "An aws-chunked body stopped in the middle of a chunk, or a chunk's head cannot be read.",
        details: [],
      },
    ],
  },
  IncorrectEndpoint: {
    cause: "The bucket lies in another region, and this endpoint cannot send the client there.",
    remedy: "Use the endpoint of the bucket's region.",
    areas: ["redirect", "website"],
    confidence: "documented",
    messages: [
      {
        text: "The specified bucket exists in another Region. Direct requests to the correct endpoint.",
        when: "AWS lists it so, and does not say what brings it.",
      },
      {
        text: "The specified bucket exists in another region. Please direct requests to the specified endpoint.",
        when: "A website was asked for at the endpoint of another region than its bucket's; Endpoint is where it is.",
        confidence: "observed",
      },
    ],
  },
  IncorrectNumberOfFilesInPostRequest: {
    cause: "A browser form has no file, or more than one. S3 sends InvalidArgument with this text nowadays.",
    remedy: "Send exactly one field named file, as the last one.",
    areas: ["post"],
    confidence: "documented",
  },
  InlineDataTooLarge: {
    cause: "SOAP's PutObjectInline carried more than 1 MB of data.",
    remedy: "Use PutObject with an attachment, or the REST interface.",
    areas: ["soap"],
    confidence: "documented",
  },
  InternalError: {
    cause:
      "The server failed while it worked on the request: a fault of ours, a damaged record, or a failing disk. A write may or may not have happened.",
    remedy:
      "Try again with growing pauses, and make writes so that a repetition does no harm. The operator finds the reason in the log under the RequestId.",
    areas: ["general", "select"],
    confidence: "observed",
  },
  InvalidAddressingHeader: {
    cause: "The addressing header of a SOAP message does not name the anonymous role.",
    remedy: "Name the anonymous role, or leave the addressing header out.",
    areas: ["soap"],
    confidence: "documented",
  },
  InvalidArgument: {
    cause:
      "A header, query parameter, form field or element has a value that S3 does not accept there. ArgumentName says which one, ArgumentValue what came.",
    remedy: "Correct the argument named; the message says what is accepted.",
    areas: [
      "general",
      "auth",
      "post",
      "acl",
      "multipart",
      "listing",
      "versioning",
      "object-lock",
      "encryption",
      "website",
      "notification",
      "replication",
    ],
    confidence: "observed",
    messages: invalidArgumentMessages,
  },
  InvalidHostHeader: {
    cause: "The Host header addresses the bucket in a style that this endpoint does not serve.",
    remedy: "Use the other style: the bucket in the path instead of the host name, or the reverse.",
    areas: ["general"],
    confidence: "documented",
  },
  InvalidHttpMethod: {
    cause:
      "The documentation's code for a method that makes no sense. S3 answers MethodNotAllowed for a known method in the wrong place and BadRequest for an unknown one.",
    remedy: "Use the method that the operation is documented with.",
    areas: ["general"],
    confidence: "documented",
  },
  InvalidRequest: {
    cause:
      "The request contradicts itself, lacks something it needs, or does not fit the state of the bucket or object, and no narrower code exists. The message is specific.",
    remedy: "Do what the message says; it names the header, parameter or state.",
    areas: [
      "general",
      "auth",
      "checksum",
      "multipart",
      "object-lock",
      "encryption",
      "lifecycle",
      "website",
      "cors",
      "replication",
      "copy",
      "soap",
    ],
    confidence: "observed",
    messages: invalidRequestMessages,
  },
  InvalidSOAPRequest: {
    cause: "The body is not a SOAP message that S3's description of its interface knows.",
    remedy: "Build the message from that description, or use the REST interface.",
    areas: ["soap"],
    confidence: "documented",
  },
  InvalidURI: {
    cause:
      "The path or the query cannot be read: a percent sign without two hexadecimal digits, bytes that are not UTF-8, or a path S3 does not take as a key.",
    remedy: "Percent-encode the UTF-8 bytes of the key, once; SDKs do it when given the plain key.",
    areas: ["general"],
    confidence: "observed",
  },
  MalformedPOSTRequest: {
    cause:
      "The body of a browser form cannot be divided into its fields: the boundary is absent or not the one announced, or a field's head is broken.",
    remedy: "Let the browser or a library build the multipart/form-data body.",
    areas: ["post"],
    confidence: "documented",
  },
  MalformedTrailerError: {
    cause:
      "What follows the last chunk of an aws-chunked body is not the trailer that x-amz-trailer announced: it is absent, has another name, or does not end as it must.",
    remedy: "Send exactly the announced header, then an empty line; or send the checksum as a header instead.",
    areas: ["checksum", "aws-chunked"],
    confidence: "observed",
  },
  MalformedXML: {
    cause:
      "The body is not well-formed XML, or not the document this operation takes: a wrong root, an unknown, doubled or missing element, or a value outside its type.",
    remedy:
      "Compare the document with the operation's page in the API reference, or let an SDK write it. Details says what was found where.",
    areas: ["general", "config", "select"],
    confidence: "observed",
  },
  MaxMessageLengthExceeded: {
    cause: "The document in the body is larger than this operation reads.",
    remedy:
      "Send fewer entries per request, at most what MaxMessageLengthBytes allows; for an upload, look whether the query string made it another operation.",
    areas: ["general", "config"],
    confidence: "observed",
  },
  MaxPostPreDataLengthExceeded: {
    cause: "The fields of a browser form in front of the file are larger than 20 KiB together.",
    remedy: "Shorten the fields and the policy, and send the file last.",
    areas: ["post"],
    confidence: "observed",
  },
  MaxPostPreDataLengthExceededError: {
    cause:
      "The documentation's name for form fields that are too large in front of the file; the wire has MaxPostPreDataLengthExceeded.",
    remedy: "Shorten the fields and the policy, and send the file last.",
    areas: ["post"],
    confidence: "documented",
  },
  MethodNotAllowed: {
    cause:
      "The HTTP method is a known one and means nothing for what the URL addresses, for instance POST on an object without a subresource, or GET of a delete marker by its version id. The Allow header lists what does. An object whose stored bytes are lost is answered so, too.",
    remedy:
      "Look at the URL first: a lost key or query parameter makes a bucket of an object, and a listing of a download. Put a lost object again.",
    areas: ["general", "select"],
    confidence: "observed",
  },
  MissingAttachment: {
    cause: "SOAP's PutObject came without the attachment that holds the data.",
    remedy: "Attach the data, or use PutObjectInline for less than 1 MB.",
    areas: ["soap"],
    confidence: "documented",
  },
  MissingContentLength: {
    cause:
      "The request has a body of unknown length: neither Content-Length nor, for an aws-chunked body, x-amz-decoded-content-length was sent.",
    remedy: "Send the length. Clients that stream from a pipe have to know it beforehand or use a multipart upload.",
    areas: ["general", "object"],
    confidence: "observed",
  },
  MissingRequestBodyError: {
    cause: "The operation needs a document in the body, and the body is empty.",
    remedy: "Send the document; with curl, give it by --data-binary.",
    areas: ["general", "config"],
    confidence: "observed",
  },
  MissingSecurityElement: {
    cause: "A SOAP 1.1 message came without its security header.",
    remedy: "Add the header, or use the REST interface.",
    areas: ["soap"],
    confidence: "documented",
  },
  MissingSecurityHeader: {
    cause: "A header that this operation cannot do without is absent; for ACLs, neither an ACL header nor a body came.",
    remedy: "Send the header that MissingHeaderName names.",
    areas: ["general", "acl"],
    confidence: "observed",
  },
  NotFound: {
    cause: "What SDKs call an answer 404 to a HEAD request, which has no body and so no code.",
    remedy: "Treat it as NoSuchKey or NoSuchBucket; a GET tells which.",
    areas: ["general"],
    confidence: "documented",
  },
  NotImplemented: {
    cause:
      "The request asks for something this server, or S3 itself, does not offer at this place. Header names the header that asks for it, and additionalMessage may say why: If-None-Match with another value than *, If-Match: * where objects are written, both at once, or If-Match where one version is deleted. An operation that Holdfast has not built yet is named in Details, in additionalMessage and, for clients that show nothing else, in the header x-holdfast-missing-operation.",
    remedy: "Leave the header out or use another operation. Nothing was done, and a repetition will not be either.",
    areas: ["general", "conditional"],
    confidence: "observed",
  },
  OperationAborted: {
    cause: "Another request is just creating, deleting or changing the same bucket.",
    remedy: "Try again after a moment, and let one place make changes to a bucket.",
    areas: ["general", "bucket"],
    confidence: "observed",
  },
  PermanentRedirect: {
    cause: "The bucket lives in another region than the endpoint that was asked.",
    remedy:
      "Use the endpoint in Endpoint, or set the client to the region in x-amz-bucket-region; SDKs do the latter by themselves.",
    areas: ["general", "redirect"],
    confidence: "observed",
  },
  Redirect: {
    cause: "The documentation's other name of TemporaryRedirect.",
    remedy: "Follow the Location header.",
    areas: ["redirect"],
    confidence: "documented",
  },
  RequestHeaderSectionTooLarge: {
    cause: "The request's headers are larger than 8 KiB together.",
    remedy: "Send fewer or shorter headers; cookies and long metadata are the usual reason.",
    areas: ["general"],
    confidence: "observed",
  },
  RequestIsNotMultiPartContent: {
    cause:
      "A browser form was sent with another content type. The wire has PreconditionFailed, with this sentence as its Condition.",
    remedy: 'Give the form the attribute enctype="multipart/form-data".',
    areas: ["post"],
    confidence: "documented",
  },
  RequestTimeout: {
    cause: "The client announced more body than it sent, and then nothing came any more. The connection is closed.",
    remedy:
      "Try again on a new connection. If it happens again, the announced length is too large, or a proxy or a slow source holds the body back.",
    areas: ["general"],
    confidence: "observed",
  },
  RequestTorrentOfBucketError: {
    cause: "A torrent was asked of a bucket; only an object could have one.",
    remedy: "Name an object. S3 itself makes no torrents any more.",
    areas: ["general"],
    confidence: "documented",
  },
  ServiceUnavailable: {
    cause:
      "The server cannot take the request at the moment: it is starting or stopping, has more work than it can do, no room left for this write, or cannot reach the service that keeps the key.",
    remedy: "Try again with growing pauses. If it goes on, the operator should look at the log and at the free space.",
    areas: ["general"],
    confidence: "documented",
    messages: [
      { text: "Service is unable to handle request.", when: "The usual text." },
      { text: "Please reduce your request rate.", when: "Too many requests come at once." },
    ],
  },
  SlowDown: {
    cause: "Requests come faster than the server takes them from this caller or for this prefix.",
    remedy:
      "Send fewer requests at a time and pause longer after each refusal; SDKs do so in their adaptive mode. Spreading keys over prefixes helps when one prefix is the busy one. The operator sets the rates by --limit-requests and --limit-prefix.",
    areas: ["general"],
    confidence: "observed",
    messages: [
      { text: "Please reduce your request rate.", when: "A caller or a prefix has used its rate up." },
      {
        text: "Please reduce your request rate for operations involving AWS KMS.",
        when: "The key management service is asked too often; a bucket key asks it less.",
      },
    ],
  },
  TemporaryRedirect: {
    cause:
      "For a while, the bucket has to be asked for at another address, as S3 does for buckets whose name is not yet known everywhere.",
    remedy: "Follow the Location header with the same request, and go on using the first address later.",
    areas: ["general", "redirect"],
    confidence: "observed",
  },
  UnexpectedContent: {
    cause: "The request has a body where none is read, for instance an ACL in the body beside one in the headers.",
    remedy: "Send the request without a body, or without the header that says the same.",
    areas: ["general", "acl"],
    confidence: "observed",
  },
  UnsupportedArgument: {
    cause: "The argument exists and is not available for this operation or kind of bucket.",
    remedy: "Leave it out.",
    areas: ["general"],
    confidence: "documented",
  },
  UserKeyMustBeSpecified: {
    cause: "A browser form has no key field, or an empty one.",
    remedy: "Send a field named key in front of the file.",
    areas: ["post"],
    confidence: "observed",
    messages: [
      { text: "User key must be specified.", when: "The key field is empty." },
      {
        text: "The bucket POST must contain the specified field name. If it is specified, check the order of the fields.",
        when: "The key field is absent, or comes after the file.",
      },
    ],
  },
  WebsiteRedirect: {
    cause: "The root of a website endpoint was asked for, and no host name that names a bucket.",
    remedy: "Address the website by its bucket's host name.",
    areas: ["website", "redirect"],
    confidence: "observed",
  },
};

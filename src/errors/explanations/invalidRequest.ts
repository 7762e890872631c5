import type { MessageVariant } from "../Explanation.ts";

/** The texts of InvalidRequest. */
export const invalidRequestMessages: readonly MessageVariant[] = [
  { text: "Invalid Request", when: "Something is wrong that has no text of its own.", confidence: "documented" },
  {
    text: "Missing required header for this request: x-amz-content-sha256",
    when: "A request signed by header did not send x-amz-content-sha256.",
  },
  {
    text: "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
    when: "Signature version 2 was used where only version 4 is served.",
  },
  {
    text: "The value of x-amz-content-sha256 header is invalid.",
    when: "A payload kind for trailers was announced for an operation that uploads nothing.",
  },
  {
    text: "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
    when: "The operation needs Content-MD5 or a checksum, and neither came.",
  },
  {
    text: "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    when: "A checksum algorithm was announced and no checksum came.",
  },
  {
    text: "Value for x-amz-sdk-checksum-algorithm header is invalid.",
    when: "The announced checksum algorithm does not exist, or is not the one that came.",
  },
  {
    text: "Value for x-amz-checksum-{algorithm} header is invalid.",
    when: "A checksum header is not the base64 of a value of its length; at the completion of a composite upload the number of parts may follow it.",
  },
  {
    text: "Value for x-amz-checksum-{algorithm} trailing header is invalid.",
    when: "A checksum trailer is not the base64 of a value of its length.",
  },
  {
    text: "The algorithm type you specified in x-amz-checksum- header is invalid.",
    when: "A checksum header names an unknown algorithm.",
  },
  {
    text: "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    when: "Several checksum headers came.",
  },
  { text: "Expecting a single x-amz-checksum- header", when: "A checksum came as header and another as trailer." },
  {
    text: "The value specified in the x-amz-trailer header is not supported",
    when: "x-amz-trailer announces something other than a checksum.",
  },
  {
    text: "Checksum Type mismatch occurred, expected checksum Type: {a}, actual checksum Type: {b}",
    when: "A part has a checksum of another algorithm than its upload was begun with; or none (b is null) where the checksum of the object is composite.",
  },
  {
    text: "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [{algorithms}]",
    when: "CreateMultipartUpload names an unknown checksum algorithm; the list begins CRC32, CRC32C, CRC64NVME, SHA1, SHA256 and grew in 2026.",
  },
  {
    text: "The {COMPOSITE|FULL_OBJECT} checksum type cannot be used with the {algorithm} checksum algorithm.",
    when: "The checksum type does not exist for this algorithm.",
  },
  {
    text: "The upload was created using a {algorithm} checksum. The complete request must include the checksum for each part. It was missing for part {n} in the request.",
    when: "An upload with composite checksums was completed without the checksum of a part.",
  },
  {
    text: "The upload was created using the {FULL_OBJECT|COMPOSITE|null} checksum mode. The complete request must use the same checksum mode.",
    when: "The checksum type at the completion is not the one the upload was begun with; null where it named no algorithm.",
  },
  {
    text: "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
    when: "A checksum type was given without an algorithm.",
  },
  {
    text: "The provided 'x-amz-mp-object-size' header value {n} does not match what was computed: {m}",
    when: "The parts are together not as large as x-amz-mp-object-size says.",
  },
  {
    text: "Value for x-amz-mp-object-size header is invalid: '{value}'",
    when: "x-amz-mp-object-size is no number.",
    confidence: "inferred",
  },
  { text: "Value for x-amz-checksum-mode header is invalid.", when: "x-amz-checksum-mode has a value other than ENABLED." },
  {
    text: "Cannot specify both Range header and partNumber query parameter",
    when: "A range and a part number were asked for together.",
  },
  {
    text: "You must specify at least one part",
    when: "CompleteMultipartUpload came without a body; a document without parts is MalformedXML.",
  },
  {
    text: "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    when: "An object was to be copied onto itself without any change.",
  },
  {
    text: "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters",
    when: "An object is to be locked, and nothing says what its bytes are.",
    confidence: "observed",
  },
  {
    text: "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Part requests with Object Lock parameters",
    when: "A part is of an object that is to be locked, and nothing says what its bytes are.",
    confidence: "observed",
  },
  {
    text: "The source of a copy request may not specifically refer to a delete marker by version id.",
    when: "The version to be copied is a delete marker.",
  },
  {
    text: "The specified copy range is invalid for the source object size",
    when: "The range to be copied lies behind the end of the source.",
  },
  {
    text: "The specified copy source is larger than the maximum allowable size for a copy source: {size}",
    when: "The source is larger than one copy may be (5 GiB); copy it in parts.",
  },
  { text: "Object must have a valid key name.", when: "An entry of DeleteObjects has an empty key." },
  {
    text: "There is no such thing as the ?{subresource} sub-resource for a key",
    when: "A subresource of buckets was asked of an object.",
  },
  { text: "A key must be specified", when: "A request about an upload names no key." },
  {
    text: "Key is not expected for the GET method ?uploads subresource",
    when: "The list of uploads was asked of an object instead of its bucket.",
    confidence: "inferred",
  },
  {
    text: "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
    when: "GetObjectAttributes does not say which attributes.",
  },
  {
    text: "Request specific response headers cannot be used for anonymous GET requests.",
    when: "An unsigned read asked for other response headers.",
  },
  { text: "Specifying both Canned ACLs and Header Grants is not allowed", when: "A canned ACL and grants came together." },
  {
    text: "Bucket is missing Object Lock Configuration",
    when: "A retention or legal hold was asked for in a bucket without Object Lock.",
  },
  {
    text: "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
    when: "An object encrypted with a customer's key was asked for without that key.",
  },
  {
    text: "The encryption parameters are not applicable to this object.",
    when: "A customer's key was sent for an object that was stored without one.",
  },
  {
    text: "The provided encryption parameters did not match the ones used originally.",
    when: "A part was sent with another customer's key than the upload was begun with.",
  },
  {
    text: "The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.",
    when: "A part was sent without the customer's key that the upload was begun with, or with one where it was begun without.",
  },
  {
    text: "The object was stored using a form of Server Side Encryption. Correct SSE-C request parameters are required for this request when specifying checksums for each part.",
    when: "An upload with a customer's key and checksums was completed without that key.",
  },
  {
    text: "The UpdateObjectEncryption operation doesn't supported unencrypted source objects. Only source objects encrypted with SSE-S3 or SSE-KMS are supported.",
    when: "The encryption of an object was to be changed that has none.",
    confidence: "documented",
  },
  {
    text: "The UpdateObjectEncryption operation doesn't support source objects with the encryption type DSSE-KMS or SSE-C. Only source objects encrypted with SSE-S3 or SSE-KMS are supported.",
    when: "The encryption of an object was to be changed that is encrypted twice, or with a customer's key.",
    confidence: "documented",
  },
  {
    text: "Requests that modify an object encryption configuration require a valid new encryption type. Valid values are SSEKMS. Modify the request to specify SSE-KMS for the updated encryption type, and then try again.",
    when: "UpdateObjectEncryption does not say under which key.",
    confidence: "documented",
  },
  {
    text: "Requests that modify an object's encryption type to SSE-KMS require an AWS KMS key Amazon Resource Name (ARN). Modify the request to specify a KMS key ARN, and then try again.",
    when: "UpdateObjectEncryption names an empty key.",
    confidence: "documented",
  },
  {
    text: "Requests that modify an object's encryption type to SSE-KMS require a valid AWS KMS key Amazon Resource Name (ARN). Confirm that you have a correctly formatted KMS key ARN in your request, and then try again.",
    when: "UpdateObjectEncryption names a key by something else than its ARN.",
    confidence: "documented",
  },
  {
    text: "Requests that modify an object encryption configuration require AWS Signature Version 4. Modify the request to use AWS Signature Version 4, and then try again.",
    when: "UpdateObjectEncryption came unsigned or signed with version 2.",
    confidence: "documented",
  },
  {
    text: "Found unsupported HTTP method in CORS config. Unsupported method is {method}",
    when: "A CORS rule allows a method that does not exist.",
  },
  { text: 'AllowedOrigin "{origin}" can not have more than one wildcard.', when: "A CORS rule has an origin with two stars." },
  {
    text: 'AllowedHeader "{header}" contains invalid character.',
    when: "A CORS rule has a header name with a character that no header name has.",
    confidence: "inferred",
  },
  {
    text: 'AllowedHeader "{header}" can not have more than one wildcard.',
    when: "A CORS rule has a request header with two stars.",
    confidence: "inferred",
  },
  {
    text: 'ExposeHeader "{header}" contains wildcard. We currently do not support wildcard for ExposeHeader.',
    when: "A CORS rule would let pages read headers by a pattern.",
  },
  {
    text: 'ExposeHeader "{header}" contains invalid character.',
    when: "A CORS rule would let pages read a header that no answer can have.",
    confidence: "inferred",
  },
  { text: "Must specify at least one configuration.", when: "The document that blocks public access sets nothing." },
  {
    text: "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
    when: "Replication was asked for of a bucket without versioning.",
  },
  {
    text: "Destination bucket must have versioning enabled.",
    when: "Replication was asked for into a bucket without versioning, or into none.",
  },
  { text: "Duplicate Tag Keys are not allowed.", when: "A lifecycle filter has a tag key twice." },
  {
    text: "Filter element can only be used in Lifecycle V2.",
    when: "The first lifecycle rule has a Prefix of its own, as older ones do, and another a Filter.",
  },
  {
    text: "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.",
    when: "The first lifecycle rule has a Filter, and another a Prefix of its own.",
  },
  {
    text: "NewerNoncurrentVersions element can only be used in Lifecycle V2.",
    when: "A lifecycle rule with a Prefix of its own is to keep some noncurrent versions.",
  },
  {
    text: "At least one action needs to be specified in a rule",
    when: "A lifecycle rule does nothing.",
  },
  {
    text: "'{element}' should be between {minimum} and 1099511627776000.",
    when: "A lifecycle filter is for a size that no object has.",
  },
  {
    text: "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.",
    when: "A lifecycle filter is for sizes between two that leave none.",
  },
  {
    text: "{action} cannot be specified with Tags.",
    when: "A lifecycle rule for incomplete uploads or delete markers has a filter for tags, which these do not have.",
  },
  {
    text: "{action} cannot be specified with Object Size.",
    when: "A lifecycle rule for incomplete uploads or delete markers has a filter for sizes, which these do not have.",
  },
  {
    text: "'StorageClass' must be different for '{action}' actions in same 'Rule' with {filter}",
    when: "Two transitions of a lifecycle rule go to one class.",
  },
  {
    text: "Found mixed 'Date' and 'Days' based Transition actions in lifecycle rule for {filter}",
    when: "A lifecycle rule has transitions by days and by dates.",
  },
  {
    text: "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for {filter}",
    when: "A lifecycle rule has its expiration by days and a transition by a date, or the other way round.",
  },
  {
    text: "Found two rules with same prefix '{prefix}'",
    when: "Two lifecycle rules without a Filter have the same Prefix.",
  },
  {
    text: "Found overlapping prefixes '{a}' and '{b}' for same action type '{action}'",
    when: "Two lifecycle rules without a Filter do the same, and one's Prefix is the beginning of the other's.",
  },
  {
    text: "Invalid TransitionDefaultMinimumObjectSize found: {value}",
    when: "The lifecycle header for the smallest object has an unknown value.",
  },
  {
    text: "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.",
    when: "A website redirect names another protocol than http and https.",
  },
  {
    text: "You can only define ReplaceKeyPrefix or ReplaceKey but not both.",
    when: "A website rule replaces the key and its prefix at once.",
  },
  {
    text: "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
    when: "A website rule has an empty condition.",
  },
  {
    text: "The provided HTTP redirect code ({code}) is not valid. Valid codes are 3XX except 300.",
    when: "A website rule redirects with a code that is none.",
    confidence: "inferred",
  },
  {
    text: "The provided HTTP error code ({code}) is not valid. Valid codes are 4XX or 5XX.",
    when: "A website rule is for a status that is no error.",
    confidence: "inferred",
  },
  {
    text: "{n} routing rules provided, the number of routing rules in a website configuration is limited to 50.",
    when: "A website has more than 50 rules.",
    confidence: "inferred",
  },
  {
    text: "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names",
    when: "Acceleration was asked for of a bucket with dots in its name.",
  },
  {
    text: "Amazon S3 AccessPoint can only be created for existing bucket",
    when: "An access point was to lead to a bucket that does not exist.",
  },
  { text: "Requests that include x-amz-mfa must use HTTPS.", when: "x-amz-mfa came over plain HTTP.", confidence: "inferred" },
  { text: "SOAP requests must be made over an HTTPS connection.", when: "SOAP came over plain HTTP.", confidence: "documented" },
  {
    text: "S3 Transfer Acceleration is not configured on this bucket",
    when: "The accelerated endpoint was used for a bucket that was never set up for it.",
    confidence: "documented",
  },
  {
    text: "S3 Transfer Acceleration is disabled on this bucket",
    when: "The accelerated endpoint was used for a bucket whose acceleration is suspended.",
    confidence: "documented",
  },
  {
    text: "S3 Transfer Acceleration is not supported for buckets with non-DNS compliant names",
    when: "The accelerated endpoint was used for a bucket whose name is no host name.",
    confidence: "documented",
  },
  {
    text: "The Amazon S3 Transfer Acceleration endpoint supports only virtual style requests.",
    when: "The accelerated endpoint was used with the bucket in the path.",
    confidence: "documented",
  },
  {
    text: "At least one lifecycle rule must be specified.",
    when: "A lifecycle configuration has no rule. Of general purpose buckets it is MalformedXML.",
    confidence: "documented",
  },
  {
    text: "At least one action must be specified in a lifecycle rule.",
    when: "A lifecycle rule does nothing, as S3's reference words it. Other words were seen.",
    confidence: "documented",
  },
  {
    text: "The number of lifecycle rules must not exceed the allowed limit of 1000 rules.",
    when: "A lifecycle configuration has more than 1000 rules. Of general purpose buckets it is MalformedXML.",
    confidence: "documented",
  },
  {
    text: "Conflicting values provided in HTTP headers and query parameters.",
    when: "A header and a query parameter say different things about the same setting.",
    confidence: "documented",
  },
  {
    text: "Conflicting values provided in HTTP headers and POST form fields.",
    when: "A header and a form field say different things about the same setting.",
    confidence: "documented",
  },
  {
    text: "Cannot specify both a write offset value and user-defined object metadata for existing objects.",
    when: "Data was to be appended together with new metadata.",
    confidence: "documented",
  },
  {
    text: "Request body cannot be empty when 'write offset' is specified.",
    when: "Nothing was to be appended.",
    confidence: "documented",
  },
  {
    text: "ReplicationTime and ReplicationMetrics must have the same status.",
    when: "A replication rule has different statuses for time control and metrics.",
    confidence: "documented",
  },
  {
    text: "The replication destination must contain both ReplicationTime and Metrics, or neither.",
    when: "A replication rule has only one of time control and metrics.",
    confidence: "documented",
  },
  {
    text: "An unpaginated ListBuckets request is made from an account that has an approved general purpose bucket quota higher than 10,000.",
    when: "An account with very many buckets asked for all of them in one answer.",
    confidence: "documented",
  },
  {
    text: "The policy would keep you from changing it again; confirm that with x-amz-confirm-remove-self-bucket-access.",
    when: "A bucket's policy denies s3:PutBucketPolicy to who puts it.",
    confidence: "inferred",
  },
];

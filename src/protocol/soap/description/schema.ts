import { S3_NAMESPACE, XML_DECLARATION } from "../../xml/writeXml.ts";
import { readSequence, writeSequence } from "./notation.ts";

/** XML Schema's own namespace. */
export const XSD_NAMESPACE = "http://www.w3.org/2001/XMLSchema";

/** Types that are one of a few words. */
const ENUMERATIONS = {
  Permission: ["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"],
  StorageClass: ["STANDARD", "REDUCED_REDUNDANCY", "GLACIER", "UNKNOWN"],
  MetadataDirective: ["COPY", "REPLACE"],
};

/** Types that are a sequence of elements, each with its name first; see `readSequence`. */
const SEQUENCES = `
Status                  Code:int Description
MetadataEntry           Name Value
Grant                   Grantee Permission
AccessControlList       Grant*100
AccessControlPolicy     Owner:CanonicalUser AccessControlList
LoggingSettings         TargetBucket TargetPrefix TargetGrants:AccessControlList?
BucketLoggingStatus     LoggingEnabled:LoggingSettings?
CreateBucketResult      BucketName
PutObjectResult         ETag LastModified:dateTime
CopyObjectResult        LastModified:dateTime ETag
GetObjectResult         Status Metadata:MetadataEntry* Data:base64Binary~ LastModified:dateTime ETag
ListAllMyBucketsEntry   Name CreationDate:dateTime
ListAllMyBucketsList    Bucket:ListAllMyBucketsEntry*
ListAllMyBucketsResult  Owner:CanonicalUser Buckets:ListAllMyBucketsList
PrefixEntry             Prefix
ListEntry               Key LastModified:dateTime ETag Size:long Owner:CanonicalUser? StorageClass
ListBucketResult        Metadata:MetadataEntry* Name Prefix Marker NextMarker? MaxKeys:int Delimiter? IsTruncated:boolean Contents:ListEntry* CommonPrefixes:PrefixEntry*
`;

/** Who gets a grant: an abstract type, so that each grantee has to say by xsi:type what it is. */
const GRANTEES = `
<xsd:complexType name="Grantee" abstract="true"/>
<xsd:complexType name="User" abstract="true"><xsd:complexContent><xsd:extension base="tns:Grantee"/></xsd:complexContent></xsd:complexType>
${extension("CanonicalUser", "User", "ID DisplayName?")}
${extension("AmazonCustomerByEmail", "User", "EmailAddress")}
${extension("Group", "Grantee", "URI")}
`;

/** Who asks, at the end of every request but one's: elements that are missing together where nobody signs. */
const SIGNATURE = "AWSAccessKeyId? Timestamp:dateTime? Signature?";

/**
 * The operations: each with the elements of its request and, behind the arrow, those of its response. SIGNED stands for `SIGNATURE`, and
 * CREDENTIAL for that and the Credential behind it.
 */
const OPERATIONS = `
ListAllMyBuckets              SIGNED → ListAllMyBucketsResponse:ListAllMyBucketsResult
CreateBucket                  Bucket AccessControlList? SIGNED → CreateBucketReturn:CreateBucketResult
DeleteBucket                  Bucket CREDENTIAL → DeleteBucketResponse:Status
ListBucket                    Bucket Prefix? Marker? MaxKeys:int? Delimiter? CREDENTIAL → ListBucketResponse:ListBucketResult
GetBucketAccessControlPolicy  Bucket CREDENTIAL → GetBucketAccessControlPolicyResponse:AccessControlPolicy
SetBucketAccessControlPolicy  Bucket AccessControlList? CREDENTIAL →
GetBucketLoggingStatus        Bucket CREDENTIAL → GetBucketLoggingStatusResponse:BucketLoggingStatus
SetBucketLoggingStatus        Bucket CREDENTIAL BucketLoggingStatus →
PutObject                     Bucket Key Metadata:MetadataEntry*100 ContentLength:long AccessControlList? StorageClass? CREDENTIAL → PutObjectResponse:PutObjectResult
PutObjectInline               Bucket Key Metadata:MetadataEntry*100 Data:base64Binary ContentLength:long AccessControlList? StorageClass? CREDENTIAL → PutObjectInlineResponse:PutObjectResult
GetObject                     Bucket Key GetMetadata:boolean GetData:boolean InlineData:boolean CREDENTIAL → GetObjectResponse:GetObjectResult
GetObjectExtended             Bucket Key GetMetadata:boolean GetData:boolean InlineData:boolean ByteRangeStart:long? ByteRangeEnd:long? IfModifiedSince:dateTime? IfUnmodifiedSince:dateTime? IfMatch*100 IfNoneMatch*100 ReturnCompleteObjectOnConditionFailure:boolean? CREDENTIAL → GetObjectResponse:GetObjectResult
CopyObject                    SourceBucket SourceKey DestinationBucket DestinationKey MetadataDirective? Metadata:MetadataEntry*100 AccessControlList? CopySourceIfModifiedSince:dateTime? CopySourceIfUnmodifiedSince:dateTime? CopySourceIfMatch*100 CopySourceIfNoneMatch*100 StorageClass? CREDENTIAL → CopyObjectResult
DeleteObject                  Bucket Key CREDENTIAL → DeleteObjectResponse:Status
GetObjectAccessControlPolicy  Bucket Key CREDENTIAL → GetObjectAccessControlPolicyResponse:AccessControlPolicy
SetObjectAccessControlPolicy  Bucket Key AccessControlList CREDENTIAL →
`;

const sequences = lines(SEQUENCES).map(named);
const types: ReadonlySet<string> = new Set([...Object.keys(ENUMERATIONS), "Grantee", ...sequences.map(({ name }) => name)]);
const operations = lines(OPERATIONS).map((line) => {
  const { name, rest } = named(line);
  const [request = "", response = ""] = rest.replace("CREDENTIAL", "SIGNED Credential?").replace("SIGNED", SIGNATURE).split("→");
  return { name, request, response };
});

/** The names of all operations, in the schema's order. */
export const operationNames: readonly string[] = operations.map(({ name }) => name);

/** The schema of all messages: an element for each request, named as its operation, and one for each response. */
export const schemaDocument: string = `${XML_DECLARATION}\
<xsd:schema xmlns:xsd="${XSD_NAMESPACE}" xmlns:tns="${S3_NAMESPACE}" targetNamespace="${S3_NAMESPACE}" elementFormDefault="qualified">
${Object.entries(ENUMERATIONS)
  .map(([name, words]) => enumeration(name, words))
  .join("\n")}
${GRANTEES.trim()}
${sequences.map(({ name, rest }) => `<xsd:complexType name="${name}">${sequence(rest)}</xsd:complexType>`).join("\n")}
${operations.map(({ name, request, response }) => `${message(name, request)}\n${message(`${name}Response`, response)}`).join("\n")}
</xsd:schema>
`;

function lines(table: string): string[] {
  return table.trim().split("\n");
}

function named(line: string): { name: string; rest: string } {
  const end = line.indexOf(" ");
  return { name: line.slice(0, end), rest: line.slice(end) };
}

function sequence(text: string): string {
  return writeSequence(readSequence(text, types));
}

function message(name: string, text: string): string {
  return `<xsd:element name="${name}"><xsd:complexType>${sequence(text)}</xsd:complexType></xsd:element>`;
}

function enumeration(name: string, words: readonly string[]): string {
  const values = words.map((word) => `<xsd:enumeration value="${word}"/>`).join("");
  return `<xsd:simpleType name="${name}"><xsd:restriction base="xsd:string">${values}</xsd:restriction></xsd:simpleType>`;
}

function extension(name: string, base: string, text: string): string {
  const inside = writeSequence(readSequence(text, new Set()));
  return `<xsd:complexType name="${name}"><xsd:complexContent><xsd:extension base="tns:${base}">${inside}</xsd:extension></xsd:complexContent></xsd:complexType>`;
}

"""
Meets S3's errors through boto3 and prints what a program sees of each, as a list of JSON objects. argv[1] is an endpoint; standard input
says what is there: endpoints, keys and a damaged object (see errors.test.ts).
"""
import json
import sys

import boto3
from botocore.client import Config
from botocore.exceptions import ClientError

given = json.load(sys.stdin)
options = dict(config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}))
s3 = boto3.client("s3", endpoint_url=sys.argv[1], **options)
stranger = boto3.client("s3", endpoint_url=sys.argv[1], aws_access_key_id=given["stranger"]["accessKeyId"], aws_secret_access_key=given["stranger"]["secretAccessKey"], **options)
unknown = boto3.client("s3", endpoint_url=sys.argv[1], aws_access_key_id="NOBODYHASTHISKEY0000", aws_secret_access_key="x" * 40, **options)
forger = boto3.client("s3", endpoint_url=sys.argv[1], aws_access_key_id=given["owner"]["accessKeyId"], aws_secret_access_key="x" * 40, **options)
european = boto3.client("s3", endpoint_url=given["europeanEndpoint"], region_name="eu-west-1", **options)
full = boto3.client("s3", endpoint_url=given["fullEndpoint"], **options)
careless = boto3.client("s3", endpoint_url=sys.argv[1], **options)


def forget_length(request, **_):
    del request.headers["Content-Length"]
    request.headers["Transfer-Encoding"] = "chunked"
    request.body = iter([b"bytes"])


def break_xml(params, **_):
    params["body"] = b"<Delete><Object>"
    params["headers"].pop("Content-MD5", None)
    params["headers"]["x-amz-checksum-sha1"] = "bt0uhrPV3qupdRKaYkZFc31H1Yw="


careless.meta.events.register("before-send.s3.PutObject", forget_length)
careless.meta.events.register("before-call.s3.DeleteObjects", break_xml)
in_europe = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
european.create_bucket(Bucket="twice-boto", **in_europe)

calls = {
    "AccessDenied": lambda: stranger.get_object(Bucket="errors", Key="there"),
    "BucketAlreadyExists": lambda: stranger.create_bucket(Bucket="errors"),
    "BucketAlreadyOwnedByYou": lambda: european.create_bucket(Bucket="twice-boto", **in_europe),
    "BucketNotEmpty": lambda: s3.delete_bucket(Bucket="errors"),
    "InvalidAccessKeyId": lambda: unknown.list_buckets(),
    "InvalidArgument": lambda: s3.list_objects_v2(Bucket="errors", ContinuationToken="nonsense"),
    "InvalidBucketName": lambda: s3.create_bucket(Bucket="ends-with-hyphen-"),
    "InvalidRange": lambda: s3.get_object(Bucket="errors", Key="there", Range="bytes=100-200"),
    "MalformedXML": lambda: careless.delete_objects(Bucket="errors", Delete={"Objects": [{"Key": "k"}]}),
    "NotImplemented": lambda: careless.put_object(Bucket="errors", Key="k", Body=b"bytes"),
    "NoSuchBucket": lambda: s3.get_object(Bucket="nothing-here", Key="k"),
    "NoSuchKey": lambda: s3.get_object(Bucket="errors", Key="nothing"),
    "NoSuchUpload": lambda: s3.list_parts(Bucket="errors", Key="k", UploadId="nothing"),
    "SignatureDoesNotMatch": lambda: forger.list_buckets(),
    "InternalError": lambda: s3.get_object(Bucket="errors", Key="damaged"),
    "ServiceUnavailable": lambda: full.put_object(Bucket="full", Key="large", Body=b"x" * 12_000_000),
}

seen = []
for name, call in calls.items():
    try:
        call()
        seen.append({"expected": name, "code": None})
    except ClientError as error:
        answer = error.response
        rest = {key: value for key, value in answer["Error"].items() if key not in ("Code", "Message")}
        seen.append(
            {
                "expected": name,
                "code": answer["Error"]["Code"],
                "message": answer["Error"]["Message"],
                "details": rest,
                "requestId": answer["ResponseMetadata"].get("RequestId"),
                "status": answer["ResponseMetadata"]["HTTPStatusCode"],
            }
        )
print(json.dumps(seen))

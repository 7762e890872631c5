"""boto3's round of encryption against the endpoint in argv[1], which speaks TLS. Prints OK at the end."""
import io
import json
import os
import sys

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from botocore.exceptions import ClientError

config = Config(s3={"addressing_style": "path"}, signature_version="s3v4", retries={"max_attempts": 0})
s3 = boto3.client("s3", endpoint_url=sys.argv[1], config=config, verify=json.load(sys.stdin)["certificate"])
IN_PARTS = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
LARGE = os.urandom(6 << 20)
BUCKET = "boto-encryption"
KEY = dict(SSECustomerAlgorithm="AES256", SSECustomerKey=os.urandom(32))


def refused(operation, **arguments):
    """The code and status of the error that an operation ends with."""
    try:
        answer = getattr(s3, operation)(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    raise AssertionError("%s succeeded: %s" % (operation, answer))


def equal(actual, expected):
    assert actual == expected, "%r instead of %r" % (actual, expected)


def kinds():
    for name, written, read in (
        ("managed", {}, {}),
        ("asked", {"ServerSideEncryption": "AES256"}, {}),
        ("kms", {"ServerSideEncryption": "aws:kms"}, {}),
        ("dsse", {"ServerSideEncryption": "aws:kms:dsse"}, {}),
        ("mine", KEY, KEY),
    ):
        where = dict(Bucket=BUCKET, Key=name)
        kind = None if read else written.get("ServerSideEncryption", "AES256")
        equal(s3.put_object(Body=b"content", **where, **written).get("ServerSideEncryption"), kind)
        got = s3.get_object(**where, **read)
        equal((got["Body"].read(), got.get("ServerSideEncryption")), (b"content", kind))
        s3.upload_fileobj(io.BytesIO(LARGE), BUCKET, name, ExtraArgs=written, Config=IN_PARTS)
        target = io.BytesIO()
        s3.download_fileobj(BUCKET, name, target, ExtraArgs=read, Config=IN_PARTS)
        assert target.getvalue() == LARGE, name
        equal(s3.head_object(**where, **read).get("ServerSideEncryption"), kind)
        source = {"CopySource" + member: value for member, value in read.items()}
        copied = s3.copy_object(Bucket=BUCKET, Key="copy", CopySource=where, **source)
        equal(copied["ServerSideEncryption"], "AES256")
        assert s3.get_object(Bucket=BUCKET, Key="copy")["Body"].read() == LARGE, name
    equal(refused("get_object", Bucket=BUCKET, Key="mine"), ("InvalidRequest", 400))
    other = dict(KEY, SSECustomerKey=os.urandom(32))
    equal(refused("get_object", Bucket=BUCKET, Key="mine", **other), ("AccessDenied", 403))
    equal(refused("head_object", Bucket=BUCKET, Key="mine"), ("400", 400))
    equal(refused("get_object", Bucket=BUCKET, Key="managed", **KEY), ("InvalidRequest", 400))
    unknown = dict(ServerSideEncryption="aws:kms", SSEKMSKeyId="alias/none")
    equal(refused("put_object", Bucket=BUCKET, Key="a", Body=b"", **unknown), ("KMS.NotFoundException", 400))


def defaults():
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
    (found,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    equal({member: found[member] for member in rule}, rule)
    put = s3.put_object(Bucket=BUCKET, Key="default", Body=b"content")
    equal((put["ServerSideEncryption"], put["BucketKeyEnabled"]), ("aws:kms", True))
    s3.delete_bucket_encryption(Bucket=BUCKET)
    equal(s3.put_object(Bucket=BUCKET, Key="default", Body=b"content")["ServerSideEncryption"], "AES256")
    (found,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    equal(found["ApplyServerSideEncryptionByDefault"], {"SSEAlgorithm": "AES256"})


s3.create_bucket(Bucket=BUCKET)
kinds()
defaults()
print("OK")

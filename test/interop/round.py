"""boto3's full round against the endpoint in argv[1]; the keys to use come as JSON on standard input. Prints OK at the end."""
import hashlib
import io
import json
import socket
import sys

import boto3
from botocore.client import Config

# Not every system resolves names below "localhost" (RFC 6761), as browsers do.
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: resolve("127.0.0.1" if host.endswith(".localhost") else host, *rest, **more)

endpoint, keys = sys.argv[1], json.load(sys.stdin)

for style in ("path", "virtual"):
    bucket = "boto-" + style
    url = endpoint if style == "path" else endpoint.replace("127.0.0.1", "localhost")
    s3 = boto3.client("s3", endpoint_url=url, config=Config(s3={"addressing_style": style}, retries={"max_attempts": 0}))
    s3.create_bucket(Bucket=bucket)
    for index, key in enumerate(keys):
        body = ("content %d" % index).encode()
        etag = s3.put_object(Bucket=bucket, Key=key, Body=body, Metadata={"index": str(index)})["ETag"]
        assert etag == '"%s"' % hashlib.md5(body).hexdigest(), key
    listed = [o["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 7}) for o in page["Contents"]]
    assert listed == sorted(keys, key=lambda key: key.encode()), (listed, keys)
    for index, key in enumerate(keys):
        got = s3.get_object(Bucket=bucket, Key=key)
        assert got["Body"].read() == ("content %d" % index).encode(), key
        assert got["Metadata"] == {"index": str(index)}, key
    large = bytes(range(256)) * 60_000
    s3.upload_fileobj(io.BytesIO(large), bucket, "large")
    back = io.BytesIO()
    s3.download_fileobj(bucket, "large", back)
    assert back.getvalue() == large
    assert s3.get_object(Bucket=bucket, Key="large", Range="bytes=1000-1009")["Body"].read() == large[1000:1010]
    s3.copy({"Bucket": bucket, "Key": "large"}, bucket, "copied")
    assert s3.head_object(Bucket=bucket, Key="copied")["ContentLength"] == len(large)
    # XML 1.0 has no form for control characters: such keys can only be deleted one by one.
    for key in keys:
        if any(ord(c) < 32 for c in key):
            s3.delete_object(Bucket=bucket, Key=key)
    everything = [key for key in keys if all(ord(c) >= 32 for c in key)] + ["large", "copied"]
    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in everything]})
    assert len(deleted["Deleted"]) == len(everything), deleted
    s3.delete_bucket(Bucket=bucket)
print("OK")

"""
Does one thing with boto3, as standard input says, and prints what came of it: "works", or what was raised, an error of S3's by its code.
"""
import json
import sys

import boto3
from botocore.client import Config
from botocore.exceptions import ClientError

given = json.load(sys.stdin)
config = Config(
    s3={"addressing_style": "path"},
    retries={"mode": "standard", "total_max_attempts": given["attempts"]},
    read_timeout=given["timeout"],
)
client = boto3.client("s3", endpoint_url=sys.argv[1], config=config)
thing = {"Bucket": given["bucket"], "Key": given["key"]}


def done():
    wish = given["wish"]
    if wish == "put":
        client.put_object(**thing, Body=given["content"].encode())
    elif wish in ("get", "getNew"):
        if client.get_object(**thing)["Body"].read() != given["content"].encode():
            return "works, with wrong bytes"
    elif wish == "head":
        client.head_object(**thing)
    elif wish == "copy":
        client.copy_object(Bucket=given["bucket"], Key="copy", CopySource=thing)
    else:
        answer = client.delete_objects(Bucket=given["bucket"], Delete={"Objects": [{"Key": "none"}]})
        if "Errors" in answer:
            return "works, Errors: " + ", ".join(error["Code"] for error in answer["Errors"])
    return "works"


try:
    print(done())
except ClientError as error:
    print(error.response.get("Error", {}).get("Code", "ClientError without a code"))
except Exception as error:
    print(type(error).__name__)

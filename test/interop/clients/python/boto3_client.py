"""How the rounds of boto3 make a client."""
import boto3
from botocore.client import Config


def client(endpoint, **config):
    """A client that tries once and has nothing else set."""
    return boto3.client("s3", endpoint_url=endpoint, config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}, **config))

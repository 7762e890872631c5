"""One Holdfast for all tests, in memory and gone with them, and a bucket for each test."""

import json
import pathlib
import subprocess
import time
import urllib.request
import uuid

import boto3
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

START_TIMEOUT_S = 30


@pytest.fixture(scope="session")
def holdfast(tmp_path_factory):
    """What the server's ready file says: endpoint, region, keys and more."""
    ready = tmp_path_factory.mktemp("holdfast") / "ready.json"
    command = ["holdfast", "serve", "--memory", "--port", "0", "--ready-file", str(ready), "--until-stdin-ends"]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        yield _wait_for(ready, server)
    finally:
        server.stdin.close()
        server.wait()


def _wait_for(ready: pathlib.Path, server: subprocess.Popen) -> dict:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not ready.exists():
        if server.poll() is not None or time.monotonic() > deadline:
            pytest.exit("holdfast did not start; it says why above")
        time.sleep(0.02)
    return json.loads(ready.read_text())


@pytest.fixture(scope="session")
def s3(holdfast):
    return boto3.client(
        "s3",
        endpoint_url=holdfast["endpoint"],
        region_name=holdfast["region"],
        aws_access_key_id=holdfast["accessKeyId"],
        aws_secret_access_key=holdfast["secretAccessKey"],
    )


@pytest.fixture
def bucket(s3):
    """An empty bucket of the test's own: nothing has to be cleaned up."""
    name = f"test-{uuid.uuid4()}"
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def faults(holdfast):
    """Plans faults, by the admin API, and takes them away behind the test."""
    planned = Faults(holdfast)
    yield planned
    planned.clear()


class Faults:
    """The rules of the server's planned faults: requests that are signed as those of S3."""

    def __init__(self, holdfast: dict):
        self._url = holdfast["endpoint"] + "/-/faults"
        keys = Credentials(holdfast["accessKeyId"], holdfast["secretAccessKey"])
        self._signer = S3SigV4Auth(keys, "s3", holdfast["region"])

    def add(self, rule: dict) -> None:
        self._send("POST", json.dumps(rule).encode())

    def clear(self) -> None:
        self._send("DELETE", None)

    def _send(self, method: str, body: bytes | None) -> None:
        request = AWSRequest(method, self._url, data=body)
        self._signer.add_auth(request)
        urllib.request.urlopen(
            urllib.request.Request(self._url, data=body, headers=dict(request.headers), method=method)
        ).close()

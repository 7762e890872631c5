"""
Meets errors that do not go away, and prints how often a client tried and how long it meant to wait before each further attempt. Standard
input names the client ("boto3" or "aws"), the retry mode (null for the client's own default) and the calls. Nobody waits in fact: sleeping
is written down instead, and the random part of every wait is at its highest, so that the waits can be compared.
"""
import contextlib
import io
import json
import os
import random
import sys
import time

given = json.load(sys.stdin)
if given["mode"] is not None:
    os.environ["AWS_RETRY_MODE"] = given["mode"]

waits = []
random.random = lambda: 1.0  # Before botocore is loaded: it keeps the function.
time.sleep = waits.append

if given["client"] == "aws":
    import awscli  # From here on, "botocore" is the one that this client has of its own.
from botocore.retries.bucket import TokenBucket

held_back = []
sleep_amount = TokenBucket._sleep_amount


def note_sleep_amount(bucket, amount):
    """The adaptive mode's own limiter holds a request back; this wait is a condition's, not a sleep's, and takes place."""
    seconds = sleep_amount(bucket, amount)
    if seconds > 0:
        held_back.append(seconds)
    return seconds


TokenBucket._sleep_amount = note_sleep_amount


def add_headers(call, events):
    """Conditional writes are younger than the botocore of many systems, which signs and sends their headers all the same."""
    events.register("before-call.s3", lambda params, **_: params["headers"].update(call["headers"]))


def through_boto3(call):
    import boto3
    from botocore.client import Config
    from botocore.exceptions import ClientError

    client = boto3.client("s3", endpoint_url=call["endpoint"], config=Config(s3={"addressing_style": "path"}))
    add_headers(call, client.meta.events)
    try:
        getattr(client, call["method"])(**call["parameters"])
        return "OK"
    except ClientError as error:
        return str(error)


def through_aws(call):
    import awscli.clidriver

    driver = awscli.clidriver.create_clidriver()
    add_headers(call, driver.session)
    arguments = ["--endpoint-url", call["endpoint"], "s3api", call["method"].replace("_", "-")]
    for name, value in call["arguments"].items():
        arguments += ["--" + name, value]
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
        status = driver.main(arguments)
    return "OK" if status == 0 else errors.getvalue().strip()


seen = {}
for call in given["calls"]:
    waits.clear()
    held_back.clear()
    message = (through_aws if given["client"] == "aws" else through_boto3)(call)
    seen[call["code"]] = {"message": message, "waits": list(waits), "heldBack": len(held_back) > 0}
print(json.dumps(seen))

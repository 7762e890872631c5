"""Forms signed by boto3, with both versions of the signature and temporary credentials, sent by curl. Prints OK, or fails."""

import os
import subprocess
import sys
import tempfile

import boto3
from botocore.config import Config

endpoint = sys.argv[1]
sys.stdin.read()
s3 = boto3.client("s3", endpoint_url=endpoint)
s3.create_bucket(Bucket="photos")
os.chdir(tempfile.mkdtemp())
with open("cät;1.jpg", "wb") as file:
    file.write(b"meow" * 10)


def client(version, style, credentials=None):
    session = boto3.Session(
        *(credentials[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")) if credentials else (),
        region_name="us-east-1",
    )
    config = Config(signature_version=version, s3={"addressing_style": style})
    return session.client("s3", endpoint_url=endpoint.replace("127.0.0.1", "localhost"), config=config)


def curl(form, file, write_out):
    """Sends a form, and returns its answer's body with what else curl is to tell behind it."""
    fields = [argument for name, value in form["fields"].items() for argument in ("--form-string", f"{name}={value}")]
    command = ["curl", "-s", "-w", write_out, *fields, "-F", file, form["url"]]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def send(form, file='file=@"cät;1.jpg"'):
    """The status, and the body."""
    body, status = curl(form, file, "\n%{http_code}").rsplit("\n", 1)
    return int(status), body


def refused(status, message, answer):
    assert answer[0] == status and message in answer[1], answer


session = boto3.client("sts", endpoint_url=endpoint).get_session_token()["Credentials"]
for version in ("s3v4", "s3"):
    for style in ("path", "virtual"):
        for credentials in (None, session):
            signer = client(version, style, credentials)
            fields = {"acl": "private", "success_action_status": "201", "x-amz-meta-who": "Müntz", "Content-Type": "image/jpeg"}
            conditions = [{name: value} for name, value in fields.items()] + [["content-length-range", 1, 40]]
            form = signer.generate_presigned_post("photos", "u/${filename}", fields, conditions)
            status, body = send(form)
            assert status == 201 and "<Key>u/cät;1.jpg</Key>" in body, (status, body)
            read = s3.get_object(Bucket="photos", Key="u/cät;1.jpg")
            assert (read["Body"].read(), read["ContentType"]) == (b"meow" * 10, "image/jpeg"), read
            s3.delete_object(Bucket="photos", Key="u/cät;1.jpg")

            refused(403, "Extra input fields: tagging", send({**form, "fields": {**form["fields"], "tagging": "x"}}))
            refused(400, "POST requires exactly one file upload per request.", send(form, file="x-ignore-file=1"))
            form = signer.generate_presigned_post("photos", "u/${filename}", Conditions=[["content-length-range", 1, 39]])
            refused(400, "<ProposedSize>40</ProposedSize><MaxSizeAllowed>39</MaxSizeAllowed>", send(form))
            form = signer.generate_presigned_post("photos", "u/x", ExpiresIn=-1)
            refused(403, "Policy expired.", send(form))
            form = signer.generate_presigned_post("photos", "u/x")
            form["fields"]["key"] = "v/x"
            refused(403, "Policy Condition failed: [&quot;eq&quot;, &quot;$key&quot;, &quot;u/x&quot;]", send(form))
            form["fields"]["policy"] = form["fields"]["policy"][:-2]
            refused(403, "SignatureDoesNotMatch", send(form))

fields = {"success_action_redirect": "http://localhost/done?a=b"}
form = client("s3v4", "path").generate_presigned_post("photos", "u/x", fields, [["starts-with", "$success_action_redirect", ""]])
location = curl(form, 'file=@"cät;1.jpg"', "%{redirect_url}")
assert location == "http://localhost/done?a=b&bucket=photos&key=u%2Fx&etag=%227a202d1233ddda000efda8f196043be9%22", location
print("OK")

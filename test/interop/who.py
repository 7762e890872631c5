"""Roles by boto3: assumed by hand, by a profile that renews itself, and for a web identity. Prints OK, or fails."""

import json
import os
import sys
import tempfile

import boto3
from botocore.exceptions import ClientError

endpoint = sys.argv[1]
wanted = json.load(sys.stdin)
iam = boto3.client("iam", endpoint_url=endpoint)
sts = boto3.client("sts", endpoint_url=endpoint)
s3 = boto3.client("s3", endpoint_url=endpoint)
account = sts.get_caller_identity()["Account"]


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error.response["Error"]["Message"]
    raise AssertionError(f"{call} was not refused")


s3.create_bucket(Bucket="photos")
s3.put_object(Bucket="photos", Key="cat", Body=b"meow", Tagging="team=blue")
iam.create_user(UserName="ann")
key = iam.create_access_key(UserName="ann")["AccessKey"]
keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
ann = {"AWS": f"arn:aws:iam::{account}:user/ann"}
trust = document({"Effect": "Allow", "Principal": ann, "Action": ["sts:AssumeRole", "sts:TagSession"]})
role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
reads = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}
iam.put_role_policy(RoleName="reader", PolicyName="reads", PolicyDocument=document(reads))

# By hand.
own_sts = boto3.client("sts", endpoint_url=endpoint, **keys)
answer = own_sts.assume_role(RoleArn=role, RoleSessionName="by-hand", Tags=[{"Key": "team", "Value": "blue"}])
credentials = answer["Credentials"]
session = boto3.Session(credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"])
reader = session.client("s3", endpoint_url=endpoint)
assert reader.get_object(Bucket="photos", Key="cat")["Body"].read() == b"meow"
message = refused("AccessDenied", reader.put_object, Bucket="photos", Key="dog", Body=b"woof")
assert f"assumed-role/reader/by-hand is not authorized to perform: s3:PutObject" in message, message
refused("AccessDenied", boto3.client("s3", endpoint_url=endpoint, **keys).get_object, Bucket="photos", Key="cat")
presigned = reader.generate_presigned_url("get_object", Params={"Bucket": "photos", "Key": "cat"})
assert "X-Amz-Security-Token" in presigned or "x-amz-security-token" in presigned, presigned
forged = boto3.Session(credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"][:-4] + "AAAA")
refused("InvalidToken", forged.client("s3", endpoint_url=endpoint).get_object, Bucket="photos", Key="cat")

# By a profile, as people write it down.
folder = tempfile.mkdtemp()
config = os.path.join(folder, "config")
with open(config, "w") as file:
    file.write(f"[profile ann]\naws_access_key_id={keys['aws_access_key_id']}\naws_secret_access_key={keys['aws_secret_access_key']}\n")
    file.write(f"[profile reader]\nrole_arn={role}\nsource_profile=ann\nrole_session_name=by-profile\n")
os.environ["AWS_CONFIG_FILE"] = config
os.environ["AWS_ENDPOINT_URL"] = endpoint
if wanted["profiles"]:
    profile = boto3.Session(profile_name="reader")
    assert profile.client("sts", endpoint_url=endpoint).get_caller_identity()["Arn"].endswith("assumed-role/reader/by-profile")
    assert profile.client("s3", endpoint_url=endpoint).get_object(Bucket="photos", Key="cat")["Body"].read() == b"meow"

# For a web identity.
provider = f"arn:aws:iam::{account}:oidc-provider/{wanted['issuer'].split('://')[1]}"
web = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity"}
web_role = iam.create_role(RoleName="web", AssumeRolePolicyDocument=document(web))["Role"]["Arn"]
iam.put_role_policy(RoleName="web", PolicyName="reads", PolicyDocument=document(reads))
answer = sts.assume_role_with_web_identity(RoleArn=web_role, RoleSessionName="robot", WebIdentityToken=wanted["token"])
assert answer["SubjectFromWebIdentityToken"] == wanted["subject"], answer
credentials = answer["Credentials"]
session = boto3.Session(credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"])
assert session.client("s3", endpoint_url=endpoint).get_object(Bucket="photos", Key="cat")["Body"].read() == b"meow"
refused(
    "InvalidIdentityToken",
    sts.assume_role_with_web_identity,
    RoleArn=web_role,
    RoleSessionName="robot",
    WebIdentityToken=wanted["token"][:-8] + "AAAAAAAA",
)

# A role that is gone takes its sessions along.
iam.delete_role_policy(RoleName="web", PolicyName="reads")
iam.delete_role(RoleName="web")
refused("InvalidAccessKeyId", session.client("s3", endpoint_url=endpoint).get_object, Bucket="photos", Key="cat")
print("OK")

"""Makes the calls that come as JSON on standard input with zeep, as the WSDL at argv[1] describes them; prints the outcomes as JSON."""
import base64
import datetime
import hashlib
import hmac
import json
import sys

import requests
import zeep
import zeep.helpers
import zeep.wsdl.attachments
import zeep.xsd

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

# Answers of one element, which zeep hands out without it.
LONE = {"CreateBucket": "BucketName", "GetBucketLoggingStatus": "LoggingEnabled"}

session = requests.Session()
session.trust_env = False
session.verify = sys.argv[2]
client = zeep.Client(sys.argv[1], transport=zeep.Transport(session=session))
type_of = client.type_factory(NAMESPACE)


def argument(name, value):
    """An argument as zeep wants it: bytes for what it encodes itself, an object of the grantee's own type."""
    if name == "Data":
        return base64.b64decode(value)
    if name == "Grantee":
        return getattr(type_of, value["type"])(**{key: text for key, text in value.items() if key != "type"})
    if isinstance(value, dict):
        return {key: argument(key, inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [argument(name, inside) for inside in value]
    return value


def signature(call):
    """The three elements that say who asks; nothing for a call that nobody signs."""
    if "as" not in call:
        return {}
    now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=call.get("ageSeconds", 0))
    timestamp = now.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (now.microsecond // 1000)
    text = "AmazonS3" + call["operation"] + timestamp
    mac = hmac.new(call["as"]["secretAccessKey"].encode(), text.encode(), hashlib.sha1)
    return {
        "AWSAccessKeyId": call["as"]["accessKeyId"],
        "Timestamp": call.get("timestamp", timestamp),
        "Signature": base64.b64encode(mac.digest()).decode(),
    }


def plain(value, element=None):
    """What zeep has read, as JSON can say it. A grantee says its type."""
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, list):
        return [plain(inside) for inside in value]
    if isinstance(value, zeep.xsd.CompoundValue):
        members = {name: plain(value[name], name) for name in value if value[name] is not None}
        return {"type": type(value).__name__, **members} if element == "Grantee" else members
    return value


def outcome(call):
    arguments = {name: argument(name, value) for name, value in call["arguments"].items()}
    try:
        answer = client.service[call["operation"]](**arguments, **signature(call))
    except zeep.exceptions.Fault as fault:
        detail = {} if fault.detail is None else {child.tag: child.text or "" for child in fault.detail}
        return {"fault": {"code": fault.code, "message": fault.message, "detail": detail}}
    if isinstance(answer, zeep.wsdl.attachments.MessagePack):
        attached = base64.b64encode(answer.attachments[0].content).decode()
        return {"result": plain(answer.root), "attachment": attached}
    if answer is None:
        return {"result": {}}
    lone = LONE.get(call["operation"])
    return {"result": plain(answer) if lone is None else {lone: plain(answer)}}


json.dump([outcome(call) for call in json.load(sys.stdin)], sys.stdout)

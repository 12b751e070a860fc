"""What Schemathesis cannot know from the document: who calls, from where, and the secrets that are theirs."""

import itertools
import json
import os
import time
import urllib.request
import zoneinfo
from zlib import crc32

import schemathesis

# Seconds an access token is used; it is good for 15 minutes.
TOKEN_SECONDS = 600
# They end sessions, use something up, or are limited for each account.
WITH_SOMEONE_ELSE = {
    "signIn",
    "confirmEmail",
    "resetPassword",
    "changePassword",
    "changeEmail",
    "exportMe",
    "requestDeletion",
    "endOtherSessions",
    "endSession",
    "signOut",
    "sync",
    "refreshSession",
}

TIME_ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})


def new_person():
    with urllib.request.urlopen(os.environ["PEOPLE_URL"]) as answer:
        return json.load(answer)


def operation_id(case):
    return case.operation.definition.raw.get("operationId")


by_authorization = {}


@schemathesis.auth(refresh_interval=None)
class Callers:
    """One person for what leaves a session whole, and someone new for each of the rest."""

    regular = None
    since = 0.0

    def get(self, case, context):
        if operation_id(case) in WITH_SOMEONE_ELSE:
            return new_person()
        if time.monotonic() - Callers.since > TOKEN_SECONDS:
            Callers.regular, Callers.since = new_person(), time.monotonic()
        return Callers.regular

    def set(self, case, person, context):
        case.headers["Authorization"] = f"Bearer {person['accessToken']}"
        by_authorization[case.headers["Authorization"]] = person


addresses = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    case.headers["X-Forwarded-For"] = "10.{}.{}.{}".format(*next(addresses).to_bytes(3, "big"))
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    mean_something(case)
    know_secrets(case)
    write_to_many(case)
    use_own_session(case)
    follow_cursor(case)
    sync_something(case)


def mean_something(case):
    """The formats `time-zone` and `password` are no patterns: there are lists of what is one, and of what is not."""
    body = case.body
    if not isinstance(body, dict):
        return
    if "timeZone" in body:
        body["timeZone"] = TIME_ZONES[crc32(body["timeZone"].encode()) % len(TIME_ZONES)]
    if operation_id(case) in ("register", "resetPassword", "changePassword"):
        body["password"] = "q7¤¶zK2ß" + body["password"][8:]


def know_secrets(case):
    """Well-formed is not yet right: who signs in knows the password, and three in four whose is asked again."""
    name, body = operation_id(case), case.body
    if not isinstance(body, dict):
        return
    person = by_authorization.get(case.headers.get("Authorization")) or new_person()
    if "token" in body:
        body["token"] = person["verifyEmail" if name == "confirmEmail" else "resetPassword"]
    if name == "signIn":
        body.update(email=person["email"], password=person["password"])
    if one_in_four(body):
        return
    if name == "changePassword":
        body["currentPassword"] = person["password"]
    if name in ("changeEmail", "requestDeletion"):
        body["password"] = person["password"]


def write_to_many(case):
    """One address is only written to so often."""
    if operation_id(case) not in ("register", "resendVerification", "requestPasswordReset"):
        return
    name, _, host = case.body["email"].rpartition("@")
    if len(name) < 50:
        case.body["email"] = f"{next(addresses)}{name}@{host}"


def use_own_session(case):
    """Refresh tokens are in no answer's body, and each caller that ends a session is new."""
    name = operation_id(case)
    if name not in ("refreshSession", "endSession"):
        return
    person = by_authorization.get(case.headers.get("Authorization")) or new_person()
    if name == "endSession" and not one_in_four(case.path_parameters):
        case.path_parameters["id"] = person["sessionId"]
    if name == "refreshSession":
        case.cookies["docket-refresh"] = person["refreshToken"]
        case.headers["Origin"] = os.environ["PAGE_ORIGIN"]


def one_in_four(value):
    """The same for the same value, so that what is found is found again."""
    return crc32(json.dumps(value, sort_keys=True, default=str).encode()) % 4 == 0


def follow_cursor(case):
    """A cursor is one of the same listing, or there is no next page."""
    if not case.query or "cursor" not in case.query:
        return
    del case.query["cursor"]
    first = case.operation.Case(query={**case.query, "limit": 1}, headers=dict(case.headers))
    answer = first.call()
    if answer.status_code == 200 and answer.json()["nextCursor"]:
        case.query["cursor"] = answer.json()["nextCursor"]


def sync_something(case):
    """Of what an op may hold the document leaves open: three in four are of a kind that there is, half of those are good."""
    if operation_id(case) != "sync":
        return
    if not one_in_four(case.body["cursor"]):
        case.body["v"] = 1
    for op in case.body["ops"]:
        op["fields"] = as_text(op["fields"])
        choice = crc32(op["id"].encode())
        if choice % 4:
            op["entity"] = ("todo", "list", "profile")[choice % 3]
        if choice % 2:
            op["fields"] = {"name": "Garden"} if op["entity"] != "todo" else {"title": "Water the fern"}


def as_text(value):
    """Neither NUL nor half a surrogate pair, nor a member that JavaScript takes for something else."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [as_text(item) for item in value]
    if isinstance(value, dict):
        return {as_text(name): as_text(item) for name, item in value.items() if name != "__proto__"}
    return value

"""The one place where a status of gRPC becomes an exception."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import grpc
from google.protobuf import any_pb2, message
from google.rpc import error_details_pb2, status_pb2

from stratalens import errors
from stratalens.errors import StratalensError
from stratalens.v1 import errors_pb2

_DOMAIN = "stratalens.dev"
_DETAILS = "grpc-status-details-bin"


def _all_kinds(kind: type[StratalensError] = StratalensError) -> list[type[StratalensError]]:
    return [kind] + [each for below in kind.__subclasses__() for each in _all_kinds(below)]


_BY_REASON = {kind.reason: kind for kind in _all_kinds() if kind.reason}

# Where no reason says more: proxies, other servers, newer ones, and gRPC itself.
_BY_CODE: dict[int, type[StratalensError]] = {
    1: errors.CanceledError,
    3: errors.InvalidRequestError,
    4: errors.DeadlineExceededError,
    5: errors.RefusedError,
    6: errors.RefusedError,
    7: errors.NotAllowedError,
    8: errors.LimitExceededError,
    9: errors.RefusedError,
    10: errors.UnavailableError,
    11: errors.InvalidRequestError,
    12: errors.NotAvailableError,
    14: errors.UnavailableError,
    15: errors.BrokenStreamError,
    16: errors.UnauthenticatedError,
}

_SENT_TOO_LATE = "Internal error from Core"
"""What gRPC's asyncio says of a call that ended while a message was sent. It then forgets the status that the server gave."""

# What goes wrong before a server says anything: signs in the words of gRPC, and words for people.
_TRANSPORT = (
    (
        r"HTTP/1|Received http2 header with status|Trying to connect an http1",
        "What answers is a web server or a proxy and no gRPC server. Check the address, and that proxies pass gRPC on.",
    ),
    (
        r"WRONG_VERSION_NUMBER|wrong version number",
        "The server speaks plain text, and this client TLS. Give tls=False, or a port with TLS.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed|unable to get local issuer",
        "The server's certificate is not trusted. Give its authority: tls=TLS(authority='ca.pem').",
    ),
    (
        r"Peer name .* is not in peer certificate|Hostname Verification",
        "The server's certificate is for another host. Ask by a name that the certificate has.",
    ),
    (r"CERTIFICATE_REQUIRED|certificate required", "The server wants a certificate: tls=TLS(certificate=…, key=…)."),
    (r"DNS resolution failed|Name or service not known|address lookup failed", "There is no host of this name. Check the address."),
    (r"Connection refused", "Nothing listens there. Check that the server runs, its host and port."),
    (
        r"Socket closed|Connection reset|Broken pipe|GOAWAY|handshake|recvmsg",
        "The connection broke off. Check that the server still runs, and whether it speaks TLS or plain text.",
    ),
    (r"larger than max", "A message is larger than this client takes. Ask for fewer positions."),
)


def error_of(failure: grpc.RpcError) -> StratalensError:
    """The exception for a failed call."""
    # A call that failed is its own exception, and has these methods.
    code = failure.code().value[0]
    words = failure.details() or ""
    trailers: Any = failure.trailing_metadata() or ()
    for key, value in trailers:
        if key == _DETAILS:
            try:
                return error_of_status(status_pb2.Status.FromString(value), words)
            except message.DecodeError:
                break  # It says nothing then; the code and the words remain.
    if words == _SENT_TOO_LATE:
        return errors.UnavailableError("The server ended the call while something was sent to it. Ask again.")
    return _of_code(code, _explained(code, words))


def error_of_status(status: status_pb2.Status, words: str | None = None) -> StratalensError:
    """The exception for a status with its details, as in the errors of a batch."""
    info: error_details_pb2.ErrorInfo | None = None
    detail: message.Message | None = None
    retry_after: timedelta | None = None
    for packed in status.details:
        if packed.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo.FromString(packed.value)
        elif packed.Is(error_details_pb2.RetryInfo.DESCRIPTOR):
            retry_after = error_details_pb2.RetryInfo.FromString(packed.value).retry_delay.ToTimedelta()
        else:
            detail = detail or _detail(packed)
    said = words if words is not None else status.message
    known = _BY_REASON.get(info.reason) if info is not None and info.domain == _DOMAIN else None
    if known is not None:
        return known(said, detail=detail, retry_after=retry_after)
    error = _of_code(status.code, said)
    error.detail, error.retry_after = detail, retry_after
    if info is not None and info.domain == _DOMAIN:
        error.reason = info.reason
    return error


def _of_code(code: int, words: str) -> StratalensError:
    return _BY_CODE.get(code, errors.InternalError)(words)


def _detail(packed: any_pb2.Any) -> message.Message | None:
    name = packed.TypeName()
    kind: Any = getattr(errors_pb2, name.removeprefix("stratalens.v1."), None)
    if kind is None or not name.startswith("stratalens.v1."):
        return None
    try:
        detail: message.Message = kind.FromString(packed.value)
    except message.DecodeError:
        return None
    return detail


def _explained(code: int, words: str) -> str:
    for signs, meaning in _TRANSPORT:
        if re.search(signs, words):
            return f"{meaning} ({words})"
    if code == grpc.StatusCode.DEADLINE_EXCEEDED.value[0]:
        return "The time for the call was over before the server had answered. Give it more (timeout=…), or ask for less."
    if code == grpc.StatusCode.UNIMPLEMENTED.value[0]:
        return f"{words}. Check that this is a Stratalens server of the client's version."
    return words or f"The call ended with the code {code}."

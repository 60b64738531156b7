"""Failures, one class for each thing that a caller may do about them. Messages say what is wrong and what to do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any


class StratalensError(Exception):
    """A call that failed."""

    reason: str = ""
    """Reason of the contract, such as ``"UNKNOWN_MODEL"``; empty if the failure has none."""
    may_be_retried: bool = False
    """Whether the same request may succeed later, if the server says nothing else."""

    def __init__(self, message: str, *, detail: Any = None, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.detail = detail
        """The typed detail, a message of ``stratalens.v1.errors_pb2``, such as ``UnknownModel`` with ``served``; or None."""
        self.retry_after = retry_after
        """After how long the same request may succeed, if the server said so."""

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later."""
        return self.retry_after is not None or self.may_be_retried


class UnknownModelError(StratalensError):
    """No served model has the name. ``detail.served`` has those that there are."""

    reason = "UNKNOWN_MODEL"


class UnsupportedArchitectureError(StratalensError):
    """The server does not know the family of the checkpoint."""

    reason = "UNSUPPORTED_ARCHITECTURE"


class NotAvailableError(StratalensError):
    """The contract has what was asked for, but this server does not offer it. Ask without it."""

    reason = "NOT_AVAILABLE"


class InvalidCheckpointError(StratalensError):
    """The server cannot use the model's files. Repair the directory."""

    reason = "INVALID_CHECKPOINT"


class ModelSourceError(StratalensError):
    """The server could not get the model's files."""

    reason = "MODEL_SOURCE_UNAVAILABLE"


class InvalidRequestError(StratalensError, ValueError):
    """A field of the request is wrong: ``detail.field``. Correct it."""

    reason = "INVALID_FIELD"


class PromptTooLongError(StratalensError, ValueError):
    """The prompt has more tokens than the model's context, ``detail.limit``. Shorten it."""

    reason = "PROMPT_TOO_LONG"


class MemoryLimitError(StratalensError):
    """The request needs more memory than one may take. Ask for fewer layers or positions."""

    reason = "MEMORY_LIMIT_EXCEEDED"


class ModelMemoryError(StratalensError):
    """The model is not loaded and does not fit beside those in use. Retry, unless it is larger than all of the memory."""

    reason = "MODEL_MEMORY_EXCEEDED"
    may_be_retried = True

    @property
    def retryable(self) -> bool:
        never_fits = self.detail is not None and self.detail.needed_bytes > self.detail.budget_bytes
        return self.retry_after is not None or not never_fits


class ModelInUseError(StratalensError):
    """A model cannot be unloaded while requests hold it. Retry, or wait longer."""

    reason = "MODEL_IN_USE"
    may_be_retried = True


class NotAllowedError(StratalensError):
    """The server, or a proxy before it, does not let this caller do this."""

    reason = "NOT_ALLOWED"


class ManagementDisabledError(NotAllowedError):
    """Callers may not load or unload the models of this server."""

    reason = "MANAGEMENT_DISABLED"


class UnauthenticatedError(StratalensError):
    """The server wants a key, or another one: give ``connect(…, key=…)`` or ``token=…``."""

    reason = "UNAUTHENTICATED"


class QueueFullError(StratalensError):
    """Too many requests wait. Retry later."""

    reason = "QUEUE_FULL"
    may_be_retried = True


class DeadlineTooShortError(StratalensError):
    """Too many requests are ahead for the timeout; nothing was computed. Retry, or allow more time."""

    reason = "DEADLINE_TOO_SHORT"
    may_be_retried = True


class QuotaExceededError(StratalensError):
    """The caller used up one of its limits. Retry after ``retry_after``; if it is None, ask for less."""

    reason = "QUOTA_EXCEEDED"


class ReaderTooSlowError(StratalensError):
    """The stream was read too slowly. Read faster, or ask for less."""

    reason = "READER_TOO_SLOW"


class LimitExceededError(StratalensError):
    """A limit that is none of the above: of a proxy, of gRPC, or of a newer server."""


class UnavailableError(StratalensError):
    """The server cannot be reached, or is stopping. Retry."""

    reason = "SERVER_STOPPING"
    may_be_retried = True


class DeadlineExceededError(StratalensError, TimeoutError):
    """The timeout passed, and the server gave the work up. Give it more time, or ask for less."""


class CanceledError(StratalensError):
    """The call was canceled."""

    reason = "CANCELLED"


class BrokenStreamError(StratalensError):
    """What came contradicts the contract, or ended before it was complete. Nothing of it is kept."""


class InternalError(StratalensError):
    """A fault of the server. The message has an id that the server's log repeats."""

    reason = "INTERNAL_FAULT"


class RefusedError(StratalensError):
    """Refused for a reason that this version does not know; the message says it."""

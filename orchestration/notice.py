"""Notice: telling whom `notify` of trust.yml names what became of a run, on the web or by e-mail.

Here live what is sent and the sending. It holds counts and schools' names, no file and no pupil. Whoever cannot be
told stops nothing: each failure to tell comes back in words.
"""

from __future__ import annotations

import http.client
import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from ingest.home.notice import HERE, TLS_FROM_THE_START, Email, Notify
from orchestration.run_summary import RunSummary, say_outcome

PATIENCE_SECONDS = 10
TRIES = 2


def tell(notify: Notify, summary: RunSummary, last_told: Mapping[str, Any] | None) -> tuple[list[str], list[str]]:
    """Tell everybody who is to be told of this run; return the channels that were told, and warnings of the others.

    `last_told` is the newest earlier summary somebody was told of, or that had nothing to tell.
    """
    if notify.when == "trouble" and not is_news(summary, last_told):
        return [], []
    told, warnings = [], []
    channels: list[tuple[str, str, Callable[[], None]]] = []
    if notify.webhook or notify.webhook_variable:
        channels.append(("webhook", "The webhook", lambda: _post(_find_address(notify), summary)))
    if (email := notify.email) is not None:
        channels.append(("email", "The mail server", lambda: _mail(email, summary)))
    for name, who, send in channels:
        trouble = _try_twice(send)
        if trouble:
            warnings.append(f"{who} could not be told of this run: {trouble}.")
        else:
            told.append(name)
    return told, warnings


def is_news(summary: RunSummary, last_told: Mapping[str, Any] | None) -> bool:
    """Whether a run's trouble is to be told: a failure always, other trouble when it began, changed or ended."""
    return bool(summary.failure) or summary.list_trouble() != list((last_told or {}).get("trouble", []))


def describe_notice(summary: RunSummary) -> dict[str, object]:
    """Return what is sent: the run, its counts and what asks for attention."""
    total = {
        "files_read": sum(school.accepted for school in summary.schools),
        "files_waiting": sum(school.waiting for school in summary.schools),
        "files_that_could_not_be_used_yet": sum(school.could_not_be_used for school in summary.schools),
        "schools_with_data": sum(1 for school in summary.schools if school.accepted),
        "schools": len(summary.schools),
        "schools_late": sum(1 for school in summary.schools if school.late),
        "figures_shown": summary.figures_shown,
        "figures_hidden": summary.figures_hidden,
    }
    return {
        "trust": summary.trust,
        "text": f"{summary.trust}: {say_outcome(summary)}",
        "outcome": summary.outcome,
        "release": summary.release,
        "began": summary.began,
        "seconds": summary.seconds,
        "by": summary.by,
        "failure": summary.failure,
        "what_to_do": summary.what_to_do,
        "attention": summary.list_trouble(),
        "counts": total,
    }


def _find_address(notify: Notify) -> str:
    if notify.webhook is not None:
        return notify.webhook
    assert notify.webhook_variable is not None
    return _read_variable(notify.webhook_variable)


def _read_variable(name: str) -> str:
    held = os.environ.get(name, "")
    if not held:
        raise _NotToldError(f"the environment variable {name} is not set where Plumbline runs")
    return held


class _NotToldError(Exception):
    """Why nobody could be told, in words without an address or a password; trying again would not help."""


class _MovedError(urllib.error.URLError):
    """The address points to another one."""


class _StayHere(urllib.request.HTTPRedirectHandler):
    """What is sent goes to the address that was written and to no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        raise _MovedError("moved")


def _post(address: str, summary: RunSummary) -> None:
    request = urllib.request.Request(
        address,
        data=json.dumps(describe_notice(summary), ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json", "User-Agent": "plumbline"},
    )
    is_here = urlsplit(address).hostname in HERE
    if request.type != "https" and not (request.type == "http" and is_here):
        raise _NotToldError("its address does not begin with https://")
    # What stays on this machine goes through no proxy.
    handlers = [_StayHere(), *([urllib.request.ProxyHandler({})] if is_here else [])]
    with urllib.request.build_opener(*handlers).open(request, timeout=PATIENCE_SECONDS) as answer:
        answer.read(1024)


def _mail(email: Email, summary: RunSummary) -> None:
    message = EmailMessage()
    message["Subject"] = f"Plumbline: {say_outcome(summary)}"
    message["From"], message["To"] = email.sender, ", ".join(email.to)
    message.set_content("\n".join(_write_letter(summary)) + "\n")
    password = _read_variable(email.password_variable) if email.password_variable else ""
    context = ssl.create_default_context()
    kind = smtplib.SMTP_SSL if email.smtp_port == TLS_FROM_THE_START else smtplib.SMTP
    named = {"context": context} if kind is smtplib.SMTP_SSL else {}
    with kind(email.smtp_host, email.smtp_port, timeout=PATIENCE_SECONDS, **named) as server:  # type: ignore[arg-type]
        if kind is smtplib.SMTP and email.starttls:
            server.starttls(context=context)
        if email.user:
            server.login(email.user, password)
        if server.send_message(message):
            raise _NotToldError("it does not take one of the addresses that were to be told")


def _write_letter(summary: RunSummary) -> list[str]:
    said = describe_notice(summary)
    lines = [f"{summary.trust}: {say_outcome(summary)}.", ""]
    lines += [f"Began {summary.began[:16].replace('T', ' ')}, started by {summary.by}, took {summary.seconds:.0f} s."]
    if summary.failure:
        lines += ["", summary.failure, f"What to do: {summary.what_to_do}"]
    others = [line for line in summary.list_trouble() if line != summary.failure]
    if others:
        lines += ["", "To look at:", *(f"- {line}" for line in others)]
    elif not summary.failure:
        lines += ["", "Nothing asks for attention."]
    counts = said["counts"]
    assert isinstance(counts, dict)
    lines += ["", *(f"{name.replace('_', ' ')}: {count}" for name, count in counts.items())]
    return [*lines, "", "The whole summary is runs/latest.md in the home."]


def _try_twice(send: Callable[[], None]) -> str:
    """Send, once more where that may help; return why it did not go, in words without an address."""
    trouble = ""
    for _ in range(TRIES):
        try:
            send()
        except _NotToldError as error:
            return str(error)
        except urllib.error.HTTPError as error:
            trouble = f"it answered {error.code}"
        except _MovedError:
            return "its address points to another one; write that one in trust.yml"
        except smtplib.SMTPAuthenticationError:
            return "it does not take this user and password"
        except smtplib.SMTPRecipientsRefused:
            return "it does not take an address that was to be told"
        except smtplib.SMTPServerDisconnected:
            trouble = f"it broke off, or did not answer within {PATIENCE_SECONDS} seconds"
        except smtplib.SMTPException as error:
            trouble = f"it did not take the message ({type(error).__name__})"
        except TimeoutError:
            trouble = f"it did not answer within {PATIENCE_SECONDS} seconds"
        except (OSError, ValueError, http.client.HTTPException) as error:
            cause = getattr(error, "reason", error)
            trouble = f"it could not be reached ({type(cause).__name__})"
        else:
            return ""
    return trouble

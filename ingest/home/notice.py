"""Who is told of a run, and how: `notify` of trust.yml, an address on the web or by e-mail or both.

No secret stands in the file: a password, and an address that is one, are named by the environment variable that
holds them. Sending does not live here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from ingest.home.problems import Problem, wrong_value
from ingest.home.strict import Document
from ingest.home.words import Strict, Text

HERE = ("localhost", "127.0.0.1", "::1")
TLS_FROM_THE_START = 465


def _check_web_address(written: str) -> str:
    try:
        address = urlsplit(written)
        host, _ = address.hostname, address.port
    except ValueError:
        host = None
    # Plain HTTP may go no further than this machine.
    if not host or address.scheme not in (("https", "http") if host in HERE else ("https",)):
        raise wrong_value("an address that begins with https://")
    return written


def _check_mail_address(written: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+", written):
        raise wrong_value("one e-mail address such as data@example.org")
    return written


def _check_host(written: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:-]+", written):
        raise wrong_value("the name of a mail server such as smtp.example.org")
    return written


WebAddress = Annotated[Text, AfterValidator(_check_web_address)]
MailAddress = Annotated[Text, AfterValidator(_check_mail_address)]


class Email(Strict):
    """One message to `to` from `sender`, through a mail server; at port 465 the line is encrypted from the start."""

    to: list[MailAddress] = Field(min_length=1)
    sender: MailAddress = Field(alias="from")
    smtp_host: Annotated[Text, AfterValidator(_check_host)]
    smtp_port: int = Field(default=587, ge=1, le=65535)
    starttls: bool = True
    user: Text | None = None
    password_variable: Text | None = None

    @property
    def is_encrypted(self) -> bool:
        """Whether nobody between here and the server can read what is sent."""
        return self.starttls or self.smtp_port == TLS_FROM_THE_START


class Notify(Strict):
    """Who is told: of every run, or of those with trouble (a failure, a file that waits, a school that is late)."""

    webhook: WebAddress | None = None
    webhook_variable: Text | None = None
    email: Email | None = None
    when: Literal["always", "trouble"] = "trouble"


def check_notify(document: Document[Any], notify: Notify | None) -> Iterator[Problem]:
    """Yield what is wrong across the parts of `notify`. What stands where a variable's name should is not repeated."""
    if notify is None:
        return
    if notify.webhook is None and notify.webhook_variable is None and notify.email is None:
        what = '"notify" names nobody to tell.'
        yield document.say_problem(("notify",), "", what, "Add webhook, webhook_variable or email, or take it out.")
    if notify.webhook is not None and notify.webhook_variable is not None:
        what = '"webhook" and "webhook_variable" both stand here.'
        yield document.say_problem(("notify", "webhook_variable"), "", what, "Keep one of the two.")
    if notify.webhook is not None and "@" in urlsplit(notify.webhook).netloc:
        what = '"webhook" holds a user or a password.'
        remedy = "Put the address into an environment variable and write its name as webhook_variable."
        yield document.say_problem(("notify", "webhook"), "", what, remedy)
    yield from _check_variable(document, ("notify", "webhook_variable"), notify.webhook_variable)
    if notify.email is not None:
        yield from _check_email(document, notify.email)


def _check_email(document: Document[Any], email: Email) -> Iterator[Problem]:
    place = ("notify", "email", "password_variable")
    yield from _check_variable(document, place, email.password_variable)
    if (email.user is None) != (email.password_variable is None):
        what = '"user" and "password_variable" go together, and one of them is missing.'
        yield document.say_problem(place, "", what, "Write both, or neither where the server asks for none.")
    elif email.user is not None and not email.is_encrypted and email.smtp_host not in HERE:
        what = "the password would be sent unencrypted: starttls is false."
        yield document.say_problem(place, "", what, "Set starttls to true, or use port 465.")


def _check_variable(document: Document[Any], place: tuple[str, ...], written: str | None) -> Iterator[Problem]:
    if written is not None and not re.fullmatch(r"[A-Z][A-Z0-9_]*", written):
        what = f'"{place[-1]}" is not the name of an environment variable.'
        remedy = "Write a name in capitals such as PLUMBLINE_SMTP_PASSWORD; what it holds is set where Plumbline runs."
        yield document.say_problem(place, "", what, remedy)

"""Who is told of a run, by real servers on this machine: what is sent, to whom, when, and what nobody is told."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import http.server
import json
import shutil
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_runs import ROOT

from ingest.home.notice import Notify
from orchestration import notice
from orchestration.failure_words import describe_failure
from orchestration.notice import is_news, tell
from orchestration.run_summary import KEPT, RunSummary, SchoolCounts, list_summaries, read_summaries, write_summary

GOOD = RunSummary(
    trust="Tiny Trust",
    began="2026-07-17T06:00:00+01:00",
    ended="2026-07-17T06:00:20+01:00",
    seconds=20,
    by="the schedule",
    as_of="2026-07-17",
    looked_at="all schools",
    outcome="release made",
    release="2026-07-17-0123abcd",
    site="releases/2026-07-17-0123abcd/site/index.html",
    figures_shown=12,
    figures_hidden=3,
    schools=[SchoolCounts("999901", "Ash Primary School", 4, 0, 0), SchoolCounts("999902", "Birch", 0, 0, 0)],
)
LATE = dataclasses.replace(
    GOOD, schools=[SchoolCounts("999901", "Ash Primary School", 4, 1, 2, ["Attendance"]), GOOD.schools[1]]
)
FAILED = dataclasses.replace(
    GOOD, outcome="not finished", failure="While working out the figures: dbt build failed at: x", what_to_do="Look."
)


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """A server on this machine that keeps what it was sent."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, handler: type[socketserver.BaseRequestHandler], answers: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.answers, self.got = answers, list[Any]()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Hook(http.server.BaseHTTPRequestHandler):
    """Keeps each JSON it is sent; answers what it was told to, 200 once that has run out."""

    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(json.loads(body))
        code = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(code)
        if code == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.server.port}/elsewhere")
        self.end_headers()

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


class Mail(socketserver.StreamRequestHandler):
    """Takes mail as RFC 5321 says; an answer of 550 refuses whom it is for."""

    server: Server

    def handle(self) -> None:
        self._say("220 here")
        took: dict[str, Any] = {"to": []}
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "DATA":
                self._say("354 go on")
                took["message"] = "".join(iter(lambda: self.rfile.readline().decode(), ".\r\n"))
                self.server.got.append(took)
            if word == "RCPT":
                took["to"].append(line.partition("<")[2].rstrip(">"))
                if self.server.answers:
                    self._say(f"{self.server.answers.pop(0)} nobody here")
                    continue
            self._say("221 bye" if word == "QUIT" else "250 well")
            if word == "QUIT":
                return

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def serve() -> Iterator[Any]:
    servers: list[Server] = []

    def start(handler: type[socketserver.BaseRequestHandler], *answers: int) -> Server:
        server = Server(handler, list(answers))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def hook(server: Server, **more: str) -> Notify:
    return Notify.model_validate({"webhook": f"http://127.0.0.1:{server.port}/hook", **more})


def mail(server: Server, **more: object) -> Notify:
    letter = {"to": ["data@example.org", "director@example.org"], "from": "plumbline@example.org"}
    return Notify.model_validate(
        {"email": {**letter, "smtp_host": "127.0.0.1", "smtp_port": server.port, "starttls": False, **more}}
    )


def test_a_webhook_is_sent_counts_and_what_to_look_at(serve: Any) -> None:
    server = serve(Hook)
    assert tell(hook(server), LATE, None) == (["webhook"], [])
    (said,) = server.got
    assert said["text"] == "Tiny Trust: release 2026-07-17-0123abcd was made"
    assert said["attention"] == ["999901 Ash Primary School: 1 waiting; 2 could not be used yet; late: Attendance"]
    assert said["counts"] == {
        "files_read": 4,
        "files_waiting": 1,
        "files_that_could_not_be_used_yet": 2,
        "schools_with_data": 1,
        "schools": 2,
        "schools_late": 1,
        "figures_shown": 12,
        "figures_hidden": 3,
    }


def test_a_webhook_that_stumbles_is_tried_once_more_and_no_oftener(serve: Any) -> None:
    server = serve(Hook, 503)
    assert tell(hook(server), FAILED, None) == (["webhook"], [])
    assert len(server.got) == 2
    server = serve(Hook, 503, 500, 500)
    assert tell(hook(server), FAILED, None) == ([], ["The webhook could not be told of this run: it answered 500."])
    assert len(server.got) == 2


def test_nothing_is_sent_on_to_another_address(serve: Any) -> None:
    server = serve(Hook, 302)
    told, (warning,) = tell(hook(server), FAILED, None)
    assert not told
    assert warning.endswith("its address points to another one; write that one in trust.yml.")
    assert len(server.got) == 1


def test_the_address_may_be_named_by_a_variable(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(Hook)
    notify = Notify(webhook_variable="PLUMBLINE_HOOK")
    monkeypatch.delenv("PLUMBLINE_HOOK", raising=False)
    assert tell(notify, FAILED, None)[1] == [
        "The webhook could not be told of this run: the environment variable PLUMBLINE_HOOK is not set where Plumbline "
        "runs."
    ]
    monkeypatch.setenv("PLUMBLINE_HOOK", f"http://127.0.0.1:{server.port}/hush")
    assert tell(notify, FAILED, None) == (["webhook"], [])
    for wrong in ("http://example.org/hush", "ftp://127.0.0.1/hush", "hush"):
        monkeypatch.setenv("PLUMBLINE_HOOK", wrong)
        told, (warning,) = tell(notify, FAILED, None)
        assert not told
        assert "hush" not in warning


def test_nobody_there_is_a_warning_without_the_address(serve: Any) -> None:
    server = serve(Hook)
    server.shutdown()
    server.server_close()
    told, (warning,) = tell(hook(server), FAILED, None)
    assert not told
    assert warning == "The webhook could not be told of this run: it could not be reached (ConnectionRefusedError)."


def test_whoever_does_not_answer_is_not_waited_for(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.server.got.append(self.request.recv(10))  # type: ignore[attr-defined]
            threading.Event().wait(1)

    monkeypatch.setattr(notice, "PATIENCE_SECONDS", 0.1)
    for notify in (hook(serve(Silent)), mail(serve(Silent))):
        told, (warning,) = tell(notify, FAILED, None)
        assert not told
        assert "did not answer within" in warning


def test_a_letter_says_what_failed_and_what_to_do(serve: Any) -> None:
    server = serve(Mail)
    assert tell(mail(server), dataclasses.replace(FAILED, schools=LATE.schools), None) == (["email"], [])
    (took,) = server.got
    assert took["to"] == ["data@example.org", "director@example.org"]
    letter = email.message_from_string(took["message"], policy=email.policy.default)
    assert letter["Subject"] == "Plumbline: the refresh did not finish; the last release stays"
    lines = letter.get_content().replace("\r\n", "\n")
    assert "While working out the figures: dbt build failed at: x\nWhat to do: Look.\n" in lines
    assert "- 999901 Ash Primary School: 1 waiting; 2 could not be used yet; late: Attendance\n" in lines
    assert "files read: 4\n" in lines


def test_a_letter_nobody_takes_is_a_warning(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(Mail, 550, 550)
    _, (warning,) = tell(mail(server), FAILED, None)
    assert warning.endswith("it does not take an address that was to be told.")
    # A server that does not speak of encryption is not sent a password.
    monkeypatch.setenv("PLUMBLINE_SMTP_PASSWORD", "hush")
    secret = mail(serve(Mail), starttls=True, user="me", password_variable="PLUMBLINE_SMTP_PASSWORD")  # noqa: S106
    _, (warning,) = tell(secret, FAILED, None)
    assert warning.endswith("it did not take the message (SMTPNotSupportedError).")


def test_trouble_is_told_when_it_begins_changes_and_ends_a_failure_always(serve: Any) -> None:
    def kept(summary: RunSummary) -> dict[str, Any]:
        return {"trouble": summary.list_trouble(), "told": ["webhook"]}

    worse = dataclasses.replace(LATE, schools=[*LATE.schools, SchoolCounts("999903", "Cedar", 1, 0, 0, ["Results"])])
    assert [is_news(GOOD, None), is_news(GOOD, kept(GOOD))] == [False, False]
    assert [is_news(LATE, None), is_news(LATE, kept(LATE)), is_news(worse, kept(LATE))] == [True, False, True]
    assert is_news(GOOD, kept(LATE))
    assert is_news(FAILED, kept(FAILED))
    server = serve(Hook)
    assert tell(hook(server), GOOD, None) == ([], [])
    assert not server.got
    assert tell(hook(server, when="always"), GOOD, kept(GOOD)) == (["webhook"], [])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tests" / "homes" / "tiny", tmp_path / "home")
    return tmp_path / "home"


def test_the_last_fifty_runs_are_kept_and_the_latest_in_words(home: Path) -> None:
    for number in range(KEPT + 3):
        write_summary(home, dataclasses.replace(LATE, seconds=number), f"2026-07-17T06{number:02}00Z")
    assert len(list_summaries(home)) == KEPT
    assert next(read_summaries(home))["seconds"] == KEPT + 2
    assert sorted(path.name for path in (home / "runs").iterdir())[-1] == "latest.md"
    words = (home / "runs" / "latest.md").read_text("utf-8")
    assert "| 999901 | Ash Primary School | 4 | 1 | 2 | Attendance |" in words
    assert "12 figures shown on the site, 3 hidden" in words
    (home / "runs" / "2026-07-17T065200Z.json").write_text("half of it", "utf-8")
    assert next(read_summaries(home))["seconds"] == KEPT + 1


def test_the_words_of_an_error_nobody_wrote_are_not_kept() -> None:
    """They may name a file, and a file may be named after a pupil."""
    said, remedy = describe_failure("records", "PermissionError", "[Errno 13] 'inbox/999901/Zelda Quill.csv'")
    assert said == "While reading what schools sent: an error of the kind PermissionError"
    assert remedy.startswith("Run as the user who owns the home")
    damaged = "history/receipts/999901.json is damaged and cannot be made anew"
    said, _ = describe_failure("records", "ValueError", damaged)
    assert said.endswith(damaged)
    said, _ = describe_failure("warehouse", "WarehouseError", "dbt build failed at: unique_kpis")
    assert said == "While working out the figures: dbt build failed at: unique_kpis"

"""For CI: `make run` on an empty database, the first administrator signs in, the server is stopped.

Sets nothing up by itself: the settings (STAFFEL_DATABASE_URL) are those of the environment.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar

from staffel.api.cli.serve import address, with_free_port
from staffel.api.settings import Settings
from tools.pictures import ROOT, wait_for

INIT = "--ags 05566076 --name Rheine --unit ABH --unit JC --password -"


def main() -> int:
    """Start, sign in, stop. Exit code 0 when the administrator has been recognised."""
    settings = with_free_port(Settings(port=8223))
    password = secrets.token_urlsafe(15)
    command = ["make", "run", f"INIT={INIT}", f"ARGS=--port {settings.port}"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True) as server:
        try:
            if server.stdin is not None:
                server.stdin.write(f"{password}\n".encode())
                server.stdin.close()
            wait_for(f"{address(settings)}api/v1/health/ready", patience=120)
            name = sign_in(address(settings), password)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
    print(f"make run: {name} has signed in")
    return 0 if name == "Administration" else 1


def sign_in(base: str, password: str) -> str:
    """Sign in as the first administrator; the name that the server knows."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    body = json.dumps({"login": "admin", "password": password}).encode()
    headers = {"Content-Type": "application/json"}
    opener.open(urllib.request.Request(f"{base}api/v1/auth/login", body, headers), timeout=30)
    with opener.open(f"{base}api/v1/auth/me", timeout=30) as answer:
        return str(json.load(answer)["name"])


if __name__ == "__main__":
    sys.exit(main())

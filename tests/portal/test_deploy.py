"""What can be tested of production without an engine to run it."""

import http.client
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.checks import run_checks
from websockets import Origin
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from portal import launch
from portal.embedded import ROOT
from tests.processes import OwnValkey, Portal, free_port, wait_until

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")

needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

# Read by the compose file and the launcher; all else is read by the settings.
ELSEWHERE = {"VAR_DIR", "DEMO_PASSWORD", "POSTGRES_PASSWORD"}
# One for each of LANGUAGES: the settings put their names together.
NAMES = {f"NETWORK_NAME_{code}" for code in ("AR", "EN", "FR")}


def test_example_environment_names_every_setting_and_nothing_else() -> None:
    settings = (ROOT / "portal" / "settings.py").read_text()
    read = set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", settings))
    explained = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(explained) == read | ELSEWHERE | NAMES
    assert len(explained) == len(set(explained))


def test_image_runs_what_the_launcher_runs() -> None:
    command = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert command is not None
    assert yaml.safe_load(command[1])[: 1 + len(launch.SERVE)] == ["python", *launch.SERVE]
    assert COMPOSE["services"]["worker"]["command"] == ["python", *launch.WORK]
    assert " ".join(launch.PREPARE) + " --files" in DOCKERFILE


def test_image_runs_as_nobody_special_and_installs_the_hashed_lock() -> None:
    assert re.search(r"^USER (?!root)\w+$", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes -r requirements/run.txt" in DOCKERFILE
    assert 'CMD ["python", "-m", "portal.healthy"]' in DOCKERFILE


def test_compose_has_two_web_processes_behind_nginx() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"nginx", "web1", "web2", "worker", "migrate", "db", "valkey"}
    assert services["db"]["image"].startswith("postgres:18")
    assert services["valkey"]["image"].startswith("valkey/valkey:9")
    assert [name for name in services if "ports" in services[name]] == ["nginx"]
    for name in ("web1", "web2", "worker"):
        waits = services[name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}
    for name in ("nginx", "db", "valkey"):
        assert "test" in services[name]["healthcheck"]
    mounted = {
        mount.partition(":")[0]
        for service in services.values()
        for mount in service.get("volumes", [])
        if not mount.startswith(".")
    }
    assert mounted == set(COMPOSE["volumes"])


def test_compose_sets_only_what_the_settings_read() -> None:
    explained = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    for name in ("web1", "web2", "worker", "migrate"):
        assert set(COMPOSE["services"][name]["environment"]) <= explained


def write_nginx(directory: Path, *, web: tuple[int, int], ports: tuple[int, int]) -> Path:
    """The configuration as it is, with this machine's paths, ports and a certificate of its own."""
    subprocess.run(
        shlex.split(
            "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost "
            "-keyout privkey.pem -out fullchain.pem"
        ),
        cwd=directory,
        check=True,
        capture_output=True,
    )
    conf = (ROOT / "deploy" / "nginx.conf").read_text()
    for here, there in {
        "/tmp/": f"{directory}/",  # noqa: S108
        "/etc/nginx/certificates": str(directory),
        "web1:8000": f"127.0.0.1:{web[0]}",
        "web2:8000": f"127.0.0.1:{web[1]}",
        "listen 80 ": f"listen {ports[0]} ",
        "listen [::]:80 ": f"listen [::]:{ports[0]} ",
        "listen 443 ": f"listen {ports[1]} ",
        "listen [::]:443 ": f"listen [::]:{ports[1]} ",
    }.items():
        assert here in conf
        conf = conf.replace(here, there)
    (directory / "nginx.conf").write_text(conf)
    return directory / "nginx.conf"


@needs_nginx
def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    conf = write_nginx(tmp_path, web=(8001, 8002), ports=(8080, 8443))
    tested = subprocess.run([NGINX, "-t", "-c", conf], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@needs_nginx
@pytest.mark.processes
def test_nginx_passes_pages_and_sockets_to_two_processes(
    portal_process: Callable[..., Portal],
    fresh_database: str,
    own_valkey: OwnValkey,
    tmp_path: Path,
) -> None:
    plain, tls = free_port(), free_port()
    origin = f"https://localhost:{tls}"
    portals = [
        portal_process(
            database_url=fresh_database,
            redis_url=own_valkey.url,
            HTTPS="1",
            ORIGINS=origin,
            TRUSTED_PROXIES="1",
        )
        for _ in range(2)
    ]
    for portal in portals:
        portal.process = portal._run("-m", "portal.serve", f"--port={portal.port}")
        wait_until(lambda portal=portal: is_open(portal.port))  # type: ignore[misc]
    directory = Path(tempfile.mkdtemp(prefix="majlis-nginx-"))
    directory.chmod(0o755)  # its workers are not root
    conf = write_nginx(directory, web=(portals[0].port, portals[1].port), ports=(plain, tls))
    trust = ssl.create_default_context(cafile=str(directory / "fullchain.pem"))
    trust.check_hostname = False

    def get(path: str, body: bytes | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPSConnection("127.0.0.1", tls, timeout=10, context=trust)
        try:
            connection.request("POST" if body else "GET", path, body, {"Host": f"localhost:{tls}"})
            response = connection.getresponse()
            return response.status, response.read()
        except OSError:
            return 0, b""
        finally:
            connection.close()

    nginx = subprocess.Popen(
        [str(NGINX), "-c", conf, "-g", "daemon off;"], stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: get("/healthz") == (200, b"ok"))
        assert get("/en/accounts/login/")[0] == 200
        assert get("/en/accounts/login/", b"x" * 12 * 1024**2)[0] in (0, 413)
        with connect(
            f"wss://localhost:{tls}/ws/", origin=Origin(origin), ssl=trust, open_timeout=10
        ) as websocket:
            with pytest.raises(ConnectionClosed):
                websocket.recv(timeout=10)  # a stranger: accepted, told, closed
            assert websocket.close_code is not None
            assert websocket.close_code >= 4000
        portals[0].kill()
        assert [get("/healthz")[0] for _ in range(6)] == [200] * 6
    finally:
        nginx.terminate()
        nginx.wait(10)
        shutil.rmtree(directory)


def test_nginx_lets_through_what_the_portal_takes(settings: Any) -> None:
    conf = (ROOT / "deploy" / "nginx.conf").read_text()
    limit = re.search(r"client_max_body_size (\d+)m;", conf)
    assert limit is not None
    assert settings.MAX_FILE_SIZE < settings.MAX_BODY_SIZE <= int(limit[1]) * 1024**2


def test_shell_of_ci_parses() -> None:
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.processes
def test_health_is_asked_as_the_proxy_asks(
    portal_process: Callable[..., Portal], fresh_database: str, own_valkey: OwnValkey
) -> None:
    portal = portal_process(
        database_url=fresh_database,
        redis_url=own_valkey.url,
        HTTPS="1",
        ALLOWED_HOSTS="portal.majlis.example",
        ORIGINS="https://portal.majlis.example",
        TRUSTED_PROXIES="1",
    )
    command = [sys.executable, "-m", "portal.healthy", str(portal.port)]

    def ask() -> int:
        return subprocess.run(command, cwd=ROOT, env=portal.environment).returncode

    assert ask() == 1
    portal.process = portal._run("-m", "portal.serve", f"--port={portal.port}")
    wait_until(lambda: ask() == 0)


def faults(settings: Any, **values: Any) -> set[str | None]:
    for name, value in values.items():
        setattr(settings, name, value)
    return {
        fault.id
        for fault in run_checks(include_deployment_checks=True)
        if fault.id and fault.id.startswith("portal.")
    }


PRODUCTION: dict[str, Any] = {
    "HTTPS": True,
    "DEMO": False,
    "ALLOWED_HOSTS": ["portal.majlis.example"],
    "ORIGINS": ["https://portal.majlis.example"],
    "EMAIL_URL": "smtp+tls://a:b@mail.majlis.example:587",
}


def test_production_values_are_clean(settings: Any) -> None:
    assert faults(settings, **PRODUCTION) == set()


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"ORIGINS": []}, "portal.E001"),
        ({"ORIGINS": ["portal.majlis.example"]}, "portal.E002"),
        ({"ORIGINS": ["https://portal.majlis.example/"]}, "portal.E002"),
        ({"ORIGINS": ["http://portal.majlis.example"]}, "portal.E003"),
        ({"ORIGINS": ["https://elsewhere.majlis.example"]}, "portal.E004"),
        ({"ALLOWED_HOSTS": ["*"]}, "portal.E005"),
        ({"DEMO": True}, "portal.W006"),
        ({"HTTPS": False}, "portal.W007"),
        ({"EMAIL_URL": ""}, "portal.W009"),
    ],
)
def test_harmful_value_is_named(settings: Any, values: dict[str, Any], fault: str) -> None:
    assert fault in faults(settings, **{**PRODUCTION, **values})


def test_demo_on_this_machine_is_fine(settings: Any) -> None:
    here: dict[str, Any] = {
        "HTTPS": False,
        "DEMO": True,
        "ALLOWED_HOSTS": ["localhost"],
        "ORIGINS": ["http://localhost:8000"],
    }
    assert faults(settings, **{**PRODUCTION, **here}) == set()


def test_readme_names_the_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", readme))
    assert named
    assert named <= targets
    assert "docker compose up -d --build" in readme

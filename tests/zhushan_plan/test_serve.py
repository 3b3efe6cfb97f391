import os
import socket
import ssl
import stat
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from zhushan_plan import certificates, serve
from zhushan_plan.environment import strong_secret

PLAIN_WARNING = (
    "注意：PLAIN_HTTP=1，网站以不加密的 HTTP 提供服务，口令和数据会以明文经过网络；"
    "只可用于可信的内网。取消 PLAIN_HTTP 即恢复 HTTPS。"
)


@pytest.fixture
def commands(monkeypatch):
    """The management commands and the server that a start would run, instead of running them."""
    called = []
    monkeypatch.setattr(serve, "manage", lambda environment, *words: called.append(words))

    def take_over(command, environment):
        called.append(tuple(command))
        return 0

    monkeypatch.setattr(serve, "replace_process", take_over)
    monkeypatch.setattr(serve, "free_port", lambda environment, default: default)
    monkeypatch.setattr(serve.os, "umask", lambda mask: None)
    return called


@pytest.fixture
def var(tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    for name in ("PLAIN_HTTP", "BEHIND_PROXY", "SECRET_KEY", "ALLOWED_HOSTS", "TLS_CERT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_first_start_writes_a_strong_key_only_we_can_read(var, monkeypatch):
    file = var / "serve.env"
    environment = serve.production_environment({}, file)
    assert mode(file) == 0o600
    monkeypatch.setenv("SECRET_KEY", environment["SECRET_KEY"])
    assert strong_secret("SECRET_KEY") == environment["SECRET_KEY"]
    assert environment["ALLOWED_HOSTS"].startswith("localhost,127.0.0.1")
    assert "*" not in environment["ALLOWED_HOSTS"]
    assert environment["MODE"] == "production"


def test_two_machines_never_get_the_same_key(tmp_path):
    first, second = (
        serve.production_environment({}, tmp_path / name)["SECRET_KEY"] for name in ("a", "b")
    )
    assert first != second


def test_existing_environment_file_is_kept(var):
    file = var / "serve.env"
    file.write_text("# 说明\n\nSECRET_KEY = mine \nALLOWED_HOSTS=a.example\n", encoding="utf-8")
    expected = {"SECRET_KEY": "mine", "ALLOWED_HOSTS": "a.example", "MODE": "production"}
    assert serve.production_environment({}, file) == expected
    assert file.read_text(encoding="utf-8").startswith("# 说明\n\nSECRET_KEY = mine \n")


def test_real_environment_wins_over_the_file_but_not_over_production(var):
    file = var / "serve.env"
    file.write_text("SECRET_KEY=file\n", encoding="utf-8")
    environment = serve.production_environment({"SECRET_KEY": "real", "MODE": "sample"}, file)
    assert environment == {"SECRET_KEY": "real", "MODE": "production"}


def test_broken_line_is_named(var, capsys, commands):
    file = var / "serve.env"
    file.write_text("# ok\nSECRET_KEY\n", encoding="utf-8")
    assert serve.main([]) == 1
    sentence = f"没有启动：{file} 第 2 行应写成 名称=值，现在是“SECRET_KEY”。\n"
    assert capsys.readouterr().out == sentence
    assert commands == []


def test_production_start_prepares_everything_before_it_serves(var, commands):
    assert serve.main([]) == 0
    plans = [words for words in commands if words[0] == "load_plan"]
    assert plans and {words[-1] for words in plans} == {"--if-absent"}
    steps = [words[0] for words in commands if words not in plans]
    assert steps == [
        "check",
        "migrate",
        "create_first_admin",
        "collectstatic",
        serve.sys.executable,
    ]
    assert commands[0] == ("check", "--deploy", "--fail-level", "WARNING")
    assert (
        f"--certfile={var}/tls/certificate.pem" in commands[-1] and "0.0.0.0:8443" in commands[-1]
    )
    assert mode(var / "tls" / "key.pem") == 0o600


def test_password_of_the_first_administrator_does_not_reach_the_server(var, monkeypatch):
    seen = {}
    monkeypatch.setattr(
        serve, "manage", lambda environment, *words: seen.update({words[0]: dict(environment)})
    )
    monkeypatch.setattr(
        serve, "replace_process", lambda command, environment: seen.update(server=environment) or 0
    )
    monkeypatch.setattr(serve, "free_port", lambda environment, default: default)
    monkeypatch.setattr(serve.os, "umask", lambda mask: None)
    monkeypatch.setenv("ADMIN_PASSWORD", "Correct-horse-1")
    assert serve.main([]) == 0
    assert seen["create_first_admin"]["ADMIN_PASSWORD"] == "Correct-horse-1"
    assert "ADMIN_PASSWORD" not in seen["server"]


def test_plain_http_is_named_in_the_start_log(var, commands, monkeypatch, capsys):
    monkeypatch.setenv("PLAIN_HTTP", "1")
    assert serve.main([]) == 0
    assert PLAIN_WARNING in capsys.readouterr().out.splitlines()
    assert "waitress" in commands[-1] and "--listen=0.0.0.0:8000" in commands[-1]
    assert not (var / "tls").exists()


def test_https_start_does_not_speak_of_plain_http(var, commands, capsys):
    serve.main([])
    assert "PLAIN_HTTP" not in capsys.readouterr().out


def test_behind_a_proxy_only_this_machine_is_answered(var, commands, monkeypatch):
    monkeypatch.setenv("BEHIND_PROXY", "1")
    assert serve.main([]) == 0
    assert "127.0.0.1:8000" in commands[-1] and "--certfile" not in " ".join(commands[-1])


def test_windows_asks_for_an_explicit_choice(var, commands, monkeypatch, capsys):
    monkeypatch.setattr(serve, "WINDOWS", True)
    assert serve.main([]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == (
        "没有启动：Windows 上不能直接提供 HTTPS。请在前面放一个 HTTPS 代理并设置 BEHIND_PROXY=1，"
        "或者明确设置 PLAIN_HTTP=1（不加密，仅限可信内网）。"
    )
    assert commands == []


def test_windows_serves_with_waitress(var, commands, monkeypatch):
    monkeypatch.setattr(serve, "WINDOWS", True)
    monkeypatch.setenv("PLAIN_HTTP", "1")
    assert serve.main([]) == 0
    assert "waitress" in commands[-1] and "--listen=0.0.0.0:8000" in commands[-1]


def test_sample_start_uses_a_database_of_its_own(var, commands, monkeypatch):
    seen = []
    monkeypatch.setattr(serve, "manage", lambda environment, *words: seen.append(environment))
    assert serve.main(["--sample"]) == 0
    assert {one["MODE"] for one in seen} == {"sample"}
    assert {one["DATABASE_URL"] for one in seen} == {f"sqlite:///{var / 'sample.sqlite3'}"}
    assert "--listen=127.0.0.1:8000" in commands[-1]


def test_outdated_sample_database_is_made_anew(var, commands, monkeypatch, capsys):
    database = var / "sample.sqlite3"
    database.write_text("old")

    def manage(environment, *words):
        if database.exists():
            raise serve.Refusal("old")
        commands.append(words)

    monkeypatch.setattr(serve, "manage", manage)
    assert serve.main(["--sample"]) == 0
    assert "旧的演示数据库与现在的程序不符，重新建立。" in capsys.readouterr().out.splitlines()
    assert ("load_sample",) in commands


def test_failing_command_stops_the_start(monkeypatch):
    with pytest.raises(serve.Refusal) as refusal:
        serve.manage({"MODE": "nonsense"}, "check")
    assert str(refusal.value) == "manage.py check 没有成功，原因见上面的输出。"


def test_port_in_use_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(serve.Refusal) as refusal:
            serve.free_port({"PORT": port}, "8000")
    expected = f"端口 {port} 已被别的程序占用，请换一个，例如 PORT={int(port) + 1}。"
    assert str(refusal.value) == expected


def test_port_must_be_a_number():
    with pytest.raises(serve.Refusal, match=r"^PORT 应是数字，现在是“http”。$"):
        serve.free_port({"PORT": "http"}, "8000")


def test_self_signed_certificate_serves_tls_for_our_names(tmp_path):
    hosts = {"ALLOWED_HOSTS": "localhost,127.0.0.1"}
    certificate, key = serve.certificate_files(hosts, tmp_path)
    assert mode(key) == 0o600
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cafile=str(certificate))
    for host in ("localhost", "127.0.0.1"):
        assert handshake(server, client, host) in {"TLSv1.2", "TLSv1.3"}
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(server, client, "elsewhere.example")


def handshake(server, client, host):
    ours, theirs = socket.socketpair()
    answer = threading.Thread(target=answer_once, args=(server, ours))
    answer.start()
    try:
        with theirs, client.wrap_socket(theirs, server_hostname=host) as secured:
            return secured.version()
    finally:
        answer.join()


def answer_once(server, plain):
    try:
        with plain, server.wrap_socket(plain, server_side=True) as secured:
            secured.recv(1)
    except OSError:
        pass  # the client refused us, which is for the test to judge


def test_valid_certificate_is_kept(tmp_path):
    hosts = {"ALLOWED_HOSTS": "localhost"}
    certificate, key = serve.certificate_files(hosts, tmp_path)
    before = certificate.read_bytes(), key.read_bytes()
    assert serve.certificate_files(hosts, tmp_path) == (certificate, key)
    assert (certificate.read_bytes(), key.read_bytes()) == before


def test_certificate_about_to_end_is_renewed(tmp_path, monkeypatch):
    hosts = {"ALLOWED_HOSTS": "localhost"}
    monkeypatch.setattr(certificates, "DAYS", certificates.RENEW_DAYS_BEFORE - 1)
    certificate, _ = serve.certificate_files(hosts, tmp_path)
    monkeypatch.undo()
    serve.certificate_files(hosts, tmp_path)
    ends = x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
    assert ends - datetime.now(UTC) > timedelta(days=800)


def test_own_certificate_needs_both_files(tmp_path):
    with pytest.raises(serve.Refusal) as refusal:
        serve.certificate_files({"TLS_CERT": "certificate.pem"}, tmp_path)
    assert str(refusal.value) == "TLS_CERT 和 TLS_KEY 要同时给出（证书文件和私钥文件）。"


def test_own_certificate_is_used(tmp_path):
    files = tmp_path / "a.pem", tmp_path / "a.key"
    for file in files:
        file.touch()
    given = {"TLS_CERT": str(files[0]), "TLS_KEY": str(files[1])}
    assert serve.certificate_files(given, tmp_path) == files


def test_idle_connections_of_browsers_do_not_stop_the_site(tmp_path):
    """Browsers open connections in advance; twelve silent ones once froze the sample for 14 s."""
    port = _free_port()
    command = serve.server(f"127.0.0.1:{port}", "1", None, "plain")
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'x.sqlite3'}"}
    running = subprocess.Popen(command, env=environment, cwd=serve.BASE_DIR)
    try:
        idle = [_connected(port) for _ in range(20)]
        asked = _connected(port)
        asked.sendall(b"GET /nothing-to-ask-the-database/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
        asked.settimeout(3)
        assert asked.recv(12).startswith(b"HTTP/1.")
        assert len(idle) == 20
    finally:
        running.terminate()
        running.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _connected(port: int) -> socket.socket:
    for _ in range(100):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1)
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")

"""Starts the site, on every platform: `python -m zhushan_plan.serve` (make serve), with
`--sample` on sample figures (make run), with `--check` only the deployment check (make check)."""

import argparse
import os
import secrets
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from zhushan_plan import certificates

BASE_DIR = Path(__file__).resolve().parent.parent
WINDOWS = os.name == "nt"
Environment = dict[str, str]

# Longer than an import of ten thousand rows takes; gunicorn kills a silent worker after it.
WORKER_TIMEOUT = "120"
Certificate = tuple[Path, Path]  # certificate and key


class Refusal(Exception):
    """The start is refused; the text tells the person at the terminal why and what to do."""


def main(arguments: list[str] | None = None) -> int:
    options = read_arguments(arguments)
    os.umask(0o077)  # the database, the key and the log are nobody else's business
    environment = dict(os.environ)
    try:
        if options.check:
            return check_only(environment)
        if options.sample:
            return serve_sample(environment)
        return serve_production(environment)
    except Refusal as refusal:
        say(f"没有启动：{refusal}")
        return 1
    except KeyboardInterrupt:
        return 130


def read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m zhushan_plan.serve", description=__doc__)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--sample", action="store_true", help="演示数据，单独的临时数据库")
    kind.add_argument("--check", action="store_true", help="只做部署检查，不启动")
    return parser.parse_args(arguments)


def say(sentence: str) -> None:
    print(sentence, flush=True)


# --- the three starts ---------------------------------------------------------------------


def serve_production(environment: Environment) -> int:
    var = var_dir(environment)
    environment = production_environment(environment, var / "serve.env")
    transport = choose_transport(environment)
    port = free_port(environment, "8443" if transport == "tls" else "8000")
    deployment_check(environment)
    manage(environment, "migrate", "--no-input", "--verbosity=0")
    # Once loaded, the plan belongs to the office: what it changed since then stays.
    load_plans(environment, "--if-absent")
    create_first_admin(environment)
    manage(environment, "collectstatic", "--no-input", "--verbosity=0")
    certificate = certificate_files(environment, var / "tls") if transport == "tls" else None
    announce(transport, port, environment)
    host = "127.0.0.1" if transport == "proxy" else environment.get("BIND", "0.0.0.0")  # noqa: S104
    return replace_process(server(f"{host}:{port}", "2", certificate, transport), environment)


def serve_sample(environment: Environment) -> int:
    var = var_dir(environment)
    database = var / "sample.sqlite3"
    environment |= {"MODE": "sample", "DATABASE_URL": f"sqlite:///{database}"}
    port = free_port(environment, "8000")
    (var / "static").mkdir(exist_ok=True)  # WhiteNoise warns where it is missing
    prepare_sample(environment, database)
    say(f"演示网站（演示数据，不是真实数据）：http://127.0.0.1:{port}/ 　按 Ctrl+C 结束")
    return replace_process(server(f"127.0.0.1:{port}", "1", None, "plain"), environment)


def check_only(environment: Environment) -> int:
    """The settings of `make serve` with a key made for this check; nothing is written."""
    hosts = ",".join(own_hosts())
    environment |= {"MODE": "production", "SECRET_KEY": new_key(), "ALLOWED_HOSTS": hosts}
    deployment_check(environment)
    return 0


# --- environment --------------------------------------------------------------------------


def var_dir(environment: Environment) -> Path:
    var = Path(environment.get("VAR_DIR") or BASE_DIR / "var")
    var.mkdir(parents=True, exist_ok=True)
    return var


def production_environment(environment: Environment, file: Path) -> Environment:
    """What the settings will see: the real environment wins over the file."""
    if not file.exists():
        write_environment_file(file)
        say(f"已生成运行设置 {file}（含密钥，仅本账号可读，请与备份分开保管）。")
    return read_environment_file(file) | environment | {"MODE": "production"}


def write_environment_file(file: Path) -> None:
    text = (
        "# 竹山规划通的运行设置。含密钥，不要外传；修改后重新启动即生效。\n"
        f"SECRET_KEY={new_key()}\n"
        "# 允许访问的域名和地址，逗号分隔；服务器改名、换地址后要改这里。\n"
        f"ALLOWED_HOSTS={','.join(own_hosts())}\n"
        "# 改用 PostgreSQL 时去掉下一行的 #：\n"
        "# DATABASE_URL=postgres://用户:密码@主机:5432/库名\n"
    )
    # Created with its final mode: it is never readable by others, not even for a moment.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)


def read_environment_file(file: Path) -> Environment:
    found = {}
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), start=1):
        name, equals, value = line.strip().partition("=")
        if not name or name.startswith("#"):
            continue
        if not equals:
            raise Refusal(f"{file} 第 {number} 行应写成 名称=值，现在是“{line.strip()}”。")
        found[name.strip()] = value.strip()
    return found


def new_key() -> str:
    return secrets.token_urlsafe(64)


def own_hosts() -> list[str]:
    """The names and addresses under which this machine can be reached."""
    name = socket.gethostname().lower()
    return list(dict.fromkeys(["localhost", "127.0.0.1", name, *own_addresses(name)]))


def own_addresses(name: str) -> list[str]:
    try:
        found = [entry[4][0] for entry in socket.getaddrinfo(name, None, socket.AF_INET)]
    except OSError:
        found = []
    return [*found, *outward_address()]


def outward_address() -> list[str]:
    """The address of the default route. Connecting a UDP socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return []
        return [probe.getsockname()[0]]


def switched_on(environment: Environment, name: str) -> bool:
    return environment.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


# --- how the browser reaches us -----------------------------------------------------------


def choose_transport(environment: Environment) -> str:
    """tls: we speak HTTPS · proxy: a proxy on this machine does · plain: nobody does."""
    if switched_on(environment, "PLAIN_HTTP"):
        return "plain"
    if switched_on(environment, "BEHIND_PROXY"):
        return "proxy"
    if WINDOWS:
        raise Refusal(
            "Windows 上不能直接提供 HTTPS。请在前面放一个 HTTPS 代理并设置 BEHIND_PROXY=1，"
            "或者明确设置 PLAIN_HTTP=1（不加密，仅限可信内网）。"
        )
    return "tls"


def announce(transport: str, port: str, environment: Environment) -> None:
    scheme = "https" if transport == "tls" else "http"
    hosts = [host for host in environment["ALLOWED_HOSTS"].split(",") if host != "localhost"]
    if transport == "plain":
        say(
            "注意：PLAIN_HTTP=1，网站以不加密的 HTTP 提供服务，口令和数据会以明文经过网络；"
            "只可用于可信的内网。取消 PLAIN_HTTP 即恢复 HTTPS。"
        )
    if transport == "proxy":
        say(f"只接受本机代理的访问：{scheme}://127.0.0.1:{port}/ （BEHIND_PROXY=1）")
    else:
        say("网站地址：" + "  ".join(f"{scheme}://{host}:{port}/" for host in hosts))


def certificate_files(environment: Environment, folder: Path) -> Certificate:
    """The bureau's own certificate if it has one, else a self-signed one, renewed in time."""
    given = environment.get("TLS_CERT"), environment.get("TLS_KEY")
    if any(given):
        return given_certificate(*given)
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not certificates.is_current(certificate):
        folder.mkdir(parents=True, exist_ok=True)
        certificates.write_self_signed(certificate, key, environment["ALLOWED_HOSTS"].split(","))
        say(f"已生成自签名证书 {certificate}：浏览器第一次访问时会提示，请核对后继续。")
    return certificate, key


def given_certificate(certificate: str | None, key: str | None) -> Certificate:
    if not certificate or not key:
        raise Refusal("TLS_CERT 和 TLS_KEY 要同时给出（证书文件和私钥文件）。")
    for file in (certificate, key):
        if not Path(file).is_file():
            raise Refusal(f"找不到证书或私钥文件 {file}。")
    return Path(certificate), Path(key)


def free_port(environment: Environment, default: str) -> str:
    port = environment.get("PORT") or default
    if not port.isdigit():
        raise Refusal(f"PORT 应是数字，现在是“{port}”。")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if probe.connect_ex(("127.0.0.1", int(port))) == 0:
            raise Refusal(f"端口 {port} 已被别的程序占用，请换一个，例如 PORT={int(port) + 1}。")
    return port


def server(bind: str, workers: str, certificate: Certificate | None, transport: str) -> list[str]:
    """Browsers open connections in advance and leave them idle. gunicorn gives each of them a
    thread until it speaks, waitress does not: plain HTTP to browsers goes through waitress, HTTPS
    (which waitress does not speak) gets threads to spare, a proxy keeps idle browsers away."""
    spoken_to_directly = certificate is None and transport != "proxy"
    if WINDOWS or spoken_to_directly:
        return waitress(bind, transport)
    return gunicorn(bind, workers, certificate)


def gunicorn(bind: str, workers: str, certificate: Certificate | None) -> list[str]:
    tls = [f"--certfile={certificate[0]}", f"--keyfile={certificate[1]}"] if certificate else []
    threads = "48" if certificate else "4"
    return [
        *(sys.executable, "-m", "gunicorn", "zhushan_plan.wsgi:application"),
        *("--bind", bind, "--workers", workers, "--threads", threads, "--timeout", WORKER_TIMEOUT),
        *("--no-control-socket", "--log-level", "warning", *tls),
    ]


def waitress(bind: str, transport: str) -> list[str]:
    headers = "x-forwarded-proto x-forwarded-for"
    trust = ["--trusted-proxy=127.0.0.1", f"--trusted-proxy-headers={headers}"]
    return [
        *(sys.executable, "-m", "waitress", f"--listen={bind}", "--threads=8"),
        *(trust if transport == "proxy" else []),
        "zhushan_plan.wsgi:application",
    ]


def replace_process(command: list[str], environment: Environment) -> int:
    """On POSIX the server takes our place, so a service manager's signals reach it directly."""
    os.chdir(BASE_DIR)
    if WINDOWS:
        return subprocess.run(command, env=environment).returncode
    os.execve(command[0], command, environment)  # noqa: S606


# --- preparation --------------------------------------------------------------------------


def manage(environment: Environment, *arguments: str) -> None:
    command = [sys.executable, str(BASE_DIR / "manage.py"), *arguments]
    if subprocess.run(command, env=environment, cwd=BASE_DIR).returncode != 0:
        raise Refusal(f"manage.py {' '.join(arguments)} 没有成功，原因见上面的输出。")


def deployment_check(environment: Environment) -> None:
    """Warnings refuse the start; without HTTPS they cannot be met, and the log says so."""
    level = "ERROR" if switched_on(environment, "PLAIN_HTTP") else "WARNING"
    manage(environment, "check", "--deploy", "--fail-level", level)


def load_plans(environment: Environment, *options: str) -> None:
    for folder in sorted((BASE_DIR / "fixtures").iterdir()):
        if folder.is_dir():
            manage(environment, "load_plan", str(folder.relative_to(BASE_DIR)), *options)


def create_first_admin(environment: Environment) -> None:
    """From the terminal or ADMIN_*; the server itself never gets to see that password."""
    manage(environment, "create_first_admin")
    for name in ("ADMIN_USERNAME", "ADMIN_NAME", "ADMIN_PASSWORD"):
        environment.pop(name, None)


def prepare_sample(environment: Environment, database: Path) -> None:
    """A sample database from an older version of the program is thrown away, not repaired."""
    known = database.exists()
    try:
        fill_sample(environment)
    except Refusal:
        if not known:
            raise
        say("旧的演示数据库与现在的程序不符，重新建立。")
        remove_database(database)
        fill_sample(environment)


def fill_sample(environment: Environment) -> None:
    manage(environment, "migrate", "--no-input", "--verbosity=0")
    load_plans(environment)
    manage(environment, "load_sample")


def remove_database(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    shutil.rmtree(database.with_name("sample-evidence"), ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

//! One throw-away PostgreSQL cluster for a run of the tests, or the server that
//! `PLENARY_TEST_POSTGRES_URL` names.
//!
//! It ends by itself: a small shell holds the other end of a pipe and stops the server when this
//! process is gone, however it went.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// A server that tests may make databases on.
pub(crate) struct Cluster {
    /// `postgres://user@host:port`, without a database.
    pub(crate) url: String,
    /// Its end of the pipe tells the watchdog that we are gone.
    _watchdog: Option<Child>,
}

/// The cluster of this run, started by whoever asks first.
pub(crate) fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| match std::env::var("PLENARY_TEST_POSTGRES_URL") {
        Ok(url) => Cluster { url: url.trim_end_matches('/').to_owned(), _watchdog: None },
        Err(_) => start(),
    })
}

/// The folder of `initdb` and `pg_ctl`: on the path, or where Debian puts them.
fn programs() -> PathBuf {
    let on_path =
        std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let installed =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let mut folders: Vec<PathBuf> = on_path.chain(installed).filter(|folder| folder.join("initdb").is_file()).collect();
    folders.sort();
    folders.pop().expect(
        "PostgreSQL is missing: install it (Debian: apt-get install postgresql) or name a server by PLENARY_TEST_POSTGRES_URL",
    )
}

/// A command that does not run as root, which PostgreSQL refuses.
fn as_server_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
    command
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"))
}

fn must(command: &mut Command, what: &str) {
    let output = command.output().unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(
        output.status.success(),
        "{what}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn start() -> Cluster {
    let bin = programs();
    let folder = std::env::temp_dir().join(format!("plenary-test-{}", uuid::Uuid::new_v4().simple()));
    std::fs::create_dir_all(&folder).expect("a folder for the cluster");
    if is_root() {
        must(Command::new("chown").arg("postgres").arg(&folder), "give the folder to postgres");
    }
    let data = folder.join("data");
    let mut initdb = as_server_user(&bin.join("initdb"));
    must(
        initdb.current_dir(&folder).arg("-D").arg(&data).args([
            "-U",
            "plenary",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]),
        "initdb",
    );
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    // Tests kill Plenary, never the machine: the server need not wait for its disk.
    let options = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=400 -c fsync=off -c shared_buffers=64MB",
        folder.display()
    );
    // The watchdog comes first, so that no failure in between leaves a server behind.
    let script = format!(
        "read _; {} -D {} -m immediate stop; rm -rf {}",
        if is_root() {
            format!("setpriv --reuid=postgres --regid=postgres --clear-groups -- {}/pg_ctl", bin.display())
        } else {
            format!("{}/pg_ctl", bin.display())
        },
        data.display(),
        folder.display()
    );
    let watchdog = Command::new("setsid")
        .args(["sh", "-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a watchdog for the cluster");
    let mut pg_ctl = as_server_user(&bin.join("pg_ctl"));
    must(
        pg_ctl
            .current_dir(&folder)
            .arg("-D")
            .arg(&data)
            .arg("-w")
            .arg("-l")
            .arg(folder.join("log"))
            .args(["-o", &options, "start"])
            .stdout(Stdio::null()),
        "start PostgreSQL",
    );
    Cluster { url: format!("postgres://plenary@127.0.0.1:{port}"), _watchdog: Some(watchdog) }
}

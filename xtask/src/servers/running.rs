//! A server that runs: its process group, its ports and its folder.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use super::list::needs_more;
use crate::report::say;
use crate::root::{root, target};

/// From the start to the first answer; Java and Erlang on a busy machine, and
/// Elasticsearch's download.
const UP: Duration = Duration::from_mins(8);

/// A server's process group; ended when it goes out of scope.
pub(crate) struct Running {
    name: &'static str,
    state: &'static str,
    pub(crate) port: u16,
    pub(crate) dir: PathBuf,
    pub(super) child: Child,
    pub(super) left_alone: bool,
}

impl Running {
    pub(super) fn start(
        name: &'static str,
        state: &'static str,
        dir: &Path,
        stay: bool,
    ) -> Result<Self> {
        let ports = free_ports()?;
        let dir = dir.join(format!("{name}-{state}"));
        fs::create_dir_all(&dir)?;
        let log = fs::File::create(dir.with_extension("log"))?;
        let mut script = script(name, state, &dir, ports);
        if stay {
            script.env("STAY", "1");
        }
        let child = script
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .context("cannot start bash")?;
        Ok(Self {
            name,
            state,
            port: ports,
            dir,
            child,
            left_alone: false,
        })
    }

    pub(super) fn wait_until_up(&self) -> Result<()> {
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if begun.elapsed() > UP {
                bail!("does not listen; {}", self.log());
            }
            if !alive(self.child.id()) {
                bail!("ended at once; {}", self.log());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        if needs_more(self.name, self.state) {
            // It listens before it answers.
            let mut last = None;
            for _ in 0..20 {
                let status = script(self.name, self.state, &self.dir, self.port)
                    .arg("then")
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .status()?;
                if status.success() {
                    return Ok(());
                }
                last = Some(status);
                std::thread::sleep(Duration::from_millis(500));
            }
            bail!("cannot be made ready: {last:?}; {}", self.log());
        }
        Ok(())
    }

    fn log(&self) -> String {
        let text = fs::read(self.dir.with_extension("log")).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().rev().take(8).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.left_alone {
            return;
        }
        end_group(self.child.id());
        let _ = self.child.wait();
        let shared = self.dir.ancestors().find(|dir| {
            dir.file_name().is_some_and(|name| {
                name.to_string_lossy()
                    .starts_with("celador-servers-several-")
            })
        });
        if let (Some(shared), Some(own)) = (shared, self.dir.parent()) {
            let _ = fs::remove_dir_all(own);
            // Goes with the last of them.
            let _ = fs::remove_dir(shared);
        }
    }
}

/// Asks a process group to end, and ends it when it does not.
pub(crate) fn end_group(leader: u32) {
    let Ok(id) = i32::try_from(leader) else {
        return;
    };
    let group = Pid::from_raw(id);
    let _ = killpg(group, Signal::SIGTERM);
    for _ in 0..20 {
        // A leader that ended and was not waited for is no reason to wait.
        if !alive(leader) {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let _ = killpg(group, Signal::SIGKILL);
}

/// Whether the process is there and no zombie.
fn alive(id: u32) -> bool {
    fs::read_to_string(format!("/proc/{id}/stat"))
        .ok()
        .and_then(|stat| Some(stat.rsplit_once(')')?.1.trim_start().starts_with('Z')))
        .is_some_and(|zombie| !zombie)
}

fn script(name: &str, state: &str, dir: &Path, port: u16) -> Command {
    let mut bash = Command::new("bash");
    bash.arg(root().join("xtask/servers/debian.sh"))
        .args([name, state])
        .env("P", port.to_string())
        .env("Q", (port + 1).to_string())
        .env("R", (port + 2).to_string())
        .env("T", (port + 3).to_string())
        .env("D", dir)
        .env("CACHE", target().join("tools/servers"));
    bash
}

/// The first of eight ports that nobody listens on.
pub(crate) fn free_ports() -> Result<u16> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Where another run of this begins elsewhere; below the ports of connections.
    let begin = 20_000 + u16::try_from(std::process::id() % 500 * 8).unwrap_or(0);
    for _ in 0..1000 {
        let first = begin + NEXT.fetch_add(8, Ordering::Relaxed) % 8000;
        let free =
            (first..first + 8).all(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok());
        if free {
            return Ok(first);
        }
    }
    bail!("no eight free ports on loopback")
}

/// An empty folder that servers of other users may write below.
pub(super) fn fresh(name: &str) -> Result<PathBuf> {
    let dir = std::env::temp_dir().join(format!("celador-servers-{name}-{}", std::process::id()));
    // A folder of the project's may lie where the user nobody cannot go.
    let dir = if reachable(&target()) {
        target().join("servers").join(name)
    } else {
        dir
    };
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    fs::create_dir_all(&dir)?;
    Ok(dir)
}

/// Removes a folder of servers that is not the project's own: what lies in the
/// project's stays for who looks into its logs.
pub(super) fn discard(dir: &Path) {
    let ours = dir.starts_with(std::env::temp_dir())
        && dir
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("celador-servers-"));
    if ours && let Err(error) = fs::remove_dir_all(dir) {
        say(&format!("note: {} stays: {error}", dir.display()));
    }
}

/// Whether everybody can enter the folder and all above it.
fn reachable(dir: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    dir.ancestors()
        .all(|dir| fs::metadata(dir).map_or(true, |meta| meta.permissions().mode() & 0o001 != 0))
}

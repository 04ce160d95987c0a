//! Packages of Debian that servers need, installed without starting services.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use super::list::Server;
use crate::report::say;
use crate::root::{command, run as run_command};

/// Installs the packages that are missing.
pub(super) fn provision(servers: &[&Server]) -> Result<()> {
    let missing = missing(servers);
    if missing.is_empty() {
        return Ok(());
    }
    if !nix::unistd::geteuid().is_root() {
        bail!(
            "missing; as root: apt-get install --no-install-recommends {}",
            missing.join(" ")
        );
    }
    say(&format!(
        "installing Debian packages, system-wide and without starting their services: {}",
        missing.join(" ")
    ));
    // Debian's way to keep services from starting while packages are installed.
    let policy = Path::new("/usr/sbin/policy-rc.d");
    let ours = !policy.exists();
    if ours {
        use std::os::unix::fs::PermissionsExt as _;
        fs::write(policy, "#!/bin/sh\nexit 101\n")?;
        fs::set_permissions(policy, fs::Permissions::from_mode(0o755))?;
    }
    let install = || -> Result<()> {
        run_command(command("apt-get").args(["update", "-qq"]))?;
        run_command(
            command("apt-get")
                .args(["install", "-y", "-qq", "--no-install-recommends"])
                .args(&missing)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    let result = install();
    if ours {
        fs::remove_file(policy)?;
    }
    result
}

pub(super) fn missing(servers: &[&Server]) -> Vec<&'static str> {
    let mut missing: Vec<&str> = servers
        .iter()
        .flat_map(|server| server.packages.iter().copied())
        .filter(|package| !installed(package))
        .collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// Packages of which nothing but the program of that name is used, wherever it
/// is from: npm comes with Node of another source more often than not.
/// Debian's Go is too old for some of what is built.
const PROGRAMS: &[&str] = &["curl", "go", "npm", "python3", "unzip"];

fn installed(package: &str) -> bool {
    if PROGRAMS.contains(&package) {
        return std::env::var_os("PATH").is_some_and(|path| {
            std::env::split_paths(&path).any(|dir| dir.join(package).is_file())
        });
    }
    Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Abbrev}", package])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|output| output.stdout.starts_with(b"ii"))
}

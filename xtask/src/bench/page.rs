//! The results as a page: printed, and kept as `docs/benchmarks.md`.

use std::fmt::Write as _;
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::root::root;

/// The machine and the day, without a name that says whose it is.
pub(crate) fn machine() -> Value {
    let cpu = proc_line("/proc/cpuinfo", "model name").unwrap_or_else(|| "not known".to_owned());
    let memory = proc_line("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .map(|kib| kib.div_ceil(1024 * 1024));
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    json!({"cpu": cpu, "cores": cores, "memory_gib": memory, "date": today()})
}

/// The value of a line `key : value` of a file the kernel writes.
fn proc_line(file: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let (_, value) = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.trim() == key)?;
    Some(value.trim().to_owned())
}

/// Today in UTC as `2026-11-24`.
fn today() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs());
    let (year, month, day) = civil(seconds / 86_400);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The Gregorian date of a day since 1970-01-01, by Howard Hinnant's
/// `civil_from_days` (chrono-compatible low-level date algorithms), for days
/// not before that.
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

/// The page, of which each benchmark writes its own part.
const PAGE: &str = "docs/benchmarks.md";
const HEAD: &str = "# Benchmarks\n\nWritten by `cargo xtask bench`; do not edit.\n";

/// Writes one benchmark's part of the page and leaves the others as they are.
pub(crate) fn write(part: &str, text: &str) -> Result<()> {
    let file = root().join(PAGE);
    let page = fs::read_to_string(&file).unwrap_or_else(|_| HEAD.to_owned());
    let page = replace(&page, part, text);
    fs::write(&file, page).with_context(|| format!("cannot write {}", file.display()))
}

fn replace(page: &str, part: &str, text: &str) -> String {
    let (begin, end) = (
        format!("<!-- bench {part} -->\n"),
        format!("<!-- end {part} -->\n"),
    );
    let body = format!("{begin}\n{}\n\n{end}", text.trim());
    match (page.split_once(&begin), page.split_once(&end)) {
        (Some((before, _)), Some((_, after))) => format!("{before}{body}{after}"),
        _ => format!("{}\n\n{body}", page.trim_end()),
    }
}

/// A part in Markdown: the network audit.
pub(crate) fn render(results: &Value) -> Result<String> {
    let number = |value: &Value, name: &str| {
        value[name]
            .as_f64()
            .with_context(|| format!("no {name} in the results"))
    };
    let machine = &results["machine"];
    let mut out = String::new();
    writeln!(
        out,
        "Measured on {}: {}, {} cores, {} GiB of memory. Files come from the page cache; of several runs the fastest time and the highest memory count.\n",
        machine["date"].as_str().unwrap_or_default(),
        machine["cpu"].as_str().unwrap_or_default(),
        machine["cores"],
        machine["memory_gib"],
    )?;
    out.push_str("## `celador audit --format json` on a generated network\n\n");
    out.push_str("A security group for each hundred rules and a store behind each group, as pages of Azure Resource Graph. The time is the whole process: read, parse, judge every store's ports, write the report.\n\n");
    out.push_str("| rules | groups | stores | JSON | time | CPU | peak memory | rules/s | JSON/s | exposed / closed endpoints | target |\n");
    out.push_str("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|\n");
    for size in results["sizes"].as_array().into_iter().flatten() {
        let (seconds, memory) = (number(size, "seconds")?, number(size, "peak_mib")?);
        let target = if size["rules"] == 1_000_000 {
            format!(
                "< 2 s: {}; < 1 GiB: {}",
                met(seconds < 2.0),
                met(memory < 1024.0)
            )
        } else {
            String::new()
        };
        writeln!(
            out,
            "| {} | {} | {} | {:.1} MB | {seconds:.3} s | {:.3} s | {memory:.0} MiB | {} | {:.0} MB | {} / {} | {target} |",
            thousands(number(size, "rules")?),
            thousands(number(size, "groups")?),
            thousands(number(size, "stores")?),
            number(size, "json_mb")?,
            number(size, "cpu_seconds")?,
            thousands(number(size, "rules_per_second")?),
            number(size, "mb_per_second")?,
            thousands(number(&size["verdicts"], "exposed")?),
            thousands(number(&size["verdicts"], "not_exposed")?),
        )?;
    }
    one_group(&mut out, &results["one_group"], number)?;
    after_change(&mut out, &results["after_change"], number)?;
    Ok(out)
}

fn after_change(
    out: &mut String,
    change: &Value,
    number: impl Fn(&Value, &str) -> Result<f64>,
) -> Result<()> {
    let (one, subnet) = (
        number(change, "one_store_ms")?,
        number(change, "subnet_ms")?,
    );
    writeln!(
        out,
        "\n## After one rule changes\n\n\
         A network of {} rules, held in memory with its answers (`reach::question::analysis`): two TCP and two UDP ports of every store, on one core. One rule of a group changes its action; the stores behind the group are judged again and the difference is told. Of a change and its undoing the slower counts.\n\n\
         | question | time | target |\n|---|--:|---|\n\
         | judge every store, once | {:.0} ms | |\n\
         | the group on one store's interface changes | {one:.3} ms | < 10 ms: {} |\n\
         | the group of a subnet with {:.0} stores changes | {subnet:.3} ms | < 10 ms: {} |",
        thousands(number(change, "rules")?),
        number(change, "whole_ms")?,
        met(one < 10.0),
        number(change, "stores_of_subnet")?,
        met(subnet < 10.0),
    )?;
    Ok(())
}

type Number<'a> = &'a dyn Fn(&Value, &str) -> Result<f64>;

fn one_group(
    out: &mut String,
    group: &Value,
    number: impl Fn(&Value, &str) -> Result<f64>,
) -> Result<()> {
    let number: Number<'_> = &number;
    let all_ports = number(group, "all_ports_us")?;
    writeln!(
        out,
        "\n## One group of 1,000 rules, in memory\n\n\
         The exact set of Internet sources that reach one store, with the deciding rules.\n\n\
         | question | time | target |\n|---|--:|---|\n\
         | every TCP port of a store | {:.0} µs | < 2 ms: {} |\n\
         | the two ports of its product | {:.0} µs | |",
        all_ports,
        met(all_ports < 2000.0),
        number(group, "own_ports_us")?,
    )?;
    let z3 = &group["z3"];
    if !z3.is_object() {
        return Ok(());
    }
    let prove = match z3["prove"].as_f64() {
        Some(seconds) => format!("{} s", three(seconds)),
        None => "not finished within 300 s".to_owned(),
    };
    writeln!(
        out,
        "\nThe same rules as bit-vectors of Z3 {} (from Python), asked for less: one packet that gets in, not the set of all.\n\n\
         | Z3 | time |\n|---|--:|\n\
         | build the formula | {} s |\n\
         | find one packet | {} s |\n\
         | prove that Celador's set is exact | {prove} |\n\n\
         Z3 takes {:.0} times as long to build and find one packet as Celador takes for the whole set. Its packet is one of Celador's set and is let through by the rules evaluated one by one.",
        z3["version"].as_str().unwrap_or_default(),
        three(number(z3, "encode")?),
        three(number(z3, "find")?),
        number(z3, "ratio")?,
    )?;
    Ok(())
}

pub(crate) fn met(met: bool) -> &'static str {
    if met { "met" } else { "**missed**" }
}

fn three(seconds: f64) -> String {
    format!("{seconds:.3}")
}

/// Bytes as MB.
#[expect(
    clippy::cast_precision_loss,
    reason = "sizes are far below the 2^53 bytes that a double counts exactly"
)]
pub(crate) fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// A whole number with commas.
pub(crate) fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_replaced_and_the_others_stay() {
        let page = replace(&replace("# Head\n", "a", "one"), "b", "two");
        assert_eq!(
            replace(&page, "a", "three"),
            "# Head\n\n<!-- bench a -->\n\nthree\n\n<!-- end a -->\n\n<!-- bench b -->\n\ntwo\n\n<!-- end b -->\n"
        );
    }

    #[test]
    fn dates() {
        let check = |days, date| assert_eq!(civil(days), date);
        check(0, (1970, 1, 1));
        check(11_016, (2000, 2, 29));
        check(18_235, (2019, 12, 5));
        check(20_781, (2026, 11, 24));
    }

    #[test]
    fn numbers() {
        let check = |number, text| assert_eq!(thousands(number), text);
        check(0.0, "0");
        check(999.0, "999");
        check(1_000.0, "1,000");
        check(1_234_567.4, "1,234,567");
    }
}

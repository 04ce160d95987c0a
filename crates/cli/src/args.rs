//! Commands and options, as clap reads them and `--help` shows them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;

const EXIT_CODES: &str = "Exit codes: 0 clean, 1 findings named by --fail-on, 2 cannot run.";

/// Keeps customers' data from being exposed: says exactly which data stores
/// the Internet can reach, why, and what a change opens.
#[derive(Debug, Parser)]
#[command(name = "celador", version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say which data stores the Internet can reach, and why
    #[command(after_help = concat!(
        "Examples:\n",
        "  celador audit export/                         every JSON file below a folder\n",
        "  az graph query -q '…' | celador audit -       standard input\n",
        "  celador audit export/ --ports all             every port, not only data stores'\n",
        "  celador audit export/ --format json --fail-on exposed\n\n",
        "Exit codes: 0 clean, 1 findings named by --fail-on, 2 cannot run."))]
    Audit(AuditArgs),
    /// Say what a change opens and closes, by meaning
    #[command(after_help = concat!(
        "Examples:\n",
        "  celador diff before/ after/\n",
        "  celador diff main.json branch.json --fail-on opened --format sarif > celador.sarif\n\n",
        "Exit codes: 0 clean, 1 findings named by --fail-on, 2 cannot run."))]
    Diff(DiffArgs),
    /// Show every layer's verdict for given packets to a store
    #[command(after_help = concat!(
        "Examples:\n",
        "  celador explain --from 198.51.100.7 --to es-1:9200 export/\n",
        "  celador explain --from 0.0.0.0/0 --to 10.0.1.4:9300/tcp export/\n"))]
    Explain(ExplainArgs),
    /// Find rules that never match, change nothing or are partly shadowed
    #[command(
        after_help = "Examples:\n  celador lint nsg.json\n  celador lint export/ --format sarif --fail-on never-matches\n\nExit codes: 0 clean, 1 findings named by --fail-on, 2 cannot run."
    )]
    Lint(LintArgs),
    /// Ask an organisation's own data stores whether they answer anyone
    #[command(after_help = concat!(
        "Only endpoints that the scope file allows are asked, only by reads, without\n",
        "any password, and never through a redirect. A scope file (TOML):\n\n",
        "  owner = \"data-platform@contoso.example\"\n",
        "  expires = 2026-12-31\n",
        "  allow = [\"192.0.2.0/24\", \"*.db.contoso.example\"]\n",
        "  deny = [\"192.0.2.7\"]\n\n",
        "Examples:\n",
        "  celador probe --scope scope.toml 192.0.2.4:9200 es.db.contoso.example:9200\n",
        "  celador probe --scope scope.toml --inventory stores.yaml --fail-on open\n",
        "  celador probe --scope scope.toml --dry-run 192.0.2.4:6379\n",
        "  celador probe --scope scope.toml --from outside - < endpoints.txt\n\n",
        "Exit codes: 0 clean, 1 findings named by --fail-on, 2 cannot run or an\n",
        "endpoint is outside the scope."))]
    Probe(ProbeArgs),
    /// Say what personal data a live store holds, by reading a bounded part of it
    #[command(after_help = concat!(
        "A container (index, table, …) with at most --max-records records is read whole;\n",
        "of a larger one a sample is read, and shares are told with 95% confidence. Nothing is\n",
        "told or written but classes, counts and keyed hashes. A secret is named, never given:\n",
        "env:NAME, file:PATH, or command:PROGRAM; it goes to no server over plain text but on\n",
        "loopback, and to none whose certificate is not verified.\n\n",
        "Examples:\n",
        "  celador inspect --scope scope.toml 192.0.2.4:9200\n",
        "  celador inspect --scope scope.toml 192.0.2.4:9200 --user reader --password env:ES_PASSWORD --ca ca.pem\n",
        "  celador inspect --scope scope.toml 192.0.2.4:9200 --sketch-key file:key --format json > store.json\n",
        "  celador inspect --scope scope.toml --dry-run 192.0.2.4:9200\n\n",
        "Exit codes: 0 clean, 1 findings named by --fail-on, 2 cannot run or a store\n",
        "could not be looked into."))]
    Inspect(InspectArgs),
    /// Say which live stores hold the same data set, so that copies count once
    #[command(after_help = concat!(
        "Examples:\n",
        "  celador replicas --scope scope.toml 192.0.2.4:9200 192.0.2.5:9200\n",
        "  celador replicas --inspection monday.json --inspection tuesday.json\n\n",
        "Inspections can be compared when they were made with one --sketch-key.\n\n",
        "Exit codes: 0 compared, 2 cannot run or a store could not be looked into."))]
    Replicas(ReplicasArgs),
    /// Say what personal data is where, and never the values
    #[command(after_help = concat!(
        "Records: a line of JSON lines, a row of CSV (the header is not counted), a value or\n",
        "list element of JSON, the whole document for text. Numbers begin with 1. Offsets\n",
        "count the characters of the field's decoded value, from 0.\n",
        "Text, JSON, JSON lines, CSV and TSV, also in UTF-16 or Windows-1252, Parquet,\n",
        "Avro, mail (EML, mbox: fields, bodies, attached texts and tables), cells of XLSX\n",
        "and pages of PDF, which are not redacted; all also packed with gzip or zstd, and the\n",
        "members of tar and zip archives, each by its own format.\n\n",
        "Examples:\n",
        "  celador scan tickets.jsonl                    by file, field and class\n",
        "  celador scan --spans tickets.jsonl            each place, as JSON lines\n",
        "  celador scan export/ --format json --fail-on any\n",
        "  pg_dump crm | celador scan - --classes email,phone,iban\n",
        "  celador scan calls.csv --region ES,MX         national forms of these countries\n",
        "  celador scan export/ --config finder.yaml     celador schema config tells its form\n\n",
        "Exit codes: 0 clean, 1 findings named by --fail-on, 2 cannot run."))]
    Scan(ScanArgs),
    /// Replace personal data, and keep everything else byte for byte
    #[command(after_help = concat!(
        "With no profile every class becomes a label such as [EMAIL]. Profiles that come with\n",
        "it: support-tickets, analytics, test-data, gdpr-minimal; their key is in CELADOR_KEY.\n\n",
        "Examples:\n",
        "  celador redact tickets.jsonl -o redacted.jsonl\n",
        "  pg_dump crm | celador redact - --input-format text > crm.redacted.sql\n",
        "  export CELADOR_KEY=$(openssl rand -hex 32)\n",
        "  celador redact export/ -o redacted/ --profile support-tickets\n",
        "  celador redact export/ -o redacted/ --profile redact.toml --on-error reject\n\n",
        "A run over a folder that was interrupted goes on when it is started again.\n\n",
        "Exit codes: 0 all written, 1 written but for what is in the reject file, 2 cannot run\n",
        "(and no output is half written)."))]
    Redact(RedactArgs),
    /// Restore what `redact` encrypted, for the key's holder
    #[command(after_help = concat!(
        "Says on standard error how many values of which class were restored, and from where.\n\n",
        "Examples:\n",
        "  celador reveal redacted.jsonl --key k1=env:CELADOR_KEY\n",
        "  celador reveal redacted/ -o restored/ --profile redact.toml\n",
        "  grep T-1042 redacted.jsonl | celador reveal - --key k1=secret.key\n\n",
        "Exit codes: 0 restored, 1 restored but for what is in the reject file, 2 cannot run,\n",
        "such as with another key."))]
    Reveal(RevealArgs),
    /// Measure the finder, or another tool, on a labelled corpus
    #[command(after_help = concat!(
        "A line of the corpus: {\"text\": …, \"entities\": [{\"start\", \"end\", \"type\"}]}, offsets in\n",
        "characters; \"form\" of an entity, and \"innocent\": [{\"start\", \"end\", \"kind\"}], are optional.\n\n",
        "Examples:\n",
        "  celador eval corpus.jsonl\n",
        "  celador eval corpus.jsonl --against presidio.jsonl --format json\n\n",
        "Exit codes: 0 measured, 2 cannot run."))]
    Eval(EvalArgs),
    /// Prove that a redaction worked, or check the record of one
    #[command(after_help = concat!(
        "With --original, every value that two detectors find there is looked for in the\n",
        "outputs, wherever it stands and however it is written. Without it, the finder looks\n",
        "again. The second detector shares no rule with the finder.\n\n",
        "Examples:\n",
        "  celador verify out.jsonl --original tickets.jsonl\n",
        "  celador verify out/ --original in/ --quasi-identifiers zip,birth_year,gender\n",
        "  celador verify out/ --original in/ --profile support-tickets\n",
        "  celador verify --record out.record --public-key $(cat signer.pub)\n\n",
        "Exit codes: 0 clean, 1 something is left or the record does not hold, 2 cannot run."))]
    Verify(VerifyArgs),
    /// Replay the incident of December 2019 offline, in seconds
    Demo(DemoArgs),
    /// Print the JSON Schema of a report
    Schema(SchemaArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print a manual page, or write all of them
    #[command(after_help = concat!(
        "Examples:\n",
        "  celador man | man -l -\n",
        "  celador man audit | man -l -\n",
        "  celador man --dir /usr/local/share/man/man1"))]
    Man(ManArgs),
}

/// What to read, and how.
#[derive(Debug, Clone, Args)]
pub(crate) struct InputArgs {
    /// Microsoft's service tags file, instead of the one compiled in
    #[arg(long, value_name = "FILE")]
    pub(crate) service_tags: Option<PathBuf>,
    /// Inventory of data stores (stores.yaml); also recognised among PATHs
    #[arg(long, value_name = "FILE")]
    pub(crate) inventory: Option<PathBuf>,
}

/// How to judge.
#[derive(Debug, Clone, Args)]
pub(crate) struct JudgeArgs {
    /// Which ports of the stores' addresses to judge
    #[arg(long, value_enum, default_value_t = PortsArg::Catalogue)]
    pub(crate) ports: PortsArg,
    /// Sources that count as outside, instead of the Internet; repeatable
    #[arg(long, value_name = "CIDR", value_parser = prefix)]
    pub(crate) from: Vec<IpNet>,
}

/// How to print.
#[derive(Debug, Clone, Args)]
pub(crate) struct OutputArgs {
    /// Output format
    #[arg(long, short, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// When to use colour; `NO_COLOR` turns it off too
    #[arg(long, value_enum, default_value_t = ColorArg::Auto)]
    pub(crate) color: ColorArg,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Files, folders, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    /// Exit with 1 when a store has one of these verdicts; repeatable
    #[arg(long, value_enum, value_name = "VERDICT", value_delimiter = ',')]
    pub(crate) fail_on: Vec<FailOnVerdict>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The network before the change: a file, a folder, or -
    #[arg(value_name = "BEFORE")]
    pub(crate) before: PathBuf,
    /// The network after the change
    #[arg(value_name = "AFTER")]
    pub(crate) after: PathBuf,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    /// Exit with 1 when there is such a change; repeatable
    #[arg(long, value_enum, value_name = "CHANGE", value_delimiter = ',')]
    pub(crate) fail_on: Vec<FailOnChange>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Files, folders, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Source address or prefix
    #[arg(long, value_name = "ADDRESS", value_parser = prefix)]
    pub(crate) from: IpNet,
    /// Store (name, id or address) and port, such as es-1:9200 or 10.0.1.4:9200/udp
    #[arg(long, value_name = "STORE:PORT")]
    pub(crate) to: String,
    /// Source port
    #[arg(long, value_name = "PORT")]
    pub(crate) source_port: Option<u16>,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// Files, folders, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Exit with 1 when there is a finding of this kind; repeatable
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',')]
    pub(crate) fail_on: Vec<FailOnLint>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What counts as personal data.
#[derive(Debug, Clone, Args)]
pub(crate) struct FinderArgs {
    /// Regions, classes, allowed values, names of fields and own recognisers, as one YAML file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Countries whose national telephone numbers and identifiers are expected, such as ES,MX
    #[arg(long, value_name = "COUNTRY", value_delimiter = ',', value_parser = region)]
    pub(crate) region: Vec<celador_pii::phone::Region>,
    /// Own recognisers: a YAML file, or a folder of them; repeatable
    #[arg(long, value_name = "PATH")]
    pub(crate) rules: Vec<PathBuf>,
    /// Values that are never reported, one a line; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) allow: Vec<PathBuf>,
    /// Only these classes
    #[arg(long, value_name = "CLASS", value_delimiter = ',')]
    pub(crate) classes: Vec<celador_pii::Class>,
    /// The least score that is reported, from 0 to 1
    #[arg(long, value_name = "SCORE", value_parser = score)]
    pub(crate) min_score: Option<u8>,
}

/// How inputs are read as records.
#[derive(Debug, Clone, Args)]
pub(crate) struct RecordArgs {
    /// How to read the input, or an archive's members, instead of by name and content
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) input_format: Option<InputFormatArg>,
    /// The first row of CSV is data; by default it is when it holds personal data
    #[arg(long)]
    pub(crate) no_header: bool,
    /// The most bytes that one record may have, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=2048))]
    pub(crate) max_record: u32,
}

#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    /// Files, folders, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Print each place as a JSON line, instead of the report
    #[arg(long)]
    pub(crate) spans: bool,
    /// What the offsets of --spans count in the field's decoded value
    #[arg(long, value_enum, default_value_t = OffsetsArg::Characters, requires = "spans")]
    pub(crate) offsets: OffsetsArg,
    /// Say which rule found it
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) records: RecordArgs,
    /// Read a field as if it were called so, such as note2=phone; repeatable
    #[arg(long, value_name = "FIELD=NAME", value_parser = hint)]
    pub(crate) hint: Vec<(String, String)>,
    /// Exit with 1 when there is one of these: a class, any, or malformed; repeatable
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = fail_on_found)]
    pub(crate) fail_on: Vec<FailOnFound>,
    #[command(flatten)]
    pub(crate) finder: FinderArgs,
    /// Output format
    #[arg(long, short, value_enum, default_value_t = ReportFormat::Text, conflicts_with = "spans")]
    pub(crate) format: ReportFormat,
    /// When to use colour; `NO_COLOR` turns it off too
    #[arg(long, value_enum, default_value_t = ColorArg::Auto)]
    pub(crate) color: ColorArg,
}

/// Where it goes, and what becomes of what cannot be read.
#[derive(Debug, Clone, Args)]
pub(crate) struct WriteArgs {
    /// A file, or a folder for several inputs (the same tree below it); standard output if not given
    #[arg(long, short, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    /// Replace files that exist, and begin anew what was interrupted
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// What a malformed record or an unreadable file in a folder does
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = OnErrorArg::Stop)]
    pub(crate) on_error: OnErrorArg,
    /// Where rejected records go, as they are, with the reason [default: OUT.rejects.jsonl]
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// A key beside or instead of the profile's, such as k1=env:NAME or k1=FILE; repeatable
    #[arg(long, value_name = "ID=PLACE", value_parser = key)]
    pub(crate) key: Vec<KeyArg>,
    /// A profile's name, or a file (redact.toml)
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) profile: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RedactArgs {
    /// Files, folders, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
    #[command(flatten)]
    pub(crate) records: RecordArgs,
    #[command(flatten)]
    pub(crate) finder: FinderArgs,
    /// Also write the report as JSON to a file
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Write a chained record of what was done, for `celador verify --record`
    #[arg(long, value_name = "FILE", requires = "output")]
    pub(crate) record: Option<PathBuf>,
    /// The Ed25519 key that seals the record, 64 hexadecimal digits, such as
    /// env:NAME or FILE
    #[arg(long, value_name = "PLACE", requires = "record", value_parser = key_place)]
    pub(crate) sign_key: Option<celador_redact::KeyFrom>,
    /// Format of the report that is printed when the output is not standard output
    #[arg(long, short, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    /// When to use colour; `NO_COLOR` turns it off too
    #[arg(long, value_enum, default_value_t = ColorArg::Auto)]
    pub(crate) color: ColorArg,
}

#[derive(Debug, Args)]
pub(crate) struct RevealArgs {
    /// Files, folders, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
    #[command(flatten)]
    pub(crate) records: RecordArgs,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Redacted files, folders, or - for standard input
    #[arg(value_name = "OUTPUT", required_unless_present = "record")]
    pub(crate) outputs: Vec<PathBuf>,
    /// What they were made of: files or folders; repeatable
    #[arg(long, value_name = "INPUT", requires = "outputs")]
    pub(crate) original: Vec<PathBuf>,
    /// Fields that may single people out together, such as `zip,birth_year`; by
    /// default those with such names
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    pub(crate) quasi_identifiers: Vec<String>,
    /// Check the record of a redaction, instead of outputs
    #[arg(long, value_name = "FILE", conflicts_with = "outputs")]
    pub(crate) record: Option<PathBuf>,
    /// The key that must have sealed the record, in hexadecimal
    #[arg(long, value_name = "KEY", requires = "record")]
    pub(crate) public_key: Option<String>,
    /// The profile of the redaction: canaries are redacted with it and looked for
    #[arg(long, value_name = "NAME|FILE", requires = "outputs")]
    pub(crate) profile: Option<String>,
    /// A key beside or instead of the profile's, such as k1=env:NAME; repeatable
    #[arg(long, value_name = "ID=PLACE", value_parser = key)]
    pub(crate) key: Vec<KeyArg>,
    /// How many canaries; 0 for none
    #[arg(long, value_name = "N", default_value_t = 3000, value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    pub(crate) canaries: u32,
    #[command(flatten)]
    pub(crate) records: RecordArgs,
    #[command(flatten)]
    pub(crate) finder: FinderArgs,
    /// Output format
    #[arg(long, short, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    /// When to use colour; `NO_COLOR` turns it off too
    #[arg(long, value_enum, default_value_t = ColorArg::Auto)]
    pub(crate) color: ColorArg,
}

#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    /// The labelled corpus, as JSON lines; - for standard input
    #[arg(value_name = "CORPUS")]
    pub(crate) corpus: PathBuf,
    /// Another tool's spans: a line a document with "entities", or lines as of scan --spans
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
    /// Also by form
    #[arg(long)]
    pub(crate) forms: bool,
    #[command(flatten)]
    pub(crate) finder: FinderArgs,
    /// Output format
    #[arg(long, short, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    /// When to use colour; `NO_COLOR` turns it off too
    #[arg(long, value_enum, default_value_t = ColorArg::Auto)]
    pub(crate) color: ColorArg,
}

#[derive(Debug, Args)]
pub(crate) struct ProbeArgs {
    /// Endpoints such as 192.0.2.4:9200, or - for one a line on standard input
    #[arg(value_name = "HOST:PORT", required_unless_present = "inventory")]
    pub(crate) endpoints: Vec<String>,
    /// The scope file: who allows what to be probed, and until when
    #[arg(long, value_name = "FILE")]
    pub(crate) scope: PathBuf,
    /// Inventory of data stores (stores.yaml) whose endpoints are probed
    #[arg(long, value_name = "FILE")]
    pub(crate) inventory: Option<PathBuf>,
    /// Name of the place it is probed from; the scope file may say which addresses it has
    #[arg(long, value_name = "NAME")]
    pub(crate) from: Option<String>,
    /// Print what would be sent, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Longest wait for a connection or an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0)]
    pub(crate) timeout: f64,
    /// Connections a second in all
    #[arg(long, value_name = "N", default_value_t = 5000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) rate: u32,
    /// Connections a second to one address
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) host_rate: u32,
    /// Endpoints at a time, in all; four of them at one address
    #[arg(long, value_name = "N", default_value_t = 4096, value_parser = clap::value_parser!(u16).range(1..=20_000))]
    pub(crate) concurrency: u16,
    /// Exit with 1 when an endpoint has one of these verdicts; repeatable
    #[arg(long, value_enum, value_name = "VERDICT", value_delimiter = ',')]
    pub(crate) fail_on: Vec<FailOnProbe>,
    /// Output format
    #[arg(long, short, value_enum, default_value_t = ProbeFormat::Text)]
    pub(crate) format: ProbeFormat,
    /// When to use colour; `NO_COLOR` turns it off too
    #[arg(long, value_enum, default_value_t = ColorArg::Auto)]
    pub(crate) color: ColorArg,
}

/// How stores are looked into.
#[derive(Debug, Clone, Args)]
pub(crate) struct LookArgs {
    /// The scope file: who allows which stores to be connected to, and until when
    #[arg(long, value_name = "FILE")]
    pub(crate) scope: Option<PathBuf>,
    /// What the stores are, where they do not say it
    #[arg(long, value_name = "PRODUCT")]
    pub(crate) product: Option<String>,
    /// Container that the stores do not list, such as a bucket; repeatable
    #[arg(long = "container", value_name = "NAME")]
    pub(crate) containers: Vec<String>,
    /// Containers with at most so many records are read whole
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(crate) max_records: u64,
    /// Records that are chosen of a larger one
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(crate) sample: u64,
    /// Longest time for one store
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) max_seconds: u64,
    /// Most bytes that are read from one store
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 30)]
    pub(crate) max_bytes: u64,
    /// Pages of records a second from one store
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) rate: u32,
    /// Longest wait for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0)]
    pub(crate) timeout: f64,
    /// Secret that sketches are keyed by, to compare runs; a new one each run by default
    #[arg(long, value_name = "SECRET")]
    pub(crate) sketch_key: Option<String>,
    /// User to read as; without a password where a client certificate or nothing is asked for
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// Where the password is: `env:NAME`, `file:PATH` or `command:PROGRAM`
    #[arg(long, value_name = "SECRET", requires = "user")]
    pub(crate) password: Option<String>,
    /// Where an API key is, sent as "Authorization: `ApiKey` …"
    #[arg(long, value_name = "SECRET")]
    pub(crate) api_key: Option<String>,
    /// Where a token is, sent as "Authorization: Bearer …"
    #[arg(long, value_name = "SECRET")]
    pub(crate) bearer: Option<String>,
    /// Authorities (PEM) that the store's certificate is verified by, instead of the system's
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Client certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "client_key")]
    pub(crate) client_cert: Option<PathBuf>,
    /// Its private key (PEM)
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    pub(crate) client_key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) finder: FinderArgs,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// Stores such as 192.0.2.4:9200, or - for one a line on standard input
    #[arg(value_name = "HOST:PORT", required = true)]
    pub(crate) stores: Vec<String>,
    #[command(flatten)]
    pub(crate) look: LookArgs,
    /// Print what would be sent, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Exit with 1 when there is one of these: a class, or any; repeatable
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = fail_on_found)]
    pub(crate) fail_on: Vec<FailOnFound>,
    /// Output format
    #[arg(long, short, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    /// When to use colour; `NO_COLOR` turns it off too
    #[arg(long, value_enum, default_value_t = ColorArg::Auto)]
    pub(crate) color: ColorArg,
}

#[derive(Debug, Args)]
pub(crate) struct ReplicasArgs {
    /// Stores such as 192.0.2.4:9200, or - for one a line on standard input
    #[arg(value_name = "HOST:PORT", required_unless_present = "inspection")]
    pub(crate) stores: Vec<String>,
    /// What celador inspect --format json printed; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) inspection: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) look: LookArgs,
    /// Output format
    #[arg(long, short, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    /// When to use colour; `NO_COLOR` turns it off too
    #[arg(long, value_enum, default_value_t = ColorArg::Auto)]
    pub(crate) color: ColorArg,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// When to use colour; `NO_COLOR` turns it off too
    #[arg(long, value_enum, default_value_t = ColorArg::Auto)]
    pub(crate) color: ColorArg,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Which report
    #[arg(value_enum)]
    pub(crate) report: SchemaOf,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command whose page to print, instead of celador's own
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    pub(crate) command: Option<String>,
    /// Write the pages of all commands to this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PortsArg {
    /// The product's, the inventory's, and every data-store port known
    #[value(alias = "catalog")]
    Catalogue,
    /// Every port of TCP and UDP
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// The versioned report
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProbeFormat {
    /// For people
    #[value(alias = "table")]
    Text,
    /// The versioned report
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// OCSF 1.5.0, one event an endpoint and line, for security data lakes
    Ocsf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOnVerdict {
    Exposed,
    Undetermined,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOnProbe {
    Open,
    #[value(alias = "partly_open")]
    PartlyOpen,
    Unknown,
    Unreachable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOnChange {
    Opened,
    Closed,
    Undetermined,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOnLint {
    NeverMatches,
    ChangesNothing,
    PartlyShadowed,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    Audit,
    Diff,
    Explain,
    Lint,
    Probe,
    Inspect,
    Replicas,
    Scan,
    Eval,
    Verify,
    RecordCheck,
    /// The configuration of the finder: `scan --config`
    Config,
    Redact,
    /// The file redact.toml
    RedactProfile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    Text,
    /// The versioned report
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnErrorArg {
    /// End the run
    Stop,
    /// Put it into the reject file, and go on
    Reject,
}

/// A key of the command line.
#[derive(Debug, Clone)]
pub(crate) struct KeyArg(pub(crate) celador_redact::KeySource);

fn key(text: &str) -> Result<KeyArg, String> {
    use celador_redact::KeySource;
    let (id, place) = text
        .split_once('=')
        .filter(|(id, place)| !id.is_empty() && !place.is_empty())
        .ok_or_else(|| "expected ID=FILE or ID=env:NAME".to_owned())?;
    Ok(KeyArg(KeySource {
        id: id.to_owned(),
        from: key_place(place)?,
    }))
}

#[expect(clippy::unnecessary_wraps, reason = "a parser of clap's")]
fn key_place(place: &str) -> Result<celador_redact::KeyFrom, String> {
    use celador_redact::KeyFrom;
    Ok(match place.strip_prefix("env:") {
        Some(name) => KeyFrom::Env(name.to_owned()),
        None => KeyFrom::File(PathBuf::from(place)),
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OffsetsArg {
    Characters,
    /// Of the value in UTF-8
    Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormatArg {
    Text,
    Json,
    /// One value a line
    #[value(alias = "json-lines", alias = "ndjson")]
    Jsonl,
    /// Rows; what stands between fields is told by the first of them: , ; | or a tabulator
    Csv,
    /// Rows with a tabulator between fields
    Tsv,
    /// One message of mail
    #[value(alias = "mail")]
    Eml,
    /// A mailbox of messages
    Mbox,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailOnFound {
    Any,
    Malformed,
    Class(celador_pii::Class),
}

fn fail_on_found(text: &str) -> Result<FailOnFound, String> {
    match text {
        "any" => Ok(FailOnFound::Any),
        "malformed" => Ok(FailOnFound::Malformed),
        class => class
            .parse()
            .map(FailOnFound::Class)
            .map_err(|error| format!("any, malformed, or a class; {error}")),
    }
}

/// A score from 0 to 1, in hundredths.
fn score(text: &str) -> Result<u8, String> {
    let value: f64 = text.parse().map_err(|_| "no number".to_owned())?;
    if !(0.0..=1.0).contains(&value) {
        return Err("not between 0 and 1".to_owned());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 100"
    )]
    Ok((value * 100.0).round() as u8)
}

fn region(text: &str) -> Result<celador_pii::phone::Region, String> {
    celador_pii::phone::Region::of(&text.to_ascii_uppercase())
        .ok_or_else(|| "expected two letters of ISO 3166, such as ES".to_owned())
}

fn hint(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .filter(|(field, name)| !field.is_empty() && !name.is_empty())
        .map(|(field, name)| (field.to_owned(), name.to_owned()))
        .ok_or_else(|| "expected FIELD=NAME".to_owned())
}

/// An address or a prefix; an address is a prefix of its own.
fn prefix(text: &str) -> Result<IpNet, String> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
        .map(|net| net.trunc())
        .map_err(|_| {
            format!("'{text}' is not an address or prefix such as 198.51.100.7 or 198.51.100.0/24")
        })
}

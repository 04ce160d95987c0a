//! Reads inputs, changes values on all cores, and writes the same again: every byte
//! that no change covers is as it was, order is kept, memory is bounded.
//!
//! What is changed is an [`Editor`]'s matter. Output is written as a whole or not
//! at all ([`output`]); a run over a folder that was interrupted goes on where it
//! stopped ([`journal`]). A malformed record ends the run, or goes to the reject file with
//! its reason: never into the output half redacted, and never nowhere.

mod archive;
mod columns;
pub(crate) mod journal;
pub(crate) mod output;
pub(crate) mod report;

use std::collections::{BTreeMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context as _, Result, anyhow, bail};
use celador_columnar::{Batch, Table};
use celador_formats::{Becomes, Edit, Format, Part, Piece, Values, Wrapper, Wrapping};
use celador_pii::{Class, Scanner};
use serde::Serialize;

use self::journal::{Entry, Journal};
use self::output::Output;
use self::report::{Changed, RejectedInput, Rewritten};
use crate::args::{OnErrorArg, RecordArgs};
use crate::command::scan::without_numbers;
use crate::pipeline;
use crate::records::{self, Candidate, Job, Reader};

const STDIN: &str = "-";
/// Fields that are told apart in one input; names may be data.
const MAX_FIELDS: usize = 10_000;
/// Names whose answer is remembered for a chunk.
const MAX_NAMES: usize = 4096;

/// Changes values; one a thread.
pub(crate) trait Editor: Send {
    /// The next values are of one record, and this is its subject; they are numbers, or
    /// texts.
    fn begin(&mut self, subject: &str, number: bool);
    /// Whether a member's name holds personal data.
    fn is_personal(&mut self, name: &str) -> bool;
    /// Whether there is a rule for a field, whatever its values are.
    fn is_ruled(&self, field: &str) -> bool;
    /// Adds the edits of one value.
    fn edit(&mut self, field: &str, text: &str, out: &mut Edits) -> Result<()>;
}

/// Edits of the values of one record. What they put in may be personal, so it
/// cannot be printed.
#[derive(Default)]
pub(crate) struct Edits {
    items: Vec<Item>,
    texts: String,
    value: usize,
    /// Values that were numbers before they became texts.
    numbers: Vec<usize>,
}

struct Item {
    value: usize,
    range: Range<usize>,
    with: Range<usize>,
    class: Option<Class>,
    operator: &'static str,
    fell_back: bool,
}

impl Edits {
    /// Puts a text in the place of some bytes of the value.
    pub(crate) fn push(
        &mut self,
        range: Range<usize>,
        with: &str,
        class: Option<Class>,
        operator: &'static str,
        fell_back: bool,
    ) {
        let from = self.texts.len();
        self.texts.push_str(with);
        self.items.push(Item {
            value: self.value,
            range,
            with: from..self.texts.len(),
            class,
            operator,
            fell_back,
        });
    }

    /// The edits from the one of this number on leave null in a number's place.
    fn become_null(&mut self, from: usize) {
        for item in self.items.iter_mut().skip(from) {
            if item.operator != "drop" {
                (item.operator, item.fell_back) = ("null", true);
            }
        }
    }

    /// The value at hand was a number before it became a text.
    pub(crate) fn was_number(&mut self) {
        self.numbers.push(self.value);
    }

    /// A value's text with the edits from the one of this number on, which are its.
    fn applied(&self, from: usize, text: &str) -> String {
        let mut out = text.to_owned();
        for item in self.items.iter().skip(from).rev() {
            let with = self.texts.get(item.with.clone()).unwrap_or("");
            out.replace_range(item.range.clone(), with);
        }
        out
    }

    fn clear(&mut self) {
        self.items.clear();
        self.texts.clear();
        self.numbers.clear();
        self.value = 0;
    }

    fn all(&self) -> Vec<Edit<'_>> {
        self.items
            .iter()
            .map(|item| Edit {
                value: item.value,
                range: item.range.clone(),
                with: self.texts.get(item.with.clone()).unwrap_or(""),
            })
            .collect()
    }
}

/// What a run does.
pub(crate) struct Plan<'a> {
    pub(crate) inputs: &'a [PathBuf],
    /// A file or a folder; standard output if none.
    pub(crate) output: Option<&'a Path>,
    pub(crate) overwrite: bool,
    pub(crate) records: &'a RecordArgs,
    pub(crate) on_error: OnErrorArg,
    pub(crate) rejects: Option<&'a Path>,
    /// The scanner that knows a header from data.
    pub(crate) scanner: &'a Scanner,
    /// The field that says whose record it is.
    pub(crate) subject: Option<&'a str>,
    /// What has to be the same for a run to go on.
    pub(crate) fingerprint: String,
}

/// What a run did.
pub(crate) struct Outcome {
    pub(crate) inputs: Vec<Rewritten>,
    pub(crate) rejected_inputs: Vec<RejectedInput>,
}

/// A file and where it goes.
struct Task {
    file: Candidate,
    target: Option<PathBuf>,
    /// Its input's hash, where a journal is kept.
    hash: Option<String>,
}

/// Reads, changes and writes everything.
pub(crate) fn run<E: Editor>(plan: &Plan<'_>, editor: impl Fn() -> E + Sync) -> Result<Outcome> {
    let (mut tasks, folder) = tasks(plan)?;
    let mut journal = match folder {
        Some(folder) => Some(Journal::open(folder, &plan.fingerprint, plan.overwrite)?),
        None => None,
    };
    if let Some(known) = &mut journal {
        for task in &mut tasks {
            let input = task.file.path.display().to_string();
            let target = task.target.clone().unwrap_or_default();
            task.hash = output::hash_of(&task.file.path);
            known.check(&input, task.hash.as_deref().unwrap_or(""), &target)?;
        }
    }
    let mut outcome = Outcome {
        inputs: Vec::new(),
        rejected_inputs: Vec::new(),
    };
    let mut earlier = VecDeque::new();
    if let Some(known) = &mut journal {
        let mut left = VecDeque::new();
        let mut place = 0;
        for task in tasks {
            let input = task.file.path.display().to_string();
            let target = task.target.clone().unwrap_or_default();
            if let Some(entry) = known.finished(&input) {
                outcome.rejected_inputs.extend(entry.rejected.clone());
                if let Some((_, what)) = &entry.output {
                    earlier.push_back((place, what.clone()));
                    place += 1;
                }
                continue;
            }
            place += 1;
            if target.exists() && !plan.overwrite && !known.knows(&input) {
                if let Some(journal) = journal {
                    journal.give_up();
                }
                bail!(
                    "{} exists; give --overwrite to replace it",
                    target.display()
                );
            }
            left.push_back(task);
        }
        tasks = left;
    }
    // Not before it is known that the run begins: an earlier one's is cut.
    let rejects = match Rejects::new(plan, journal.as_ref()) {
        Ok(rejects) => rejects,
        Err(error) => {
            if let Some(journal) = journal {
                journal.give_up();
            }
            return Err(error);
        }
    };
    let mut sink = Sink {
        plan,
        open: None,
        outcome,
        rejects,
        journal,
        earlier,
        first: (0, 0),
    };
    let total = tasks.iter().map(|task| task.file.bytes).sum();
    let progress = records::progress(total);
    let editors: Mutex<Vec<E>> = Mutex::new(Vec::new());
    let mut jobs = Jobs {
        plan,
        tasks,
        reader: None,
        can_reject: false,
        progress: progress.clone(),
    };
    let result = pipeline::run(
        std::iter::from_fn(|| jobs.next().transpose()),
        |step| match step {
            Step::Job(job) => job.bytes(),
            _ => 0,
        },
        |job| {
            let mut own = editors
                .lock()
                .ok()
                .and_then(|mut editors| editors.pop())
                .unwrap_or_else(&editor);
            let done = work(plan, job, &mut own);
            if let Ok(mut editors) = editors.lock() {
                editors.push(own);
            }
            done
        },
        |done| {
            let input = sink.open.as_ref().map(|open| open.what.input.clone());
            let done = done.with_context(|| input.unwrap_or_else(|| STDIN.to_owned()))?;
            sink.take(done)
        },
    );
    progress.finish_and_clear();
    result?;
    sink.end()
}

/// What there is to do, and the folder that is written to, if it is one.
fn tasks<'a>(plan: &Plan<'a>) -> Result<(VecDeque<Task>, Option<&'a Path>)> {
    let mut tasks = VecDeque::new();
    let folders = plan.inputs.iter().any(|input| input.is_dir());
    let folder = plan.output.filter(|output| {
        let named = output.as_os_str().to_string_lossy().ends_with('/');
        folders || plan.inputs.len() > 1 || named || output.is_dir()
    });
    for input in plan.inputs {
        let mut files = Vec::new();
        records::collect(input, true, &mut files)?;
        if plan.output.is_none() && (files.len() != 1 || folders) {
            bail!("several files cannot go to standard output; give -o FOLDER");
        }
        for file in files {
            let target = match (plan.output, folder) {
                (None, _) => None,
                (Some(_), Some(folder)) => {
                    let below = if input.is_dir() {
                        file.path.strip_prefix(input).unwrap_or(&file.path)
                    } else {
                        Path::new(file.path.file_name().unwrap_or_default())
                    };
                    if below == Path::new(STDIN) {
                        bail!("standard input has no name in a folder; give -o FILE");
                    }
                    Some(folder.join(below))
                }
                (Some(output), None) => Some(output.to_owned()),
            };
            tasks.push_back(Task {
                file,
                target,
                hash: None,
            });
        }
    }
    if tasks.is_empty() {
        bail!("no file in the inputs given");
    }
    let mut seen = BTreeMap::new();
    for task in &tasks {
        let Some(target) = &task.target else { continue };
        if let Some(other) = seen.insert(target.clone(), &task.file.path) {
            bail!(
                "{} and {} would both be written to {}",
                other.display(),
                task.file.path.display(),
                target.display()
            );
        }
        if let (Ok(one), Ok(other)) = (task.file.path.canonicalize(), target.canonicalize())
            && one == other
        {
            bail!(
                "{} would be written over itself; give another -o",
                target.display()
            );
        }
        // A folder's are asked for when it is known what an earlier run wrote.
        if folder.is_none() && target.exists() && !plan.overwrite {
            bail!(
                "{} exists; give --overwrite to replace it",
                target.display()
            );
        }
    }
    if let Some(folder) = folder {
        let inside = plan.inputs.iter().find(|input| {
            let (Ok(input), Ok(folder)) = (input.canonicalize(), std::path::absolute(folder))
            else {
                return false;
            };
            input.is_dir() && folder.canonicalize().unwrap_or(folder).starts_with(&input)
        });
        if let Some(input) = inside {
            bail!(
                "{} is inside {}, whose files it would be mixed with",
                folder.display(),
                input.display()
            );
        }
    }
    Ok((tasks, folder))
}

/// One input after the other, as jobs.
struct Jobs<'a> {
    plan: &'a Plan<'a>,
    tasks: VecDeque<Task>,
    reader: Option<Reader<'a>>,
    /// Whether an input that cannot be read is left out.
    can_reject: bool,
    progress: indicatif::ProgressBar,
}

enum Step {
    Task(Task),
    Job(Job),
    /// The input cannot be read on, and why.
    Broken(String),
    End,
}

impl Jobs<'_> {
    fn next(&mut self) -> Result<Option<Step>> {
        if let Some(reader) = &mut self.reader {
            match reader.next_job() {
                Ok(Some(job)) => return Ok(Some(Step::Job(job))),
                Err(error) if self.can_reject => {
                    self.reader = None;
                    return Ok(Some(Step::Broken(format!("{error:#}"))));
                }
                Err(error) => return Err(error),
                Ok(None) => {}
            }
            self.reader = None;
            return Ok(Some(Step::End));
        }
        let Some(task) = self.tasks.pop_front() else {
            return Ok(None);
        };
        let reader = Reader::new(
            self.plan.records,
            self.plan.scanner,
            vec![task.file.clone()],
            self.progress.clone(),
        );
        self.reader = Some(reader.for_writing(self.plan.subject));
        // What was written to standard output cannot be taken back.
        self.can_reject = self.plan.on_error == OnErrorArg::Reject && task.target.is_some();
        Ok(Some(Step::Task(task)))
    }
}

/// What one job gave.
enum Done {
    Task(Task),
    Begin {
        input: String,
        format: Format,
        wrapping: Wrapping,
    },
    /// Nothing to write.
    Nothing,
    Skipped {
        input: String,
        why: String,
    },
    Chunk {
        bytes: Vec<u8>,
        records: u64,
        tally: Tally,
        rejected: Vec<(u64, String, Vec<u8>)>,
        /// What was not read and stays, and how often.
        unread: BTreeMap<String, u64>,
    },
    Piece(Piece, Edits),
    Archive(records::archive::Step),
    /// Something to know of the input.
    Note(String),
    Table(Table),
    Batch(Batch, Tally),
    Broken(String),
    End,
}

type Tally = BTreeMap<(String, Option<Class>, &'static str), (u64, u64)>;

fn count(tally: &mut Tally, field: &str, item: &Item) {
    let field = without_numbers(field);
    let key = (field, item.class, item.operator);
    let key = if tally.len() >= MAX_FIELDS && !tally.contains_key(&key) {
        ("(more fields)".to_owned(), item.class, item.operator)
    } else {
        key
    };
    let (all, fell_back) = tally.entry(key).or_default();
    *all += 1;
    *fell_back += u64::from(item.fell_back);
}

fn work(plan: &Plan<'_>, step: Step, editor: &mut impl Editor) -> Result<Done> {
    let job = match step {
        Step::Task(task) => return Ok(Done::Task(task)),
        Step::Broken(why) => return Ok(Done::Broken(why)),
        Step::End => return Ok(Done::End),
        Step::Job(job) => job,
    };
    match job {
        Job::Begin {
            input,
            format,
            wrapping,
        } => Ok(Done::Begin {
            input,
            format,
            wrapping,
        }),
        Job::Note(note) => Ok(Done::Note(note)),
        Job::Table(table) => Ok(Done::Table(table)),
        Job::Batch(mut batch) => {
            let mut tally = Tally::new();
            match columns::change(&mut batch, editor, &mut tally) {
                Ok(()) => Ok(Done::Batch(batch, tally)),
                Err(columns::Cannot::Input(why))
                    if plan.on_error == OnErrorArg::Reject && plan.output.is_some() =>
                {
                    Ok(Done::Broken(why))
                }
                Err(columns::Cannot::Input(why)) => Err(anyhow!(why)),
                Err(columns::Cannot::Other(error)) => Err(error),
            }
        }
        Job::Archive(step) => Ok(Done::Archive(step)),
        // Only for who reads.
        Job::Rows(_) | Job::Cells(..) => Ok(Done::Nothing),
        Job::Skipped { input, why } => Ok(Done::Skipped { input, why }),
        Job::Piece(piece) => {
            let mut edits = Edits::default();
            editor.begin("", false);
            editor.edit("", &piece.text, &mut edits)?;
            Ok(Done::Piece(piece, edits))
        }
        Job::Chunk(shape, chunk) => {
            let mut values = shape.values();
            let mut names: BTreeMap<String, bool> = BTreeMap::new();
            let mut edits = Edits::default();
            let mut tally = Tally::new();
            let mut rejected = Vec::new();
            let mut unread = BTreeMap::new();
            let mut count_rows = 0;
            let mut out = Vec::with_capacity(chunk.bytes.len() + chunk.bytes.len() / 8);
            chunk.rewrite(&mut out, |record, bytes, out| -> Result<()> {
                let (wrong, _) = values.read(bytes, &mut |name| {
                    if let Some(known) = names.get(name) {
                        return *known;
                    }
                    let personal = editor.is_personal(name);
                    if names.len() < MAX_NAMES {
                        names.insert(name.to_owned(), personal);
                    }
                    personal
                });
                let mut reject = |wrong: String, out: &mut Vec<u8>| -> Result<()> {
                    if plan.on_error == OnErrorArg::Stop {
                        bail!(
                            "record {}: {wrong}; give --on-error reject to put such records into a file",
                            record.number
                        );
                    }
                    rejected.push((record.number, wrong, bytes.to_vec()));
                    // A list keeps its commas.
                    if shape.format == Format::Json {
                        out.extend_from_slice(b"null");
                    }
                    Ok(())
                };
                if let Some(wrong) = wrong {
                    count_rows += 1;
                    return reject(wrong, out);
                }
                for what in values.unread() {
                    *unread.entry(what.clone()).or_default() += 1;
                }
                edits.clear();
                count_rows += values.rows();
                let mut row = None;
                let mut subject = None;
                for (number, value) in values.values().enumerate() {
                    if row != Some(value.row) {
                        row = Some(value.row);
                        subject = subject_of(plan, &values, number, value.row);
                    }
                    editor.begin(subject.as_deref().unwrap_or(""), value.number);
                    edits.value = number;
                    let before = edits.items.len();
                    let field = if value.part == Part::Name { "" } else { value.field };
                    let is_held = shape.format == Format::Avro && value.number;
                    if is_held && value.text.len() < columns::SHORTEST && !editor.is_ruled(field) {
                        continue;
                    }
                    editor.edit(field, value.text, &mut edits)?;
                    if is_held && edits.items.len() > before {
                        match values.becomes(number, &edits.applied(before, value.text)) {
                            Becomes::Text => {}
                            Becomes::Null => edits.become_null(before),
                            Becomes::Nothing => {
                                return reject(columns::no_place("field", field), out);
                            }
                        }
                    }
                }
                if edits.items.is_empty() {
                    out.extend_from_slice(bytes);
                    return Ok(());
                }
                let mut items = edits.items.iter().peekable();
                for (number, value) in values.values().enumerate() {
                    while let Some(item) = items.next_if(|item| item.value == number) {
                        count(&mut tally, value.field, item);
                    }
                }
                values
                    .restore(bytes, &edits.all(), &edits.numbers, out)
                    .with_context(|| format!("record {} cannot be written", record.number))
            })?;
            Ok(Done::Chunk {
                bytes: out,
                records: count_rows,
                tally,
                rejected,
                unread,
            })
        }
    }
}

/// Whose row it is, which begins with a value.
fn subject_of(plan: &Plan<'_>, values: &Values, first: usize, row: u64) -> Option<String> {
    let subject = plan.subject?;
    let mut values = values.values().skip(first);
    let found = values.by_ref().take_while(|value| value.row == row);
    let mut found =
        found.filter(|value| value.part == Part::Value && is_named(value.field, subject));
    found.next().map(|value| value.text.to_owned())
}

fn is_named(field: &str, name: &str) -> bool {
    field == name || field.rsplit('.').next() == Some(name)
}

/// A file or standard output.
enum To {
    File(Output),
    Stdout(std::io::Stdout),
}

impl Write for To {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Stdout(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Stdout(out) => out.flush(),
        }
    }
}

/// The input at work.
struct Open {
    to: Option<Wrapper<To>>,
    /// Takes the place of `to` for Parquet.
    columns: Option<columns::Writer<To>>,
    task: Task,
    what: Rewritten,
    tally: Tally,
    /// Bytes of the next piece that an edit took already.
    taken: usize,
    /// The archives that are open, from outside.
    levels: Vec<archive::Level>,
    /// What is read: the input, or a member of an archive.
    part: String,
}

/// Writes what the workers made.
struct Sink<'a> {
    plan: &'a Plan<'a>,
    open: Option<Open>,
    outcome: Outcome,
    rejects: Rejects,
    journal: Option<Journal>,
    /// Inputs that an earlier run finished, by their place among all.
    earlier: VecDeque<(usize, Rewritten)>,
    /// Bytes of the reject file and inputs rejected before the input at work.
    first: (u64, usize),
}

impl Sink<'_> {
    fn take(&mut self, done: Done) -> Result<()> {
        match done {
            Done::Task(task) => {
                self.first = (self.rejects.length, self.outcome.rejected_inputs.len());
                self.open = Some(Open {
                    to: None,
                    columns: None,
                    task,
                    what: Rewritten::default(),
                    tally: Tally::new(),
                    taken: 0,
                    levels: Vec::new(),
                    part: String::new(),
                });
            }
            Done::Nothing => {}
            Done::Note(note) => {
                if let Some(open) = &mut self.open {
                    open.what.notes.push(note);
                }
            }
            Done::Broken(why) => {
                let Some(open) = self.open.take() else {
                    return Ok(());
                };
                let input = open.task.file.path.display().to_string();
                self.reject(input, why)?;
                self.note(&open.task, None)?;
            }
            // The rest of an input that was rejected.
            _ if self.open.is_none() => {}
            Done::Table(table) => {
                let open = self.open.as_mut().context("no input is open")?;
                open.what.records += table.rows();
                open.begin_columns(table)?;
            }
            Done::Batch(batch, tally) => {
                let open = self.open.as_mut().context("no input is open")?;
                if !tally.is_empty() {
                    open.change();
                }
                open.count(tally);
                let cannot = format!("cannot write {}", open.what.output);
                open.take_batch(batch).context(cannot)?;
            }
            Done::Begin {
                input,
                format,
                wrapping,
            } => {
                let open = self.open.as_mut().context("no input is open")?;
                open.part.clone_from(&input);
                if !open.levels.is_empty() {
                    return open.begin_member(format, &wrapping);
                }
                let to = match &open.task.target {
                    Some(target) => To::File(Output::create(target, self.journal.is_some())?),
                    None => To::Stdout(std::io::stdout()),
                };
                let target = open
                    .task
                    .target
                    .as_ref()
                    .map(|target| target.display().to_string());
                open.what = Rewritten {
                    input,
                    output: target.unwrap_or_else(|| STDIN.to_owned()),
                    format: format.name().to_owned(),
                    records: u64::from(format == Format::Text),
                    members: format.is_archive().then_some(0),
                    ..Rewritten::default()
                };
                let cannot = || format!("cannot write {}", open.what.output);
                open.to = Some(wrapping.writer(to).with_context(cannot)?);
            }
            Done::Skipped { input, why } => {
                if self.plan.on_error == OnErrorArg::Stop {
                    bail!("{input}: {why}; give --on-error reject to go on without such files");
                }
                if let Some(open) = &mut self.open {
                    open.change();
                }
                self.reject(input, why)?;
            }
            Done::Chunk {
                bytes,
                records,
                tally,
                rejected,
                unread,
            } => {
                let open = self.open.as_mut().context("no input is open")?;
                open.what.records += records;
                open.what.rejected += rejected.len() as u64;
                for (what, count) in unread {
                    *open.what.not_read.entry(what).or_default() += count;
                }
                for (record, reason, bytes) in rejected {
                    self.rejects
                        .add(&open.part, Some(record), &reason, &bytes)?;
                    open.change();
                }
                if !tally.is_empty() {
                    open.change();
                }
                open.count(tally);
                open.write(&bytes)?;
            }
            Done::Piece(piece, edits) => {
                let open = self.open.as_mut().context("no input is open")?;
                let first = piece.core.start + open.taken;
                for item in &edits.items {
                    if piece.core.contains(&item.range.start) && item.range.end > first {
                        count(&mut open.tally, "", item);
                        open.change();
                    }
                }
                let mut bytes = Vec::with_capacity(piece.core.len());
                open.taken = piece
                    .rewrite(open.taken, &edits.all(), &mut bytes)
                    .context("a text cannot be written")?;
                open.write(&bytes)?;
            }
            Done::Archive(step) => {
                let open = self.open.as_mut().context("no input is open")?;
                let output = open.what.output.clone();
                let written = open.step(step);
                written.with_context(|| format!("cannot write {output}"))?;
            }
            Done::End => self.close()?,
        }
        Ok(())
    }

    fn reject(&mut self, input: String, reason: String) -> Result<()> {
        self.rejects.add(&input, None, &reason, &[])?;
        let rejected = RejectedInput { input, reason };
        self.outcome.rejected_inputs.push(rejected);
        Ok(())
    }

    /// Notes that an input is done with, so that a later run does not begin with it.
    fn note(&mut self, task: &Task, output: Option<(String, Rewritten)>) -> Result<()> {
        let Some(journal) = &mut self.journal else {
            return Ok(());
        };
        let (from, rejected) = self.first;
        let rejected = self.outcome.rejected_inputs.get(rejected..);
        journal.note(&Entry {
            input: task.file.path.display().to_string(),
            // Of what cannot be read it is empty.
            input_sha256: task.hash.clone().unwrap_or_default(),
            output,
            rejected: rejected.unwrap_or(&[]).to_vec(),
            rejects: (from, self.rejects.sync()?),
        })
    }

    fn close(&mut self) -> Result<()> {
        let Some(mut open) = self.open.take() else {
            return Ok(());
        };
        let output = open.what.output.clone();
        let cannot = || format!("cannot write {output}");
        if let Some(columns) = open.columns.take() {
            open.to = Some(columns.end().with_context(cannot)?);
        }
        let Some(to) = open.to.take() else {
            return self.note(&open.task, None);
        };
        let mut hash = None;
        match to.finish().with_context(cannot)? {
            To::File(file) => {
                if let Some(journal) = &mut self.journal {
                    journal.naming(&open.what.input)?;
                }
                hash = file.finish()?;
            }
            To::Stdout(mut out) => out.flush().with_context(cannot)?,
        }
        open.what.changes = open
            .tally
            .into_iter()
            .map(|((field, class, operator), (count, fell_back))| Changed {
                field,
                class: class.map(|class| class.name().to_owned()),
                operator: operator.to_owned(),
                count,
                fell_back,
            })
            .collect();
        if let Some(hash) = hash {
            self.note(&open.task, Some((hash, open.what.clone())))?;
        }
        self.outcome.inputs.push(open.what);
        Ok(())
    }

    fn end(mut self) -> Result<Outcome> {
        self.rejects.sync()?;
        self.rejects.keep = true;
        if let Some(journal) = self.journal.take() {
            journal.end();
        }
        // In the order of the inputs again.
        for (place, what) in self.earlier {
            let place = place.min(self.outcome.inputs.len());
            self.outcome.inputs.insert(place, what);
        }
        Ok(self.outcome)
    }
}

impl Open {
    fn count(&mut self, tally: Tally) {
        for (key, (all, fell_back)) in tally {
            let entry = self.tally.entry(key).or_default();
            entry.0 += all;
            entry.1 += fell_back;
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let cannot = format!("cannot write {}", self.what.output);
        self.top()?.write_all(bytes).context(cannot)
    }
}

/// The file of what could not be read. It holds records as they are, so only its
/// owner may read it.
struct Rejects {
    path: Option<PathBuf>,
    file: Option<File>,
    length: u64,
    /// Whether an unfinished run leaves it: then a journal knows how much of it is
    /// of finished files.
    keep: bool,
}

#[derive(Serialize)]
struct RejectLine<'a> {
    input: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<u64>,
    reason: &'a str,
    /// The record as it is, where it is UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    /// Its bytes as numbers, where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<&'a [u8]>,
}

impl Rejects {
    fn new(plan: &Plan<'_>, journal: Option<&Journal>) -> Result<Self> {
        let path = match (plan.on_error, plan.rejects, plan.output) {
            (OnErrorArg::Stop, _, _) => None,
            (_, Some(path), _) => Some(path.to_owned()),
            (_, None, Some(output)) => {
                let name = output.file_name().unwrap_or_default().to_string_lossy();
                Some(output.with_file_name(format!("{name}.rejects.jsonl")))
            }
            (_, None, None) => bail!("--on-error reject needs --rejects FILE with standard output"),
        };
        let mut rejects = Self {
            path,
            file: None,
            length: journal.map_or(0, |journal| journal.rejects),
            keep: journal.is_some(),
        };
        if let Some(path) = rejects.path.clone()
            && path.exists()
        {
            if !plan.overwrite && journal.is_none_or(|journal| journal.is_new) {
                bail!("{} exists; give --overwrite to replace it", path.display());
            }
            // What an interrupted run wrote of a file that it did not finish.
            rejects.open()?;
        }
        Ok(rejects)
    }

    fn open(&mut self) -> Result<&mut File> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let path = self.path.clone().context("no reject file")?;
        if self.file.is_none() {
            let cannot = || format!("cannot write {}", path.display());
            let mut file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(&path)
                .with_context(cannot)?;
            file.set_len(self.length).with_context(cannot)?;
            std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0)).with_context(cannot)?;
            self.file = Some(file);
        }
        self.file.as_mut().context("no reject file")
    }

    fn add(&mut self, input: &str, record: Option<u64>, reason: &str, bytes: &[u8]) -> Result<()> {
        let text = std::str::from_utf8(bytes).ok();
        let line = RejectLine {
            input,
            record,
            reason,
            text: text.filter(|text| !text.is_empty()),
            bytes: text.is_none().then_some(bytes),
        };
        let mut line = serde_json::to_string(&line)?;
        line.push('\n');
        self.open()?
            .write_all(line.as_bytes())
            .context("cannot write the reject file")?;
        self.length += line.len() as u64;
        Ok(())
    }

    /// Its length, once it is on the disk.
    fn sync(&mut self) -> Result<u64> {
        if let Some(file) = &self.file {
            file.sync_data().context("cannot write the reject file")?;
        }
        Ok(self.length)
    }
}

impl Drop for Rejects {
    fn drop(&mut self) {
        if let (false, Some(_), Some(path)) = (self.keep, &self.file, &self.path) {
            let _ = std::fs::remove_file(path);
        }
    }
}

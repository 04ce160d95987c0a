//! Work on all cores, results in order, memory bounded.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, sync_channel};

use anyhow::{Result, anyhow};

/// Does each job on some thread and gives the results in the jobs' order. At most
/// a few jobs a thread exist at once. Stops at the first error of either side.
pub(crate) fn run<J: Send, R: Send>(
    jobs: impl Iterator<Item = Result<J>>,
    work: impl Fn(J) -> R + Sync,
    mut emit: impl FnMut(R) -> Result<()>,
) -> Result<()> {
    let threads = crate::input::threads();
    let ahead = threads * 3;
    let (sender, receiver) = sync_channel::<(J, std::sync::mpsc::SyncSender<R>)>(ahead);
    let receiver = Mutex::new(receiver);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((job, result)) = take(&receiver) {
                    // Nobody waits for it where the run was stopped.
                    let _ = result.send(work(job));
                }
            });
        }
        let sender = sender;
        let mut waiting: VecDeque<Receiver<R>> = VecDeque::new();
        let mut first = |waiting: &mut VecDeque<Receiver<R>>| match waiting.pop_front() {
            Some(result) => emit(result.recv().map_err(|_| anyhow!("a worker stopped"))?),
            None => Ok(()),
        };
        for job in jobs {
            let (answer, result) = sync_channel(1);
            sender
                .send((job?, answer))
                .map_err(|_| anyhow!("the workers stopped"))?;
            waiting.push_back(result);
            if waiting.len() >= ahead {
                first(&mut waiting)?;
            }
        }
        while !waiting.is_empty() {
            first(&mut waiting)?;
        }
        Ok(())
    })
}

fn take<T>(receiver: &Mutex<Receiver<T>>) -> Option<T> {
    receiver.lock().ok()?.recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_stops_at_an_error() {
        let mut seen = Vec::new();
        run(
            (0..1000_u64).map(Ok),
            |job| {
                std::thread::sleep(std::time::Duration::from_micros(job * 7 % 50));
                job * 2
            },
            |result| {
                seen.push(result);
                Ok(())
            },
        )
        .expect("no error");
        assert!(seen.iter().copied().eq((0..1000).map(|job| job * 2)));
        let jobs = (0..100).map(|job| {
            if job < 50 {
                Ok(job)
            } else {
                Err(anyhow!("broken"))
            }
        });
        assert!(run(jobs, |job| job, |_| Ok(())).is_err());
        assert!(run((0..100).map(Ok), |job| job, |_| Err(anyhow!("full"))).is_err());
    }
}

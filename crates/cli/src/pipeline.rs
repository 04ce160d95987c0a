//! Work on all cores, results in order, memory bounded.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, sync_channel};

use anyhow::{Result, anyhow};

/// The most bytes of jobs that are not done yet, but for one alone that has more: what
/// is done with a record takes several times its size.
const MOST: usize = 64 << 20;

/// Does each job on some thread and gives the results in the jobs' order. At most
/// a few jobs a thread exist at once, and of large ones fewer: `weigh` says how many
/// bytes a job has. Stops at the first error of either side.
pub(crate) fn run<J: Send, R: Send>(
    jobs: impl Iterator<Item = Result<J>>,
    weigh: impl Fn(&J) -> usize,
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
        let mut waiting: VecDeque<(Receiver<R>, usize)> = VecDeque::new();
        let mut bytes = 0;
        // The bytes of the first job, which is done then.
        let mut first = |waiting: &mut VecDeque<(Receiver<R>, usize)>| -> Result<usize> {
            let Some((result, weight)) = waiting.pop_front() else {
                return Ok(0);
            };
            emit(result.recv().map_err(|_| anyhow!("a worker stopped"))?)?;
            Ok(weight)
        };
        for job in jobs {
            let job = job?;
            let weight = weigh(&job);
            while !waiting.is_empty() && bytes + weight > MOST {
                bytes -= first(&mut waiting)?;
            }
            let (answer, result) = sync_channel(1);
            sender
                .send((job, answer))
                .map_err(|_| anyhow!("the workers stopped"))?;
            waiting.push_back((result, weight));
            bytes += weight;
            if waiting.len() >= ahead {
                bytes -= first(&mut waiting)?;
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
            |_| 1,
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
        assert!(run(jobs, |_| 1, |job| job, |_| Ok(())).is_err());
        assert!(run((0..100).map(Ok), |_| 1, |job| job, |_| Err(anyhow!("full"))).is_err());
    }

    #[test]
    fn large_jobs_wait_for_each_other() {
        let (now, most) = (Mutex::new(0_usize), Mutex::new(0_usize));
        // Each weighs itself, and is counted from when it is made to when it is done.
        let jobs = (0..200_usize).map(|number| {
            let weight = [MOST / 2 - 1, 1, MOST * 3, 0][number % 4];
            *now.lock().expect("no panic") += weight;
            Ok(weight)
        });
        run(
            jobs,
            |weight| *weight,
            |weight| weight,
            |weight| {
                let mut now = now.lock().expect("no panic");
                let mut most = most.lock().expect("no panic");
                *most = (*most).max(*now);
                *now -= weight;
                Ok(())
            },
        )
        .expect("no error");
        // What was made is known to be large when it is there: one more than is held.
        assert!(*most.lock().expect("no panic") <= MOST * 4);
    }
}

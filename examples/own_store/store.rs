//! Plain files in a folder: one for each aggregate of any kind, and one for what they claim.

use std::sync::{Mutex, PoisonError};
use std::{collections::BTreeMap, fs, io, path::PathBuf};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, from_slice, to_value, to_vec};
use whatsapp_inbox::decider::{Claim, Decider, Version};
use whatsapp_inbox::port::{self, Applied, Backend, Commit, CommitError, Committed, Due, EffectId, Leased, Loaded};
use whatsapp_inbox::{id::CommandId, time::Instant};

/// A folder, for one process: the lock is in memory. For several, lock a file in the folder as well.
pub(crate) struct Files {
    pub(crate) folder: PathBuf,
    pub(crate) lock: Mutex<()>,
}

/// What is kept of one aggregate. Its state is not: that is what the events come to.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")] // All of it can be written and read, whichever kind `A` is.
struct Page<A: Decider> {
    id: A::Id,
    version: Version,
    events: Vec<(port::Metadata, A::Event)>,
    commands: BTreeMap<CommandId, Applied>,
    deadline: Option<Instant>,
    /// What is not done, in order, each with the instant from which on it may be lent again.
    effects: Vec<(Leased<A>, Instant)>,
}

/// A file's name. Ids have small letters only, so it does where `A.json` and `a.json` are the same file, too.
fn name<A: Decider>(id: A::Id) -> String {
    format!("{}-{}.json", A::NAME, id.to_string().replace('/', "-"))
}

impl Files {
    /// One call at a time, each after what a crash left to do. It blocks: a runtime has threads for that.
    fn locked<T>(&self, work: impl FnOnce() -> io::Result<T>) -> Result<T, Backend> {
        let _lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.finish().and_then(|()| work()).map_err(Backend::new)
    }

    /// Writes all of these files or none (`core.atomic`): by its renaming the journal is there at once, and whole.
    fn write(&self, files: &[(String, Value)]) -> io::Result<()> {
        self.save("draft", &files)?;
        fs::rename(self.folder.join("draft"), self.folder.join("journal"))?;
        self.finish()
    }

    /// Copies what the journal holds to its places. If a crash cuts that short, the next call does all of it again.
    fn finish(&self) -> io::Result<()> {
        let Some(files) = self.read::<Vec<(String, Value)>>("journal")? else { return Ok(()) };
        files.iter().try_for_each(|(name, content)| self.save(name, content))?;
        fs::remove_file(self.folder.join("journal"))
    }

    /// Writes a file, and waits until the disk has it. To outlast a power cut, do the same with the folder.
    fn save(&self, name: &str, content: &impl Serialize) -> io::Result<()> {
        fs::write(self.folder.join(name), to_vec(content)?)?;
        fs::File::options().write(true).open(self.folder.join(name))?.sync_all()
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> io::Result<Option<T>> {
        let path = self.folder.join(name);
        path.try_exists()?.then(|| Ok(from_slice(&fs::read(path)?)?)).transpose()
    }

    fn page<A: Decider>(&self, id: A::Id) -> io::Result<Page<A>> {
        let (version, events, commands) = (Version::FIRST, vec![], BTreeMap::new());
        let unwritten = || Page { id, version, events, commands, deadline: None, effects: vec![] };
        Ok(self.read(&name::<A>(id))?.unwrap_or_else(unwritten))
    }

    /// All of one kind. It reads every file, where a database has an index.
    fn pages<A: Decider>(&self) -> io::Result<Vec<Page<A>>> {
        let names = fs::read_dir(&self.folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let names = names.collect::<io::Result<Vec<String>>>()?.into_iter().filter(|name| name.starts_with(A::NAME));
        names.filter_map(|name| self.read(&name).transpose()).collect()
    }
}

impl<A: Decider> port::Store<A> for Files {
    async fn load(&self, id: A::Id, command: Option<CommandId>) -> Result<Loaded<A>, Backend> {
        let page = self.locked(|| self.page::<A>(id))?;
        let applied = command.and_then(|command| page.commands.get(&command).copied());
        Ok(Loaded::new(A::replay(page.events.iter().map(|(_, event)| event)), page.version, applied))
    }

    async fn commit(&self, commit: Commit<A>) -> Result<Committed, CommitError> {
        self.locked(|| {
            let (mut page, name) = (self.page::<A>(commit.aggregate)?, name::<A>(commit.aggregate));
            if let Some(answer) = commit.settled(page.version, page.commands.get(&commit.metadata.command)) {
                return Ok(answer); // The files did their part, whatever the answer is.
            }
            let mut claims = self.read::<Vec<(Claim, String)>>("claims.json")?.into_iter().flatten().collect();
            if let Err(unavailable) = commit.claim(&mut claims, &name) {
                return Ok(Err(unavailable.into()));
            }
            (page.version, page.deadline) = (commit.version(), commit.deadline);
            page.commands.insert(commit.metadata.command, Applied::new(page.version, commit.fingerprint));
            page.events.extend(commit.events.into_iter().map(|event| (commit.metadata, event)));
            page.effects.extend(commit.effects.into_iter().map(|effect| (Leased::new(effect, 0), Instant::MIN)));
            self.write(&[(name, to_value(&page)?), ("claims.json".into(), to_value(Vec::from_iter(claims))?)])?;
            Ok(Ok(Committed::Now { version: page.version }))
        })?
    }

    async fn due(&self, now: Instant, limit: usize) -> Result<Vec<Due<A::Id>>, Backend> {
        let due = |page: &Page<A>| Some(Due::new(page.id, page.deadline.filter(|at| *at <= now)?, page.version));
        let mut due: Vec<_> = self.locked(|| self.pages())?.iter().filter_map(due).collect();
        due.sort_by_key(|due| due.deadline);
        Ok(due.into_iter().take(limit).collect())
    }

    async fn lease(&self, now: Instant, until: Instant, limit: usize) -> Result<Vec<Leased<A>>, Backend> {
        let free = |page: &Page<A>| page.effects.first().is_some_and(|(_, from)| *from <= now);
        self.locked(|| {
            let (mut lent, mut files) = (vec![], vec![]);
            for mut page in self.pages()?.into_iter().filter(free).take(limit) {
                let (first, from) = &mut page.effects[0];
                (first.tries, *from) = (first.tries + 1, until);
                lent.push(first.clone());
                files.push((name::<A>(page.id), to_value(page)?));
            }
            self.write(&files).map(|()| lent)
        })
    }

    async fn done(&self, effect: EffectId<A::Id>) -> Result<(), Backend> {
        self.locked(|| {
            let name = name::<A>(effect.event.aggregate);
            let Some(mut page) = self.read::<Page<A>>(&name)? else { return Ok(()) };
            page.effects.retain(|(waiting, _)| waiting.outgoing.id != effect);
            self.write(&[(name, to_value(page)?)])
        })
    }
}

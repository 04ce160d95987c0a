//! Messages of SMB 2: framing, header, and the commands that a reader needs.
//!
//! One request at a time; an answer to another one, or a length that does not fit,
//! ends the connection. Files are opened to be read, never made.

use super::login;
use crate::product::{Cursor, size};
use crate::transport::{Failure, Link};

const HEADER: usize = 64;
const NEGOTIATE: u16 = 0;
const SESSION_SETUP: u16 = 1;
const TREE_CONNECT: u16 = 3;
const CREATE: u16 = 5;
const CLOSE: u16 = 6;
const READ: u16 = 8;
const IOCTL: u16 = 11;
const QUERY_DIRECTORY: u16 = 14;

/// Bytes of entries or of a call's answer that are asked for at a time.
const ROOM: u32 = 32 << 10;

/// 2.0.2 to 3.0.2. 3.1.1 binds the handshake to a key that nobody has here.
const DIALECTS: [(u16, &str); 4] = [
    (0x0202, "2.0.2"),
    (0x0210, "2.1"),
    (0x0300, "3.0"),
    (0x0302, "3.0.2"),
];

/// What a server says of a request (\[MS-ERREF\], section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Fine,
    Other(u32),
}

impl Status {
    /// Access denied, logon failure, account restriction, logon hours, workstation,
    /// account disabled, nobody of that name, logon type not granted, network access
    /// denied.
    pub(super) fn refuses(self) -> bool {
        matches!(
            self,
            Self::Other(
                0xc000_0022
                    | 0xc000_006d
                    | 0xc000_006e
                    | 0xc000_006f
                    | 0xc000_0070
                    | 0xc000_0072
                    | 0xc000_0073
                    | 0xc000_015b
                    | 0xc000_00ca
            )
        )
    }
}

const MORE_PROCESSING: Status = Status::Other(0xc000_0016);
const NOT_SUPPORTED: Status = Status::Other(0xc000_00bb);
const NO_MORE_FILES: Status = Status::Other(0x8000_0006);
const PENDING: u32 = 0x103;
const OVERFLOW: Status = Status::Other(0x8000_0005);

pub(super) struct Client {
    link: Link,
    host: String,
    message: u64,
    session: u64,
    tree: u32,
}

struct Answer {
    status: Status,
    session: u64,
    tree: u32,
    /// The whole message, header included, since offsets count from there.
    bytes: Vec<u8>,
}

impl Answer {
    fn body(&self) -> Result<Cursor<'_>, Failure> {
        let mut fields = Cursor::new(&self.bytes);
        fields.bytes(HEADER)?;
        Ok(fields)
    }

    fn part(&self, offset: usize, length: usize) -> Result<&[u8], Failure> {
        let mut fields = Cursor::new(&self.bytes);
        fields.bytes(offset)?;
        fields.bytes(length)
    }
}

impl Client {
    pub(super) fn new(link: Link, host: String) -> Self {
        Self {
            link,
            host,
            message: 0,
            session: 0,
            tree: 0,
        }
    }

    async fn ask(&mut self, command: u16, body: &[u8]) -> Result<Answer, Failure> {
        let mut bytes = header(command, self.message, self.tree, self.session);
        bytes.extend_from_slice(body);
        let id = self.message;
        self.message += 1;
        self.link.send(&framed(&bytes)?).await?;
        // "Wait" comes once or twice, if at all.
        for _ in 0..8 {
            let head = self.link.exact(4).await?;
            let length = size(Cursor::new(&head).u32()?)?;
            // A first byte that is not zero is another kind of message.
            if !(HEADER..1 << 24).contains(&length) {
                return Err(Failure::Malformed("no message of SMB 2"));
            }
            let bytes = self.link.exact(length).await?;
            self.link.next_answer();
            let mut fields = Cursor::new(&bytes);
            if fields.bytes(4)? != b"\xfeSMB" || fields.le16()? != 64 {
                return Err(Failure::Malformed("no message of SMB 2"));
            }
            fields.bytes(2)?;
            let status = fields.le32()?;
            let answered = fields.le16()?;
            fields.bytes(2)?;
            let reply = fields.le32()? & 1 == 1;
            fields.bytes(4)?;
            let message = fields.le64()?;
            fields.bytes(4)?;
            let tree = fields.le32()?;
            let session = fields.le64()?;
            if !reply || answered != command || message != id {
                return Err(Failure::Malformed("an answer to another request"));
            }
            if status == PENDING {
                continue;
            }
            return Ok(Answer {
                status: match status {
                    0 => Status::Fine,
                    other => Status::Other(other),
                },
                session,
                tree,
                bytes,
            });
        }
        Err(Failure::Silent)
    }

    /// The dialect; `None` when there is none in common.
    pub(super) async fn negotiate(&mut self) -> Result<Option<&'static str>, Failure> {
        let answer = self.ask(NEGOTIATE, &negotiate_body()).await?;
        if answer.status == NOT_SUPPORTED {
            return Ok(None);
        }
        if answer.status != Status::Fine {
            return Err(Failure::Malformed("an error to a first message"));
        }
        let mut fields = answer.body()?;
        if fields.le16()? != 65 {
            return Err(Failure::Malformed("no answer to NEGOTIATE"));
        }
        fields.bytes(2)?;
        let dialect = fields.le16()?;
        DIALECTS
            .iter()
            .find(|(number, _)| *number == dialect)
            .map(|(_, name)| Some(*name))
            .ok_or(Failure::Malformed("a dialect that was not offered"))
    }

    /// How the anonymous login ended, and whether it was made a guest's.
    pub(super) async fn login(&mut self) -> Result<(Status, bool), Failure> {
        let answer = self
            .ask(SESSION_SETUP, &setup_body(&login::first()?)?)
            .await?;
        if answer.status != MORE_PROCESSING {
            return Ok((answer.status, false));
        }
        self.session = answer.session;
        let mut fields = answer.body()?;
        fields.bytes(4)?;
        let (offset, length) = (fields.le16()?, fields.le16()?);
        let token = answer.part(usize::from(offset), usize::from(length))?;
        if !login::is_challenge(token) {
            // It wants another way to log in, such as Kerberos.
            return Ok((Status::Other(0xc000_006d), false));
        }
        let answer = self
            .ask(SESSION_SETUP, &setup_body(&login::second()?)?)
            .await?;
        let mut fields = answer.body()?;
        fields.bytes(2)?;
        let guest = answer.status == Status::Fine && fields.le16()? & 1 == 1;
        Ok((answer.status, guest))
    }

    pub(super) async fn tree(&mut self, share: &str) -> Result<Status, Failure> {
        self.tree = 0;
        let path = wide(&format!("\\\\{}\\{share}", self.host));
        let mut body = [9_u16, 0, 72].map(u16::to_le_bytes).concat();
        body.extend(short(path.len())?);
        body.extend(path);
        let answer = self.ask(TREE_CONNECT, &body).await?;
        if answer.status == Status::Fine {
            self.tree = answer.tree;
        }
        Ok(answer.status)
    }

    /// Opens what is there, by its name inside the share.
    pub(super) async fn open(
        &mut self,
        name: &str,
        access: u32,
        options: u32,
    ) -> Result<Result<[u8; 16], Status>, Failure> {
        let name = wide(name);
        let mut body = 57_u16.to_le_bytes().to_vec();
        body.extend([0, 0]);
        // Impersonation, no flags.
        body.extend(2_u32.to_le_bytes());
        body.extend([0; 16]);
        // Access, no attributes, shared with everybody, open and never make.
        for number in [access, 0, 7, 1, options] {
            body.extend(number.to_le_bytes());
        }
        body.extend(120_u16.to_le_bytes());
        body.extend(short(name.len())?);
        body.extend([0; 8]);
        body.extend(&name);
        if name.is_empty() {
            body.push(0);
        }
        let answer = self.ask(CREATE, &body).await?;
        if answer.status != Status::Fine {
            return Ok(Err(answer.status));
        }
        let mut fields = answer.body()?;
        fields.bytes(64)?;
        let id = fields.bytes(16)?;
        Ok(Ok(id
            .try_into()
            .map_err(|_| Failure::Malformed("no file id"))?))
    }

    pub(super) async fn close(&mut self, file: &[u8; 16]) -> Result<(), Failure> {
        let mut body = 24_u16.to_le_bytes().to_vec();
        body.extend([0; 6]);
        body.extend(file);
        self.ask(CLOSE, &body).await.map(|_| ())
    }

    /// How many entries the root folder of a share has, those of one answer.
    pub(super) async fn entries(&mut self, share: &str) -> Result<Result<usize, Status>, Failure> {
        // List, read attributes, wait.
        const ACCESS: u32 = 0x0010_0081;
        const FOLDER: u32 = 1;
        match self.tree(share).await? {
            Status::Fine => {}
            status @ Status::Other(_) => return Ok(Err(status)),
        }
        let folder = match self.open("", ACCESS, FOLDER).await? {
            Ok(folder) => folder,
            Err(status) => return Ok(Err(status)),
        };
        // Names alone, from the start.
        let pattern = wide("*");
        let mut body = 33_u16.to_le_bytes().to_vec();
        body.extend([12, 1]);
        body.extend(0_u32.to_le_bytes());
        body.extend(folder);
        body.extend(96_u16.to_le_bytes());
        body.extend(short(pattern.len())?);
        body.extend(ROOM.to_le_bytes());
        body.extend(pattern);
        let answer = self.ask(QUERY_DIRECTORY, &body).await?;
        let listed = match answer.status {
            Status::Fine => {
                let mut fields = answer.body()?;
                fields.bytes(2)?;
                let offset = usize::from(fields.le16()?);
                let length = size(fields.le32()?)?;
                Ok(count(answer.part(offset, length)?)?)
            }
            NO_MORE_FILES => Ok(0),
            status @ Status::Other(_) => Err(status),
        };
        self.close(&folder).await?;
        Ok(listed)
    }

    /// Writes a call to a pipe and reads its answer, which may come in parts.
    pub(super) async fn call(
        &mut self,
        pipe: &[u8; 16],
        call: &[u8],
    ) -> Result<Result<Vec<u8>, Status>, Failure> {
        const TRANSCEIVE: u32 = 0x0011_c017;
        let mut body = [57_u16, 0].map(u16::to_le_bytes).concat();
        body.extend(TRANSCEIVE.to_le_bytes());
        body.extend(pipe);
        let length = u32::try_from(call.len()).map_err(|_| Failure::TooLarge)?;
        // In from here so much, nothing back of it; out so much.
        for number in [120, length, 0, 120, 0, ROOM, 1, 0] {
            body.extend(number.to_le_bytes());
        }
        body.extend_from_slice(call);
        let answer = self.ask(IOCTL, &body).await?;
        if !matches!(answer.status, Status::Fine | OVERFLOW) {
            return Ok(Err(answer.status));
        }
        let mut fields = answer.body()?;
        fields.bytes(32)?;
        let (offset, length) = (size(fields.le32()?)?, size(fields.le32()?)?);
        Ok(Ok(answer.part(offset, length)?.to_vec()))
    }

    /// The next part of an answer on a pipe.
    pub(super) async fn more(
        &mut self,
        pipe: &[u8; 16],
    ) -> Result<Result<Vec<u8>, Status>, Failure> {
        let mut body = 49_u16.to_le_bytes().to_vec();
        body.extend([0x50, 0]);
        body.extend(ROOM.to_le_bytes());
        body.extend([0; 8]);
        body.extend(pipe);
        body.extend([0; 17]);
        let answer = self.ask(READ, &body).await?;
        if !matches!(answer.status, Status::Fine | OVERFLOW) {
            return Ok(Err(answer.status));
        }
        let mut fields = answer.body()?;
        fields.bytes(2)?;
        let offset = usize::from(fields.u8()?);
        fields.bytes(1)?;
        let length = size(fields.le32()?)?;
        Ok(Ok(answer.part(offset, length)?.to_vec()))
    }
}

/// Entries of a folder (\[MS-FSCC\], section 2.4.33), each with a name that ends
/// inside it.
fn count(list: &[u8]) -> Result<usize, Failure> {
    let mut left = list;
    let mut entries = 0;
    loop {
        let mut fields = Cursor::new(left);
        let next = size(fields.le32()?)?;
        fields.bytes(4)?;
        let name = size(fields.le32()?)?;
        if name == 0 || name % 2 != 0 || name > 510 {
            return Err(Failure::Malformed("an entry without name"));
        }
        fields.bytes(name)?;
        entries += 1;
        if next == 0 {
            return Ok(entries);
        }
        if next < 12 + name {
            return Err(Failure::Malformed("entries that overlap"));
        }
        left = left
            .get(next..)
            .ok_or(Failure::Malformed("an entry outside its list"))?;
    }
}

fn header(command: u16, message: u64, tree: u32, session: u64) -> Vec<u8> {
    let mut out = b"\xfeSMB".to_vec();
    let charge = u16::from(command != NEGOTIATE);
    out.extend([64, charge].map(u16::to_le_bytes).concat());
    out.extend(0_u32.to_le_bytes());
    out.extend([command, 31].map(u16::to_le_bytes).concat());
    out.extend([0; 8]);
    out.extend(message.to_le_bytes());
    out.extend(0_u32.to_le_bytes());
    out.extend(tree.to_le_bytes());
    out.extend(session.to_le_bytes());
    out.extend([0; 16]);
    out
}

fn negotiate_body() -> Vec<u8> {
    // Signing is possible, nothing else is.
    let mut out = [36, 4, 1, 0].map(u16::to_le_bytes).concat();
    out.extend([0; 4]);
    // Whoever this is: nobody is told which client it was.
    out.extend([0; 16]);
    out.extend([0; 8]);
    for (number, _) in DIALECTS {
        out.extend(number.to_le_bytes());
    }
    out
}

pub(super) fn first_negotiate() -> Vec<u8> {
    let mut bytes = header(NEGOTIATE, 0, 0, 0);
    bytes.extend(negotiate_body());
    framed(&bytes).unwrap_or_default()
}

/// NEGOTIATE of SMB 1 (\[MS-CIFS\], section 2.2.4.52) for "NT LM 0.12".
pub(super) fn old_negotiate() -> Vec<u8> {
    let dialect = b"\x02NT LM 0.12\0";
    let mut bytes = b"\xffSMBr".to_vec();
    // No error, flags of a request, no ids.
    bytes.extend([0, 0, 0, 0, 0x18, 0x01, 0xc8]);
    bytes.extend([0; 20]);
    // No words; so many bytes.
    bytes.push(0);
    bytes.extend([12, 0]);
    bytes.extend(dialect);
    framed(&bytes).unwrap_or_default()
}

fn setup_body(token: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut out = 25_u16.to_le_bytes().to_vec();
    out.extend([0, 1]);
    out.extend([0; 8]);
    out.extend(88_u16.to_le_bytes());
    out.extend(short(token.len())?);
    out.extend([0; 8]);
    out.extend_from_slice(token);
    Ok(out)
}

fn framed(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let length = u32::try_from(bytes.len()).map_err(|_| Failure::TooLarge)?;
    let mut out = length.to_be_bytes().to_vec();
    out.extend_from_slice(bytes);
    Ok(out)
}

fn short(length: usize) -> Result<[u8; 2], Failure> {
    u16::try_from(length)
        .map(u16::to_le_bytes)
        .map_err(|_| Failure::TooLarge)
}

/// UTF-16, as all names are.
fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

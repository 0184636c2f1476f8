//! JSON lines: each line, either way, is one commandtuple, `["name", [arguments], {keywords}]`. The Portal makes a
//! `JsonLines` for each connection, and hands it bytes and tuples.

use meadow::{
    CommandTuple, Depth, Flags, Kwargs, Outbox, Protocol, Render, Rendering, Time, clean_input,
    serde_json::{self, Value, json},
    text, tuple,
};

/// Longest line that is read, in bytes, without its end.
pub const LINE_LIMIT: usize = 6000;

/// One connection.
#[derive(Debug, Default)]
pub struct JsonLines {
    flags: Flags,
    /// What has come of a line that is not whole yet.
    line: Vec<u8>,
    /// The line is past its limit; no more of it is kept.
    too_long: bool,
    /// How many lines were commandtuples.
    read: u64,
}

impl Protocol for JsonLines {
    fn key(&self) -> &'static str {
        "json-lines"
    }

    fn flags(&self) -> &Flags {
        &self.flags
    }

    fn set_flags(&mut self, flags: Flags) {
        self.flags = flags;
    }

    fn connect(&mut self, _now: Time, out: &mut Outbox) {
        // There is nothing to negotiate: the game may be told at once.
        out.ready();
    }

    fn receive(&mut self, _now: Time, bytes: &[u8], out: &mut Outbox) {
        for &byte in bytes {
            match byte {
                b'\n' => self.end_of_line(out),
                _ if self.line.len() < LINE_LIMIT => self.line.push(byte),
                _ => self.too_long = true,
            }
        }
    }

    fn send(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        match tuple.name.as_str() {
            "text" => self.send_text(tuple, render, out),
            "prompt" => self.send_prompt(tuple, render, out),
            "pong" => self.send_pong(tuple, out),
            _ => self.send_default(tuple, out),
        }
    }

    fn send_text(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        if tuple.args.first().is_none_or(Value::is_null) {
            // It says nothing, and is there for its options.
            return;
        }
        // Programs read this, so markup is taken out, unless the game wants it sent as it is.
        let rendering = match tuple.has_option("raw") {
            true => Rendering::Raw,
            false => Rendering::Ansi { depth: Depth::None, screenreader: false },
        };
        write(out, &tuple.name, &[json!(render.text(rendering))], &payload(tuple));
    }

    fn send_prompt(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        // A line is a line here; that this one is a prompt is told by its name.
        self.send_text(tuple, render, out);
    }

    fn send_default(&mut self, tuple: &CommandTuple, out: &mut Outbox) {
        write(out, &tuple.name, &tuple.args, &payload(tuple));
    }

    fn disconnect(&mut self, reason: &str, out: &mut Outbox) {
        self.send_text(&text(reason), &mut Render::new(reason), out);
    }

    fn describe(&self) -> Vec<(String, String)> {
        vec![("lines read".to_owned(), self.read.to_string())]
    }
}

impl JsonLines {
    /// An outputfunc of our own: the answer to a `ping` is not wrapped up in a tuple.
    fn send_pong(&mut self, tuple: &CommandTuple, out: &mut Outbox) {
        let token = tuple.args.first().unwrap_or(&Value::Null);
        out.transmit(format!("{}\n", json!({ "pong": token })).as_bytes());
    }

    fn end_of_line(&mut self, out: &mut Outbox) {
        // Taken, not cleared: an idle connection holds no buffer.
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.too_long) {
            return complain(out, &format!("the line is longer than {LINE_LIMIT} bytes"));
        }
        if line.trim_ascii().is_empty() {
            return;
        }
        match parse(&line) {
            Ok(tuple) => {
                self.read += 1;
                out.input(tuple);
            }
            Err(error) => complain(out, &format!("this is not [\"name\", [..], {{..}}]: {error}")),
        }
    }
}

/// Reads a line as a commandtuple.
fn parse(line: &[u8]) -> Result<CommandTuple, serde_json::Error> {
    let (name, args, kwargs): (String, Vec<Value>, Kwargs) = serde_json::from_slice(line)?;
    // As the game finds inputfuncs: so there is only one spelling of `text` to look out for.
    let mut tuple = CommandTuple { name: name.trim().to_lowercase(), args, kwargs };
    if tuple.name == "text" {
        for arg in &mut tuple.args {
            if let Value::String(typed) = arg {
                // What one player types, others will see; escape sequences of terminals must not get there.
                *typed = clean_input(typed).into_owned();
            }
        }
    }
    Ok(tuple)
}

/// The keywords of a tuple without `options`, which say how it is sent.
fn payload(tuple: &CommandTuple) -> Kwargs {
    tuple.payload().map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn complain(out: &mut Outbox, about: &str) {
    let error = tuple("error").arg(about);
    write(out, &error.name, &error.args, &error.kwargs);
}

fn write(out: &mut Outbox, name: &str, args: &[Value], kwargs: &Kwargs) {
    out.transmit(format!("{}\n", json!([name, args, kwargs])).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_not_sent() {
        let (mut protocol, mut out) = (JsonLines::default(), Outbox::new());
        let hide = tuple("text").arg(Value::Null).kw("options", json!({ "echo": false }));
        protocol.send(&hide, &mut Render::new(""), &mut out);
        assert!(out.bytes().is_empty());
    }

    /// What a client that sends this, in pieces of a size, has the game hear, and is told itself.
    fn told(sent: &[u8], piece: usize) -> (Vec<CommandTuple>, String) {
        let (mut protocol, mut out) = (JsonLines::default(), Outbox::new());
        sent.chunks(piece).for_each(|bytes| protocol.receive(Time::default(), bytes, &mut out));
        (out.take_inputs(), String::from_utf8_lossy(out.bytes()).into_owned())
    }

    #[test]
    fn lines_become_inputs_however_the_stream_is_cut() {
        let sent = b"[\"text\", [\"look\"], {}]\r\n\n[\"ping\", [7], {\"x\": [1, {}]}]\nnonsense\n[\"text\"";
        let whole = told(sent, sent.len());
        assert_eq!(whole.0, [text("look"), tuple("ping").arg(7).kw("x", json!([1, {}]))]);
        assert!(
            whole.1.starts_with("[\"error\",[\"this is not") && whole.1.lines().count() == 1,
            "{}",
            whole.1
        );
        for piece in 1..sent.len() {
            assert_eq!(told(sent, piece), whole, "{piece}");
        }
    }

    #[test]
    fn a_line_at_the_limit_and_one_past() {
        let line = |length: usize| {
            format!("[\"a\",[\"{}\"],{{}}]\n", "x".repeat(length - "[\"a\",[\"\"],{}]".len()))
        };
        assert_eq!(told(line(LINE_LIMIT).as_bytes(), 4096).0.len(), 1);
        let sent = line(LINE_LIMIT + 1) + "[\"b\",[],{}]\n";
        let (inputs, answer) = told(sent.as_bytes(), 4096);
        assert_eq!(inputs, [tuple("b")], "the next line is read again");
        assert_eq!(answer, "[\"error\",[\"the line is longer than 6000 bytes\"],{}]\n");
    }

    #[test]
    fn what_is_typed_carries_no_controls_however_text_is_spelled() {
        for name in ["text", " TEXT"] {
            let sent = format!("[\"{name}\", [\"say \\u001b[2Jhi\\n\"], {{}}]\n");
            assert_eq!(told(sent.as_bytes(), 99).0, [text("say hi")]);
        }
    }

    #[test]
    fn tuples_become_lines() {
        let (mut protocol, mut out) = (JsonLines::default(), Outbox::new());
        for tuple in [
            text("|rA rose|n\nis ||").kw("type", "look"),
            text("|r").with_option("raw", true),
            meadow::prompt("> "),
            tuple("pong").arg(7),
            tuple("char_vitals").kw("hp", 3).with_option("raw", true),
        ] {
            protocol.send(&tuple, &mut Render::new(&tuple.shown()), &mut out);
        }
        assert_eq!(
            String::from_utf8_lossy(out.bytes()),
            "[\"text\",[\"A rose\\nis |\"],{\"type\":\"look\"}]\n[\"text\",[\"|r\"],{}]\n[\"prompt\",[\"> \"],{}]\n\
             {\"pong\":7}\n[\"char_vitals\",[],{\"hp\":3}]\n"
        );
    }
}

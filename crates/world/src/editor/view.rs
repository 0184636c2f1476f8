//! What the editor shows: lines with their numbers, a frame around them, its help.

use std::ops::Range;

use crate::text::escape;

/// How wide the frame is.
const WIDTH: usize = 78;

/// What `:h` says.
pub(super) const HELP: &str = "\
|wThe line editor|n

Whatever is typed is added to the end of the text, unless it begins with a colon.
<l> is a line, |w3|n, or several, |w3:5|n, |w3:|n, |w:5|n; <w> is a word, a regular expression, or words in \"quotes\".

 |w:|n <l>           show the text, or lines of it        |w::|n <l>    the same without numbers
 |w:::|n<text>       add a line that begins with a colon  |w:h|n        this help

 |w:w|n              save                                 |w:wq|n       save and leave
 |w:q|n              leave; asks if something is unsaved  |w:q!|n       leave without saving

 |w:u|n              undo                                 |w:uu|n       redo
 |w:UU|n             go back to the text as it was at first

 |w:dd|n <l>         delete the last line, or lines       |w:DD|n       delete everything
 |w:dw|n <l> <w>     delete a word everywhere, or in lines

 |w:y|n <l>          copy lines                           |w:x|n <l>    cut lines
 |w:p|n <l>          put what was copied after a line     |w:i|n <l> <text>  insert before a line
 |w:r|n <l> <text>   replace a line                       |w:I|n <l> <text>  add to the beginning of a line
 |w:A|n <l> <text>   add to the end of a line

 |w:s|n <l> <w> <text>  replace a word by a text everywhere, or in lines
 |w:j|n <l> <how>    justify: |wf|null, |wl|neft, |wc|nenter or |wr|night |w:f|n <l>    fill lines
 |w:fi|n <l>         indent                               |w:fd|n <l>   take indentation back
 |w:>|n |w:<|n |w:=|n        indent new lines more, less, not at all

 |w:echo|n           whether what you type is shown with its number";

/// Lines in a frame, with what the text is at the top and how long it is at the bottom.
pub(super) fn framed(title: &str, lines: &[String], range: Range<usize>) -> String {
    let top = format!("Line editor [{title}|n]");
    let (words, letters) = count(lines);
    let bottom = format!("[l:{:02} w:{words:03} c:{letters:04}]", lines.len());
    let shown = numbered(lines, range);
    format!("|n{}{top}{}\n{shown}\n{}{bottom}{}(:h for help)", rule(10), rule(10), rule(10), rule(12))
}

/// Lines with their numbers; what is typed is no markup here.
pub(super) fn numbered(lines: &[String], range: Range<usize>) -> String {
    let shown = lines.iter().enumerate().take(range.end).skip(range.start);
    let shown: Vec<String> =
        shown.map(|(at, line)| format!("|b{:02}|||n {}", at + 1, escape(line))).collect();
    shown.join("\n")
}

/// Lines as they are.
pub(super) fn plain(lines: &[String]) -> String {
    escape(&lines.join("\n")).into_owned()
}

fn rule(width: usize) -> String {
    "-".repeat(width.min(WIDTH))
}

fn count(lines: &[String]) -> (usize, usize) {
    let words = lines.iter().map(|line| line.split_whitespace().count()).sum();
    (words, lines.iter().map(|line| line.chars().count()).sum())
}

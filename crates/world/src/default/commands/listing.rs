//! Lists of the commands: rows under heads, and what there is to know of one thing. All of them are drawn by
//! [`Table`], so that they fit into the window and can be read aloud.

use meadow_link::CommandTuple;

use crate::{
    Receiver, Screen, World,
    text::{self, Border, Column, Table},
};

pub(super) use crate::timing::seconds;

/// How many rows a list has; what is past it is only counted.
pub(super) const ROWS_LIMIT: usize = 200;

/// Rows under heads. The cells are plain text, and escaped here.
pub(super) fn columns<const N: usize>(
    heads: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    screen: Screen,
) -> String {
    table(heads.map(Column::new), rows.map(|row| row.map(|cell| text::escape(&cell).into_owned())), screen)
}

/// Rows under heads. The cells are markup.
pub(super) fn table<const N: usize>(
    columns: [Column; N],
    rows: impl Iterator<Item = [String; N]>,
    screen: Screen,
) -> String {
    let mut table = Table::new(columns).border(Border::None);
    let mut more = 0;
    for row in rows {
        if table.len() < ROWS_LIMIT {
            table.add_row(row);
        } else {
            more += 1;
        }
    }
    let told = table.draw(screen);
    if more > 0 { format!("{told}\n... and {more} more.") } else { told }
}

/// Labels and values (markup), below each other: `label: value` for who is read to.
pub(super) fn pairs<L: Into<String>>(rows: impl IntoIterator<Item = (L, String)>, screen: Screen) -> String {
    let rows = rows.into_iter().map(|(label, value)| (label.into(), value));
    if screen.reader {
        return rows.map(|(label, value)| format!("{label}: {value}")).collect::<Vec<_>>().join("\n");
    }
    let mut table =
        Table::new([Column::default().at_least(22), Column::default()]).border(Border::None).indent(2);
    for (label, value) in rows {
        table.add_row([label, value]);
    }
    table.draw(screen)
}

/// Tells whoever asked for something that was found out later, by pages if it is long.
pub(super) fn page_to(world: &mut World, asker: Receiver, told: impl Into<CommandTuple>) {
    match asker {
        Receiver::Session(session) => world.page(session, told),
        asker => world.msg(asker, told),
    }
}

//! `dictionary.md`: every table and column of a run folder, in words.

use std::fmt::Write;

use super::schemas::Schema;

/// The dictionary of these tables, followed by text about everything else (the parameters, say).
pub fn dictionary(tables: &[&Schema], more: &str) -> String {
    let mut page = String::from(
        "# Dictionary\n\nEvery table of this folder and each of its columns. Weeks count from week 0, the end of the \
         spin-up; money is in pounds;\nshares run from 0 to 1. A missing value means that nothing was observed.\n",
    );
    for table in tables {
        let _ = write!(page, "\n## {}\n\n{}\n\n", table.name, table.meaning);
        page.push_str("| column | meaning | unit | range | kind |\n|---|---|---|---|---|\n");
        for column in table.columns {
            let cells = [column.meaning, column.unit, column.range, column.kind.in_words()].map(cell);
            let _ = writeln!(page, "| `{}` | {} |", column.name, cells.join(" | "));
        }
    }
    if !more.trim().is_empty() {
        let _ = write!(page, "\n{}\n", more.trim());
    }
    page
}

/// A text that cannot break out of its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::schemas;

    #[test]
    fn every_column_of_every_table_stands_in_the_dictionary() {
        let page = dictionary(&schemas::ALL, "## Parameters\n\nnone");
        for schema in schemas::ALL {
            assert!(page.contains(&format!("## {}\n", schema.name)));
            assert!(schema.columns.iter().all(|column| page.contains(&format!("| `{}` | ", column.name))));
        }
        assert!(page.ends_with("none\n"));
    }
}

//! Reading people: small-area tables and files with a row for each resident.

use super::synthesise::{AreaRow, give_capability_and_influence, synthesise};
use super::{Area, Population, Residents};
use crate::draws::Draws;
use crate::scenario::diagnose::{Problem, Problems, nearest};
use crate::scenario::{self, AreasPlan, Parameters, ResidentsPlan, Scenario, SyntheticPlan};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Most people in one area band, and most residents in a town: beyond this a number is taken for an error.
const PEOPLE_MOST: f64 = 1e8;
/// Most ethnic groups: they are counted in eight bits and shown in one table.
const GROUPS_MOST: usize = 64;

/// What a town asks of memory before it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Residents.
    pub residents: usize,
    /// Areas.
    pub areas: usize,
}

/// People as read and checked, before any is made.
#[derive(Clone, Debug)]
pub enum Plan {
    /// A table of areas, the factor on its counts, the names of its ethnic groups.
    Areas(Vec<AreaRow>, f64, Vec<String>),
    /// People read from a file with a row for each.
    People(Box<Population>),
}

impl Plan {
    /// Reads and checks the people of a scenario; makes none yet.
    ///
    /// # Errors
    /// All problems of the data file, each with its line and column.
    pub fn read(scenario: &Scenario) -> Result<Self, Problems> {
        match &scenario.population {
            scenario::Population::Areas(plan) => read_areas(plan),
            scenario::Population::Residents(plan) => {
                read_residents(plan, scenario.about.seed, &scenario.model).map(|people| Self::People(Box::new(people)))
            }
            scenario::Population::Synthetic(plan) => Ok(grid(plan)),
        }
    }

    /// How large the town will be.
    pub fn size(&self) -> Size {
        match self {
            Self::Areas(rows, scale, _) => Size {
                residents: rows.iter().flat_map(|row| row.people).map(|n| f64::from(n) * scale).sum::<f64>() as usize,
                areas: rows.len(),
            },
            Self::People(people) => Size { residents: people.residents.len(), areas: people.areas.len() },
        }
    }

    /// Makes the people.
    ///
    /// # Errors
    /// An area that no resident is left in after scaling.
    pub fn make(self, scenario: &Scenario) -> Result<Population, Problems> {
        match self {
            Self::Areas(rows, scale, groups) => {
                let people = synthesise(&rows, scale, groups, scenario.about.seed, &scenario.model);
                let empty: Vec<&str> =
                    people.areas.iter().filter(|a| a.residents.is_empty()).map(|a| a.code.as_str()).collect();
                if empty.is_empty() {
                    return Ok(people);
                }
                Err(Problems::from(Problem::general(
                    format!("no resident is left in area {} when counts are multiplied by {scale}", empty.join(", ")),
                    "choose a larger `population.areas.scale`, or leave the area out with `pick`",
                )))
            }
            Self::People(people) => Ok(*people),
        }
    }
}

/// A CSV file with a header, read as text and checked cell by cell.
struct Sheet<'a> {
    path: &'a Path,
    columns: BTreeMap<String, usize>,
    rename: &'a BTreeMap<String, String>,
    rows: Vec<(u64, csv::StringRecord)>,
    problems: Problems,
}

impl<'a> Sheet<'a> {
    fn read(path: &'a Path, rename: &'a BTreeMap<String, String>) -> Result<Self, Problems> {
        let bad = |line, message: String, help: &str| Problems::from(Problem::in_row(path, line, "", message, help));
        let mut reader = csv::ReaderBuilder::new()
            .from_path(path)
            .map_err(|e| bad(0, format!("cannot be read: {e}"), "check the path and its permissions"))?;
        let header = reader
            .byte_headers()
            .map_err(|e| bad(1, format!("the header cannot be read: {e}"), "the first line names the columns"))?
            .clone();
        let header = csv::StringRecord::from_byte_record(header)
            .map_err(|_| bad(1, "the header is not valid UTF-8".to_owned(), "save the file as UTF-8 and try again"))?;
        let mut problems = Problems::default();
        let mut columns = BTreeMap::new();
        for (index, name) in header.iter().enumerate() {
            let name = name.trim_start_matches('\u{feff}').trim().to_owned();
            if columns.insert(name.clone(), index).is_some() {
                problems.push(Problem::in_row(path, 1, &name, "this column stands twice", "keep one of the two"));
            }
        }
        let mut rows = Vec::new();
        for record in reader.byte_records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    match csv::StringRecord::from_byte_record(record) {
                        Ok(text) => rows.push((line, text)),
                        Err(_) => problems.push(Problem::in_row(
                            path,
                            line,
                            "",
                            "this row is not valid UTF-8",
                            "save the file as UTF-8 and try again",
                        )),
                    }
                }
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    let message = match error.kind() {
                        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                            format!("this row has {len} cells, the header {expected_len}")
                        }
                        _ => error.to_string(),
                    };
                    problems.push(Problem::in_row(
                        path,
                        line,
                        "",
                        message,
                        "was the file cut off, or does a name hold a comma without quotes?",
                    ));
                }
            }
        }
        if rows.is_empty() && problems.is_empty() {
            problems.push(Problem::in_row(
                path,
                1,
                "",
                "the file has no rows",
                "a header and at least one row are needed",
            ));
        }
        Ok(Self { path, columns, rename, rows, problems })
    }

    /// The position of one of our columns under the name that the file gives it, if it is there.
    fn find(&self, ours: &str) -> Option<usize> {
        self.columns.get(self.rename.get(ours).map_or(ours, String::as_str)).copied()
    }

    /// The same for a column that must be there, or that the scenario has renamed.
    fn require(&mut self, ours: &str) -> Option<usize> {
        let found = self.find(ours);
        if found.is_none() {
            self.missing(ours);
        }
        found
    }

    fn optional(&mut self, ours: &str) -> Option<usize> {
        let found = self.find(ours);
        if found.is_none() && self.rename.contains_key(ours) {
            self.missing(ours);
        }
        found
    }

    fn missing(&mut self, ours: &str) {
        let theirs = self.rename.get(ours).map_or(ours, String::as_str).to_owned();
        let known = self.columns.keys().map(String::as_str);
        let guess = nearest(&theirs, known).map_or(String::new(), |near| format!("; the nearest is `{near}`"));
        self.problems.push(Problem::in_row(
            self.path,
            1,
            &theirs,
            format!("there is no column `{theirs}`{guess}"),
            format!("name the column that holds it: `columns = {{ {ours} = \"their name\" }}`"),
        ));
    }

    fn text(&self, row: usize, column: Option<usize>) -> &str {
        column.and_then(|c| self.rows[row].1.get(c)).map_or("", str::trim)
    }

    fn problem(&mut self, row: usize, column: usize, message: String, help: &str) {
        let name = self.columns.iter().find(|&(_, &c)| c == column).map_or("", |(name, _)| name).to_owned();
        self.problems.push(Problem::in_row(self.path, self.rows[row].0, &name, message, help));
    }

    /// A finite number between `low` and `high`, or `default` where there is no such column.
    fn number(&mut self, row: usize, column: Option<usize>, low: f64, high: f64, default: f64) -> f64 {
        let Some(index) = column else { return default };
        let cell = self.text(row, column).to_owned();
        match cell.parse::<f64>() {
            Ok(number) if number.is_finite() && (low..=high).contains(&number) => return number,
            Ok(_) => {
                let message = format!("{cell} is out of range");
                self.problem(row, index, message, &format!("a number from {low} to {high} is expected"));
            }
            Err(_) => {
                let message =
                    if cell.is_empty() { "the cell is empty".to_owned() } else { format!("`{cell}` is not a number") };
                self.problem(row, index, message, &format!("a number from {low} to {high} is expected"));
            }
        }
        default
    }

    fn count(&mut self, row: usize, column: Option<usize>) -> u32 {
        let number = self.number(row, column, 0.0, PEOPLE_MOST, 0.0);
        if number.fract() != 0.0 {
            self.problem(row, column.unwrap_or(0), format!("{number} is not a whole number"), "people are counted");
        }
        number as u32
    }

    fn finish<T>(self, value: T) -> Result<T, Problems> {
        if self.problems.is_empty() { Ok(value) } else { Err(self.problems) }
    }
}

/// Defaults where a table of areas says nothing, told in `docs/your-place.md`. Hours are Haringey's of 2011; the others are
/// assumptions.
const WOMEN: f64 = 0.5;
const EMPLOYED: f64 = 0.7;
const HOURS: [f64; 3] = [0.58, 0.14, 0.28];
const COMMUTE: f64 = 0.0;

fn read_areas(plan: &AreasPlan) -> Result<Plan, Problems> {
    let mut sheet = Sheet::read(&plan.file, &plan.columns)?;
    let code = sheet.require("area");
    let [name, group] = ["name", "group"].map(|ours| sheet.optional(ours));
    let place = ["x_km", "y_km"].map(|ours| sheet.require(ours));
    let people = ["people_16_29", "people_30_44", "people_45_64", "people_65_plus"].map(|ours| sheet.require(ours));
    let class = ["class_higher", "class_intermediate", "class_routine"].map(|ours| sheet.require(ours));
    let hours = ["full_time_share", "long_hours_share", "part_time_share"].map(|ours| sheet.optional(ours));
    let [women, employed, commute, decile] =
        ["women_share", "employed_share", "tube_train_share", "imd_decile"].map(|ours| sheet.optional(ours));
    let ethnic: Vec<Option<usize>> = plan.ethnic.iter().map(|ours| sheet.require(ours)).collect();
    if plan.ethnic.len() > GROUPS_MOST {
        let message = format!("{} ethnic groups are named, at most {GROUPS_MOST} are possible", plan.ethnic.len());
        sheet.problems.push(Problem::in_row(&plan.file, 1, "", message, "join some groups"));
    }
    if !sheet.problems.is_empty() {
        return Err(sheet.problems);
    }
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for r in 0..sheet.rows.len() {
        let text = |column| sheet.text(r, column).to_owned();
        let (code_text, name_text, group_text) = (text(code), text(name), text(group));
        if !plan.pick.is_empty() && ![&code_text, &name_text, &group_text].iter().any(|t| plan.pick.contains(t)) {
            continue;
        }
        if code_text.is_empty() || !seen.insert(code_text.clone()) {
            let message = if code_text.is_empty() { "the area has no code" } else { "this area stands twice" };
            sheet.problem(r, code.unwrap_or(0), message.to_owned(), "each area needs a code of its own");
        }
        let mut shares = |columns: &[Option<usize>], defaults: &[f64]| -> Vec<f64> {
            let given = columns.iter().any(Option::is_some);
            let found: Vec<f64> = columns
                .iter()
                .zip(defaults)
                .map(|(&c, &default)| sheet.number(r, c, 0.0, 1.0, if given { 0.0 } else { default }))
                .collect();
            let sum: f64 = found.iter().sum();
            if (sum - 1.0).abs() > 0.01 {
                let column = columns.iter().find_map(|&c| c).unwrap_or(0);
                sheet.problem(
                    r,
                    column,
                    format!("these shares sum to {sum:.3}, not to 1"),
                    "give shares, not per cent",
                );
            }
            found
        };
        let class_shares = shares(&class, &[0.0; 3]);
        let hour_shares = shares(&hours, &HOURS);
        let ethnic_shares = if ethnic.is_empty() { vec![1.0] } else { shares(&ethnic, &vec![0.0; ethnic.len()]) };
        let row = AreaRow {
            name: if name_text.is_empty() { code_text.clone() } else { name_text },
            group: if group_text.is_empty() { code_text.clone() } else { group_text },
            code: code_text,
            place_km: (
                sheet.number(r, place[0], -20_000.0, 20_000.0, 0.0),
                sheet.number(r, place[1], -20_000.0, 20_000.0, 0.0),
            ),
            people: people.map(|c| sheet.count(r, c)),
            women: sheet.number(r, women, 0.0, 1.0, WOMEN),
            class: [class_shares[0], class_shares[1], class_shares[2]],
            employed: sheet.number(r, employed, 0.0, 1.0, EMPLOYED),
            hours: [hour_shares[0], hour_shares[1], hour_shares[2]],
            commute: sheet.number(r, commute, 0.0, 1.0, COMMUTE),
            ethnic: ethnic_shares,
            decile: sheet.number(r, decile, 1.0, 10.0, 5.0).round() as u8,
        };
        if row.people == [0; 4] {
            let message = format!("area {} has no residents", row.code);
            sheet.problem(r, people[0].unwrap_or(0), message, "take the row out, or leave the area out with `pick`");
        }
        rows.push(row);
    }
    for wanted in &plan.pick {
        if !rows.iter().any(|row| [&row.code, &row.name, &row.group].contains(&wanted)) {
            let message = format!("no area has the code, name or group `{wanted}` that `pick` asks for");
            sheet.problems.push(Problem::in_row(&plan.file, 1, "", message, "see the columns area, name and group"));
        }
    }
    let groups = if ethnic.is_empty() { vec!["all".to_owned()] } else { plan.ethnic.clone() };
    sheet.finish(Plan::Areas(rows, plan.scale, groups))
}

/// Areas of equal shares on a square grid.
fn grid(plan: &SyntheticPlan) -> Plan {
    let side = f64::from(plan.areas).sqrt().ceil() as u32;
    let step = plan.side_km / f64::from(side);
    let ages = [plan.people_16_29, plan.people_30_44, plan.people_45_64, plan.people_65_plus];
    let mut due = [0.0; 4];
    let up_to = |areas: u32| (u64::from(plan.residents) * u64::from(areas) / u64::from(plan.areas)) as u32;
    let rows = (0..plan.areas)
        .map(|index| {
            let number = index + 1;
            // Person by person, the age band that is most behind its share.
            let mut people = [0; 4];
            for _ in up_to(index)..up_to(number) {
                due.iter_mut().zip(ages).for_each(|(due, share)| *due += share);
                let band = (0..4).fold(0, |most, band| if due[band] > due[most] { band } else { most });
                due[band] -= 1.0;
                people[band] += 1;
            }
            AreaRow {
                code: format!("area-{number}"),
                name: format!("Area {number}"),
                group: format!("group-{}", index / 4 + 1),
                place_km: (f64::from(index % side) * step, f64::from(index / side) * step),
                people,
                women: plan.women_share,
                class: [plan.class_higher, plan.class_intermediate, plan.class_routine],
                employed: plan.employed_share,
                hours: [plan.full_time_share, plan.long_hours_share, plan.part_time_share],
                commute: plan.tube_train_share,
                ethnic: plan.ethnic_shares.clone(),
                decile: plan.imd_decile as u8,
            }
        })
        .collect();
    let groups = (1..=plan.ethnic_shares.len()).map(|n| format!("group {n}")).collect();
    Plan::Areas(rows, 1.0, groups)
}

/// Time available where a file of residents does not give it. Assumption: the mean of those under 65 in Haringey.
const TIME: f64 = 0.5;

fn read_residents(plan: &ResidentsPlan, seed: u64, parameters: &Parameters) -> Result<Population, Problems> {
    let mut sheet = Sheet::read(&plan.file, &plan.columns)?;
    let id = sheet.require("id");
    let [area, class, age, sex, ethnicity] =
        ["area", "class", "age", "sex", "ethnicity"].map(|ours| sheet.optional(ours));
    let [x, y, time, capability, influence, decile] =
        ["x_km", "y_km", "time_available", "capability", "influence", "imd_decile"].map(|ours| sheet.optional(ours));
    if !sheet.problems.is_empty() {
        return Err(sheet.problems);
    }
    let code_of = |sheet: &Sheet, r| match sheet.text(r, area) {
        "" => "all".to_owned(),
        code => code.to_owned(),
    };
    let mut order: Vec<usize> = (0..sheet.rows.len()).collect();
    let codes: Vec<String> = order.iter().map(|&r| code_of(&sheet, r)).collect();
    order.sort_by(|&a, &b| codes[a].cmp(&codes[b]).then(a.cmp(&b)));
    let mut residents = Residents::default();
    let (mut areas, mut names, mut groups): (Vec<Area>, Vec<String>, Vec<String>) = Default::default();
    let (mut seen, mut deciles) = (BTreeSet::new(), Vec::new());
    for (index, &r) in order.iter().enumerate() {
        let name = sheet.text(r, id).to_owned();
        if name.is_empty() || !seen.insert(name.clone()) {
            sheet.problem(r, id.unwrap_or(0), format!("the id `{name}` is empty or stands twice"), "ids are unique");
        }
        names.push(name);
        let place = (sheet.number(r, x, -20_000.0, 20_000.0, 0.0), sheet.number(r, y, -20_000.0, 20_000.0, 0.0));
        let decile_of = sheet.number(r, decile, 1.0, 10.0, 5.0).round() as u8;
        if areas.last().is_none_or(|a| a.code != codes[r]) {
            areas.push(Area {
                code: codes[r].clone(),
                name: codes[r].clone(),
                group: codes[r].clone(),
                x_km: 0.0,
                y_km: 0.0,
                decile: decile_of,
                residents: index..index,
            });
        }
        let area_index = areas.len() - 1;
        let home = &mut areas[area_index];
        home.x_km += place.0;
        home.y_km += place.1;
        home.residents.end = index + 1;
        let age_text = sheet.text(r, age).to_owned();
        let age_number = match age_text.parse::<f64>() {
            Ok(years) => Some(usize::from(years >= 30.0) + usize::from(years >= 45.0) + usize::from(years >= 65.0)),
            Err(_) => ["16-29", "30-44", "45-64", "65+"].iter().position(|&n| n == age_text),
        };
        let class_text = sheet.text(r, class).to_owned();
        let sex_text = sheet.text(r, sex).to_owned();
        let choice = |sheet: &mut Sheet, column: Option<usize>, found: Option<usize>, text: &str, accepted: &str| {
            if let (None, Some(c), false) = (found, column, text.is_empty()) {
                sheet.problem(r, c, format!("`{text}` is not known here"), &format!("accepted: {accepted}"));
            }
            found
        };
        let class_number = ["higher", "intermediate", "routine"].iter().position(|&n| n == class_text);
        let class_number = choice(&mut sheet, class, class_number, &class_text, "higher, intermediate, routine");
        let sex_number = ["women", "men"].iter().position(|&n| n == sex_text);
        let sex_number = choice(&mut sheet, sex, sex_number, &sex_text, "women, men");
        let age_number = choice(&mut sheet, age, age_number, &age_text, "years, or 16-29, 30-44, 45-64, 65+");
        let group = match sheet.text(r, ethnicity) {
            "" => "all".to_owned(),
            group => group.to_owned(),
        };
        let group_number = groups.iter().position(|g| *g == group).unwrap_or_else(|| {
            groups.push(group);
            groups.len() - 1
        });
        let age_number = age_number.unwrap_or(1) as u8;
        residents.key.push(r as u32);
        residents.area.push(area_index as u32);
        residents.class.push(class_number.unwrap_or(1) as u8);
        residents.age.push(age_number);
        residents.sex.push(sex_number.unwrap_or(0) as u8);
        residents.ethnicity.push(group_number.min(GROUPS_MOST) as u8);
        let usual = if age_number == 3 { f64::from(parameters.tau_65) } else { TIME };
        residents.time.push(sheet.number(r, time, 0.0, 1.0, usual) as f32);
        deciles.push(decile_of);
    }
    if groups.len() > GROUPS_MOST {
        let message = format!("{} ethnic groups, at most {GROUPS_MOST} are possible", groups.len());
        sheet.problems.push(Problem::in_row(&plan.file, 1, "ethnicity", message, "join some groups"));
    }
    for home in &mut areas {
        home.x_km /= home.residents.len() as f64;
        home.y_km /= home.residents.len() as f64;
    }
    give_capability_and_influence(&mut residents, &deciles, Draws::of_people(seed), parameters);
    for (index, &r) in order.iter().enumerate() {
        let (k, r0) = (f64::from(residents.capability[index]), f64::from(residents.influence[index]));
        residents.capability[index] = sheet.number(r, capability, 0.0, 1.0, k) as f32;
        residents.influence[index] = sheet.number(r, influence, 0.0, 1.0, r0) as f32;
    }
    let names = Some(names);
    sheet.finish(Population { areas, residents, ethnic_groups: groups, names, margins: Vec::new() })
}

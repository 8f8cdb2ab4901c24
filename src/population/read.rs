//! Reading people: small-area tables and files with a row for each resident.

use super::sheet::{Row, Sheet};
use super::synthesise::{AreaRow, give_capability_and_influence, synthesise};
use super::{Area, Population, Residents};
use crate::draws::Draws;
use crate::scenario::diagnose::{Problem, Problems, quoted};
use crate::scenario::{
    self, AgeBand, AreasPlan, Choice, Class, Parameters, ResidentsPlan, Scenario, Sex, SyntheticPlan,
};
use std::collections::BTreeSet;

/// Most people in one cell of a table, and most residents of a town.
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
    /// A table of areas, the factor on its counts, the names of its ethnic groups, what is assumed.
    Areas(Vec<AreaRow>, f64, Vec<String>, Vec<String>),
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
            Self::Areas(rows, scale, ..) => Size {
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
            Self::Areas(rows, scale, groups, notes) => {
                let mut people = synthesise(&rows, scale, groups, scenario.about.seed, &scenario.model);
                people.notes = notes;
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

/// Defaults where a table of areas says nothing, told in `docs/your-place.md`. Hours are Haringey's of 2011; the others are
/// assumptions.
const WOMEN: f64 = 0.5;
const EMPLOYED: f64 = 0.7;
const HOURS: [f64; 3] = [0.58, 0.14, 0.28];
const COMMUTE: f64 = 0.0;
const DECILE: f64 = 5.0;

fn read_areas(plan: &AreasPlan) -> Result<Plan, Problems> {
    let mut sheet = Sheet::open(&plan.file, &plan.columns)?;
    let code = sheet.require("area");
    let [name, group] = ["name", "group"].map(|ours| sheet.optional(ours));
    let place = ["x_km", "y_km"].map(|ours| sheet.require(ours));
    let people = ["people_16_29", "people_30_44", "people_45_64", "people_65_plus"].map(|ours| sheet.require(ours));
    let class = ["class_higher", "class_intermediate", "class_routine"].map(|ours| sheet.require(ours));
    let hours = ["full_time_share", "long_hours_share", "part_time_share"].map(|ours| sheet.optional(ours));
    let [women, employed, commute, decile] =
        ["women_share", "employed_share", "tube_train_share", "imd_decile"].map(|ours| sheet.optional(ours));
    let ethnic: Vec<Option<usize>> = plan.ethnic.iter().map(|ours| sheet.require(ours)).collect();
    too_many_groups(&mut sheet, plan.ethnic.len());
    if sheet.lacks_columns() {
        return Err(sheet.problems);
    }
    let gaps = [
        ("women_share", women, WOMEN.to_string()),
        ("employed_share", employed, EMPLOYED.to_string()),
        (
            "full_time_share",
            hours[0].or(hours[1]).or(hours[2]),
            format!("{}, long {}, part time {}", HOURS[0], HOURS[1], HOURS[2]),
        ),
        ("tube_train_share", commute, COMMUTE.to_string()),
        ("imd_decile", decile, DECILE.to_string()),
        ("ethnic", ethnic.first().copied().flatten(), "one group for all".to_owned()),
    ];
    let notes =
        gaps.iter().filter(|(_, column, _)| column.is_none()).map(|(ours, _, what)| assumed(ours, what)).collect();
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for row in sheet.all_rows() {
        let text = |column| row.text(column).to_owned();
        let (code_text, name_text, group_text) = (text(code), text(name), text(group));
        if !plan.pick.is_empty() && ![&code_text, &name_text, &group_text].iter().any(|t| plan.pick.contains(t)) {
            continue;
        }
        if code_text.is_empty() || !seen.insert(code_text.clone()) {
            let message = if code_text.is_empty() { "the area has no code" } else { "this area stands twice" };
            sheet.problem(&row, code, message.to_owned(), "each area needs a code of its own");
        }
        let class_shares = shares(&mut sheet, &row, &class, &[0.0; 3]);
        let hour_shares = shares(&mut sheet, &row, &hours, &HOURS);
        let ethnic_shares =
            if ethnic.is_empty() { vec![1.0] } else { shares(&mut sheet, &row, &ethnic, &vec![0.0; ethnic.len()]) };
        let area = AreaRow {
            name: if name_text.is_empty() { code_text.clone() } else { name_text },
            group: if group_text.is_empty() { code_text.clone() } else { group_text },
            code: code_text,
            place_km: (sheet.kilometres(&row, place[0]), sheet.kilometres(&row, place[1])),
            people: people.map(|column| count(&mut sheet, &row, column)),
            women: sheet.number(&row, women, 0.0, 1.0, WOMEN),
            class: [class_shares[0], class_shares[1], class_shares[2]],
            employed: sheet.number(&row, employed, 0.0, 1.0, EMPLOYED),
            hours: [hour_shares[0], hour_shares[1], hour_shares[2]],
            commute: sheet.number(&row, commute, 0.0, 1.0, COMMUTE),
            ethnic: ethnic_shares,
            decile: sheet.number(&row, decile, 1.0, 10.0, DECILE).round() as u8,
        };
        if area.people == [0; 4] {
            let message = format!("area {} has no residents", quoted(&area.code));
            sheet.problem(&row, people[0], message, "take the row out, or leave the area out with `pick`");
        }
        rows.push(area);
    }
    for wanted in &plan.pick {
        if !rows.iter().any(|row| [&row.code, &row.name, &row.group].contains(&wanted)) {
            let message = format!("no area has the code, name or group {} that `pick` asks for", quoted(wanted));
            sheet.problem_in_line(1, "", message, "see the columns area, name and group");
        }
    }
    let all = rows.iter().flat_map(|row| row.people).map(f64::from).sum::<f64>() * plan.scale;
    if all > PEOPLE_MOST {
        let message = format!("the areas have {all:.0} residents in all, at most {PEOPLE_MOST:.0} are possible");
        sheet.problem_in_line(1, "", message, "take fewer areas with `pick`, or a smaller `scale`");
    }
    let groups = if ethnic.is_empty() { vec!["all".to_owned()] } else { plan.ethnic.clone() };
    sheet.finish(Plan::Areas(rows, plan.scale, groups, notes))
}

fn assumed(ours: &str, what: &str) -> String {
    format!("`{ours}` is not given: {what} is assumed")
}

/// Shares that belong together: a problem if they do not sum to 1. Defaults count where none of the columns is there.
fn shares(sheet: &mut Sheet, row: &Row, columns: &[Option<usize>], defaults: &[f64]) -> Vec<f64> {
    let given = columns.iter().any(Option::is_some);
    let found: Vec<f64> = columns
        .iter()
        .zip(defaults)
        .map(|(&column, &default)| sheet.number(row, column, 0.0, 1.0, if given { 0.0 } else { default }))
        .collect();
    let sum: f64 = found.iter().sum();
    if (sum - 1.0).abs() > 0.01 {
        let first = columns.iter().find_map(|&column| column);
        sheet.problem(row, first, format!("these shares sum to {sum:.3}, not to 1"), "give shares, not per cent");
    }
    found
}

fn count(sheet: &mut Sheet, row: &Row, column: Option<usize>) -> u32 {
    let number = sheet.number(row, column, 0.0, PEOPLE_MOST, 0.0);
    if number.fract() != 0.0 {
        sheet.problem(row, column, format!("{number} is not a whole number"), "people are counted");
    }
    number as u32
}

fn too_many_groups(sheet: &mut Sheet, groups: usize) {
    if groups > GROUPS_MOST {
        let message = format!("there are {groups} ethnic groups, at most {GROUPS_MOST} are possible");
        sheet.problem_in_line(1, "", message, "join some groups");
    }
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
    Plan::Areas(rows, 1.0, groups, Vec::new())
}

/// Time available where a file of residents does not give it. Assumption: the mean of those under 65 in Haringey.
const TIME: f64 = 0.5;

/// Ages that a resident may have: the model is of people of 16 and over.
const AGES: std::ops::RangeInclusive<f64> = 16.0..=120.0;

fn read_residents(plan: &ResidentsPlan, seed: u64, parameters: &Parameters) -> Result<Population, Problems> {
    let mut sheet = Sheet::open(&plan.file, &plan.columns)?.only(&plan.r#where).without(&plan.missing);
    let id = sheet.require("id");
    let [area, class, age, sex, ethnicity] =
        ["area", "class", "age", "sex", "ethnicity"].map(|ours| sheet.optional(ours));
    let [x, y, time, capability, influence, decile] =
        ["x_km", "y_km", "time_available", "capability", "influence", "imd_decile"].map(|ours| sheet.optional(ours));
    if sheet.lacks_columns() {
        return Err(sheet.problems);
    }
    // A resident's key follows from the ids alone, and the order of storage from areas and ids: the file may stand in any.
    let mut rows = sheet.all_rows();
    rows.sort_by(|a, b| by_number(a.text(id)).cmp(&by_number(b.text(id))).then(a.line.cmp(&b.line)));
    let notes = gaps(
        &rows,
        &sheet,
        &[
            ("area", area, "one area for all"),
            ("class", class, Class::Intermediate.name()),
            ("age", age, AgeBand::From30.name()),
            ("sex", sex, Sex::Women.name()),
            ("ethnicity", ethnicity, "one group for all"),
            ("x_km", x, "0 for all"),
            ("y_km", y, "0 for all"),
            ("time_available", time, &format!("{TIME}, and {} from 65 on,", parameters.tau_65)),
            ("capability", capability, "a draw for the class, as for made-up people,"),
            ("influence", influence, "a draw for the class, as for made-up people,"),
            ("imd_decile", decile, &DECILE.to_string()),
        ],
    );
    let area_of = |row: &Row| if row.text(area).is_empty() { "all" } else { row.text(area) }.to_owned();
    let mut rows: Vec<(String, u32, Row)> =
        rows.into_iter().zip(0..).map(|(row, key)| (area_of(&row), key, row)).collect();
    rows.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let mut residents = Residents::default();
    let (mut areas, mut names, mut groups): (Vec<Area>, Vec<String>, Vec<String>) = Default::default();
    let (mut seen, mut deciles) = (BTreeSet::new(), Vec::new());
    for (index, (code, key, row)) in rows.iter().enumerate() {
        let name = row.text(id).to_owned();
        if name.is_empty() || !seen.insert(name.clone()) {
            sheet.problem(row, id, format!("the id {} is empty or stands twice", quoted(&name)), "ids are unique");
        }
        names.push(name);
        let decile = sheet.number(row, decile, 1.0, 10.0, DECILE).round() as u8;
        if areas.last().is_none_or(|a| a.code != *code) {
            areas.push(Area {
                code: code.clone(),
                name: code.clone(),
                group: code.clone(),
                x_km: 0.0,
                y_km: 0.0,
                decile,
                residents: index..index,
            });
        }
        let area_index = areas.len() - 1;
        let home = &mut areas[area_index];
        home.x_km += sheet.kilometres(row, x);
        home.y_km += sheet.kilometres(row, y);
        home.residents.end = index + 1;
        let group = match row.text(ethnicity) {
            "" => "all",
            group => group,
        };
        let group_number = groups.iter().position(|g| g == group).unwrap_or_else(|| {
            groups.push(group.to_owned());
            groups.len() - 1
        });
        let age = age_band(&mut sheet, row, age);
        residents.key.push(*key);
        residents.area.push(area_index as u32);
        residents.class.push(sheet.word(row, class, Class::NAMES).unwrap_or(Class::Intermediate as usize) as u8);
        residents.age.push(age);
        residents.sex.push(sheet.word(row, sex, Sex::NAMES).unwrap_or(Sex::Women as usize) as u8);
        residents.ethnicity.push(group_number.min(GROUPS_MOST) as u8);
        let usual = if age == AgeBand::From65 as u8 { f64::from(parameters.tau_65) } else { TIME };
        residents.time.push(sheet.number(row, time, 0.0, 1.0, usual) as f32);
        deciles.push(decile);
    }
    too_many_groups(&mut sheet, groups.len());
    for home in &mut areas {
        home.x_km /= home.residents.len() as f64;
        home.y_km /= home.residents.len() as f64;
    }
    give_capability_and_influence(&mut residents, &deciles, Draws::of_people(seed), parameters);
    for (index, (_, _, row)) in rows.iter().enumerate() {
        let (k, r) = (f64::from(residents.capability[index]), f64::from(residents.influence[index]));
        residents.capability[index] = sheet.number(row, capability, 0.0, 1.0, k) as f32;
        residents.influence[index] = sheet.number(row, influence, 0.0, 1.0, r) as f32;
    }
    let names = Some(names);
    sheet.finish(Population { areas, residents, ethnic_groups: groups, names, margins: Vec::new(), notes })
}

/// Ids in the order of people: whole numbers by size, then all others by their letters.
fn by_number(id: &str) -> (u64, &str) {
    (id.parse().unwrap_or(u64::MAX), id)
}

/// What a file of residents does not say, for each of our columns and what holds instead; and how much was not taken.
fn gaps(rows: &[Row], sheet: &Sheet, columns: &[(&str, Option<usize>, &str)]) -> Vec<String> {
    let mut notes = Vec::new();
    if sheet.left_out() > 0 {
        notes.push(format!("{} rows of the file of residents were left out by `where`", sheet.left_out()));
    }
    for &(ours, column, what) in columns {
        let empty = rows.iter().filter(|row| row.text(column).is_empty()).count();
        match column {
            None => notes.push(assumed(ours, what)),
            Some(_) if empty > 0 => {
                notes.push(format!("`{ours}` is not given in {empty} of {} rows: {what} is assumed", rows.len()));
            }
            Some(_) => {}
        }
    }
    notes
}

/// An age in years, or the name of a band; 30 to 44 where it is not given.
fn age_band(sheet: &mut Sheet, row: &Row, column: Option<usize>) -> u8 {
    let cell = row.text(column);
    let band = match cell.parse::<f64>() {
        Ok(years) if AGES.contains(&years) => {
            Some(usize::from(years >= 30.0) + usize::from(years >= 45.0) + usize::from(years >= 65.0))
        }
        Ok(_) => None,
        Err(_) => AgeBand::NAMES.iter().position(|&name| name == cell),
    };
    if band.is_none() && !cell.is_empty() {
        let message = format!("{} is not an age that a resident may have", quoted(cell));
        let help = format!("years from {} to {}, or one of {}", AGES.start(), AGES.end(), AgeBand::NAMES.join(", "));
        sheet.problem(row, column, message, &help);
    }
    band.unwrap_or(AgeBand::From30 as usize) as u8
}

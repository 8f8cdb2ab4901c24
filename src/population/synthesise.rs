//! People made area by area: ages exact, other traits from the table's shares.
//!
//! Within an area each trait is dealt out by quota (largest remainder) in a keyed order of its own. So each share is met
//! to within one resident, and traits are independent of each other given the area. Assumption: no joint table of class,
//! ethnicity and work is published for areas this small.

use super::{Area, Margin, Population, Residents};
use crate::draws::{Draws, Purpose};
use crate::scenario::{AgeBand, Parameters};
use rand::seq::SliceRandom;

/// One row of a small-area table.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaRow {
    /// Code, unique in the table.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Larger unit (MSOA).
    pub group: String,
    /// Centroid, kilometres east and north.
    pub place_km: (f64, f64),
    /// Residents aged 16-29, 30-44, 45-64, 65 and over.
    pub people: [u32; 4],
    /// Share of women.
    pub women: f64,
    /// Shares of the higher, intermediate and routine class.
    pub class: [f64; 3],
    /// Share of those aged 16-64 who work.
    pub employed: f64,
    /// Shares of those in work: full time to 48 hours, 49 hours and more, part time.
    pub hours: [f64; 3],
    /// Share of those in work who commute by tube or train.
    pub commute: f64,
    /// Shares of the ethnic groups.
    pub ethnic: Vec<f64>,
    /// Deprivation decile, 1 (most deprived) to 10.
    pub decile: u8,
}

/// Makes the people of these areas.
///
/// `scale` thins (or multiplies) the counts by age; rounding errors are carried from area to area within an age band, so
/// that the town's total of each band is right to one person.
pub fn synthesise(
    rows: &[AreaRow],
    scale: f64,
    ethnic_groups: Vec<String>,
    seed: u64,
    parameters: &Parameters,
) -> Population {
    let draws = Draws::of_people(seed);
    let mut residents = Residents::default();
    let mut areas = Vec::with_capacity(rows.len());
    let mut carried = [0.5; 4];
    for (index, row) in rows.iter().enumerate() {
        let first = residents.len();
        let mut ages = Vec::new();
        for (band, &count) in row.people.iter().enumerate() {
            let wanted = f64::from(count) * scale + carried[band];
            carried[band] = wanted - wanted.floor();
            ages.resize(ages.len() + wanted.floor() as usize, band as u8);
        }
        people_of_area(&mut residents, row, index as u32, ages, draws);
        areas.push(Area {
            code: row.code.clone(),
            name: row.name.clone(),
            group: row.group.clone(),
            x_km: row.place_km.0,
            y_km: row.place_km.1,
            decile: row.decile,
            residents: first..residents.len(),
        });
    }
    let margins = margins(rows, &areas, &residents, scale, &ethnic_groups);
    let mut population = Population { areas, residents, ethnic_groups, names: None, margins, notes: Vec::new() };
    let deciles: Vec<u8> = population.residents.area.iter().map(|&a| rows[a as usize].decile).collect();
    give_time(rows, &mut population.residents, draws, parameters);
    give_capability_and_influence(&mut population.residents, &deciles, draws, parameters);
    population
}

fn people_of_area(residents: &mut Residents, row: &AreaRow, area: u32, mut ages: Vec<u8>, draws: Draws) {
    let n = ages.len();
    let deal = |shares: &[f64], purpose| {
        let mut dealt = quota(shares, n);
        dealt.shuffle(&mut draws.stream(purpose, 0).generator(u64::from(area)));
        dealt
    };
    ages.shuffle(&mut draws.stream(Purpose::ShareAge, 0).generator(u64::from(area)));
    let first = residents.len() as u32;
    residents.key.extend(first..first + n as u32);
    residents.area.resize(residents.area.len() + n, area);
    residents.age.extend(ages);
    residents.sex.extend(deal(&[row.women, 1.0 - row.women], Purpose::ShareSex));
    residents.class.extend(deal(&row.class, Purpose::ShareClass));
    residents.ethnicity.extend(deal(&row.ethnic, Purpose::ShareEthnicity));
}

/// Deals `n` places out to shares by largest remainder: the numbers of the shares, in order, each as often as is due.
fn quota(shares: &[f64], n: usize) -> Vec<u8> {
    let total: f64 = shares.iter().sum();
    let due: Vec<f64> = shares.iter().map(|share| share / total * n as f64).collect();
    let mut counts: Vec<usize> = due.iter().map(|d| d.floor() as usize).collect();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|&a, &b| due[b].fract().total_cmp(&due[a].fract()).then(a.cmp(&b)));
    let missing = n - counts.iter().sum::<usize>();
    for &share in order.iter().cycle().take(missing) {
        counts[share] += 1;
    }
    counts.iter().enumerate().flat_map(|(share, &count)| std::iter::repeat_n(share as u8, count)).collect()
}

/// Time available, from work, hours, commuting and age.
fn give_time(rows: &[AreaRow], residents: &mut Residents, draws: Draws, p: &Parameters) {
    let (work, commute) = (draws.stream(Purpose::ShareWork, 0), draws.stream(Purpose::ShareCommute, 0));
    let mut first = 0;
    for (area, row) in rows.iter().enumerate() {
        let last = first + residents.area[first..].partition_point(|&a| a as usize == area);
        let of_age: Vec<usize> = (first..last).filter(|&i| residents.age[i] != AgeBand::From65 as u8).collect();
        let shares =
            [row.employed * row.hours[0], row.employed * row.hours[1], row.employed * row.hours[2], 1.0 - row.employed];
        let mut status = quota(&shares, of_age.len());
        status.shuffle(&mut work.generator(area as u64));
        let in_work: Vec<usize> = of_age.iter().zip(&status).filter(|&(_, &s)| s != 3).map(|(&i, _)| i).collect();
        let mut by_train = quota(&[row.commute, 1.0 - row.commute], in_work.len());
        by_train.shuffle(&mut commute.generator(area as u64));
        residents.time.resize(last, p.tau_65);
        for (&i, &s) in of_age.iter().zip(&status) {
            residents.time[i] = [p.tau_full, p.tau_long, p.tau_part, p.tau_none][usize::from(s)];
        }
        for (&i, _) in in_work.iter().zip(&by_train).filter(|&(_, &how)| how == 0) {
            residents.time[i] = (residents.time[i] - p.tau_commute).max(0.0);
        }
        first = last;
    }
}

/// Capability and influence at the start: normal within a class, brought to 0..=1.
pub(super) fn give_capability_and_influence(residents: &mut Residents, deciles: &[u8], draws: Draws, p: &Parameters) {
    let (capability, influence) = (draws.stream(Purpose::StartCapability, 0), draws.stream(Purpose::StartInfluence, 0));
    let k0 = [p.k0_higher, p.k0_intermediate, p.k0_routine];
    let r0 = [p.r0_higher, p.r0_intermediate, p.r0_routine];
    for (i, &decile) in deciles.iter().enumerate() {
        let (key, class) = (u64::from(residents.key[i]), usize::from(residents.class[i]));
        let place = p.k0_decile * (5.0 - f32::from(decile));
        let k = k0[class] + p.k0_spread * capability.normal(key) as f32 - place;
        let r = r0[class] + p.r0_spread * influence.normal(key) as f32;
        residents.capability.push(k.clamp(0.0, 1.0));
        residents.influence.push(r.clamp(0.0, 1.0));
    }
}

/// Compares the people made with each column of the table.
fn margins(
    rows: &[AreaRow],
    areas: &[Area],
    residents: &Residents,
    scale: f64,
    ethnic_groups: &[String],
) -> Vec<Margin> {
    let mut all = Vec::new();
    let mut compare = |column: String, wanted: &dyn Fn(&AreaRow, usize) -> f64, has: &dyn Fn(usize) -> bool| {
        let (mut worst, mut sum) = (0.0f64, 0.0);
        for (row, area) in rows.iter().zip(areas) {
            let got = area.residents.clone().filter(|&i| has(i)).count() as f64;
            let difference = got - wanted(row, area.residents.len());
            worst = worst.max(difference.abs());
            sum += difference;
        }
        let town_share = sum.abs() / residents.len().max(1) as f64;
        all.push(Margin { column, worst_residents: worst, town_share });
    };
    for (band, name) in ["people_16_29", "people_30_44", "people_45_64", "people_65_plus"].iter().enumerate() {
        let wanted = |row: &AreaRow, _| f64::from(row.people[band]) * scale;
        compare((*name).to_owned(), &wanted, &|i| usize::from(residents.age[i]) == band);
    }
    compare("women_share".to_owned(), &|row, n| row.women * n as f64, &|i| residents.sex[i] == 0);
    for (class, name) in ["class_higher", "class_intermediate", "class_routine"].iter().enumerate() {
        let wanted = |row: &AreaRow, n| row.class[class] * n as f64;
        compare((*name).to_owned(), &wanted, &|i| usize::from(residents.class[i]) == class);
    }
    for (group, name) in ethnic_groups.iter().enumerate() {
        let wanted = |row: &AreaRow, n| row.ethnic[group] * n as f64;
        compare(name.clone(), &wanted, &|i| usize::from(residents.ethnicity[i]) == group);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_add_up_and_miss_each_share_by_less_than_one() {
        for n in [0, 1, 7, 100, 1471] {
            let shares = [0.35, 0.4, 0.25];
            let dealt = quota(&shares, n);
            assert_eq!(dealt.len(), n);
            for (share, wanted) in shares.iter().enumerate() {
                let got = dealt.iter().filter(|&&s| usize::from(s) == share).count() as f64;
                assert!((got - wanted * n as f64).abs() < 1.0);
            }
        }
    }
}

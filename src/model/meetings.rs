//! Meetings: standing groups, who exchanges with whom this week, and who is in which group.
//!
//! A service's members meet weekly in small standing groups. Each member exchanges with `meeting_partners` others of the
//! group, drawn anew each week; two have met if either drew the other. A member stays in the group until leaving the
//! service. Groups that have become small are joined at the start of each quarter.

use crate::draws::Stream;
use crate::prefetch::{prefetch, prefetch_ends};
use crate::units::Span;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Most members of a group: rosters are kept in place.
pub const ROSTER: usize = 16;
/// Weeks between the starts of two quarters.
pub const QUARTER: u32 = 13;
/// The group number that stands for none.
pub const NO_GROUP: u32 = u32::MAX;

/// The members of one standing group, in the order of their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
struct Roster {
    service: u16,
    len: u8,
    /// The key of the first member.
    key: u32,
    /// For each member those met this week, by their places as bits.
    met: [u16; ROSTER],
    member: [u32; ROSTER],
}

impl Roster {
    fn members(&self) -> &[u32] {
        &self.member[..usize::from(self.len)]
    }

    /// Draws who meets whom this week, by the key of the first member and a stream for each place: each member draws one of
    /// the sets of others, given by the number of members.
    fn meet(&mut self, sets: &[Vec<u16>], streams: &[Stream; ROSTER]) {
        self.met = [0; ROSTER];
        let (key, sets) = (u64::from(self.key), &sets[usize::from(self.len)]);
        for (place, stream) in streams.iter().enumerate().take(usize::from(self.len)) {
            let set = sets[stream.below(key, sets.len() as u32) as usize];
            // Others behind the one who draws stand one place further.
            let before = (1 << place) - 1;
            let chosen = set & before | (set & !before) << 1;
            self.met[place] |= chosen;
            bits(chosen).for_each(|other| self.met[other] |= 1 << place);
        }
    }
}

/// The places that are marked in a set.
#[inline(always)]
fn bits(mut set: u16) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (set != 0).then(|| set.trailing_zeros() as usize % ROSTER);
        set &= set.wrapping_sub(1);
        lowest
    })
}

/// The sets of so many out of some places, as bits, from the lowest number.
fn sets(size: usize, places: usize) -> Vec<u16> {
    match (size, places) {
        (0, _) => vec![0],
        (_, 0) => Vec::new(),
        _ => {
            let with_last = sets(size - 1, places - 1).into_iter().map(|set| set | 1 << (places - 1));
            sets(size, places - 1).into_iter().chain(with_last).collect()
        }
    }
}

/// All standing groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    size: usize,
    rosters: Vec<Roster>,
    /// Group of each resident and place in it, as group x [`ROSTER`] + place, or [`NO_GROUP`].
    of: Vec<u32>,
    /// Groups of each service that have room.
    room: Vec<BTreeSet<u32>>,
    /// Numbers of groups of each service that stand empty: taken again by the same service, so that which group is its
    /// first does not depend on other services.
    empty: Vec<BTreeSet<u32>>,
    /// For each number of members the sets of others that one of them may draw, once they have met.
    sets: Vec<Vec<u16>>,
}

impl Groups {
    /// No groups yet, for a town of so many residents and services.
    pub fn new(residents: usize, services: usize, size: u32) -> Self {
        Self {
            size: (size as usize).min(ROSTER),
            rosters: Vec::new(),
            of: vec![NO_GROUP; residents],
            room: vec![BTreeSet::new(); services],
            empty: vec![BTreeSet::new(); services],
            sets: Vec::new(),
        }
    }

    /// The members of a resident's group, the resident included, in the order of their keys.
    #[inline]
    pub fn members(&self, resident: usize) -> &[u32] {
        match self.of[resident] {
            NO_GROUP => &[],
            of => self.rosters[of as usize / ROSTER].members(),
        }
    }

    /// All groups meet: each member draws so many partners, every week as many, and two have met if either drew the other.
    pub fn meet(&mut self, partners: u32, stream: Stream) {
        let streams = std::array::from_fn(|place| stream.at(place as u64));
        if self.sets.is_empty() {
            let others = (0..=self.size).map(|members| members.saturating_sub(1));
            self.sets = others.map(|others| sets(others.min(partners as usize), others)).collect();
        }
        self.rosters.par_iter_mut().with_min_len(512).for_each(|roster| roster.meet(&self.sets, &streams));
    }

    /// Asks for what tells which groups residents are in to be brought near.
    #[inline(always)]
    pub fn prefetch_places(&self, residents: Span) {
        prefetch(&self.of[residents]);
    }

    /// Asks for the group of a resident to be brought near.
    #[inline(always)]
    pub fn prefetch(&self, resident: usize) {
        if let Some(roster) = self.rosters.get(self.of[resident] as usize / ROSTER) {
            prefetch_ends(std::slice::from_ref(roster));
        }
    }

    /// Those whom a resident met this week.
    #[inline(always)]
    pub fn met(&self, resident: usize) -> impl Iterator<Item = u32> + '_ {
        let (group, place) = (self.of[resident] as usize / ROSTER, self.of[resident] as usize % ROSTER);
        let met = self.rosters.get(group).map(|roster| bits(roster.met[place]).map(|other| roster.member[other]));
        met.into_iter().flatten()
    }

    /// Puts a resident into the first group of a service that has room, or into a new one.
    pub fn join(&mut self, resident: u32, service: u16, keys: &[u32]) {
        let group = match self.room[usize::from(service)].first() {
            Some(&group) => group,
            None => self.open(service),
        };
        self.enter(group, resident, keys);
    }

    fn open(&mut self, service: u16) -> u32 {
        let fresh = Roster { service, len: 0, key: 0, met: [0; ROSTER], member: [0; ROSTER] };
        let group = match self.empty[usize::from(service)].pop_first() {
            Some(group) => {
                self.rosters[group as usize] = fresh;
                group
            }
            None => {
                self.rosters.push(fresh);
                (self.rosters.len() - 1) as u32
            }
        };
        self.room[usize::from(service)].insert(group);
        group
    }

    fn enter(&mut self, group: u32, resident: u32, keys: &[u32]) {
        let roster = &mut self.rosters[group as usize];
        let place = roster.members().partition_point(|&m| keys[m as usize] < keys[resident as usize]);
        let len = usize::from(roster.len);
        roster.member.copy_within(place..len, place + 1);
        roster.member[place] = resident;
        roster.len += 1;
        if usize::from(roster.len) >= self.size {
            self.room[usize::from(roster.service)].remove(&group);
        }
        self.note_places(group, keys);
    }

    /// Notes for each member of a group where they are, and the key by which they meet.
    fn note_places(&mut self, group: u32, keys: &[u32]) {
        let roster = &mut self.rosters[group as usize];
        roster.key = keys[roster.member[0] as usize];
        for (place, &member) in (0u32..).zip(self.rosters[group as usize].members()) {
            self.of[member as usize] = group * ROSTER as u32 + place;
        }
    }

    /// Takes a resident out of the group.
    pub fn leave(&mut self, resident: u32, keys: &[u32]) {
        let of = std::mem::replace(&mut self.of[resident as usize], NO_GROUP);
        if of == NO_GROUP {
            return;
        }
        let (group, place) = (of / ROSTER as u32, of as usize % ROSTER);
        let roster = &mut self.rosters[group as usize];
        roster.member.copy_within(place + 1..usize::from(roster.len), place);
        roster.len -= 1;
        let service = usize::from(roster.service);
        let room = &mut self.room[service];
        if roster.len == 0 {
            room.remove(&group);
            self.empty[service].insert(group);
        } else if usize::from(roster.len) < self.size {
            room.insert(group);
        }
        self.note_places(group, keys);
    }

    /// Joins groups of the same service that together fill no more than one: the smallest with the next smallest.
    pub fn merge(&mut self, keys: &[u32]) {
        for service in 0..self.room.len() {
            let mut small: Vec<(u8, u32)> =
                self.room[service].iter().map(|&group| (self.rosters[group as usize].len, group)).collect();
            small.sort_unstable();
            let mut waiting: Option<(u8, u32)> = None;
            for (len, group) in small {
                match waiting {
                    Some((other_len, other)) if usize::from(len + other_len) <= self.size => {
                        let moving = self.rosters[other as usize];
                        for &resident in moving.members() {
                            self.leave(resident, keys);
                            self.enter(group, resident, keys);
                        }
                        waiting = None;
                    }
                    _ => waiting = Some((len, group)),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Draws, Purpose};

    #[test]
    fn a_pair_meets_three_weeks_in_four_in_a_group_of_five_and_one_in_three_in_one_of_twelve() {
        // 1 - (1 - 2/4)^2 = .75 and 1 - (1 - 2/11)^2 = .331; 20,000 weeks: standard error .0031 and .0033, four allowed.
        let keys: Vec<u32> = (100..120).collect();
        for (size, expected) in [(5u32, 0.75), (12, 0.3306)] {
            let mut groups = Groups::new(20, 1, size);
            (0..size).for_each(|resident| groups.join(resident, 0, &keys));
            let mut times = 0;
            for week in 0..20_000 {
                groups.meet(2, Draws::of_replicate(1, 0).stream(Purpose::Partner, week));
                let meets = |own: usize, other: u32| groups.met(own).any(|met| met == other);
                let met = meets(0, 1);
                assert_eq!(met, meets(1, 0), "both ends must agree");
                times += u32::from(met);
            }
            assert!((f64::from(times) / 20_000.0 - expected).abs() < 0.0135);
        }
    }

    #[test]
    fn members_are_kept_whole_through_joining_leaving_and_merging() {
        let keys: Vec<u32> = (0..100).rev().collect();
        let mut groups = Groups::new(100, 2, 5);
        for resident in 0..60 {
            groups.join(resident, (resident % 2) as u16, &keys);
        }
        for resident in (0..60).filter(|r| r % 3 != 0) {
            groups.leave(resident, &keys);
        }
        groups.merge(&keys);
        for resident in (0..60).filter(|r| r % 3 == 0) {
            let members = groups.members(resident);
            assert!(members.contains(&(resident as u32)) && members.len() <= 5);
            assert!(members.iter().all(|m| m % 2 == resident as u32 % 2));
            assert!(members.windows(2).all(|pair| keys[pair[0] as usize] < keys[pair[1] as usize]));
        }
    }
}

//! Meetings: standing groups, who exchanges with whom this week, and who is in which group.
//!
//! A service's members meet weekly in small standing groups. Each member exchanges with `meeting_partners` others of the
//! group, drawn anew each week; two have met if either drew the other. A member stays in the group until leaving the
//! service. Groups that have become small are joined at the start of each quarter.

use crate::draws::Stream;
use std::collections::BTreeSet;

/// Most members of a group: rosters are kept in place.
pub const ROSTER: usize = 16;
/// Weeks between the starts of two quarters.
pub const QUARTER: u32 = 13;
/// The group number that stands for none.
pub const NO_GROUP: u32 = u32::MAX;

/// The members of one standing group, in the order of their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Roster {
    service: u16,
    len: u8,
    member: [u32; ROSTER],
}

impl Roster {
    fn members(&self) -> &[u32] {
        &self.member[..usize::from(self.len)]
    }
}

/// All standing groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    size: usize,
    rosters: Vec<Roster>,
    /// Group of each resident, or [`NO_GROUP`].
    of: Vec<u32>,
    /// Groups of each service that have room.
    room: Vec<BTreeSet<u32>>,
    /// Numbers of groups of each service that stand empty: taken again by the same service, so that which group is its
    /// first does not depend on other services.
    empty: Vec<BTreeSet<u32>>,
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
        }
    }

    /// The members of a resident's group, the resident included, in the order of their keys.
    #[inline]
    pub fn members(&self, resident: usize) -> &[u32] {
        match self.of[resident] {
            NO_GROUP => &[],
            group => self.rosters[group as usize].members(),
        }
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
        let fresh = Roster { service, len: 0, member: [0; ROSTER] };
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
        self.of[resident as usize] = group;
    }

    /// Takes a resident out of the group.
    pub fn leave(&mut self, resident: u32) {
        let group = std::mem::replace(&mut self.of[resident as usize], NO_GROUP);
        if group == NO_GROUP {
            return;
        }
        let roster = &mut self.rosters[group as usize];
        if let Some(place) = roster.members().iter().position(|&m| m == resident) {
            roster.member.copy_within(place + 1..usize::from(roster.len), place);
            roster.len -= 1;
        }
        let service = usize::from(roster.service);
        let room = &mut self.room[service];
        if roster.len == 0 {
            room.remove(&group);
            self.empty[service].insert(group);
        } else if usize::from(roster.len) < self.size {
            room.insert(group);
        }
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
                            self.leave(resident);
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

/// The members of a group whom one of them met this week, written into `met`; returns how many.
///
/// `partners` is the stream of this week's draws. The drawing is the same seen from either end.
pub fn met(members: &[u32], own: u32, keys: &[u32], partners: u32, stream: Stream, met: &mut [u32; ROSTER]) -> usize {
    let mut count = 0;
    if members.len() < 2 {
        return 0;
    }
    let Some(place) = members.iter().position(|&m| m == own) else { return 0 };
    let mine = chosen(members.len(), place, keys[own as usize], partners, stream);
    for (other_place, &other) in members.iter().enumerate() {
        if other_place == place {
            continue;
        }
        let drawn = mine & (1 << other_place) != 0
            || chosen(members.len(), other_place, keys[other as usize], partners, stream) & (1 << place) != 0;
        if drawn {
            met[count] = other;
            count += 1;
        }
    }
    count
}

/// The places of the members whom the one at `place` draws as partners, as bits.
fn chosen(members: usize, place: usize, key: u32, partners: u32, stream: Stream) -> u32 {
    let mut left: u32 = ((1 << members) - 1) & !(1 << place);
    let mut chosen = 0;
    for turn in 0..partners.min(members as u32 - 1) {
        let nth = stream.at(u64::from(turn)).below(u64::from(key), left.count_ones());
        let mut rest = left;
        for _ in 0..nth {
            rest &= rest - 1;
        }
        let pick = rest & rest.wrapping_neg();
        chosen |= pick;
        left &= !pick;
    }
    chosen
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
            let members: Vec<u32> = (0..size).collect();
            let mut times = 0;
            for week in 0..20_000 {
                let stream = Draws::of_replicate(1, 0).stream(Purpose::Partner, week);
                let mut others = [0; ROSTER];
                let n = met(&members, 0, &keys, 2, stream, &mut others);
                let seen = others[..n].contains(&1);
                let mut back = [0; ROSTER];
                let m = met(&members, 1, &keys, 2, stream, &mut back);
                assert_eq!(seen, back[..m].contains(&0), "both ends must agree");
                times += u32::from(seen);
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
            groups.leave(resident);
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

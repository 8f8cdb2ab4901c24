//! Step 7: meetings of groups, the bond equation, and new ties.

use super::{PlainTown, Resident, Tie, Week};
use groundswell::draws::{Draws, Purpose, Stream, pair};
use groundswell::model::town::Town;
use groundswell::network::generate::homophily;
use groundswell::scenario::{BondRule, Parameters, TieKind};
use groundswell::units::{NEVER, Strength};
use rand::RngExt;
use std::collections::{BTreeMap, BTreeSet};

/// Pairs of residents, the lower first.
type Pairs = BTreeSet<(usize, usize)>;

fn ordered(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

/// What a proposed tie is to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Proposed {
    Made,
    Lasting,
    /// Of the resident who is asked.
    Neighbour(usize),
}

/// The proposals of a week.
type Proposals = BTreeMap<(usize, usize), BTreeSet<Proposed>>;

/// Notes a proposal. Of a pair's proposals in a week the first that stands counts: made, then lasting, then neighbour.
fn propose(proposals: &mut Proposals, a: usize, b: usize, what: Proposed) {
    if a != b {
        proposals.entry(ordered(a, b)).or_default().insert(what);
    }
}

/// Step 7: groups meet, ties grow, fade and end, new ones are proposed, thinned and born.
pub fn evolve(week: &Week, next: &mut PlainTown) {
    let met = meetings(week);
    let mut proposals = Proposals::new();
    for &(a, b) in &met {
        if !week.last.residents[a].tied_to(b) {
            propose(&mut proposals, a, b, Proposed::Made);
        }
    }
    let mut lost = Vec::new();
    for (i, resident) in next.residents.iter_mut().enumerate() {
        fade(week, i, &met, resident, &mut lost);
    }
    for (own, other) in lost {
        replace(week, own, other, &next.residents, &mut proposals);
    }
    for i in 0..next.residents.len() {
        look_around(week, i, &next.residents, &mut proposals);
    }
    let mut born = Vec::new();
    for (&ends, ways) in &proposals {
        born.extend(ways.iter().find(|&&what| stands(week, ends, what, &next.residents)).map(|&what| (ends, what)));
    }
    for ((a, b), what) in born {
        bear(week, a, b, what, next);
    }
}

/// The pairs who met in their group this week: one drew the other. Each draws one of the sets of so many others.
fn meetings(week: &Week) -> Pairs {
    let partners = week.draw(Purpose::Partner);
    let mut met = Pairs::new();
    for group in week.last.groups.iter().filter(|group| !group.members.is_empty()) {
        let mut members = group.members.clone();
        members.sort_by_key(|&member| week.key(member));
        for (place, &member) in members.iter().enumerate() {
            let others: Vec<usize> = members.iter().copied().filter(|&other| other != member).collect();
            let size = (week.town.parameters.partners as usize).min(others.len());
            let sets: Vec<u32> = (0..1 << others.len()).filter(|set: &u32| set.count_ones() as usize == size).collect();
            let drawn = sets[partners.at(place as u64).below(week.key(members[0]), sets.len() as u32) as usize];
            for (nth, &other) in others.iter().enumerate() {
                if drawn & 1 << nth != 0 {
                    met.insert(ordered(member, other));
                }
            }
        }
    }
    met
}

/// The strength of a tie a week later: w + Γ (1 - w) c + G2 (1 - w) w² - δ w, as a polynomial in w, the highest power first.
fn bond(p: &Parameters, tie: &Tie, met: bool) -> Strength {
    let fading = std::f32::consts::LN_2 / p.t_half;
    let upkeep = match p.bond_rule {
        BondRule::Critical => fading / (p.w_minus * (1.0 - p.w_minus)),
        BondRule::Decay => 0.0,
    };
    let contact = match tie.kind {
        _ if met => 1.0,
        TieKind::Lasting => p.f_l,
        TieKind::Neighbour => p.f_n,
        TieKind::Made => 0.0,
    };
    let (w, gain) = (tie.strength.share(), p.gamma * contact);
    Strength::from_share(gain + w * ((1.0 - fading - gain) + w * (upkeep - upkeep * w)))
}

/// The strength below which a tie ends.
pub fn least(p: &Parameters) -> Strength {
    Strength::from_share(p.w_min)
}

/// The ties of a resident grow and fade; those at their end, or too weak, go. Lasting ones that end from outside are noted.
fn fade(week: &Week, i: usize, met: &Pairs, resident: &mut Resident, lost: &mut Vec<(usize, usize)>) {
    let p = &week.town.parameters;
    let mut kept = Vec::new();
    for tie in &resident.ties {
        let strength = bond(p, tie, met.contains(&ordered(i, tie.other)));
        if tie.end.is_some_and(|end| end <= week.last.tick + 1) {
            if tie.kind == TieKind::Lasting {
                lost.push((i, tie.other));
            }
        } else if strength >= least(p) {
            kept.push(Tie { strength, ..*tie });
        }
    }
    resident.ties = kept;
}

/// One end of a lost lasting tie, by draw, looks for another as in the spatial network: 16 tries.
fn replace(week: &Week, own: usize, lost: usize, left: &[Resident], proposals: &mut Proposals) {
    let keys = &week.town.people.residents.key;
    let both = pair(keys[own], keys[lost]);
    let lower_looks = week.draw(Purpose::ReplaceEnd).unit(both) < 0.5;
    if lower_looks != (keys[own] < keys[lost]) {
        return;
    }
    let mut generator = week.draw_at_end(Purpose::Replace).generator(both);
    let found =
        week.town.geography.look((own as u32, week.area(own) as u32), &mut generator, 16, |other, generator| {
            let likes =
                generator.random::<f32>() < homophily(&week.town.people, &week.town.parameters, own as u32, other);
            likes && other as usize != lost && !left[own].tied_to(other as usize)
        });
    if let Some(other) = found {
        propose(proposals, own, other as usize, Proposed::Lasting);
    }
}

/// A resident may propose to someone of the area, or to a friend's friend: one of last week's ties, and one of the ties
/// that are left to that friend.
fn look_around(week: &Week, i: usize, left: &[Resident], proposals: &mut Proposals) {
    let p = &week.town.parameters;
    let me = &week.last.residents[i];
    let room = f64::from(room(p, me));
    let local = f64::from(week.town.people.residents.time[i]) * (2.0 * f64::from(p.p_loc)) * room;
    let draw = week.draw(Purpose::ProposeWhether).unit(week.key(i));
    let whom = week.draw(Purpose::ProposeWhom);
    if draw < local {
        let home = &week.town.people.areas[week.area(i)].residents;
        let other = home.start + whom.below(week.key(i), home.len() as u32) as usize;
        if !me.tied_to(other) {
            propose(proposals, i, other, Proposed::Neighbour(other));
        }
    } else if draw < local + f64::from(p.p_tri) * room
        && let Some(friend) = any_of(week, &me.ties, week.draw(Purpose::ProposeThrough).at(week.key(i)))
        && let Some(other) = any_of(week, &left[friend].ties, week.draw_at_end(Purpose::ProposeFriend).at(week.key(i)))
    {
        propose(proposals, i, other, Proposed::Neighbour(other));
    }
}

/// The share of proposals that a resident has room for.
fn room(p: &Parameters, resident: &Resident) -> f32 {
    (1.0 - resident.ties.len() as f32 / p.k_max).max(0.0)
}

/// One of the people at the other ends of ties, each as likely: who draws the lowest number.
fn any_of(week: &Week, ties: &[Tie], stream: Stream) -> Option<usize> {
    ties.iter().map(|tie| tie.other).min_by_key(|&other| (stream.rank(week.key(other) as u32), other))
}

/// Strength and kind of a new tie.
fn newborn(p: &Parameters, what: Proposed) -> (Strength, TieKind) {
    let (strength, kind) = match what {
        Proposed::Made => (p.w0_made, TieKind::Made),
        Proposed::Lasting => (1.0 - p.w_minus, TieKind::Lasting),
        Proposed::Neighbour(_) => (p.w0_neighbour, TieKind::Neighbour),
    };
    (Strength::from_share(strength), kind)
}

/// Whether a proposed tie is born, by homophily and by room for it, and by being strong enough to begin.
fn stands(week: &Week, (a, b): (usize, usize), what: Proposed, left: &[Resident]) -> bool {
    let p = &week.town.parameters;
    let key = pair(week.town.people.residents.key[a], week.town.people.residents.key[b]);
    let liking = match what {
        Proposed::Neighbour(_) => f64::from(homophily(&week.town.people, p, a as u32, b as u32)),
        _ => 1.0,
    };
    let capacity = match what {
        Proposed::Lasting => 1.0,
        Proposed::Made => f64::from(room(p, &left[a]) * room(p, &left[b])),
        // The other's share went into proposing.
        Proposed::Neighbour(asked) => f64::from(room(p, &left[asked])),
    };
    newborn(p, what).0 >= least(p)
        && !left[a].tied_to(b)
        && week.draw_at_end(Purpose::ProposeAccept).unit(key) < liking
        && week.draw(Purpose::Capacity).unit(key) < capacity
}

/// Writes a new tie into the rows of both ends.
fn bear(week: &Week, a: usize, b: usize, what: Proposed, next: &mut PlainTown) {
    let (strength, kind) = newborn(&week.town.parameters, what);
    let since = week.last.tick + 1;
    let end = end(week.town, week.draws, a, b, kind, since);
    next.residents[a].ties.push(Tie { other: b, strength, kind, since, end });
    next.residents[b].ties.push(Tie { other: a, strength, kind, since, end });
}

/// The tick at which a tie born at `now` ends from outside: geometric at the churn of its kind. None beyond what ticks can
/// count.
pub fn end(town: &Town, draws: Draws, a: usize, b: usize, kind: TieKind, now: u32) -> Option<u32> {
    let p = &town.parameters;
    let churn = f64::from(if kind == TieKind::Lasting { p.churn_lasting } else { p.churn_other });
    if churn <= 0.0 {
        return None;
    }
    let keys = &town.people.residents.key;
    let draw = draws.stream(Purpose::TieEnd, now).unit(pair(keys[a], keys[b]));
    let weeks = 1.0 + libm::floor(libm::log1p(-draw) / libm::log1p(-churn));
    let end = f64::from(now) + weeks;
    (end < f64::from(NEVER)).then_some(end as u32)
}

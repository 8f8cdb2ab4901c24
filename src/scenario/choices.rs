//! The words that a scenario chooses from.

use super::value::Choice;

/// Makes an enum and its words from rows `Name = "word",`, each under its doc comment.
macro_rules! choices {
    ($($(#[$about:meta])+ pub enum $name:ident { $($(#[$what:meta])+ $choice:ident = $word:literal,)+ })+) => {$(
        $(#[$about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$what])+ $choice,)+ }

        impl Choice for $name {
            const NAMES: &'static [&'static str] = &[$($word),+];

            fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($word => Some(Self::$choice),)+
                    _ => None,
                }
            }

            fn name(self) -> &'static str {
                match self {
                    $(Self::$choice => $word,)+
                }
            }
        }
    )+};
}

choices! {
    /// A set of defaults.
    pub enum Profile {
        /// Fitted to surveys face to face, England about 2008-09.
        FaceToFace2008 = "2008-09",
        /// Fitted to surveys on the web, England in 2023-24: its levels; slopes are those of 2008-09.
        Web2023 = "2023-24",
        /// A variant of 2008-09: residents join once a share of their friends takes part.
        Threshold2008 = "2008-09-threshold",
        /// A variant of 2008-09: everybody asked accepts, and services have so many places.
        Places2008 = "2008-09-places",
        /// A variant of 2008-09: bonds without a critical strength.
        Decay2008 = "2008-09-decay",
    }

    /// How acceptance is formed.
    pub enum AcceptanceRule {
        /// From the traits of the resident.
        Logistic = "logistic",
        /// From the share of engaged ties.
        Threshold = "threshold",
        /// Everybody accepts.
        Always = "always",
    }

    /// How an idle tie changes.
    pub enum BondRule {
        /// Past the critical strength it lives on.
        Critical = "critical",
        /// It always fades.
        Decay = "decay",
    }

    /// What a service lives on.
    pub enum ServiceKind {
        /// Council money, staff and required hours; it may close.
        Public = "public",
        /// Its members; no lever of the council touches it.
        Civic = "civic",
    }

    /// What a service is repeated for.
    pub enum Each {
        /// One in each area.
        Area = "area",
        /// One in each group of areas.
        Group = "group",
    }

    /// Class of a resident, by occupation.
    pub enum Class {
        /// Managers, professionals and associate professionals.
        Higher = "higher",
        /// Administrative, skilled and caring occupations.
        Intermediate = "intermediate",
        /// Sales, operatives and elementary occupations.
        Routine = "routine",
    }

    /// Age band of a resident.
    pub enum AgeBand {
        /// 16 to 29.
        From16 = "16-29",
        /// 30 to 44.
        From30 = "30-44",
        /// 45 to 64.
        From45 = "45-64",
        /// 65 and over.
        From65 = "65+",
    }

    /// Sex of a resident, as the census counts it.
    pub enum Sex {
        /// Women.
        Women = "women",
        /// Men.
        Men = "men",
    }

    /// Where a tie comes from.
    pub enum TieKind {
        /// Kin, old friends, colleagues.
        Lasting = "lasting",
        /// Acquaintances nearby.
        Neighbour = "neighbour",
        /// Made in a service.
        Made = "made",
    }

    /// How ties are spread over residents.
    pub enum Degrees {
        /// By `ties_mean` and `overdispersion`: some have many.
        NegativeBinomial = "negative_binomial",
        /// By `exponent`, from `ties_least` to `ties_most`: a few have very many.
        PowerLaw = "power_law",
        /// As `degrees` and `shares` say.
        List = "list",
    }

    /// What becomes of a tie to somebody who is not among the residents.
    pub enum Outside {
        /// It is refused, and nothing is run.
        Refuse = "refuse",
        /// It is dropped and counted.
        Drop = "drop",
    }

    /// How people are asked.
    pub enum Channel {
        /// At an event.
        Event = "event",
        /// At the door.
        Door = "door",
        /// By telephone.
        Phone = "phone",
        /// By leaflet.
        Leaflet = "leaflet",
        /// By letter.
        Mail = "mail",
        /// By e-mail.
        Email = "email",
    }

    /// Who is asked.
    pub enum Targeting {
        /// Anyone, with equal chance.
        Random = "random",
        /// Four times likelier: those who have been engaged or consulted before.
        List = "list",
        /// Four times likelier: the routine class, the most deprived areas (deciles 1 to 3), those with under three ties.
        HardToReach = "hard_to_reach",
        /// Those of the segment that the lever names.
        Segment = "segment",
    }

    /// What an issue is like for those who live there.
    pub enum Sign {
        /// A grievance.
        Negative = "negative",
        /// An opportunity.
        Positive = "positive",
        /// Something valued is to be closed.
        Threat = "threat",
    }

    /// Which way a measure should go.
    pub enum Direction {
        /// More is better.
        Higher = "higher",
        /// Less is better.
        Lower = "lower",
    }
}

impl Sign {
    /// The rise of salience that such an issue brings, unless a scenario says another.
    pub fn usual_size(self) -> f64 {
        match self {
            Self::Negative | Self::Threat => 1.5,
            Self::Positive => 0.5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_its_choice() {
        for name in Channel::NAMES {
            assert_eq!(Channel::from_name(name).map(Channel::name), Some(*name));
        }
        assert_eq!(Channel::from_name("Door"), None);
    }
}

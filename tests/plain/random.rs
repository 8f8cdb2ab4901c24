//! Random scenarios, wider than anybody would write: every rule and lever, extreme parameters, towns of one resident up.

use groundswell::scenario::field::{Kind, Limits};
use groundswell::scenario::{Field, Parameters, Section};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A word in quotes.
fn quoted(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(words).prop_map(|word| format!("\"{word}\""))
}

/// People: made up on a grid, or listed one by one, with areas of any size and keys in another order than their homes.
/// The line of the scenario, and the file that it names, if any.
fn people() -> impl Strategy<Value = (String, String)> {
    let side = prop_oneof![Just(2.0), 0.1..30.0f64];
    let made_up = (1u32..900, 1u32..9, side, 1u32..=10).prop_map(|(residents, areas, side, decile)| {
        let areas = areas.min(residents);
        let line = format!(
            "population.synthetic={{ residents={residents}, areas={areas}, side_km={side}, imd_decile={decile} }}"
        );
        (line, String::new())
    });
    let few = (1u32..4, Just(1u32)).prop_map(|(residents, areas)| {
        (format!("population.synthetic={{ residents={residents}, areas={areas} }}"), String::new())
    });
    let person = (
        (1u32..8).prop_map(|n| n * n / 8),
        select(&["higher", "intermediate", "routine"][..]),
        16u32..90,
        select(&["women", "men"][..]),
        0u32..4,
        (0.0..8.0f64, 0.0..1.0f64, 1u32..=10),
    );
    let listed = proptest::collection::vec(person, 1..600).prop_map(|people| {
        let mut file = "id,area,class,age,sex,ethnicity,x_km,y_km,time_available,imd_decile\n".to_owned();
        for (id, (area, class, age, sex, ethnicity, (x, time, decile))) in people.iter().enumerate() {
            writeln!(file, "{id},area-{area},{class},{age},{sex},{ethnicity},{x},{area},{time},{decile}")
                .expect("a text can be written to");
        }
        ("population.residents={ file=\"people.csv\" }".to_owned(), file)
    });
    prop_oneof![4 => made_up, 1 => few, 2 => listed]
}

/// A network of each family.
fn network() -> impl Strategy<Value = String> {
    let ties = (0.01..1.0f64, quoted(&["lasting", "neighbour", "made"]))
        .prop_map(|(strength, kind)| format!("strength={strength}, kind={kind}"));
    let ties = ties.boxed();
    prop_oneof![
        3 => (0.0..20.0f64, 0.0..1.0f64, 0.0..1.0f64).prop_map(|(mean, lasting, within)| format!(
            "network.spatial={{ ties_mean={mean}, lasting_share={lasting}, within_area={within} }}"
        )),
        1 => (1u32..6, 0.0..1.0f64, ties.clone()).prop_map(|(half, rewiring, ties)| format!(
            "network.watts_strogatz={{ neighbours={}, rewiring={rewiring}, {ties} }}", 2 * half
        )),
        // With one tie each on average, more than a third have none.
        2 => (0.0..8.0f64, ties).prop_map(|(mean, ties)| format!("network.erdos_renyi={{ ties_mean={mean}, {ties} }}")),
    ]
}

/// A complete network of sixty, or fewer.
fn complete() -> impl Strategy<Value = (String, String)> {
    let strength = prop_oneof![Just(0.7), 0.01..1.0f64];
    (2u32..=60, strength, quoted(&["lasting", "neighbour", "made"])).prop_map(|(residents, strength, kind)| {
        let people = format!("population.synthetic={{ residents={residents}, areas=2 }}");
        (people, format!("network.complete={{ strength={strength}, kind={kind} }}"))
    })
}

/// None to eight kinds of services, named s0 and so on.
fn services() -> impl Strategy<Value = Vec<String>> {
    let each = select(&["", ", each=\"area\"", ", each=\"group\""][..]);
    let hours = (1.0..600.0f64, 0.0..600.0f64);
    let place = prop_oneof![Just(String::new()), (-5.0..9.0f64).prop_map(|x| format!(", x_km={x}"))];
    let service =
        (quoted(&["public", "civic"]), each, hours, place).prop_map(|(kind, each, (required, staff), place)| {
            format!("{{ kind={kind}{each}, required_hours={required}, staff_hours={staff}{place} }}")
        });
    let some = proptest::collection::vec(service, 1..=8);
    let none = Just(Vec::new());
    prop_oneof![30 => some, 1 => none].prop_map(|services| {
        services.iter().enumerate().map(|(number, service)| format!("services.s{number}={service}")).collect()
    })
}

/// What a lever does.
fn action() -> impl Strategy<Value = String> {
    let outreach = (
        quoted(&["event", "door", "phone", "leaflet", "mail", "email"]),
        quoted(&["random", "list", "hard_to_reach", "segment"]),
        prop_oneof![0.0..5.0f64, 0.0..2000.0f64],
    );
    let staff = prop_oneof![Just(0.0), 0.0..3.0f64];
    prop_oneof![
        4 => outreach.prop_map(|(channel, targeting, contacts)| format!(
            "outreach={{ channel={channel}, targeting={targeting}, contacts_per_week={contacts} }}"
        )),
        1 => (0.0..100.0f64).prop_map(|factor| format!("publicity={{ factor={factor} }}")),
        2 => (staff, 1u32..9)
            .prop_map(|(share, weeks)| format!("austerity={{ staff_share={share}, over_weeks={weeks} }}")),
        1 => (0.0..4.0f64, 0.0..9.0f64).prop_map(|(effectiveness, fatigue)| format!(
            "council_support={{ effectiveness={effectiveness}, fatigue={fatigue} }}"
        )),
        2 => (0.0..=1.0f64, -1.0..=1.0f64)
            .prop_map(|(share, amount)| format!("training={{ share={share}, amount={amount} }}")),
        1 => (quoted(&["negative", "positive", "threat"]), 0.0..6.0f64)
            .prop_map(|(sign, size)| format!("issue={{ sign={sign}, size={size} }}")),
        1 => (0.0..20.0f64).prop_map(|factor| format!("tie_invitation_rate={{ factor={factor} }}")),
    ]
}

/// Up to five levers at once, for some or all areas, services and people.
fn levers() -> impl Strategy<Value = Vec<String>> {
    let segments = [
        "{ class=[\"routine\"] }",
        "{ class=[\"higher\", \"intermediate\"], sex=[\"men\"] }",
        "{ age=[\"16-29\", \"65+\"] }",
        "{ deprivation=[1, 2, 5] }",
        "{ ethnicity=[\"group 1\", \"2\"] }",
    ];
    let segment = select(segments.to_vec());
    let areas = select(&["", ", areas=[\"area-1\"]", ", areas=[\"area-2\", \"area-3\"]"][..]);
    let services = select(&["", "", ", services=[\"s0\"]"][..]);
    let frame = (0u32..12, prop_oneof![Just(None), (1u32..12).prop_map(Some)], areas, services, segment);
    let lever =
        (frame, action(), any::<bool>()).prop_map(|((start, length, areas, services, segment), action, part)| {
            let end = length.map_or(String::new(), |length| format!(", end={}", start + length));
            // The targeting `segment` needs one.
            let segment =
                if part || action.contains("\"segment\"") { format!(", segment={segment}") } else { String::new() };
            format!("{{ start={start}{end}{areas}{services}{segment}, {action} }}")
        });
    proptest::collection::vec(lever, 0..=5).prop_map(|levers| {
        levers.iter().enumerate().map(|(number, lever)| format!("interventions.l{number}={lever}")).collect()
    })
}

/// Parameters: lively ones, so that much happens in few weeks, and up to eight of the others anywhere in their range, ends
/// included.
fn parameters() -> impl Strategy<Value = Vec<String>> {
    let numbers: Vec<_> =
        Parameters::fields().into_iter().filter_map(|field| Some((field.key, range(&field)?))).collect();
    // Two shares of one whole: set below.
    let numbers = numbers.into_iter().filter(|(key, _)| !key.starts_with("start_in") && !key.starts_with("start_col"));
    let extreme = (select(numbers.collect::<Vec<_>>()), prop_oneof![Just(0.0), Just(1.0), 0.0..1.0f64]).prop_map(
        |((key, (low, high, whole)), at)| {
            let value = low + (high - low) * at;
            (key, if whole { format!("{}", value.round()) } else { format!("{value:?}") })
        },
    );
    let rules = (
        quoted(&["logistic", "logistic", "threshold", "always"]),
        quoted(&["critical", "critical", "decay"]),
        any::<bool>(),
        prop_oneof![Just(0.0), 0.0..1.0f64],
    );
    let lively = (
        (0.0..0.4f64, 0.0..0.4f64, 0.0..1.0f64, 0.0..0.4f64, 0.0..1.0f64),
        (0.0..0.3f64, 0.0..0.2f64, 0.0..0.3f64, 0.0..0.3f64),
        (prop_oneof![1u32..4, 4u32..60], 2u32..=16, 0u32..=16, 1u32..4, 0.0..0.5f64),
        (
            prop_oneof![Just(0.0), 0.0..0.2f64],
            prop_oneof![Just(0.0), -2.0..2.0f64],
            prop_oneof![Just(0.0), 0.0..0.3f64],
        ),
        (0.0..=1.0f64, 0.0..=1.0f64),
    );
    (rules, lively, proptest::collection::vec(extreme, 0..=8)).prop_map(
        |((acceptance, bonds, reopens, places), lively, extremes)| {
            let ((sigma, alpha, lambda, kappa, step), (exit, churn, local, closure), ties, more, (engaged, of_them)) =
                lively;
            let (half_life, group, partners, close_weeks, phi_sd) = ties;
            let (least, endorsement, fresh) = more;
            let mut values = BTreeMap::from([
                ("acceptance", acceptance),
                ("bond_rule", bonds),
                ("services_reopen", reopens.to_string()),
                ("service_places", format!("{places:?}")),
                ("spontaneous_invitations", format!("{sigma:?}")),
                ("service_invitations", format!("{alpha:?}")),
                ("tie_invitations", format!("{lambda:?}")),
                ("consultation_offers", format!("{kappa:?}")),
                ("step_up_invitations", format!("{step:?}")),
                ("exit_involved", format!("{exit:?}")),
                ("churn_lasting", format!("{churn:?}")),
                ("churn_other", format!("{churn:?}")),
                ("propose_local", format!("{local:?}")),
                ("propose_closure", format!("{closure:?}")),
                ("tie_half_life", half_life.to_string()),
                ("tie_least", format!("{least:?}")),
                ("tie_start_made", format!("{fresh:?}")),
                ("tie_start_neighbour", format!("{fresh:?}")),
                ("accept_endorsement", format!("{endorsement:?}")),
                ("group_size", group.to_string()),
                ("meeting_partners", partners.to_string()),
                ("close_weeks", close_weeks.to_string()),
                ("threshold_spread", format!("{phi_sd:?}")),
                ("feedback", "0.5".to_owned()),
                ("start_involved", format!("{:?}", engaged * of_them)),
                ("start_collaborating", format!("{:?}", engaged * (1.0 - of_them))),
            ]);
            values.extend(extremes);
            values.into_iter().map(|(key, value)| format!("model.{key}={value}")).collect()
        },
    )
}

/// The range of a parameter that is a number, and whether it is whole.
fn range(field: &Field) -> Option<(f64, f64, bool)> {
    match (&field.limits, field.kind) {
        (&Limits::Numbers { low, high, .. }, Kind::Whole) => Some((low, high, true)),
        (&Limits::Numbers { low, high, .. }, Kind::Number) => Some((low, high, false)),
        _ => None,
    }
}

/// A random scenario, as the text of a file, and the file of people that it names, if any.
pub fn scenarios() -> impl Strategy<Value = (String, String)> {
    let made = (people(), network());
    let both = prop_oneof![
        8 => made.prop_map(|((line, file), network)| (line, network, file)),
        1 => complete().prop_map(|(line, network)| (line, network, String::new())),
    ];
    (both, services(), parameters(), levers(), any::<u32>()).prop_map(|(both, services, parameters, levers, seed)| {
        let (people, network, file) = both;
        let frame = format!("scenario={{ name=\"random\", seed={seed}, spin_up=0, weeks=30 }}");
        let mut lines = vec![frame, people, network];
        lines.extend(services.clone());
        lines.extend(parameters);
        lines.extend(levers.into_iter().filter(|lever| !services.is_empty() || !lever.contains("s0")));
        (lines.join("\n"), file)
    })
}

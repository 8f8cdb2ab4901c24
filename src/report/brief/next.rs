//! What to do next, from what the brief does and does not say.

use super::Brief;
use super::answer::of_goal;
use crate::experiment::compare::effects::Effect;
use crate::experiment::compare::six::{asked_to_see, taking_part};
use crate::experiment::measures::Better;
use crate::report::words::{capital, list, thousands};

/// Steps, the most pressing first.
pub fn steps(brief: &Brief) -> Vec<String> {
    let mut steps = Vec::new();
    let pairs = &brief.compared.pairs;
    if pairs.sets.is_empty() || pairs.few() {
        steps.push(
            "Run more plausible versions of the model before anything is decided on these figures: --sets 20. What is done \
             already is kept."
                .to_owned(),
        );
    } else {
        let open: Vec<String> =
            brief.options().filter(|(option, _)| open(brief, *option)).map(|(_, name)| name.to_owned()).collect();
        if !open.is_empty() {
            steps.push(format!(
                "Do not decide on {} by these figures alone: in the model the direction is open. --until-decided takes further \
                 versions; a trial in some areas and not in others would say more.",
                list(&open)
            ));
        }
    }
    steps.extend(brief.options().filter_map(|(option, name)| survey(brief, option, name)));
    steps.push(
        "Put your own unit costs into [costs] and your own hours and posts into [services]: those here are assumptions."
            .to_owned(),
    );
    if brief.baseline().goal.threshold.is_none() {
        steps.push(
            "Say what the smallest difference is that would matter to you (goal.threshold): the brief then counts the versions \
             in which it is reached."
                .to_owned(),
        );
    }
    steps.push(
        "Ask locally about what the model leaves out: disability, and the other characteristics marked so under “For your \
         equality impact assessment”."
            .to_owned(),
    );
    steps
}

/// Whether nine tenths of the versions lie on both sides of nothing.
fn open(brief: &Brief, option: usize) -> bool {
    let effect = of_goal(brief, option, 0);
    effect.difference != 0.0 && effect.told().1.may_be_zero()
}

/// How many would have to be asked to see what an option does.
fn survey(brief: &Brief, option: usize, name: &str) -> Option<String> {
    let effect = Effect::by(&brief.compared.pairs, option, Better::Neither, taking_part);
    let change = effect.told().0;
    if effect.few() || change == 0.0 || !change.is_finite() {
        return None;
    }
    let asked = asked_to_see(effect.baseline, change);
    let asked = if asked < 1000.0 { (asked / 10.0).ceil() * 10.0 } else { (asked / 100.0).ceil() * 100.0 };
    Some(if asked < brief.people() {
        format!(
            "{}: to see by surveys, before and after, what it does to the share that takes part, ask some {} residents each time; \
             so many see it one time in two, twice as many four times in five.",
            capital(name),
            thousands(asked)
        )
    } else {
        format!(
            "{}: no survey would see what it does to the share that takes part: more people would have to be asked than live \
             there. Count who joins and who leaves.",
            capital(name)
        )
    })
}

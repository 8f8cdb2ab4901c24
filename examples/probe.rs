use groundswell::*;
use std::time::Instant;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let sets: Vec<String> = std::env::args().skip(2).collect();
    let s = match scenario::load(path.as_ref(), &sets, &[]) {
        Ok(s) => s,
        Err(e) => {
            eprintln!("{e}");
            return;
        }
    };
    let t = Instant::now();
    let people = match population::read::Plan::read(&s).and_then(|p| p.make(&s)) {
        Ok(p) => p,
        Err(e) => {
            eprintln!("{e}");
            return;
        }
    };
    eprintln!("people {} in {:?}", people.residents.len(), t.elapsed());
    let t = Instant::now();
    let town = model::town::Town::new(&s, people).unwrap();
    eprintln!("town in {:?}", t.elapsed());
    let t = Instant::now();
    let made = network::make(&s, &town.people, &town.geography, draws::Draws::of_replicate(1, 0)).unwrap();
    eprintln!("network {} in {:?}", made.edges.len(), t.elapsed());
    eprintln!("{:?}", network::measure::measure(town.residents(), &made.edges));
    let t = Instant::now();
    let out = run::replicate(&s, &town, 0, &()).unwrap().unwrap();
    let dt = t.elapsed().as_secs_f64();
    let rw = town.residents() as f64 * f64::from(s.about.weeks + s.about.spin_up);
    eprintln!("run {dt:.2} s, {:.2} M rw/s", rw / dt / 1e6);
    for d in &out.record.drift {
        eprintln!("{d:?}");
    }
    for w in out.record.weekly.iter().filter(|w| w.group_by == record::GroupBy::All && w.week % 52 == 0) {
        let x = &w.sums;
        let n = x.residents as f64;
        let t: u64 = x.ties.iter().sum();
        eprintln!(
            "{} eng {:.3} core {:.3} rungs {:?} ties {:.2} {:?} K {:.3} R {:.3} R>.5 {:.3} B>.5 {:.3} flows {:?}",
            w.week,
            x.engaged() as f64 / n,
            x.rungs[5] as f64 / n,
            x.rungs.map(|r| (r as f64 / n * 1000.0).round() / 1000.0),
            t as f64 / n,
            x.ties.map(|v| (v as f64 / n * 100.0).round() / 100.0),
            x.mean(x.capability),
            x.mean(x.influence),
            x.share(x.influential),
            x.share(x.belonging_strongly),
            w.flows
        );
    }
    for w in out.record.weekly.iter().filter(|w| w.week == s.about.weeks && w.group_by != record::GroupBy::Area) {
        eprintln!(
            "{:?} {} {:.3} R>.5 {:.3}",
            w.group_by,
            w.group,
            w.sums.share(w.sums.engaged()),
            w.sums.share(w.sums.influential)
        );
    }
    for r in out.record.services.iter().filter(|r| r.week == s.about.weeks).rev().take(5) {
        eprintln!("{r:?}");
    }
    eprintln!("changes {:?}", out.record.changes.as_ref().map(|c| c.len()));
}
